"""Availability: kept by the news of enrollments, told to browsers in versions of a second."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from university.course.repository import availability
from university.course.repository.availability import Counted
from university.course.service.finding import term_of
from university.platform.database import Primary, Replica
from university.platform.messaging import inbox
from university.platform.messaging.inbox import CloudEvent

SUBSCRIPTION = "course.availability"
HEARD = frozenset(f"enrollment.{what}.v1" for what in ("created", "updated", "dropped"))
_PREFIX = "university."
_COUNTED_AS = {
    "enrolled": "taken",
    "review": "taken",
    "completed": "taken",
    "failed": "taken",
    "offered": "held",
    "waitlisted": "waiting",
}


class EnrollmentSeen(msgspec.Struct):
    """What an enrollment's event tells of the seats that it takes."""

    id: str
    status: str
    section_ids: list[str]


@dataclass(frozen=True, slots=True)
class Feed:
    """The last version, and the sections that changed."""

    version: int
    sections: list[dict[str, Any]]


class Availabilities:
    """Use cases of availability."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica
        self._advancing = threading.Lock()

    def hear(self, events: list[CloudEvent]) -> None:
        """Count enrollments anew, each in its newest state."""
        inbox.hear(self._primary, SUBSCRIPTION, events, count)

    def feed(self, term: str | None, after: int) -> Feed:
        """Return the sections, of a term where one is named, whose availability changed after a version."""
        self._advance()
        with self._replica.read() as session:
            term_id = term_of(session, term).id if term else None
            return Feed(*availability.told(session, term_id, after))

    def _advance(self) -> None:
        """Begin the next version when it is due; when another thread is at it, its version is for the next caller."""
        with self._primary.read() as session:
            due = availability.is_due(session)
        if due and self._advancing.acquire(blocking=False):
            try:
                with self._primary.begin() as session:
                    availability.advance(session)
            finally:
                self._advancing.release()


def count(session: Session, events: Iterable[CloudEvent]) -> None:
    """Count enrollments anew, each in its newest state, in the caller's transaction."""
    newest: dict[str, Counted] = {}
    for event in events:
        if event["type"].removeprefix(_PREFIX) in HEARD:
            state = _state(event)
            known = newest.get(state.enrollment_id)
            if known is None or state.version > known.version:
                newest[state.enrollment_id] = state
    if newest:
        availability.count(session, newest)


def counted(event: CloudEvent) -> dict[str, Any]:
    """Return the row that an event of an enrollment makes."""
    return availability.kept_of(_state(event))


def _state(event: CloudEvent) -> Counted:
    seen = msgspec.convert(event["data"], EnrollmentSeen)
    return Counted(seen.id, event["aggregateversion"], _COUNTED_AS.get(seen.status), seen.section_ids)
