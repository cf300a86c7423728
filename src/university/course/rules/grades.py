"""Grade scales: whether a grade passes, how two compare, and what one is worth in an average."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade in its scale; `rank` grows with merit, `points` is None where an average leaves the grade out."""

    text: str
    scale: str
    rank: int
    passes: bool
    points: Decimal | None = None


def _polish() -> Iterable[Grade]:
    for rank, text in enumerate(("2.0", "3.0", "3.5", "4.0", "4.5", "5.0")):
        yield Grade(text, "polish", rank, passes=rank > 0, points=Decimal(text))


def _american() -> Iterable[Grade]:
    yield Grade("F", "american", 0, passes=False, points=Decimal(0))
    ladder = ("D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+")
    worth = ("0.7", "1.0", "1.3", "1.7", "2.0", "2.3", "2.7", "3.0", "3.3", "3.7", "4.0", "4.0")
    for rank, (text, points) in enumerate(zip(ladder, worth, strict=True), start=1):
        yield Grade(text, "american", rank, passes=True, points=Decimal(points))


def _pass_or_fail(scale: str, fail: str, passing: str) -> Iterable[Grade]:
    yield Grade(fail, scale, 0, passes=False)
    yield Grade(passing, scale, 1, passes=True)


_GRADES = {
    grade.text.casefold(): grade
    for grade in (*_polish(), *_american(), *_pass_or_fail("zal", "nzal", "zal"), *_pass_or_fail("p-np", "NP", "P"))
}


def find(text: str | None) -> Grade | None:
    """The grade that a text names, or None: case does not matter, and a comma may stand for the point."""
    return None if text is None else _GRADES.get(text.strip().replace(",", ".").casefold())


def is_pass(grade: str | None) -> bool | None:
    """Whether the grade passes; None when nobody knows such a grade."""
    known = find(grade)
    return known.passes if known else None


def compare(grade: str | None, minimum: str) -> bool | None:
    """Whether the grade reaches the minimum; None when either is unknown or the scales differ."""
    given, wanted = find(grade), find(minimum)
    if given is None or wanted is None or given.scale != wanted.scale:
        return None
    return given.rank >= wanted.rank


def points(grade: str | None) -> Decimal | None:
    """What the grade is worth in an average, if anything."""
    known = find(grade)
    return known.points if known else None


def best(attempts: Sequence[tuple[str, Decimal]]) -> Sequence[tuple[str, Decimal]]:
    """The attempt at one course that counts in an average: the best; all, where nobody can tell which that is."""
    known = [(find(text), (text, weight)) for text, weight in attempts]
    passed = [one for one in known if one[0] is None or one[0].passes] or known
    weighed = [one for one in passed if one[0] is None or one[0].points is not None]
    if not weighed:
        return [passed[0][1]]
    if None in [grade for grade, _ in weighed] or len({grade.scale for grade, _ in weighed if grade}) > 1:
        return [attempt for _, attempt in weighed]
    return [max(weighed, key=lambda one: one[0].rank if one[0] else 0)[1]]


def average(graded: Iterable[tuple[str, Decimal]]) -> Decimal | None:
    """The mean of grades weighted by credits; None when nothing counts, a grade is unknown or the scales are mixed."""
    known = [(find(text), weight) for text, weight in graded]
    counted = [(grade, weight) for grade, weight in known if grade is None or grade.points is not None]
    total = sum((weight for _, weight in counted), Decimal(0))
    worth = [grade.points * weight for grade, weight in counted if grade is not None and grade.points is not None]
    scales = {grade.scale if grade else None for grade, _ in counted}
    if len(scales) != 1 or None in scales or total <= 0:
        return None
    return sum(worth, Decimal(0)) / total
