"""What is wrong with an input, where, and how to say it in English and in Polish."""

import dataclasses
from collections.abc import Iterable, Mapping

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "unexpected-character": ("Unexpected character “{found}”.", "Nieoczekiwany znak „{found}”."),
    "unclosed-quote": ("The quotation mark is never closed.", "Cudzysłów nie został zamknięty."),
    "expected": ("Expected {expected}, found {found}.", "Oczekiwano: {expected}, znaleziono: {found}."),
    "keyword-case": (
        "Write “{found}” in capitals, or put the whole course code in quotation marks.",
        "Słowo „{found}” zapisz wielkimi literami albo ujmij cały kod przedmiotu w cudzysłów.",
    ),
    "unknown-grade": ("“{found}” is not a grade of a known scale.", "„{found}” nie jest oceną żadnej znanej skali."),
    "count-out-of-range": (
        "Of {items} requisites, between 1 and {items} can be demanded, not {found}.",
        "Spośród {items} wymagań można żądać od 1 do {items}, nie {found}.",
    ),
    "text-too-long": ("The text has more than {limit} characters.", "Tekst ma więcej niż {limit} znaków."),
    "too-deep": ("Requisites are nested deeper than {limit} levels.", "Zagnieżdżenie przekracza {limit} poziomów."),
    "too-many-nodes": ("There are more than {limit} requisites.", "Wymagań jest więcej niż {limit}."),
    "not-a-list": ("Must be a list.", "Wymagana jest lista."),
    "not-an-object": ("Must be an object.", "Wymagany jest obiekt."),
    "unknown-field": ("There is no such field.", "Nie ma takiego pola."),
    "not-a-text": (
        "Must be a text of at most {limit} printable characters.",
        "Wymagany jest tekst, najwyżej {limit} drukowalnych znaków.",
    ),
    "not-a-time": ("Must be a time of day as HH:MM.", "Wymagana jest godzina w postaci GG:MM."),
    "not-a-date": ("Must be a date as YYYY-MM-DD.", "Wymagana jest data w postaci RRRR-MM-DD."),
    "not-a-weekday": (
        "Must be one of mon, tue, wed, thu, fri, sat, sun.",
        "Dozwolone: mon, tue, wed, thu, fri, sat, sun.",
    ),
    "repeated": ("Is given twice.", "Podano dwa razy."),
    "lone-time": ("A start and an end belong together.", "Początek i koniec podaje się razem."),
    "end-not-after-start": ("The end must come after the start.", "Koniec musi być późniejszy niż początek."),
    "not-weeks": (
        "Must be all, odd, even, or weeks such as 1-7,9.",
        "Dozwolone: all, odd, even albo tygodnie, na przykład 1-7,9.",
    ),
    "weeks-outside-term": ("The term has weeks 1 to {last}.", "Semestr ma tygodnie od 1 do {last}."),
    "dates-or-days": ("Give either dates, or days and weeks.", "Podaje się albo daty, albo dni i tygodnie."),
    "date-outside-term": (
        "The term lasts from {first} to {last}.",
        "Semestr trwa od {first} do {last}.",
    ),
    "off-or-runs-as": (
        "Give either that the day is off, or the weekday that it runs as.",
        "Podaje się albo dzień wolny, albo dzień tygodnia, według którego biegną zajęcia.",
    ),
    "not-a-parity": ("Must be odd or even.", "Dozwolone: odd albo even."),
    "not-true": ("Must be true.", "Dozwolone tylko: true."),
    "needs-runs-as": ("Is only for a day that runs as another.", "Dotyczy tylko dnia, który biegnie jak inny."),
}

_POLISH_NOUNS: Mapping[str, str] = {
    "a requisite": "wymaganie",
    "a name": "nazwa",
    "a number": "liczba",
    "a whole number from 1 up": "liczba całkowita od 1 wzwyż",
    "a grade": "ocena",
    "AND, OR or the end": "AND, OR albo koniec",
    "INSTRUCTOR or DEPARTMENT": "INSTRUCTOR albo DEPARTMENT",
    "the end": "koniec tekstu",
}


def say(code: str, params: Mapping[str, str], language: str) -> str:
    """The sentence for a fault's code."""
    english, polish = _SENTENCES[code]
    if language == "en":
        return english.format_map(params)
    return polish.format_map({name: _POLISH_NOUNS.get(value, value) for name, value in params.items()})


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: the path of the field, and a code with what its sentence tells."""

    field: str
    code: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """The fault as a sentence."""
        return say(self.code, self.params, language)


class Faulty(ValueError):
    """An input with every one of its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}: {fault.message()}" for fault in self.faults))
