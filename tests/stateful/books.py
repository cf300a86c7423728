"""What enrollment's tables say at a moment: read as they are, so that nothing of the product explains them away."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from tests.house import House
from university.platform.database import metadata_of

SEATED = frozenset({"enrolled", "review", "completed", "failed"})
ACTIVE = frozenset({"enrolled", "waitlisted", "offered", "review"})
COUNTED = frozenset({"enrolled", "offered", "review"})


@dataclass
class Entry:
    """A place in a queue."""

    enrollment: str
    queue: str
    key: tuple[int, int, int]
    instead_of: str | None
    told: list[str]
    """The rules that it was told as reasons when it was passed over."""
    wanted: frozenset[str] = frozenset()


@dataclass
class Place:
    """An enrollment; its seats by section, with the pool of each."""

    id: str
    student: str
    offering: str
    status: str
    ects: float
    version: int
    standing_version: int
    offer_expires_at: datetime | None
    seats: dict[str, int | None] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    """Why it came to be what it is, oldest first."""
    statuses: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether it has seats, taken or held for an offer."""
        return self.status in SEATED or self.status == "offered"


@dataclass
class Books:
    """Sections of the ledger as rows, places in order of age, entries by enrollment, and queues that are due."""

    sections: dict[str, dict[str, Any]]
    places: dict[str, Place]
    entries: dict[str, Entry]
    due: set[str]
    broken: list[str]

    def active(self) -> list[Place]:
        """Return the places that stand."""
        return [one for one in self.places.values() if one.status in ACTIVE]

    def of(self, student: str) -> list[Place]:
        """Return what a student has that stands."""
        return [one for one in self.active() if one.student == student]

    def waiters(self) -> Iterator[tuple[Entry, Place]]:
        """Yield who waits, in the order of the queues; to whom a seat is offered waits no more."""
        for entry in sorted(self.entries.values(), key=lambda one: (one.queue, one.key)):
            place = self.places[entry.enrollment]
            if place.status != "offered":
                yield entry, place

    def lacking(self, entry: Entry) -> frozenset[str]:
        """Return the sections in which an entry still needs a seat."""
        place = self.places[entry.enrollment]
        return entry.wanted - (set(place.seats) if place.holds else set())

    def free(self, row: str) -> int:
        """Return how many seats of a row of the ledger nobody has."""
        seats = self.sections[row]
        return int(seats["capacity"] - seats["taken"] - seats["held"])


def read(house: House) -> Books:
    """Read everything at one moment."""
    with house.modules["enrollment"].primary.read() as session:

        def rows(name: str) -> list[dict[str, Any]]:
            table = _table(name)
            return [row._asdict() for row in session.execute(select(table).order_by(*table.primary_key.columns))]

        places = {one["id"]: _place(one) for one in rows("enrollment")}
        for one in rows("enrollment_section"):
            places[one["enrollment_id"]].seats[one["section_id"]] = one["pool"]
        for one in sorted(rows("enrollment_change"), key=lambda change: (change["at"], change["id"])):
            places[one["enrollment_id"]].reasons.append(one["reason"])
            places[one["enrollment_id"]].statuses.append(one["status"])
        entries = {one["enrollment_id"]: _entry(one) for one in rows("waitlist_entry")}
        for one in rows("wanted_section"):
            entries[one["enrollment_id"]].wanted |= {one["section_id"]}
        due = {one["id"] for one in rows("waitlist") if one["turned"] < one["turn"]}
        broken = [one["enrollment_id"] for one in rows("broken_requisite") if one["decision"] is None]
        return Books({one["id"]: one for one in rows("section")}, places, entries, due, broken)


def _table(name: str) -> Table:
    return metadata_of("enrollment").tables[f"enrollment.{name}"]


def _place(row: dict[str, Any]) -> Place:
    return Place(
        row["id"],
        row["student_id"],
        row["offering_id"],
        row["status"],
        row["ects"],
        row["version"],
        row["standing_version"] or 0,
        row["offer_expires_at"],
    )


def _entry(row: dict[str, Any]) -> Entry:
    key = (row["priority"], row["ticket"], row["sequence"])
    told = [one["code"] for one in row["refusals"] or ()]
    return Entry(row["enrollment_id"], row["queue_id"], key, row["instead_of"], told)
