"""The courses that students of every program take: languages, sport and general education."""

COURSES = """
LEK-101 2 Z J
Język angielski B2, część 1 = English B2, Part 1
słownictwo akademickie, czytanie ze zrozumieniem, wypowiedź ustna

LEK-102 2 L J
Język angielski B2, część 2 = English B2, Part 2
streszczenie, list formalny, słuchanie, dyskusja
< LEK-101

LEK-103 2 Z J
Język angielski B2+, część 3 = English B2+, Part 3
prezentacja, argumentacja, gramatyka w tekście naukowym
< LEK-102

LEK-104 3 L J
Język angielski C1, egzamin = English C1, Examination
esej, tekst specjalistyczny, egzamin certyfikatowy
< LEK-103

LEK-111 3 ZL J
Język niemiecki A1 = German A1
przedstawianie się, czas teraźniejszy, zakupy, podróż

LEK-112 3 ZL J
Język niemiecki A2 = German A2
czas przeszły, opis miejsca, umawianie się
< LEK-111 OR TEST GOETHE-A1 >= 60

LEK-121 3 ZL J popular
Język hiszpański A1 = Spanish A1
wymowa, rodzina, jedzenie, pytanie o drogę

LEK-131 4 ZL J
Język polski dla cudzoziemców = Polish for Foreigners
żółć, gęś i źdźbło: wymowa, odmiana, sprawy codzienne
< GROUP IN (erasmus)

WFI-101 1 Z A
Wychowanie fizyczne I = Physical Education I
pływanie, siatkówka, wspinaczka, joga

WFI-102 1 L A
Wychowanie fizyczne II = Physical Education II
bieganie, koszykówka, taniec, turystyka górska

OGU-101 1 ZL O
Bezpieczeństwo i higiena kształcenia = Health and Safety
przepisy, ewakuacja, praca przy komputerze, pierwsza pomoc

OGU-111 3 ZL W
Historia nauki w Polsce = History of Science in Poland
Kopernik, Heweliusz, Skłodowska-Curie, lwowscy matematycy

OGU-112 3 ZL C popular
Sztuka wystąpień publicznych = Public Speaking
głos, trema, budowa wypowiedzi, odpowiadanie na pytania

OGU-113 3 Z W
Muzyka filmowa = Film Music
Wojciech Kilar, Krzysztof Komeda, funkcje muzyki w filmie

OGU-114 3 L W
Żółw i Achilles: paradoksy dla każdego = The Tortoise and Achilles: Paradoxes for Everyone
ruch, nieskończoność, kłamca, stos, prawdopodobieństwo

OGU-115 3 Z W popular
Kino polskie = Polish Cinema
szkoła polska, Andrzej Wajda, Krzysztof Kieślowski, kino najnowsze

OGU-118 2 ZL C
Pierwsza pomoc = First Aid
resuscytacja, opatrunki, wstrząs, wypadek drogowy

OGU-119 3 L W en
Polish Culture and Society = Polish Culture and Society
zwyczaje, kuchnia, historia najnowsza, podróże po Polsce

OGU-120 3 L W
Łąki, sady i ogrody: botanika kultury = Meadows, Orchards and Gardens
zioła, dawne odmiany jabłoni, ogród barokowy, pszczoły
"""
