"""The courses of mathematics."""

COURSES = """
MAT-101 7 Z WW+C
Analiza matematyczna I = Calculus I
liczby rzeczywiste, granice ciągów i funkcji, ciągłość, pochodna, wzór Taylora, szeregi

MAT-102 7 L WW+C
Analiza matematyczna II = Calculus II
całka Riemanna, ciągi funkcyjne, szeregi potęgowe, funkcje wielu zmiennych
< MAT-101

MAT-111 6 Z W+C
Algebra liniowa I = Linear Algebra I
układy równań, macierze, wyznaczniki, przestrzenie liniowe, wartości własne

MAT-112 6 L W+C
Algebra liniowa II = Linear Algebra II
postać Jordana, formy dwuliniowe, przestrzenie unitarne, izometrie
< MAT-111

MAT-121 5 Z W+C
Logika i teoria mnogości = Logic and Set Theory
rachunek zdań, kwantyfikatory, relacje, moce zbiorów, aksjomat wyboru

MAT-131 6 L W+C
Matematyka dyskretna = Discrete Mathematics
indukcja, kombinatoryka, rekurencje, grafy, arytmetyka modularna
< INF-101 OR MAT-111 OR MAT-121

MAT-201 6 Z W+C
Równania różniczkowe = Differential Equations
równania liniowe, istnienie i jednoznaczność, układy równań, stabilność, portrety fazowe
< MAT-102 AND MAT-111

MAT-202 6 Z W+C
Analiza matematyczna III = Calculus III
całki wielokrotne, krzywoliniowe i powierzchniowe, formy różniczkowe, twierdzenie Stokesa
< MAT-102

MAT-211 6 L W+C
Rachunek prawdopodobieństwa = Probability Theory
przestrzeń probabilistyczna, zmienne losowe, niezależność, prawa wielkich liczb, twierdzenie graniczne
< MAT-102 OR EKO-112 >= 4.5

MAT-212 6 Z W+L
Statystyka matematyczna = Mathematical Statistics
estymacja, testowanie hipotez, regresja, metody bayesowskie, symulacje
< MAT-211

MAT-221 6 L W+C
Topologia = Topology
przestrzenie metryczne i topologiczne, zwartość, spójność, homotopia
< MAT-102 AND MAT-121

MAT-231 6 Z W+C
Algebra abstrakcyjna = Abstract Algebra
grupy, pierścienie, ciała, rozszerzenia, elementy teorii Galois
< MAT-112

MAT-301 6 L W+C
Analiza funkcjonalna = Functional Analysis
przestrzenie Banacha i Hilberta, operatory, twierdzenie Hahna i Banacha, widmo
< MAT-202 AND MAT-112

MAT-311 5 Z W+L
Metody numeryczne = Numerical Methods
arytmetyka zmiennopozycyjna, interpolacja, całkowanie numeryczne, układy równań, stabilność
< MAT-102 AND MAT-111

MAT-321 5 L W+C
Procesy stochastyczne = Stochastic Processes
łańcuchy Markowa, procesy Poissona, martyngały, ruch Browna
< MAT-211 >= 3.5

MAT-331 5 Z W+C
Geometria różniczkowa = Differential Geometry
krzywe, powierzchnie, krzywizna, geodezyjne, rozmaitości
< 2 OF (MAT-201, MAT-202, MAT-221)

MAT-341 5 L W+L
Optymalizacja = Optimization
programowanie liniowe, dualność, warunki optymalności, metody gradientowe
< MAT-111 AND (MAT-102 OR EKO-111)

MAT-351 4 Z W
Historia matematyki = History of Mathematics
Euklides, początki analizy, lwowska szkoła matematyczna, Księga szkocka
< CREDITS >= 12 IN MAT OR GROUP IN (mish)

MAT-390 4 L S
Seminarium dyplomowe z matematyki = Bachelor Seminar in Mathematics
samodzielna lektura, referat, redakcja tekstu matematycznego
< STAGE >= 3 AND CREDITS >= 40 IN MAT
"""
