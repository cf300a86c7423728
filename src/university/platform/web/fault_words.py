"""What the schema library says of a faulty field, in the language of the request."""

import re
from collections.abc import Mapping

from university.platform import language

_SENTENCES: Mapping[str, str] = {
    "Missing data for required field.": "To pole jest wymagane.",
    "Field may not be null.": "To pole nie może być puste.",
    "Unknown field.": "Nie ma takiego pola.",
    "Invalid input type.": "Wymagany jest obiekt.",
    "Invalid type.": "Wymagany jest obiekt.",
    "Invalid value.": "Nieprawidłowa wartość.",
    "Not a valid string.": "Wymagany jest tekst.",
    "Not a valid utf-8 string.": "Wymagany jest tekst.",
    "Not a valid integer.": "Wymagana jest liczba całkowita.",
    "Not a valid number.": "Wymagana jest liczba.",
    "Number too large.": "Liczba jest za duża.",
    "Not a valid boolean.": "Wymagane: true albo false.",
    "Not a valid date.": "Wymagana jest data w postaci RRRR-MM-DD.",
    "Not a valid time.": "Wymagana jest godzina w postaci GG:MM.",
    "Not a time, HH:MM.": "Wymagana jest godzina w postaci GG:MM.",
    "Not a valid datetime.": "Wymagana jest data i godzina ze strefą, na przykład 2026-10-01T08:00:00Z.",
    "Not a valid list.": "Wymagana jest lista.",
    "Not a valid mapping type.": "Wymagany jest obiekt.",
    "Not a valid code.": "Kod nie może zawierać ukośnika ani zaczynać się lub kończyć odstępem.",
    "Not a valid student number.": "To nie jest numer studenta.",
    "Not a valid email address.": "To nie jest adres e-mail.",
    "Control characters are not allowed.": "Znaki sterujące są niedozwolone.",
}
_NUMBER = r"(-?[0-9.e+]+)"
_PATTERNS = tuple(
    (re.compile(english), polish)
    for english, polish in (
        (rf"Length must be between {_NUMBER} and {_NUMBER}\.", r"Długość musi wynosić od \1 do \2."),
        (rf"Length must be {_NUMBER}\.", r"Długość musi wynosić \1."),
        (rf"Longer than maximum length {_NUMBER}\.", r"Długość może wynosić najwyżej \1."),
        (rf"Shorter than minimum length {_NUMBER}\.", r"Długość musi wynosić co najmniej \1."),
        (
            rf"Must be greater than or equal to {_NUMBER} and less than or equal to {_NUMBER}\.",
            r"Dozwolone wartości: od \1 do \2.",
        ),
        (rf"Must be greater than or equal to {_NUMBER}\.", r"Najmniejsza dozwolona wartość: \1."),
        (rf"Must be less than or equal to {_NUMBER}\.", r"Największa dozwolona wartość: \1."),
        (r"Must be one of: (.*)\.", r"Dozwolone: \1."),
    )
)


def say(message: str) -> str:
    """Return a sentence of the library in the request's language; one that nobody translated stays English."""
    if language.chosen() == "en":
        return message
    for pattern, polish in _PATTERNS:
        if found := pattern.fullmatch(message):
            return found.expand(polish)
    return _SENTENCES.get(message, message)
