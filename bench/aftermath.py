"""What became of it all: the ledger, the seats and both views compared, and how late each event was heard."""

import time
from collections import Counter
from collections.abc import Collection
from typing import Any, LiteralString

import psycopg

from entrypoints.split import Ground
from university.platform.messaging import topology

PATIENCE = 300.0
"""Seconds in which whatever was told must have been heard."""
SEATED = ["enrolled", "review", "completed", "failed"]
PLACES = """
SELECT e.id, e.student_id, e.offering_id, array_remove(array_agg(s.section_id), NULL) FROM enrollment.enrollment e
LEFT JOIN enrollment.enrollment_section s ON s.enrollment_id = e.id WHERE e.status = ANY(%s) GROUP BY e.id
"""
VIEWS = {"course": "course.availability", "student": "student.study-record"}
"""Who keeps a view of enrollments, and the subscription by which it hears of them."""
HEARD: dict[str, LiteralString] = {
    "course": "SELECT event_id, extract(epoch FROM heard_at)::float FROM course.inbox WHERE subscription = %s",
    "student": "SELECT event_id, extract(epoch FROM heard_at)::float FROM student.inbox WHERE subscription = %s",
}


def drained(ground: Ground) -> float:
    """Wait until both views know of every event of enrollment; return how many seconds that took."""
    began = time.monotonic()
    while unheard(ground) and time.monotonic() - began < PATIENCE:
        time.sleep(0.1)
    return time.monotonic() - began


def unheard(ground: Ground) -> int:
    """Return how many events of enrollment a view has not heard of yet."""
    return sum(len(_told(ground, view).keys() - _heard(ground, view).keys()) for view in VIEWS)


def lags(ground: Ground, since: float = 0.0) -> dict[str, list[float]]:
    """Return by view, in ascending order, the seconds from each event until it was heard, by the database's clock."""
    found = {}
    for view in VIEWS:
        told, heard = _told(ground, view), _heard(ground, view)
        found[view] = sorted(heard[event] - moment for event, moment in told.items() if moment >= since)
    return found


def counts(ground: Ground, acknowledged: Collection[str]) -> dict[str, int]:
    """Return what must be 0: acknowledged places that are lost, doubled ones, oversold seats, wrong views."""
    places = asked(ground, "enrollment", PLACES, SEATED)
    ids = {row[0] for row in places}
    taken = Counter(section for _, _, _, sections in places for section in sections)
    seats = asked(ground, "enrollment", "SELECT id, capacity, taken FROM enrollment.section")
    seen: dict[str, int] = dict(asked(ground, "course", "SELECT section_id, taken FROM course.availability"))
    recorded = asked(ground, "student", "SELECT id FROM student.recorded_enrollment WHERE status = ANY(%s)", SEATED)
    offered = [(student, offering) for _, student, offering, _ in places if offering]
    return {
        "lost": len(set(acknowledged) - set(map(str, ids))),
        "doubled": len(offered) - len(set(offered)),
        "oversold": sum(max(0, taken[id_] - capacity) for id_, capacity, _ in seats if capacity is not None),
        "miscounted": sum(taken[id_] != count for id_, _, count in seats),
        "unheard": unheard(ground),
        "wrong in course's view": sum(seen.get(id_, 0) != taken[id_] for id_ in seen.keys() | taken.keys()),
        "wrong in student's view": len({row[0] for row in recorded} ^ ids),
    }


def asked(ground: Ground, module: str, query: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a question put to a module's database."""
    with psycopg.connect(ground.databases[module].app, autocommit=True) as connection:
        return connection.execute(query, values or None).fetchall()


def _told(ground: Ground, view: str) -> dict[str, float]:
    rows = asked(
        ground, "enrollment", "SELECT id, type, extract(epoch FROM created_at)::float FROM enrollment.outbox"
    )  # fmt: skip
    return {event: moment for event, type_, moment in rows if VIEWS[view] in topology.hearers(type_)}


def _heard(ground: Ground, view: str) -> dict[str, float]:
    return dict(asked(ground, view, HEARD[view], VIEWS[view]))
