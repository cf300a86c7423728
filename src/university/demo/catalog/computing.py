"""The courses of computer science."""

COURSES = """
INF-101 6 Z W+L
Wstęp do programowania = Introduction to Programming
zmienne i typy, instrukcje sterujące, funkcje, tablice, rekurencja, testy jednostkowe, czytelność kodu

INF-102 6 L W+L
Programowanie obiektowe = Object-Oriented Programming
klasy i obiekty, dziedziczenie i kompozycja, wyjątki, kolekcje, wzorce projektowe
< INF-101

INF-105 4 ZL W+L
Podstawy informatyki dla niespecjalistów = Computing for Everyone
algorytm i dane, arkusze, proste skrypty, sieć i prywatność, wyszukiwanie informacji

INF-106 4 L L
Python w analizie danych = Data Analysis with Python
wczytywanie danych, czyszczenie, wykresy, łączenie źródeł, powtarzalność wyników
< INF-101 OR INF-105

INF-111 5 Z W+C
Architektura komputerów = Computer Architecture
reprezentacja liczb, układy logiczne, procesor, pamięć podręczna, asembler

INF-112 5 L W+B
Systemy operacyjne = Operating Systems
procesy i wątki, szeregowanie, pamięć wirtualna, systemy plików, powłoka
< INF-101 AND INF-111

INF-121 7 Z WW+C
Algorytmy i struktury danych = Algorithms and Data Structures
złożoność obliczeniowa, sortowanie, drzewa zrównoważone, haszowanie, grafy, programowanie dynamiczne
< INF-101 AND MAT-131

INF-201 5 Z W+B
Bazy danych = Databases
model relacyjny, SQL, normalizacja, transakcje, indeksy, plany wykonania
< INF-101

INF-202 5 L W+B
Sieci komputerowe = Computer Networks
warstwy, TCP/IP, trasowanie, DNS, gniazda, diagnostyka sieci
< INF-112

INF-211 5 Z W+L
Programowanie funkcyjne = Functional Programming
funkcje wyższego rzędu, typy algebraiczne, leniwość, monady, dowodzenie własności programów
< INF-102

INF-212 6 L W+L
Inżynieria oprogramowania = Software Engineering
wymagania, projektowanie, przegląd kodu, testowanie, ciągła integracja, utrzymanie
< INF-102 AND INF-201

INF-221 6 L W+C
Algorytmy i struktury danych II = Algorithms and Data Structures II
przepływy, skojarzenia, algorytmy tekstowe, algorytmy aproksymacyjne i losowe
< INF-121

INF-231 5 L W+C
Języki formalne i automaty = Formal Languages and Automata
wyrażenia regularne, gramatyki bezkontekstowe, maszyny Turinga, nierozstrzygalność
< MAT-131 AND (INF-121 OR MAT-121)

INF-301 5 Z W+L
Programowanie współbieżne i rozproszone = Concurrent and Distributed Programming
wzajemne wykluczanie, zakleszczenia, kolejki komunikatów, uzgadnianie, modele spójności
< INF-112 AND (INF-202 OR INF-212)

INF-302 5 Z W+B
Bezpieczeństwo komputerowe = Computer Security
uwierzytelnianie, kryptografia stosowana, podatności aplikacji, analiza ryzyka, inżynieria społeczna
< PROGRAM IN (INFM) OR (INF-112 AND INF-202)

INF-311 5 Z W+L
Sztuczna inteligencja = Artificial Intelligence
przeszukiwanie, gry dwuosobowe, wnioskowanie, sieci bayesowskie, planowanie
< INF-121 AND MAT-211

INF-312 6 L W+L popular
Uczenie maszynowe = Machine Learning
regresja, drzewa decyzyjne, sieci neuronowe, ocena modeli, przeuczenie, odpowiedzialne użycie danych
< PROGRAM IN (INFM) OR (MAT-211 >= 3.5 AND (INF-311 OR MAT-212))

INF-321 5 Z W+L
Grafika komputerowa = Computer Graphics
rasteryzacja, przekształcenia, oświetlenie, śledzenie promieni, shadery
< INF-102 AND MAT-111

INF-322 5 L W+L popular
Aplikacje internetowe = Web Applications
HTTP, interfejsy programistyczne, stan po stronie klienta, dostępność, wydajność
< INF-102 AND INF-201

INF-323 4 Z L popular
Tworzenie gier komputerowych = Game Development
pętla gry, fizyka, projektowanie poziomów, dźwięk, testy z graczami
< INF-102 AND STAGE >= 2

INF-324 5 L W+L
Kompilatory = Compilers
analiza leksykalna i składniowa, typowanie, reprezentacja pośrednia, generowanie kodu
< INF-231

INF-325 4 Z L
Administrowanie systemami i chmurą = Systems and Cloud Administration
kontenery, automatyzacja, monitorowanie, kopie zapasowe, reagowanie na awarie
< PROGRAM IN (INFM) OR (INF-112 AND (INF-202 OR INF-202 CONCURRENT))

INF-326 5 L W en
Human-Computer Interaction = Human-Computer Interaction
badania użytkowników, prototypowanie, dostępność cyfrowa, ewaluacja interfejsów
< INF-102 OR PSY-101 OR PROGRAM IN (INFM)

INF-331 6 Z P
Projekt zespołowy = Team Project
praca w zespole, zarządzanie wersjami, planowanie iteracji, prezentacja wyników klientowi
< INF-212 AND STAGE >= 3

INF-332 4 L P
Praktyka zawodowa = Internship
praca w przedsiębiorstwie informatycznym, dziennik praktyk, sprawozdanie
< STAGE >= 3 AND CREDITS >= 40 IN INF

INF-390 4 L S
Seminarium dyplomowe z informatyki = Bachelor Seminar in Computer Science
przegląd literatury, warsztat pisania, referaty, omówienie postępów pracy dyplomowej
< STAGE >= 3 AND CREDITS >= 90

INF-401 6 Z W+C master
Zaawansowane algorytmy = Advanced Algorithms
analiza zamortyzowana, algorytmy parametryzowane, strumieniowe i przybliżone
< PROGRAM IN (INFM) OR INF-221 >= 4.0

INF-402 6 L W+L master en
Distributed Systems = Distributed Systems
zegary logiczne, protokoły uzgadniania, replikacja, odporność na awarie, transakcje rozproszone
< INF-401 OR INF-301

INF-411 6 Z W+L master popular en
Deep Learning = Deep Learning
sieci splotowe i rekurencyjne, mechanizm uwagi, regularyzacja, trenowanie na wielu kartach
< PROGRAM IN (INFM) OR (INF-312 >= 4.0 AND GPA >= 4.0)

INF-412 5 L W+L master
Przetwarzanie języka naturalnego = Natural Language Processing
tokenizacja, odmiana w języku polskim, modele językowe, tłumaczenie, ocena jakości
< INF-411

INF-421 5 Z W+C master
Kryptografia = Cryptography
szyfry symetryczne, klucz publiczny, podpisy, dowody o wiedzy zerowej, protokoły
< PROGRAM IN (INFM) OR MAT-231

INF-431 5 Z W+L master
Widzenie komputerowe = Computer Vision
filtracja obrazu, geometria wielu widoków, wykrywanie obiektów, segmentacja
< INF-411 OR INF-411 CONCURRENT

INF-490 5 Z S master
Seminarium magisterskie z informatyki I = Master Seminar in Computer Science I
wybór tematu, stan wiedzy, plan badań, referaty
< PROGRAM IN (INFM)

INF-491 8 L S master
Seminarium magisterskie z informatyki II = Master Seminar in Computer Science II
wyniki badań, redakcja pracy, przygotowanie do obrony
< INF-490
"""
