"""Many enrollments at once, what the views hold of them, and a cycle of reconciliation over all of them."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, insert, inspect, select

from tests.campus import Campus
from tests.house import House
from university.enrollment.events import EnrollmentCreated
from university.enrollment.models import Enrollment, EnrollmentSection
from university.enrollment.repository import ledger
from university.platform.database import metadata_of, new_id
from university.platform.messaging import reconciliation
from university.platform.messaging.outbox import announce
from university.platform.messaging.reconciliation import Found, Reconciliation, Way

STATUSES = ("enrolled", "enrolled", "completed", "dropped", "offered", "waitlisted")
VIEWS = {"course": ("counted_enrollment", "availability"), "student": ("recorded_enrollment",)}
ROWS = {
    "course.availability": ("course", "counted_enrollment", "enrollment_id"),
    "student.study-record": ("student", "recorded_enrollment", "id"),
}
"""Where each view keeps its enrollments."""


def enroll_many(campus: Campus, count: int) -> None:
    """Enroll one student by the API and, as an import would, many more like this one, in every status."""
    sections = [campus.section(f"INF-{n}", capacity=100) for n in range(3)]
    campus.house.drain()
    enrolled = campus.enroll(campus.student(), sections[0])
    assert enrolled.status == 201, enrolled.body
    with campus.house.modules["enrollment"].primary.begin() as session:
        first = session.get_one(Enrollment, enrolled.json["id"])
        facts = {column.key: getattr(first, column.key) for column in inspect(Enrollment).columns}
        rows = []
        for n in range(1, count):
            again = {"id": new_id(), "student_id": new_id(), "status": STATUSES[n % len(STATUSES)]}
            seats = sections if n % 5 == 0 else [sections[n % 3]]
            rows.append({**facts, **again, "section_ids": sorted(seats)})
        session.execute(insert(Enrollment), rows)
        seated = [{"enrollment_id": row["id"], "section_id": one} for row in rows for one in row["section_ids"]]
        session.execute(insert(EnrollmentSection), seated)
        announce(session, *(EnrollmentCreated.of(SimpleNamespace(**row), row["version"]) for row in rows))
        ledger.shift(session, counted(rows, "enrolled", "completed"), counted(rows, "offered"), {})


def counted(rows: list[dict[str, Any]], *statuses: str) -> dict[str, int]:
    places = [one for row in rows if row["status"] in statuses for one in row["section_ids"]]
    return {one: places.count(one) for one in places}


def nobody(_step: str, _done: int, _total: int) -> None:
    """Nobody watches how far it is."""


def reconcile(house: House, **way: Any) -> dict[str, Found]:
    """Run one cycle over every view and every count; return what was found by name."""
    found = []
    for module in house.modules.values():
        kept = module.kept()
        found += [Reconciliation(module.primary, view, Way(**way), nobody).run() for view in kept.views]
        found += [reconciliation.check(module.primary, counters, Way(**way)) for counters in kept.counters]
    return {one.name: one for one in found}


def clean(found: dict[str, Found]) -> bool:
    """Tell whether a cycle found nothing wrong."""
    return not any(one.wrong or one.left for one in found.values())


def table(module: str, name: str) -> Table:
    return metadata_of(module).tables[f"{module}.{name}"]


def held(house: House, module: str, name: str, *but: str) -> dict[str, dict[str, Any]]:
    """Return every row of a table by its key, without some columns."""
    rows = table(module, name)
    keys = [column.name for column in rows.primary_key]
    with house.modules[module].primary.read() as session:
        found = [row._asdict() for row in session.execute(select(rows))]
    return {
        "/".join(str(row[key]) for key in keys): {name: value for name, value in row.items() if name not in but}
        for row in found
    }


def views(house: House) -> dict[str, Any]:
    """Return all that the views hold, but for when it was told."""
    return {
        name: held(house, module, name, "version", "dirty") if name == "availability" else held(house, module, name)
        for module, names in VIEWS.items()
        for name in names
    }
