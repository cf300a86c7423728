"""Believable people: Polish names with their feminine forms, some foreign ones, and their mailboxes."""

import unicodedata
from collections import Counter
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words("""
    Anna Maria Katarzyna Zofia Julia Maja Hanna Zuzanna Oliwia Aleksandra Natalia Wiktoria Alicja Amelia Lena
    Magdalena Agnieszka Małgorzata Joanna Barbara Ewa Krystyna Elżbieta Monika Karolina Martyna Weronika Gabriela
    Paulina Kinga Dominika Emilia Justyna Iwona Beata Dorota Grażyna Bożena Urszula Łucja Jagoda Michalina Nadia
    Helena Antonina Pola Kalina Marta Sylwia Izabela Patrycja Bogumiła Świętosława Żaneta Mirosława Róża
""")
MEN = _words("""
    Jan Jakub Antoni Szymon Franciszek Filip Aleksander Mikołaj Wojciech Kacper Adam Michał Marcel Stanisław Piotr
    Tomasz Krzysztof Andrzej Paweł Marcin Marek Grzegorz Łukasz Adrian Sebastian Mateusz Bartosz Dawid Kamil Patryk
    Maciej Rafał Przemysław Jerzy Tadeusz Zbigniew Ryszard Bogdan Sławomir Wiesław Mirosław Dariusz Jarosław Robert
    Hubert Igor Oskar Ignacy Tymon Leon Józef Ludwik Święcisław Żelisław Bolesław Kazimierz Władysław Norbert
""")
# In the order of how many people bear them; the first are drawn more often.
FAMILIES = _words("""
    Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski
    Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król
    Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak
    Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski
    Wróblewski Marciniak Jasiński Zawadzki Bąk Jakubowski Sadowski Duda Chmielewski Włodarczyk Borkowski Czarnecki
    Sawicki Sokołowski Urbański Kubiak Maciejewski Szczepański Kucharski Wilk Kalinowski Lis Mazurek Wysocki Adamski
    Kaźmierczak Wasilewski Sobczak Czerwiński Andrzejewski Cieślak Głowacki Zakrzewski Kołodziej Sikorski Krajewski
    Gajewski Szymczak Szulc Baranowski Laskowski Brzeziński Makowski Ziółkowski Przybylski Domański Nowacki Borowski
    Błaszczyk Chojnacki Ciesielski Mróz Szczepaniak Wesołowski Górecki Krupa Kaczmarczyk Leszczyński Lipiński Żak
    Kowalewski Urbaniak Kozak Kania Mikołajczyk Czajkowski Mucha Tomczak Kozioł Markowski Kowalik Nawrocki Brzozowski
    Janik Musiał Wawrzyniak Markiewicz Orłowski Tomczyk Jarosz Kołodziejczyk Kurek Kopeć Żukowski Wolski Dziedzic
    Sowa Gąsior Śliwiński Ślusarczyk Źródłowski Żółw Łąka Ćwik Ósmy Biały Czarny Cichy Żmuda Łęcki Świątek
    Brzęczyszczykiewicz Dzięcioł Gżegżółka Trzciński Chrząszcz Błachowicz Wąsik Pająk
""")
FOREIGN_WOMEN = _words("""
    Oksana Iryna Olena Daryna Lucía Chloé Giulia Anaïs Ayşe İrem Åsa Zoë Inês Nguyệt Mai Priya Amara Noémie Greta
    Kateřina
""")
FOREIGN_MEN = _words("""
    Oleksandr Andrij Taras Iñigo José Søren Jürgen François Emre Ibrahim Bjørn Luca Tiago Minh Arjun Ömer Loïc Jiří
    Mehmet Niccolò
""")
FOREIGN_FAMILIES = _words("""
    Szewczenko Kowalenko Bondarenko Tkaczuk Müller Weiß García Muñoz Fernández O'Neill D'Angelo Sørensen Ødegård
    Nguyễn Trần Öztürk Y\u0131lmaz Dvořák Novák Lefèvre Gonçalves Åkesson Horváth Kovács Patel Okafor Rossi Đorđević
    Ivanović Łukaszenko
""")
# Double-barreled names, as some women choose them.
DOUBLE_SHARE = 0.06
# Letters that carry no separable accent.
PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "'": None})
FEMININE_ENDINGS = (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"), ("ny", "na"), ("ły", "ła"), ("chy", "cha"))


def feminine(family: str) -> str:
    """The form of a family name that a woman bears: Kowalski, Kowalska; Nowak, Nowak."""
    for masculine, ending in FEMININE_ENDINGS:
        if family.endswith(masculine):
            return family.removesuffix(masculine) + ending
    return "Ósma" if family == "Ósmy" else family


def person(rng: Random, foreign: float = 0.06) -> tuple[str, str]:
    """A given and a family name; `foreign` is the share of people from abroad."""
    if rng.random() < foreign:
        given = rng.choice(FOREIGN_WOMEN if rng.random() < 0.5 else FOREIGN_MEN)
        return given, rng.choice(FOREIGN_FAMILIES)
    if rng.random() < 0.56:
        return rng.choice(WOMEN), _woman(rng)
    return rng.choice(MEN), _family(rng)


def _family(rng: Random) -> str:
    """Squaring the draw makes the first names of the list the frequent ones."""
    return FAMILIES[int(len(FAMILIES) * rng.random() ** 2)]


def _woman(rng: Random) -> str:
    family = feminine(_family(rng))
    if rng.random() < DOUBLE_SHARE:
        other = feminine(_family(rng))
        return family if other == family else f"{family}-{other}"
    return family


def fold(text: str) -> str:
    """The text in lower-case ASCII: Żółw becomes zolw."""
    plain = unicodedata.normalize("NFKD", text.lower()).translate(PLAIN_LETTERS)
    return plain.encode("ascii", "ignore").decode("ascii")


class Mailboxes:
    """Hands out addresses of one domain and never the same twice."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._given: Counter[str] = Counter()

    def open(self, given: str, family: str) -> str:
        """jan.kowalski@..., and jan.kowalski2@... for the next of that name."""
        name = f"{fold(given)}.{fold(family)}"
        self._given[name] += 1
        number = self._given[name]
        return f"{name}{number if number > 1 else ''}@{self._domain}"
