"""The courses of physics, biology and chemistry."""

COURSES = """
FIZ-101 6 Z WW+C
Mechanika = Mechanics
kinematyka, zasady dynamiki, praca i energia, bryła sztywna, drgania

FIZ-102 6 L W+C
Elektryczność i magnetyzm = Electricity and Magnetism
pole elektryczne, prąd, pole magnetyczne, indukcja, równania Maxwella
< FIZ-101 AND MAT-101

FIZ-131 4 L B
Pracownia fizyczna I = Physics Laboratory I
niepewności pomiarowe, wahadło, lepkość, kalorymetria, opis doświadczenia
< FIZ-101 AND CHE-111 AND (FIZ-102 OR FIZ-102 WITH)

FIZ-201 6 Z W+C
Drgania, fale i optyka = Waves and Optics
fale mechaniczne, interferencja, dyfrakcja, polaryzacja, optyka geometryczna
< FIZ-102

FIZ-202 7 L WW+C
Mechanika kwantowa I = Quantum Mechanics I
równanie Schrödingera, oscylator, moment pędu, atom wodoru, spin
< FIZ-201 AND MAT-201 AND MAT-111

FIZ-203 5 L W+C
Termodynamika = Thermodynamics
zasady termodynamiki, potencjały, przemiany fazowe, silniki cieplne
< FIZ-101 AND MAT-101

FIZ-211 6 Z W+C
Mechanika klasyczna = Classical Mechanics
formalizm Lagrange'a i Hamiltona, ruch w polu centralnym, małe drgania, chaos
< FIZ-101 AND MAT-102

FIZ-232 5 Z B
Pracownia fizyczna II = Physics Laboratory II
spektroskopia, optyka laserowa, półprzewodniki, automatyzacja pomiarów
< FIZ-131 AND (FIZ-201 OR FIZ-201 WITH)

FIZ-301 6 Z W+C
Mechanika kwantowa II = Quantum Mechanics II
rachunek zaburzeń, rozpraszanie, cząstki identyczne, macierz gęstości
< FIZ-202

FIZ-302 6 L W+C
Fizyka statystyczna = Statistical Physics
zespoły statystyczne, gazy kwantowe, fluktuacje, model Isinga
< FIZ-203 AND FIZ-202

FIZ-311 4 Z W popular
Astronomia dla wszystkich = Astronomy for Everyone
niebo nad Polską, Mikołaj Kopernik, budowa gwiazd, galaktyki, kosmologia

FIZ-312 5 L W+C
Fizyka jądrowa i cząstek = Nuclear and Particle Physics
promieniotwórczość, reakcje jądrowe, detektory, model standardowy
< FIZ-202 OR FIZ-202 CONCURRENT

FIZ-390 4 L S
Seminarium dyplomowe z fizyki = Bachelor Seminar in Physics
lektura prac oryginalnych, referaty, przygotowanie pracy dyplomowej
< STAGE >= 3 AND CREDITS >= 40 IN FIZ

CHE-101 5 Z W+B
Chemia ogólna = General Chemistry
budowa atomu, wiązania, stechiometria, równowagi, kwasy i zasady

CHE-102 6 L W+B
Chemia organiczna = Organic Chemistry
węglowodory, grupy funkcyjne, mechanizmy reakcji, stereochemia
< CHE-101 AND CHE-111 WITHIN 6 TERMS

CHE-111 1 ZL O
Bezpieczeństwo w laboratorium = Laboratory Safety
zagrożenia, środki ochrony, oznakowanie odczynników, postępowanie w razie wypadku

CHE-201 6 Z W+C
Biochemia = Biochemistry
białka, enzymy, szlaki metaboliczne, błony biologiczne
< CHE-102 AND BIO-101

BIO-101 6 Z W+L
Biologia komórki = Cell Biology
budowa komórki, cykl komórkowy, transport, sygnały, techniki mikroskopowe

BIO-102 6 L W+L
Zoologia = Zoology
bezkręgowce, ryby, płazy i gady, żółw błotny, ptaki, ssaki, klucze do oznaczania
< BIO-101

BIO-103 5 Z W+L
Botanika = Botany
tkanki, fotosynteza, rośliny nasienne, zbiorowiska łąkowe i leśne, zielnik

BIO-201 6 Z W+C
Genetyka = Genetics
prawa Mendla, sprzężenia, mutacje, genetyka populacji, genom człowieka
< BIO-101

BIO-202 6 L W+B
Mikrobiologia = Microbiology
bakterie, wirusy, hodowle, antybiotyki, mikrobiologia żywności
< BIO-101 AND CHE-101 AND CHE-111

BIO-203 5 L W+L
Fizjologia zwierząt = Animal Physiology
układ nerwowy, krążenie, oddychanie, termoregulacja, hormony
< BIO-102 AND CHE-102

BIO-211 5 Z W+C
Ekologia = Ecology
populacje, łańcuchy pokarmowe, krążenie materii, ekosystemy Polski
< BIO-102 OR BIO-103

BIO-212 3 L F
Ćwiczenia terenowe: łąki i mokradła = Fieldwork: Meadows and Wetlands
spisy florystyczne, odłowy, próbkowanie, dziennik terenowy, Biebrza i Narew
< BIO-103 AND (BIO-102 OR BIO-102 WITH)

BIO-301 6 Z W+B
Biologia molekularna = Molecular Biology
replikacja, ekspresja genów, klonowanie, edycja genomu
< BIO-201 AND CHE-201

BIO-302 5 L W+L
Bioinformatyka = Bioinformatics
dopasowanie sekwencji, bazy danych, drzewa filogenetyczne, analiza ekspresji
< BIO-201 AND (INF-101 OR INF-105)

BIO-311 4 Z W
Ewolucjonizm = Evolution
dobór naturalny, specjacja, ewolucja człowieka, spory o ewolucję
< BIO-201

BIO-312 4 L W+K
Ochrona przyrody = Nature Conservation
parki narodowe, Natura 2000, gatunki inwazyjne, żubr i żółw błotny, prawo ochrony środowiska
< BIO-211 OR STAGE >= 2

BIO-390 4 L S
Seminarium dyplomowe z biologii = Bachelor Seminar in Biology
projekt badawczy, statystyka w biologii, redakcja pracy dyplomowej
< STAGE >= 3 AND CREDITS >= 40 IN BIO
"""
