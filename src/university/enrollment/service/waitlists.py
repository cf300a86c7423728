"""Looking at queues: where one stands oneself, and who waits for an offering."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment import texts
from university.enrollment.clients import CourseClient, Person, StudentClient
from university.enrollment.models import Enrollment, WaitlistEntry
from university.enrollment.repository import enrollments, known as ledger_of, waiting
from university.enrollment.repository.waiting import Place
from university.enrollment.rules.case import Remedy, Violation
from university.enrollment.service import access
from university.enrollment.service.access import NotYours
from university.platform.database import Primary, is_id
from university.platform.errors import NotFound
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal


class OfferingNotFound(NotFound):
    """Nobody has registered in such an offering yet, if there is one."""

    title = Words("There is no such offering.", "Nie ma takiej edycji przedmiotu.")


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Somebody in a queue; to whom a seat is offered has no position any more."""

    enrollment_id: str
    student_id: str
    status: str
    position: int | None
    section_ids: Sequence[str]
    drop_enrollment_id: str | None
    precedence: bool
    joined_at: datetime
    offer_expires_at: datetime | None
    refusals: Sequence[dict[str, Any]]
    number: str | None
    given_name: str | None
    family_name: str | None


class Waitlists:
    """Shows who waits."""

    def __init__(self, primary: Primary, students: StudentClient, courses: CourseClient) -> None:
        self._primary, self._students, self._courses = primary, students, courses

    def page(self, offering_id: str, wanted: PageRequest, who: Principal) -> Page:
        """Return a page of an offering's queue in its order, those to whom a seat is offered among them.

        Raises `OfferingNotFound`, `NotYours` for who neither teaches it nor is the registrar, `NeighborUnavailable`.
        """
        if not is_id(offering_id):
            raise OfferingNotFound
        with self._primary.read() as session:
            sections = ledger_of.sections_of(session, offering_id.lower())
            if not sections:
                raise OfferingNotFound
            if not who.has(access.STAFF) and not access.teaches(who, sections):
                raise NotYours
            page = waiting.page(session, sections[0].offering.queue, wanted)
            ids = [entry.enrollment_id for entry in page.items]
            known, places = enrollments.by_ids(session, ids), waiting.places(session, ids)
        people = self._students.people([one.student_id for one in known.values()])
        rows = [_row(entry, known[entry.enrollment_id], places, people, who) for entry in page.items]
        return replace(page, items=rows)


def show_places(session: Session, found: Collection[Enrollment], who: Principal | None = None) -> None:
    """Let enrollments be shown with their places in queues to somebody; without, to whoever has just registered."""
    standing = [one.id for one in found if one.status in {"waitlisted", "enrolled", "review"}]
    places = waiting.places(session, standing) if standing else {}
    for one in found:
        place = places.get(one.id)
        one.show_place(place and replace(place, refusals=_said(place.refusals, one.student_id, who)))


def _row(
    entry: WaitlistEntry,
    enrollment: Enrollment,
    places: Mapping[str, Place],
    people: Mapping[str, Person],
    who: Principal,
) -> WaitingRow:
    person = people.get(enrollment.student_id) or Person(enrollment.student_id)
    place = places.get(entry.enrollment_id)
    return WaitingRow(
        enrollment.id,
        enrollment.student_id,
        enrollment.status,
        place.position if place else None,
        entry.section_ids,
        entry.instead_of,
        entry.priority < waiting.EVERYBODY,
        entry.joined_at,
        enrollment.offer_expires_at,
        _said(entry.refusals or (), enrollment.student_id, who),
        person.number,
        person.given_name,
        person.family_name,
    )


def _said(refusals: Sequence[Mapping[str, Any]], student_id: str, who: Principal | None) -> list[dict[str, Any]]:
    """Return why an entry was passed over, in the request's language.

    What a hold is for concerns nobody but the student and the registrar: a teacher is told that there is one.
    """
    may_know = who is None or who.has(access.STAFF) or who.student_id == student_id
    return [texts.tell(_violation(one, may_know=may_know)) for one in refusals]


def _violation(kept: Mapping[str, Any], *, may_know: bool) -> Violation:
    if kept["code"] == "hold" and not may_know:
        return Violation("hold", {}, (), kept["section_id"], kept["severity"])
    remedies = tuple(Remedy(one["action"], one["params"]) for one in kept["remedies"])
    return Violation(kept["code"], kept["params"], remedies, kept["section_id"], kept["severity"])
