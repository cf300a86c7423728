"""What an import file has no table for: registration windows, holds and recognized credits, as the API takes them."""

from collections.abc import Iterable
from datetime import date
from random import Random

from university.demo.curriculum import Curriculum
from university.demo.histories import Record
from university.demo.people import Student
from university.demo.terms import DAY, WEEK, Term

Fact = dict[str, object]

HOLD_SHARE = 0.015
# Reason, the owner's contact, effects.
HOLDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Książki niezwrócone do Biblioteki Uniwersyteckiej", "biblioteka@example.edu", ("block-add",)),
    ("Zaległa opłata za dom studencki", "kwestura@example.edu", ("block-add", "block-transcript")),
    ("Brak aktualnych badań lekarskich", "dziekanat@example.edu", ("block-add",)),
    ("Postępowanie wyjaśniające w dziekanacie", "dziekanat@example.edu", ("block-add", "block-drop")),
)
INSTITUTIONS = (
    "Universidad de Salamanca",
    "Universität Göttingen",
    "Università di Bologna",
    "Univerzita Karlova",
    "Université de Montpellier",
    "Uniwersytet Lwowski",
    "Universidade de Coimbra",
)


def windows(term: Term, today: date) -> list[Fact]:
    """Open now: third-year students and guests first, then everybody; corrections when the semester begins."""
    closes = f"{term.add_until.isoformat()}T22:00:00Z"
    return [
        _window(term, "Rejestracja dla trzeciego roku", today - WEEK, closes, stage=[3], max_ects=40),
        _window(term, "Rejestracja dla studentów Erasmus", today - WEEK, closes, group=["erasmus"], max_ects=40),
        _window(term, "Rejestracja ogólna", today - 2 * DAY, closes, max_ects=36),
        _window(term, "Korekty po rozpoczęciu zajęć", term.starts_on, closes, max_ects=45),
    ]


def _window(
    term: Term,
    name: str,
    opens: date,
    closes: str,
    *,
    max_ects: int,
    stage: list[int] | None = None,
    group: list[str] | None = None,
) -> Fact:
    return {
        "term_id": term.code,
        "name": name,
        "opens_at": f"{opens.isoformat()}T06:00:00Z",
        "closes_at": closes,
        "program": [],
        "stage": stage or [],
        "group": group or [],
        "min_ects": 0,
        "max_ects": max_ects,
    }


def holds(students: Iterable[Student], today: date, seed: int) -> list[Fact]:
    """A hold for one student in seventy, never for the first; an API hold with the student's number beside it."""
    found: list[Fact] = []
    for student in students:
        rng = Random(f"{seed}/hold/{student.number}")
        if rng.random() < HOLD_SHARE and not student.is_first:
            reason, contact, effects = rng.choice(HOLDS)
            began = today - rng.randrange(5, 60) * DAY
            found.append(
                {
                    "student_id": student.number,
                    "reason": reason,
                    "contact": contact,
                    "effects": list(effects),
                    "starts_on": began.isoformat(),
                }
            )
    return found


def recognized(records: Iterable[tuple[Student, Record]], curriculum: Curriculum) -> list[Fact]:
    """The courses that guests bring from home, with the student's number beside each."""
    found: list[Fact] = []
    for student, record in records:
        institution = INSTITUTIONS[int(student.number) % len(INSTITUTIONS)]
        for code, grade in record.recognized.items():
            course = curriculum.courses[code]
            brought = {"course": code, "title": course.title_en, "grade": str(grade), "ects": course.ects}
            found.append({"student_id": student.number, "institution": institution, **brought})
    return found
