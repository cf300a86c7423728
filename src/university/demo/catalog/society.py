"""The courses of law and psychology."""

COURSES = """
PRA-101 6 Z W+C
Wstęp do prawoznawstwa = Introduction to Law
norma i przepis, wykładnia, system prawa, stosowanie prawa, zawody prawnicze

PRA-102 5 Z W+C
Logika prawnicza = Legal Logic
rachunek zdań, rozumowania prawnicze, definicje, błędy argumentacji

PRA-103 6 L W+C
Historia ustroju i prawa polskiego = History of Polish Law
statuty Kazimierza Wielkiego, Konstytucja 3 maja, prawo zaborowe, kodyfikacje międzywojenne

PRA-104 6 Z WW
Prawo rzymskie = Roman Law
źródła, osoby i rzeczy, zobowiązania, proces, recepcja

PRA-111 7 L WW+C
Prawo konstytucyjne = Constitutional Law
konstytucja, wolności i prawa, Sejm i Senat, sądy, Trybunał Konstytucyjny
< PRA-101

PRA-121 4 L K
Prawa człowieka = Human Rights
konwencja europejska, skarga do Strasburga, wolność słowa, studia orzeczeń
< PRA-101

PRA-201 7 Z WW+C
Prawo cywilne I = Civil Law I
czynności prawne, osoby, prawo rzeczowe, księgi wieczyste
< PRA-101 AND PRA-104

PRA-202 7 L WW+C
Prawo cywilne II = Civil Law II
zobowiązania, umowy, odpowiedzialność za szkodę, spadki
< PRA-201

PRA-211 6 Z W+C
Prawo karne = Criminal Law
przestępstwo, wina, kontratypy, kary, przestępstwa przeciwko życiu i mieniu
< PRA-101

PRA-212 6 L W+C
Postępowanie karne = Criminal Procedure
zasady procesu, dowody, środki przymusu, apelacja
< PRA-211

PRA-221 6 Z W+C
Prawo administracyjne = Administrative Law
organy administracji, samorząd, akt administracyjny, policja administracyjna
< PRA-111

PRA-222 5 L W+C
Postępowanie administracyjne = Administrative Procedure
wszczęcie, decyzja, odwołanie, skarga do sądu administracyjnego
< PRA-221

PRA-301 5 Z W+C
Prawo pracy = Labor Law
umowa o pracę, czas pracy, wypowiedzenie, związki zawodowe
< PRA-201 OR PROGRAM IN (EKOM)

PRA-302 6 Z W+C
Postępowanie cywilne = Civil Procedure
właściwość sądu, powództwo, dowody, nakaz zapłaty, egzekucja
< PRA-202

PRA-303 5 Z W
Prawo Unii Europejskiej = European Union Law
instytucje, zasada pierwszeństwa, swobody rynku, pytania prejudycjalne
< PRA-111

PRA-305 5 Z W en
International Public Law = International Public Law
traktaty, odpowiedzialność państw, prawo morza, organizacje międzynarodowe
< PRA-111 OR GROUP IN (erasmus)

PRA-311 1 ZL O
Ochrona własności intelektualnej = Intellectual Property
utwór, dozwolony użytek, plagiat, patenty, wolne licencje

PRA-312 4 L W popular
Prawo nowych technologii = Technology Law
ochrona danych osobowych, odpowiedzialność platform, sztuczna inteligencja a prawo
< STAGE >= 2 AND (PRA-101 OR PROGRAM IN (INF, INFM))

PRA-313 5 L P
Klinika prawa = Legal Clinic
porady pod opieką wykładowcy, analiza akt, opinia prawna
< PRA-202 AND PRA-211 AND CONSENT INSTRUCTOR

PRA-390 4 L S
Seminarium z nauk prawnych = Seminar in Law
glosa, przegląd orzecznictwa, redakcja pracy
< STAGE >= 3 AND CREDITS >= 90 AND NOT PROGRAM IN (INF, MAT, FIZ)

PSY-101 6 Z W+C
Wstęp do psychologii = Introduction to Psychology
kierunki psychologii, metody, pamięć, emocje, osobowość

PSY-102 6 L W+C
Psychologia społeczna = Social Psychology
postawy, konformizm, stereotypy, wpływ społeczny, relacje w grupie
< PSY-101

PSY-103 5 Z W
Biologiczne podstawy zachowania = Biological Basis of Behavior
neuron, mózg, hormony, sen, uzależnienia

PSY-111 5 Z W+L
Statystyka dla psychologów I = Statistics for Psychologists I
skale pomiarowe, rozkłady, estymacja, test t

PSY-112 5 L W+L
Statystyka dla psychologów II = Statistics for Psychologists II
analiza wariancji, regresja, moc testu, rzetelność
< PSY-111

PSY-121 6 L W+C
Psychologia poznawcza = Cognitive Psychology
uwaga, pamięć robocza, język, rozwiązywanie problemów
< PSY-101 AND (PSY-103 OR BIO-101)

PSY-201 6 Z W+C
Psychologia rozwojowa = Developmental Psychology
przywiązanie, rozwój mowy, dorastanie, starzenie się
< PSY-101

PSY-202 6 L W+C
Psychologia osobowości = Personality Psychology
teorie cech, psychoanaliza, tożsamość, temperament
< PSY-102

PSY-211 6 Z W+L
Metodologia badań psychologicznych = Research Methods
hipoteza, eksperyment, kwestionariusz, etyka badań, otwarta nauka
< PSY-112

PSY-212 5 L W+L
Psychometria = Psychometrics
budowa testu, trafność, normy, analiza czynnikowa
< PSY-211 OR (PSY-112 AND GPA >= 4.5)

PSY-301 6 Z W+C
Psychopatologia = Psychopathology
klasyfikacje zaburzeń, depresja, lęk, psychozy, studia przypadków
< PSY-202

PSY-302 5 L W popular
Psychologia kliniczna = Clinical Psychology
diagnoza, rozmowa z pacjentem, interwencja kryzysowa, nurty terapii
< PSY-301 AND STAGE >= 3

PSY-303 4 Z K
Psychologia pracy = Work Psychology
dobór pracowników, wypalenie, przywództwo, zespół
< PSY-102 OR ZAR-101 OR PROGRAM IN (EKOM)

PSY-311 5 L W+C
Psychologia sądowa = Forensic Psychology
świadek, opinia biegłego, sprawca, ofiara
< PSY-202 OR PRA-211

PSY-390 4 L S
Seminarium dyplomowe z psychologii = Bachelor Seminar in Psychology
projekt badania, zbieranie danych, raport
< STAGE >= 3 AND PSY-211
"""
