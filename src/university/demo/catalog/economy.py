"""The courses of economics and management."""

COURSES = """
EKO-101 6 Z W+C
Mikroekonomia = Microeconomics
popyt i podaż, teoria konsumenta, koszty, formy rynku, efekty zewnętrzne

EKO-102 6 L W+C
Makroekonomia = Macroeconomics
rachunki narodowe, wzrost gospodarczy, inflacja, bezrobocie, polityka pieniężna
< EKO-101

EKO-111 6 Z W+C
Matematyka dla ekonomistów = Mathematics for Economists
funkcje, pochodne, optymalizacja, macierze, elementy rachunku całkowego

EKO-112 5 L W+L
Statystyka opisowa = Descriptive Statistics
miary, rozkłady, korelacja, indeksy, szeregi czasowe, prezentacja danych
< EKO-111 OR MAT-101

EKO-121 5 Z W+C
Podstawy rachunkowości = Accounting
bilans, rachunek zysków i strat, księgowanie, sprawozdania

EKO-122 5 L W+C
Finanse = Finance
wartość pieniądza w czasie, obligacje, akcje, ryzyko, finanse publiczne
< EKO-121 OR EKO-111

EKO-201 6 Z W+C
Mikroekonomia II = Microeconomics II
wybór w warunkach niepewności, równowaga ogólna, asymetria informacji
< EKO-101 AND EKO-111

EKO-202 6 L W+L
Ekonometria = Econometrics
metoda najmniejszych kwadratów, diagnostyka modelu, zmienne instrumentalne, dane panelowe
< EKO-111 AND (EKO-112 OR MAT-211)

EKO-203 5 L W
Polityka gospodarcza = Economic Policy
budżet państwa, polityka fiskalna, transformacja w Polsce, fundusze europejskie
< EKO-102

EKO-211 5 ZL W en erasmus
International Economics = International Economics
handel międzynarodowy, kursy walutowe, integracja, globalne nierówności
< EKO-101 OR PROGRAM IN (EKOM) OR GROUP IN (erasmus)

EKO-212 5 Z W+C
Bankowość = Banking
bank centralny, kredyt, ryzyko bankowe, regulacje, płatności elektroniczne
< EKO-122

EKO-221 5 Z W+C
Historia gospodarcza = Economic History
rewolucja przemysłowa, folwark pańszczyźniany, wielki kryzys, gospodarka planowa

EKO-301 5 Z W popular
Ekonomia behawioralna = Behavioral Economics
heurystyki, awersja do straty, eksperymenty, architektura wyboru
< EKO-101 OR PSY-101 OR PROGRAM IN (EKOM)

EKO-302 5 L W+L
Rynki kapitałowe = Capital Markets
giełda, wycena akcji, instrumenty pochodne, portfel, nadzór finansowy
< EKO-122 AND (EKO-112 OR MAT-211)

EKO-390 4 L S
Seminarium licencjackie z ekonomii = Bachelor Seminar in Economics
pytanie badawcze, dane, redakcja pracy, prezentacja
< STAGE >= 3 AND CREDITS >= 90

EKO-401 6 Z W+C master
Zaawansowana mikroekonomia = Advanced Microeconomics
teoria wyboru, równowaga, kontrakty, mechanizmy
< PROGRAM IN (EKOM) OR EKO-201 >= 4.5

EKO-402 6 L W+C master
Zaawansowana makroekonomia = Advanced Macroeconomics
modele wzrostu, cykl koniunkturalny, oczekiwania, polityka optymalna
< PROGRAM IN (EKOM) OR EKO-102 >= 4.5

EKO-411 6 Z W+L master
Zaawansowana ekonometria = Advanced Econometrics
metoda największej wiarygodności, modele dyskretne, przyczynowość
< PROGRAM IN (EKOM) OR EKO-202

EKO-412 5 L W+L master
Szeregi czasowe = Time Series
stacjonarność, modele ARMA, kointegracja, prognozowanie
< EKO-411 OR MAT-321

EKO-421 5 Z W+C master en
Game Theory = Game Theory
równowaga Nasha, gry powtarzane, aukcje, głosowanie
< PROGRAM IN (EKOM, INFM) OR MAT-211

EKO-422 5 L L master popular
Analiza danych w finansach = Data Analysis in Finance
dane wysokiej częstotliwości, ryzyko kredytowe, uczenie maszynowe w finansach
< EKO-411

EKO-490 5 Z S master
Seminarium magisterskie z ekonomii I = Master Seminar in Economics I
wybór tematu, przegląd badań, plan pracy
< PROGRAM IN (EKOM)

EKO-491 8 L S master
Seminarium magisterskie z ekonomii II = Master Seminar in Economics II
wyniki, redakcja pracy, przygotowanie do obrony
< EKO-490

ZAR-101 5 L W+C
Podstawy zarządzania = Principles of Management
planowanie, organizowanie, motywowanie, kontrola, kultura organizacyjna

ZAR-201 5 Z W+C
Marketing = Marketing
segmentacja, marka, cena, kanały sprzedaży, badania rynku
< ZAR-101 OR EKO-101 OR PROGRAM IN (EKOM)

ZAR-202 4 L C popular
Zarządzanie projektami = Project Management
zakres, harmonogram, ryzyko, metody zwinne, praca z zespołem
< STAGE >= 2

ZAR-301 4 Z K
Przedsiębiorczość = Entrepreneurship
pomysł i model biznesowy, rejestracja firmy, finansowanie, rozmowa z inwestorem
< CREDITS >= 60
"""
