"""Copies are renewed from their neighbors: emptied ones are filled, stale ones brought up, ghosts laid."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from tests.campus import Campus
from tests.house import House
from tests.reconciliation.views import clean, held, nobody, reconcile, table
from university.platform.database import new_id
from university.platform.messaging import copies
from university.platform.messaging.copies import Copy

COPIES = {
    "course": ("counted_enrollment", "availability"),
    "student": ("recorded_enrollment", "known_term", "known_course", "known_section"),
    "enrollment": ("student_standing", "section", "seat_pool"),
}
_TOLD = {"availability": ("version", "dirty")}
"""What says when the counts were told, not what they are."""


@pytest.fixture(autouse=True)
def _pools(campus: Campus) -> None:
    """Some seats are kept in pools, and one of them is taken."""
    if campus.house.call("course", "GET", "/courses/CHEM-1").status == 404:
        kept = [{"seats": 5, "program": ["INF"]}]
        section = campus.section("CHEM-1", capacity=10, reserved=kept)
        assert campus.enroll(campus.student(program="INF"), section).status == 201
        campus.house.drain()


def resynchronize(house: House) -> dict[tuple[str, str], copies.Renewed]:
    """Renew everything; return what came of each copy."""
    renewed = [
        one
        for module in house.modules.values()
        for one in copies.resynchronize(module.primary, module.kept().copies, nobody)
    ]
    return {(one.subscription, one.kind): one for one in renewed}


def kept(house: House) -> dict[str, Any]:
    return {name: held(house, module, name, *_TOLD.get(name, ())) for module, names in COPIES.items() for name in names}


def test_copies_that_heard_everything_need_nothing(university: House) -> None:
    renewed = resynchronize(university)

    assert {one.renewed + one.forgotten for one in renewed.values()} == {0}
    assert all(one.told for one in renewed.values())


def test_emptied_databases_are_filled_completely(university: House) -> None:
    resynchronize(university)
    before = kept(university)
    for module, names in COPIES.items():
        with university.modules[module].primary.begin() as session:
            for name in reversed(names):
                session.execute(delete(table(module, name)))

    resynchronize(university)

    assert kept(university) == before
    assert clean(reconcile(university))


def test_stale_copies_are_brought_up(university: House) -> None:
    resynchronize(university)
    before = kept(university)
    for module, name in (("student", "known_section"), ("student", "recorded_enrollment"), ("enrollment", "section")):
        rows = table(module, name)
        with university.modules[module].primary.begin() as session:
            session.execute(update(rows).values(version=rows.c.version - 1, status="closed"))

    renewed = resynchronize(university)

    assert kept(university) == before
    assert renewed["student.study-record", "enrollment"].renewed == len(before["recorded_enrollment"])


def test_a_second_time_changes_nothing(university: House) -> None:
    resynchronize(university)
    before = kept(university)

    again = resynchronize(university)

    assert kept(university) == before
    assert not any(one.renewed or one.forgotten for one in again.values())


def test_no_ghost_stays(university: House) -> None:
    """A section, a student and an enrollment are here that their modules do not have."""
    resynchronize(university)
    before = kept(university)
    ghost_section, ghost_student = new_id(), new_id()
    double(university, "enrollment", "section", id=ghost_section, external_key=None, taken=0, held=0, overfull=0)
    double(university, "student", "known_section", id=new_id())
    double(university, "enrollment", "student_standing", student_id=ghost_student)
    double(university, "course", "counted_enrollment", enrollment_id=new_id())
    double(university, "student", "recorded_enrollment", id=new_id())
    ghosts = kept(university)

    renewed = resynchronize(university)

    after = kept(university)
    assert sum(one.forgotten for one in renewed.values()) == 5
    for name in ("counted_enrollment", "recorded_enrollment", "availability"):
        assert after[name] == before[name]
    gone = {name: after[name].keys() - before[name].keys() for name in ("known_section", "section", "student_standing")}
    assert {len(keys) for keys in gone.values()} == {1}
    assert {after["known_section"][key]["deleted"] for key in gone["known_section"]} == {True}
    assert {after["section"][key]["status"] for key in gone["section"]} == {"canceled"}
    assert {after["student_standing"][key]["status"] for key in gone["student_standing"]} == {"deleted"}
    assert ghosts["section"].keys() == after["section"].keys()
    assert not any(one.forgotten for one in resynchronize(university).values())


def double(house: House, module: str, name: str, **facts: Any) -> None:
    """Add a row like another one."""
    rows = table(module, name)
    with house.modules[module].primary.begin() as session:
        like = session.execute(select(rows).order_by(*rows.primary_key).limit(1)).one()._asdict()
        if "facts" in like:
            like["facts"] = like["facts"].replace(like["id"].encode(), facts["id"].encode())
        session.execute(insert(rows), [{**like, **facts}])


def test_what_came_into_being_meanwhile_is_no_ghost(campus: Campus) -> None:
    """An enrollment is made and heard after its page was told, before the view looks at its own rows."""
    house = campus.house
    (view,) = house.modules["course"].kept().copies
    section = campus.section(f"MAT-{new_id()}")
    house.drain()

    def enroll() -> None:
        assert campus.enroll(campus.student(), section).status == 201
        house.drain()

    with after_a_page(view, enroll) as slow:
        (outcome,) = copies.resynchronize(house.modules["course"].primary, [slow], nobody)

    assert outcome.forgotten == 0
    assert clean(reconcile(house))


@contextmanager
def after_a_page(copy: Copy, act: Any) -> Iterator[Copy]:
    """Yield the copy asking a neighbor after whose first page something happens."""
    done: list[bool] = []

    class Slow:
        def learn(self, kind: Any, method: str, path: str, content: Any = None) -> Any:
            told = copy.truth.learn(kind, method, path, content)
            if not done:
                done.append(True)
                act()
            return told

    slow: Any = Slow()
    yield replace(copy, truth=slow)


def test_news_heard_during_a_renewal_stays(campus: Campus) -> None:
    """The page tells an older state than the one that is heard before the page is applied."""
    house = campus.house
    section = campus.section(f"MAT-{new_id()}")
    house.drain()
    enrolled = campus.enroll(campus.student(), section)
    (copy,) = house.modules["course"].kept().copies

    def drop() -> None:
        assert campus.drop(enrolled.json["id"]).status == 200
        house.drain()

    with after_a_page(copy, drop) as slow:
        list(copies.resynchronize(house.modules["course"].primary, [slow], nobody))

    assert clean(reconcile(house))


def test_a_section_that_is_deleted_is_closed_in_the_ledger(campus: Campus) -> None:
    """Its late news, in whatever order it comes, opens it no more."""
    house, section = campus.house, campus.section(f"MAT-{new_id()}")
    house.drain()
    (created,) = [event for event in house.announced("course", "course.section") if event["subject"] == section]
    deleted = {**created, "id": new_id(), "type": "university.course.section.deleted.v1", "aggregateversion": 9}

    for event in (deleted, {**created, "id": new_id(), "aggregateversion": 8}):
        house.hearers()["enrollment.section-facts"]([event])

    assert held(house, "enrollment", "section")[section]["status"] == "canceled"
