"""The courses of philosophy, history and Polish studies."""

COURSES = """
FIL-101 6 Z W+C
Historia filozofii starożytnej i średniowiecznej = Ancient and Medieval Philosophy
Sokrates, Platon, Arystoteles, stoicy, święty Augustyn, święty Tomasz

FIL-102 6 L W+C
Historia filozofii nowożytnej = Modern Philosophy
Kartezjusz, Spinoza, Hume, Kant, Hegel
< FIL-101

FIL-111 5 Z W+C
Logika = Logic
rachunek zdań, rachunek predykatów, dowód, definicje, paradoksy

FIL-112 5 L W+C
Ogólna metodologia nauk = Methodology of Science
indukcja, wyjaśnianie, falsyfikacja, paradygmat, szkoła lwowsko-warszawska
< FIL-111 OR PRA-102 OR MAT-121

FIL-121 5 L W+S
Etyka = Ethics
cnota, obowiązek, użyteczność, sumienie, spory współczesne

FIL-201 6 Z W+C
Filozofia współczesna = Contemporary Philosophy
fenomenologia, filozofia analityczna, egzystencjalizm, hermeneutyka
< FIL-102

FIL-202 5 L W+S
Teoria poznania = Epistemology
wiedza i przekonanie, sceptycyzm, percepcja, prawda
< FIL-102

FIL-203 5 Z W+S
Ontologia = Ontology
byt, przedmiot, przyczyna, czas, możliwość
< FIL-101 AND FIL-111

FIL-211 5 L W
Filozofia umysłu = Philosophy of Mind
świadomość, intencjonalność, maszyny myślące, wolna wola
< FIL-101 OR PSY-101

FIL-301 5 Z S
Filozofia polityki = Political Philosophy
umowa społeczna, sprawiedliwość, wolność, władza
< FIL-102 OR PRA-101

FIL-302 5 L S
Filozofia polska = Polish Philosophy
mesjanizm, Kazimierz Twardowski, Leszek Kołakowski, Józef Tischner
< FIL-201

FIL-303 4 Z W en popular
Philosophy of Artificial Intelligence = Philosophy of Artificial Intelligence
test Turinga, rozumienie, odpowiedzialność maszyn, przyszłość pracy
< FIL-111 OR INF-101 OR GROUP IN (erasmus)

FIL-390 4 L S
Seminarium licencjackie z filozofii = Bachelor Seminar in Philosophy
lektura, esej, dyskusja, praca licencjacka
< STAGE >= 3 AND 2 OF (FIL-201, FIL-202, FIL-203)

HIS-101 6 Z W+C
Historia starożytna = Ancient History
Mezopotamia, Egipt, polis, republika i cesarstwo rzymskie

HIS-102 6 L W+C
Historia średniowieczna = Medieval History
państwo Franków, krucjaty, miasta, Piastowie i Jagiellonowie

HIS-103 5 Z C
Wstęp do badań historycznych = Introduction to Historical Research
źródło, krytyka, bibliografia, archiwum, chronologia

HIS-111 4 L C
Łacina dla historyków = Latin for Historians
odmiana, składnia, tłumaczenie dokumentów i kronik

HIS-201 6 Z W+C
Historia nowożytna = Early Modern History
odkrycia, reformacja, Rzeczpospolita Obojga Narodów, oświecenie
< HIS-102 AND HIS-103

HIS-202 6 L W+C
Historia dziewiętnastego wieku = Nineteenth-Century History
kongres wiedeński, powstania, uprzemysłowienie, emigracja
< HIS-201

HIS-203 5 Z C
Nauki pomocnicze historii = Auxiliary Sciences of History
paleografia, heraldyka, sfragistyka, numizmatyka, genealogia
< HIS-103 AND HIS-111

HIS-211 5 L W
Historia sztuki = History of Art
gotyk, renesans, barok, Jan Matejko, Młoda Polska

HIS-301 6 Z W+C
Historia dwudziestego wieku = Twentieth-Century History
wojny światowe, Druga Rzeczpospolita, okupacja, zimna wojna
< HIS-202

HIS-302 5 L W+S
Polska po roku 1945 = Poland after 1945
odbudowa, Październik, Solidarność, stan wojenny, przełom 1989 roku
< HIS-202

HIS-390 4 L S
Seminarium licencjackie z historii = Bachelor Seminar in History
kwerenda, konstrukcja pracy, przypisy, referaty
< STAGE >= 3 AND HIS-201 AND CREDITS >= 80

POL-101 6 Z W+C
Historia literatury staropolskiej = Old Polish Literature
Bogurodzica, Mikołaj Rej, Jan Kochanowski, barok sarmacki

POL-102 6 L W+C
Historia literatury oświecenia i romantyzmu = Enlightenment and Romantic Literature
Ignacy Krasicki, Adam Mickiewicz, Juliusz Słowacki, Cyprian Norwid
< POL-101

POL-111 5 Z W+C
Gramatyka opisowa języka polskiego = Polish Descriptive Grammar
głoski i litery (ą, ę, ł, ó, ż), fleksja, słowotwórstwo, składnia

POL-112 5 L W+C
Gramatyka historyczna = Historical Grammar of Polish
prasłowiańszczyzna, przegłos, zanik jerów, dialekty
< POL-111

POL-121 5 L C
Analiza dzieła literackiego = Literary Analysis
wiersz, narracja, gatunki, interpretacja
< POL-101 OR POL-101 CONCURRENT

POL-201 6 Z W+C
Literatura drugiej połowy XIX wieku = Literature of Positivism and Young Poland
Bolesław Prus, Eliza Orzeszkowa, Henryk Sienkiewicz, Stanisław Wyspiański
< POL-102

POL-202 6 L W+C
Literatura dwudziestolecia i wojny = Interwar and Wartime Literature
Bolesław Leśmian, Bruno Schulz, Witold Gombrowicz, Krzysztof Kamil Baczyński
< POL-201

POL-203 5 Z S
Kultura języka = Language Culture
norma, poprawność, styl, język w internecie
< POL-111

POL-211 5 L S
Teoria literatury = Literary Theory
formalizm, strukturalizm, hermeneutyka, badania genderowe
< POL-121

POL-301 6 Z W+C
Literatura po roku 1945 = Literature after 1945
Czesław Miłosz, Wisława Szymborska, Zbigniew Herbert, Olga Tokarczuk
< POL-202

POL-302 5 L L popular
Warsztat pisania kreatywnego = Creative Writing Workshop
dialog, postać, opis, redakcja, publiczne czytanie
< STAGE >= 2

POL-390 4 L S
Seminarium licencjackie z polonistyki = Bachelor Seminar in Polish Studies
stan badań, interpretacja, redakcja pracy
< STAGE >= 3 AND POL-201 AND CREDITS >= 80
"""
