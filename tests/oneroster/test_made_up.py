"""A made-up university with its past, brought in whole: every seat is counted where somebody sits, and nowhere else."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import text

from entrypoints import demo
from tests.oneroster.conftest import Registry
from university import demo as made_up

SEATED = ("enrolled", "review", "completed", "failed")


@pytest.fixture
def settled(registry: Registry) -> Registry:
    """The university of sixty students, everybody told."""
    registry.take_in(demo.packed(made_up.generate(60, today=date(2027, 9, 20))))
    return registry


def seats(registry: Registry) -> Counter[str]:
    """Return who sits where, by what every enrollment says."""
    taken: Counter[str] = Counter()
    path = "/enrollments?limit=200"
    page = registry.get("enrollments", path)
    while True:
        for enrollment in page["items"]:
            if enrollment["status"] in SEATED:
                taken.update(enrollment["section_ids"])
        if page["next"] is None:
            return taken
        page = registry.get("enrollments", f"{path}&cursor={page['next']}")


def test_ledger_and_view_count_exactly_those_who_sit(settled: Registry) -> None:
    truth = seats(settled)

    with settled.house.modules["enrollment"].primary.read() as session:
        ledger = session.execute(text("SELECT id, taken, overfull FROM enrollment.section WHERE taken > 0")).all()
    with settled.house.modules["course"].primary.read() as session:
        view = session.execute(text("SELECT section_id, taken FROM course.availability WHERE taken > 0")).all()

    assert sum(truth.values()) > 400
    assert {_id(row.id): row.taken for row in ledger} == truth
    assert {_id(row.section_id): row.taken for row in view} == truth
    assert {row.overfull for row in ledger} == {0}


def test_the_record_of_every_student_is_what_the_enrollments_say(settled: Registry) -> None:
    student = settled.get("students", "/students/100001")["id"]
    truth = settled.get("enrollments", f"/enrollments?student_id={student}&limit=200")["items"]
    record = settled.get("students", f"/students/{student}/enrollments?limit=200")["items"]

    assert Counter(one["status"] for one in record) == Counter(one["status"] for one in truth)
    assert len(truth) > 5


def test_it_can_be_brought_in_again(settled: Registry) -> None:
    university = made_up.generate(60, today=date(2027, 9, 20))

    assert set(settled.take_in(demo.packed(university)).values()) == {(0, 0, 0)}


def _id(raw: object) -> str:
    """Spell an id as the API does, whichever way the database keeps it."""
    plain = str(raw).replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
