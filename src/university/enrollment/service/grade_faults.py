"""Why grades cannot be posted: every reason at once, each with the field, or the line and column, that it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from university.enrollment.rules.grades import CODE_ATTEMPT, CODE_SETTLED, CODE_STATUS, CODE_UNKNOWN
from university.platform.errors import Unprocessable
from university.platform.language import Words

MOST = 1_000
"""Faults told of one request."""
_WORDS = {
    CODE_UNKNOWN: Words(
        "The scale has no such grade; it has: {allowed}.", "Takiej oceny nie ma na skali; są: {allowed}."
    ),
    CODE_SETTLED: Words(
        "There is a grade already, {grade}; a correction needs a reason.",
        "Ocena już jest: {grade}; poprawka wymaga uzasadnienia.",
    ),
    CODE_ATTEMPT: Words("This attempt cannot be graded.", "Tego podejścia nie można ocenić."),
    CODE_STATUS: Words(
        "The student has no place that can be graded: {status}.",
        "Student nie ma miejsca, które można ocenić: {status}.",
    ),
    "stale-version": Words(
        "Somebody changed this enrollment since you read it.", "Ktoś zmienił ten zapis po Twoim odczycie."
    ),
    "not-in-section": Words("There is nobody like that in this section.", "W tej grupie nie ma nikogo takiego."),
    "named-twice": Words("The same student is named twice.", "Ten sam student występuje dwa razy."),
    "student-not-named": Words("Name either the enrollment or the student.", "Podaj albo zapis, albo studenta."),
    "file-empty": Words("The file tells no grade.", "W pliku nie ma żadnej oceny."),
    "row-unreadable": Words("The row cannot be read.", "Nie można odczytać wiersza."),
    "too-many-rows": Words("There are more than {most} rows.", "Jest więcej niż {most} wierszy."),
    "column-missing": Words("The column is missing.", "Brakuje kolumny."),
    "column-twice": Words("The column appears twice.", "Kolumna występuje dwa razy."),
    "row-ragged": Words(
        "The row has {found} cells where the header has {wanted}.", "Wiersz ma {found} komórek, a nagłówek {wanted}."
    ),
    "cell-empty": Words("Must not be empty.", "Pole nie może być puste."),
    "text-invalid": Words("Too long, or not plain text.", "Za długie albo nie jest zwykłym tekstem."),
}
_STATUSES = {
    "waitlisted": Words("waiting", "oczekuje"),
    "offered": Words("offered a seat", "ma propozycję miejsca"),
    "dropped": Words("dropped", "zrezygnowano"),
    "withdrawn": Words("withdrawn", "wycofano"),
    "canceled": Words("canceled", "odwołano"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a grade is told: behind a prefix of fields in JSON, or on a line of a file."""

    prefix: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class GradeFault:
    """One reason why a grade cannot be posted, and the field that it is about."""

    code: str
    about: str
    spot: Spot = field(default_factory=Spot)
    params: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return the fault as the API tells it, in the request's language."""
        params = {name: _STATUSES[value].say() if value in _STATUSES else value for name, value in self.params.items()}
        said = {"field": self.spot.prefix + self.about, "code": self.code, "message": _WORDS[self.code].say(**params)}
        return said if self.spot.line is None else {**said, "line": self.spot.line}


class GradesRefused(Unprocessable):
    """Grades cannot be posted, and none was; `errors` tells every fault, of a file with its `line`."""

    title = Words("These grades cannot be posted; none was.", "Tych ocen nie można wpisać; nie wpisano żadnej.")

    def __init__(self, faults: Sequence[GradeFault]) -> None:
        super().__init__(errors=[fault.told() for fault in faults[:MOST]], error_count=len(faults))
