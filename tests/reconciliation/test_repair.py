"""Reconciliation finds every row of a view that is not as the truth has it, in one cycle, and repairs it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from tests.campus import Campus
from tests.house import House
from tests.reconciliation.views import ROWS, clean, held, reconcile, table, views
from university.platform.database import new_id

STATUS = {"counted_enrollment": "counted_as", "recorded_enrollment": "status"}
Corrupt = Callable[[Session, Table, list[str]], None]


def change_status(session: Session, rows: Table, ids: list[str]) -> None:
    session.execute(update(rows).where(key(rows).in_(ids)).values({STATUS[rows.name]: "withdrawn"}))


def raise_version(session: Session, rows: Table, ids: list[str]) -> None:
    session.execute(update(rows).where(key(rows).in_(ids)).values(version=rows.c.version + 7))


def lower_version(session: Session, rows: Table, ids: list[str]) -> None:
    session.execute(update(rows).where(key(rows).in_(ids)).values(version=rows.c.version - 1))


def empty_sections(session: Session, rows: Table, ids: list[str]) -> None:
    session.execute(update(rows).where(key(rows).in_(ids)).values(section_ids=[]))


def remove(session: Session, rows: Table, ids: list[str]) -> None:
    session.execute(delete(rows).where(key(rows).in_(ids)))


def add_surplus(session: Session, rows: Table, ids: list[str]) -> None:
    real = session.execute(select(rows).where(key(rows).in_(ids))).all()
    session.execute(insert(rows), [{**row._asdict(), key(rows).name: new_id()} for row in real])


WAYS: dict[str, tuple[Corrupt, str]] = {
    "another status": (change_status, "altered"),
    "a version ahead": (raise_version, "altered"),
    "a version behind": (lower_version, "altered"),
    "other sections": (empty_sections, "altered"),
    "no row": (remove, "missing"),
    "a row too many": (add_surplus, "surplus"),
}


def key(rows: Table) -> Any:
    (column,) = rows.primary_key
    return column


def corrupt(house: House, view: str, way: Corrupt, ids: list[str]) -> None:
    module, name, _ = ROWS[view]
    with house.modules[module].primary.begin() as session:
        way(session, table(module, name), ids)


def some_ids(house: House, count: int) -> list[str]:
    return sorted(held(house, "enrollment", "enrollment"))[:count]


def rows_found(found: dict[str, Any], view: str) -> list[str]:
    return [kind for kind in found[view].wrong.values() if kind != "miscounted"]


def test_views_that_heard_everything_are_as_the_truth(university: House) -> None:
    found = reconcile(university)

    assert clean(found)
    assert {view: found[view].compared for view in ROWS} == dict.fromkeys(ROWS, 150)


@pytest.mark.parametrize("view", ROWS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", [1, 10, 100])
def test_every_corrupted_row_is_found_and_repaired(university: House, view: str, way: str, count: int) -> None:
    before = views(university)
    corrupting, kind = WAYS[way]
    corrupt(university, view, corrupting, some_ids(university, count))

    found = reconcile(university)
    again = reconcile(university)

    assert rows_found(found, view) == [kind] * count
    assert not any(one.left or one.late for one in found.values())
    assert clean(again)
    assert views(university) == before


@pytest.mark.parametrize("way", WAYS)
def test_without_repair_the_same_is_told_and_nothing_touched(university: House, way: str) -> None:
    corrupting, kind = WAYS[way]
    for view in ROWS:
        corrupt(university, view, corrupting, some_ids(university, 10))
    before = views(university)

    found = reconcile(university, repair=False)

    for view in ROWS:
        assert rows_found(found, view) == [kind] * 10
        assert len(found[view].left) == 10
    assert views(university) == before
    reconcile(university)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("counted", ["taken", "held", "waiting"])
def test_wrong_counts_are_found_and_counted_anew(university: House, counted: str, count: int) -> None:
    before, counts = views(university), table("course", "availability")
    wrong = sorted(held(university, "course", "availability"))[:count]
    with university.modules["course"].primary.begin() as session:
        more = {counted: counts.c[counted] + 5}
        session.execute(update(counts).where(counts.c.section_id.in_(wrong)).values(more))

    found = reconcile(university)["course.availability"]

    assert found.wrong == dict.fromkeys(wrong, "miscounted")
    assert not found.left
    assert views(university) == before
    assert clean(reconcile(university))


def test_wrong_seats_of_the_ledger_are_found_and_counted_anew(university: House) -> None:
    before = held(university, "enrollment", "section")
    wrong, ledger = sorted(before)[:2], table("enrollment", "section")
    with university.modules["enrollment"].primary.begin() as session:
        session.execute(update(ledger).where(ledger.c.id.in_(wrong)).values(taken=ledger.c.taken - 1))

    found = reconcile(university)["enrollment.seats"]

    assert found.wrong == dict.fromkeys(wrong, "miscounted")
    assert held(university, "enrollment", "section") == before
    assert clean(reconcile(university))


def test_an_empty_view_is_filled(university: House) -> None:
    before = views(university)
    for module, name, _ in ROWS.values():
        with university.modules[module].primary.begin() as session:
            session.execute(delete(table(module, name)))

    found = reconcile(university)

    assert all(set(rows_found(found, view)) == {"missing"} for view in ROWS)
    assert views(university) == before


def test_news_not_delivered_yet_is_late_and_no_mistake(campus: Campus) -> None:
    enroll_one(campus)

    found = reconcile(campus.house, patience=0)
    campus.house.drain()

    assert clean(found)
    assert {view: found[view].late for view in ROWS} == dict.fromkeys(ROWS, 1)


def test_a_lost_message_is_a_mistake_once_it_had_its_time(campus: Campus) -> None:
    """The broker took the event, and nobody will ever hear it."""
    enroll_one(campus)
    mark_news(campus.house, "sent")

    hoping = reconcile(campus.house, patience=0, queued=lambda _subscription: True)
    found = reconcile(campus.house, patience=0)

    assert clean(hoping)
    assert all(rows_found(found, view) == ["missing"] for view in ROWS)
    assert clean(reconcile(campus.house, patience=0))


def test_news_that_was_given_up_is_a_mistake_at_once(campus: Campus) -> None:
    enroll_one(campus)
    mark_news(campus.house, "dead")

    found = reconcile(campus.house)

    assert all(rows_found(found, view) == ["missing"] for view in ROWS)
    assert clean(reconcile(campus.house))


def enroll_one(campus: Campus) -> None:
    student = campus.student()
    section = campus.section(f"MAT-{student}")
    campus.house.drain()
    assert campus.enroll(student, section).status == 201


def mark_news(house: House, status: str) -> None:
    outbox = table("enrollment", "outbox")
    with house.modules["enrollment"].primary.begin() as session:
        session.execute(update(outbox).where(outbox.c.status == "pending").values(status=status))
