"""A transcript: terms, courses, grades and credits, and averages weighted by credits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from university.student.rules.record import Entry, NamedTerm
from university.student.rules.words import EnrollmentStatus as Is

SHOWN = (Is.ENROLLED, Is.REVIEW, Is.WITHDRAWN, Is.COMPLETED, Is.FAILED)
_GRADED = (Is.COMPLETED, Is.FAILED)
_POLISH = ("2.0", "3.0", "3.5", "4.0", "4.5", "5.0")
_AMERICAN = ("F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+")
_WORTH = ("0", "0.7", "1", "1.3", "1.7", "2", "2.3", "2.7", "3", "3.3", "3.7", "4", "4")
_POINTS = {
    **{grade: ("pl", Decimal(grade)) for grade in _POLISH},
    **{grade: ("us", Decimal(points)) for grade, points in zip(_AMERICAN, _WORTH, strict=True)},
}
_UNWEIGHED = frozenset({"ZAL", "NZAL", "P", "NP"})


@dataclass(frozen=True, slots=True)
class TranscriptTerm:
    """One term: its courses, the credits earned and the average."""

    term: NamedTerm
    courses: Sequence[Entry]
    ects_earned: float
    gpa: float | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """All terms in order; credits recognized from elsewhere stand apart and are in no average."""

    terms: Sequence[TranscriptTerm]
    ects_earned: float
    gpa: float | None


def transcript(entries: Iterable[Entry]) -> Transcript:
    """Return the transcript of a record; terms not yet heard of come last.

    A course is passed once: its credits are earned by the first attempt that passes, and its best attempt counts in
    the average. A repeatable course counts each time. A term's own average counts what was graded in it.
    """
    shown = [entry for entry in entries if entry.status in SHOWN]
    counted = {entry.id for entry in best(shown)}
    marked = [replace(entry, superseded=entry.status in _GRADED and entry.id not in counted) for entry in shown]
    terms = sorted({entry.term for entry in shown}, key=lambda term: (term.starts_on or date.max, term.id))
    earned: dict[str, float] = {}
    told = [_term(term, marked, earned) for term in terms]
    return Transcript(told, sum((term.ects_earned for term in told), 0.0), average(best(shown)))


def best(entries: Iterable[Entry]) -> list[Entry]:
    """Return the attempts that count: of each course the best, of a repeatable one all."""
    attempts: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.status in _GRADED:
            attempts.setdefault(entry.id if entry.course.repeatable else entry.course.counts_as, []).append(entry)
    return [entry for group in attempts.values() for entry in _best(group)]


def average(entries: Iterable[Entry]) -> float | None:
    """Return the mean grade weighted by credits, to two places.

    None when nothing counts, when scales are mixed, or when nobody knows what a grade is worth.
    """
    weighed = [entry for entry in entries if entry.status in _GRADED and entry.ects and _counts(entry.grade)]
    worth = [_POINTS.get(_normal(entry.grade)) for entry in weighed]
    if not worth or None in worth or len({known[0] for known in worth if known}) > 1:
        return None
    credits_ = [Decimal(str(entry.ects)) for entry in weighed]
    total = sum((known[1] * weight for known, weight in zip(worth, credits_, strict=True) if known), Decimal(0))
    return float((total / sum(credits_)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _best(attempts: Sequence[Entry]) -> Sequence[Entry]:
    """Return the best attempt at one course; all that could be, where nobody can tell which is better."""
    passed = [entry for entry in attempts if entry.status == Is.COMPLETED] or attempts
    weighed = [(entry, _POINTS.get(_normal(entry.grade))) for entry in passed if entry.ects and _counts(entry.grade)]
    if not weighed:
        return passed[:1]
    if len({known[0] if known else None for _, known in weighed}) > 1:
        return [entry for entry, _ in weighed]
    return [max(weighed, key=lambda one: one[1][1] if one[1] else 0)[0]]


def _term(term: NamedTerm, entries: Iterable[Entry], earned: dict[str, float]) -> TranscriptTerm:
    """Return one term; `earned` are the credits of courses passed in terms before, and in it afterwards."""
    courses = sorted(
        (entry for entry in entries if entry.term == term), key=lambda entry: (entry.course.code or "", entry.id)
    )
    return TranscriptTerm(term, courses, sum((_earned(entry, earned) for entry in courses), 0.0), average(courses))


def _earned(entry: Entry, earned: dict[str, float]) -> float:
    """Return the credits that an entry adds to those earned by the course before."""
    if entry.status != Is.COMPLETED:
        return 0.0
    key = entry.id if entry.course.repeatable else entry.course.counts_as
    before = earned.get(key, 0.0)
    earned[key] = max(before, entry.ects or 0.0)
    return earned[key] - before


def _counts(grade: str | None) -> bool:
    """Tell whether a grade goes into an average at all: pass and fail do not."""
    return grade is not None and _normal(grade) not in _UNWEIGHED


def _normal(grade: str | None) -> str:
    """Return a grade as the scales write it: `5`, `5,0` and `5.0` are the same."""
    text = (grade or "").strip().replace(",", ".").upper()
    return f"{text}.0" if text.isdecimal() else text
