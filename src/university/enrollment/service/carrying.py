"""Writing what was judged: seats move first, then enrollments and queues follow, each change with its history and news.

Everything here happens in the transaction, and under the locks, of who judged.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from university.enrollment.events import EnrollmentCreated, EnrollmentDropped, EnrollmentUpdated
from university.enrollment.models import Enrollment, EnrollmentSection, WaitlistEntry, WantedSection
from university.enrollment.repository import canceled, claims, enrollments, permissions, waiting
from university.enrollment.rules.case import Case
from university.enrollment.rules.facts import SectionFacts
from university.enrollment.rules.overriding import beyond_capacity, used
from university.enrollment.rules.permits import PERMITTED
from university.enrollment.rules.request import Leaving, Request, Verdict
from university.enrollment.rules.resting import rests_on
from university.enrollment.service.errands import Accept, Asked, Errand, Item, Move, Promote
from university.enrollment.service.leaving import History
from university.enrollment.service.noticing import Notice, notify
from university.enrollment.service.waitlists import show_places
from university.platform.database import new_id
from university.platform.messaging.outbox import announce

Pools = dict[str, int | None]
"""The pools that seats came from, by section."""


class MovedError(Exception):
    """What neighbors told or judged is no longer so."""


class SeatLostError(Exception):
    """Somebody else took a seat after it was judged free."""


@dataclass(frozen=True, slots=True)
class Work:
    """An errand under the locks: what is judged, the enrollments it names with their places in queues, its history."""

    errand: Errand
    asked: Asked
    request: Request
    named: Mapping[str, Enrollment]
    entries: Mapping[str, WaitlistEntry]
    history: History
    zone: ZoneInfo
    verdict: Verdict = field(default_factory=dict)
    waits: bool = True
    """Whether the student waits anywhere."""
    permitted: bool = True
    """Whether the student has any permission."""

    def beyond(self, at: int) -> set[str]:
        """Return the sections in which a permission gives an item its seat, past capacity and queue."""
        return beyond_capacity(self.verdict.get(at, ()))

    def reason(self, at: int, otherwise: str) -> str:
        """Return what the history tells of an item that got its seat."""
        return PERMITTED if self.beyond(at) else otherwise


def write(session: Session, work: Work, accepted: Collection[int]) -> dict[int, Enrollment]:
    """Carry out the accepted items and return the enrollments that they changed; drops leave room before adds come.

    Raises `SeatLostError`, `MovedError`.
    """
    request = work.request
    waits = {at for at in accepted if request.has_to_wait(at)}
    pools, freed = _move_seats(session, work, [at for at in accepted if at not in waits])
    changed: dict[int, Enrollment] = {}
    for at in (at for at in request.drops if at in accepted and at not in waits | request.offers):
        leaving = work.named[work.asked.steps[at].drops or ""]
        changed[at] = end(session, work, leaving, withdraws=request.drops[at].withdraws)
    session.flush()  # A place in the same offering may follow, and only one may stand.
    if waits:
        joining = {request.adds[at][0].offering.queue for at in waits}
        waiting.lock(session, joining, work.asked.term_id, work.asked.standing.student_id, freed)
    for at in (at for at in request.adds if at in accepted):
        stays = work.asked.steps[at].stays
        if at in waits:
            changed[at] = _wait(session, work, at, work.named.get(stays or ""))
        elif stays is None:
            changed[at] = _begin(session, work, at, pools[at])
        else:
            changed[at] = _go_on(session, work, at, pools[at])
    _use_permissions(session, work, {at: one for at, one in changed.items() if at not in waits})
    waiting.hold_for_queue(session, freed)
    if work.waits or waits:
        waiting.turn_for_student(session, work.asked.standing.student_id)
    if waits:
        show_places(session, [changed[at] for at in waits])
    return changed


def _use_permissions(session: Session, work: Work, changed: Mapping[int, Enrollment]) -> None:
    """Note what permissions were used for; who waits uses none yet. Raises `MovedError` for one that is used up."""
    for at, enrollment in changed.items():
        rules = used(work.verdict.get(at, ()))
        if rules and not permissions.use(session, enrollment.id, rules, work.history.at):
            raise MovedError


def end(session: Session, work: Work, enrollment: Enrollment, *, withdraws: bool = False) -> Enrollment:
    """Let an enrollment, whose seats are given back, stand no more."""
    _leave_queue(session, work, enrollment)
    enrollment.status, enrollment.version = "withdrawn" if withdraws else "dropped", enrollment.version + 1
    enrollment.offer_expires_at = None
    work.history.note(session, enrollment, enrollment.status)
    kind = EnrollmentUpdated if withdraws else EnrollmentDropped
    announce(session, kind.of(enrollment, enrollment.version), at=work.history.at)
    return enrollment


def _move_seats(session: Session, work: Work, going: Collection[int]) -> tuple[dict[int, Pools], set[str]]:
    """Give back and claim all seats in the order of the rows that count them: no two errands wait for each other.

    Returns the pools that the claimed seats came from, by item, and the sections of which a seat became free; raises
    `SeatLostError`.
    """
    request, freed = work.request, set[str]()
    after = request.after(going)
    leaving = [(one, _kept(request, one, going)) for one in request.leaving(going)]
    wished = {section.id: at for at in going for section in request.adds.get(at, ())}
    pools: dict[int, Pools] = {at: {} for at in going if at in request.adds}
    left = {(key, one.held): pool for one, kept in leaving for key, pool in one.pools.items() if key not in kept}
    rows = _rows(request, [one for one, _ in leaving])
    for row in sorted({rows[key] for key in (*wished, *(key for key, _ in left))}):
        for section_id, held in (key for key in left if rows[key[0]] == row):
            claims.release(session, section_id, left[section_id, held], held=held)
            freed.add(section_id)
        for section_id in sorted(key for key in wished if rows[key] == row):
            at = wished[section_id]
            pools[at][section_id] = _claim(session, work, request.case_of(after, at), at, section_id)
    return pools, freed


def _rows(request: Request, leaving: Collection[Leaving]) -> dict[str, str]:
    """Return the rows of the ledger in which the seats of sections are counted, by section."""
    sections = [*(section for wish in request.adds.values() for section in wish)]
    sections += [section for one in leaving for section in one.place.sections]
    own = {key: key for one in leaving for key in one.pools}
    return own | {section.id: section.row for section in sections}


def _kept(request: Request, leaving: Leaving, going: Collection[int]) -> frozenset[str]:
    """Return the sections of a place that are not given back, because it goes on in them."""
    items = (at for at, one in request.stays.items() if one is leaving and at in going)
    return frozenset(section.id for at in items for section in request.adds[at])


def _claim(session: Session, work: Work, case: Case, at: int, section_id: str) -> int | None:
    """Return the pool that the seat of an item in a section comes from; raise `SeatLostError`."""
    request, stays = work.request, work.request.stays.get(at)
    if stays is not None and section_id in stays.pools:
        if stays.held:
            claims.accept(session, section_id)
        return stays.pools[section_id]
    if section_id in work.beyond(at):
        claims.claim_beyond(session, section_id, held=at in request.offers)
        return None
    how = {"queued": True} if at in request.queued else {}
    how |= {"held": True} if at in request.offers else {}
    taken, pool = claims.claim(session, section_id, case.seats[section_id], case.standing, **how)
    if not taken:
        raise SeatLostError
    return pool


def _begin(session: Session, work: Work, at: int, pools: Pools) -> Enrollment:
    """Write a new enrollment with its seats."""
    enrollment = _enrollment(work, work.request.adds[at], "enrolled")
    enrollment.sections = [EnrollmentSection(section_id=key, pool=pool) for key, pool in sorted(pools.items())]
    with _unless_there():
        enrollments.begin(session, enrollment)
    work.history.note(session, enrollment, work.reason(at, "enrolled"))
    announce(session, EnrollmentCreated.of(enrollment, enrollment.version), at=work.history.at)
    return enrollment


def _wait(session: Session, work: Work, at: int, waits: Enrollment | None) -> Enrollment:
    """Put a wish into its queue: with an enrollment of its own, or with the one whose sections are to change."""
    wish, step = work.request.adds[at], work.asked.steps[at]
    enrollment = waits or _enrollment(work, wish, "waitlisted")
    known = work.entries.get(enrollment.id)
    wanted = sorted(section.id for section in wish)
    if known is not None and known.section_ids == wanted:
        return enrollment
    if waits is None:
        enrollment.sections = [EnrollmentSection(section_id=key) for key in wanted]
        _add(session, enrollment)
    else:
        _leave_queue(session, work, enrollment)
        enrollment.version += 1
    entry = WaitlistEntry(
        enrollment_id=enrollment.id,
        queue_id=wish[0].offering.queue,
        priority=_priority(session, enrollment, wish[0].offering.queue),
        ticket=0,
        instead_of=step.drops,
        joined_at=work.history.at,
        sections=[WantedSection(section_id=key) for key in wanted],
    )
    waiting.join(session, entry)
    work.history.note(session, enrollment, "waitlisted")
    kind = EnrollmentCreated if waits is None else EnrollmentUpdated
    announce(session, kind.of(enrollment, enrollment.version), at=work.history.at)
    return enrollment


def _priority(session: Session, enrollment: Enrollment, queue_id: str) -> int:
    lost_a_place = canceled.has_precedence(session, enrollment.student_id, queue_id)
    return waiting.PRECEDENCE if lost_a_place else waiting.EVERYBODY


def _go_on(session: Session, work: Work, at: int, pools: Pools) -> Enrollment:
    """Let an enrollment have other sections, or a seat that it waited for, or one that was offered to it."""
    item, request = work.errand.items[at], work.request
    enrollment = work.named[work.asked.steps[at].stays or ""]
    offers = at in request.offers
    _have(enrollment, pools)
    enrollment.version += 1
    if offers:
        hours = request.case.policy.offer_hours
        enrollment.status, enrollment.offer_expires_at = "offered", work.history.at + timedelta(hours=hours)
        waiting.offered(session, work.entries[enrollment.id])
    else:
        if not _still_waits(work, item, enrollment):
            _leave_queue(session, work, enrollment)
        enrollment.status = "enrolled" if enrollment.status in {"waitlisted", "offered"} else enrollment.status
        enrollment.offer_expires_at = None
    facts = _facts(work, request.adds[at])
    enrollment.conditional, enrollment.rests_on = facts["conditional"], facts["rests_on"]
    enrollment.standing_version = facts["standing_version"]
    reasons = {Promote: "offered" if offers else "promoted", Accept: "accepted", Move: "moved"}
    work.history.note(session, enrollment, work.reason(at, reasons.get(type(item), "changed")))
    announce(session, EnrollmentUpdated.of(enrollment, enrollment.version), at=work.history.at)
    if isinstance(item, Promote):
        notify(session, _news(work, at, enrollment))
    if isinstance(item, Move):
        notify(session, _moved(work, at, enrollment))
    return enrollment


def _still_waits(work: Work, item: Item, enrollment: Enrollment) -> bool:
    """Tell whether a place goes on waiting for other sections: the university moved it, and not into those."""
    entry = work.entries.get(enrollment.id)
    return entry is not None and isinstance(item, Move) and entry.section_ids != enrollment.section_ids


def _have(enrollment: Enrollment, pools: Pools) -> None:
    known = {taken.section_id: taken for taken in enrollment.sections}
    for section_id, pool in sorted(pools.items()):
        taken = known.pop(section_id, None)
        if taken is None:
            enrollment.sections.append(EnrollmentSection(section_id=section_id, pool=pool))
        else:
            taken.pool = pool
    for taken in known.values():
        enrollment.sections.remove(taken)
    enrollment.sections.sort(key=lambda taken: taken.section_id)


def _leave_queue(session: Session, work: Work, enrollment: Enrollment) -> None:
    entry = work.entries.get(enrollment.id)
    if entry is not None:
        waiting.leave(session, entry, offered=enrollment.status == "offered")


def _news(work: Work, at: int, enrollment: Enrollment) -> Notice:
    wish, instead = work.request.adds[at], work.request.drops.get(at)
    offers = at in work.request.offers
    params: dict[str, Any] = {
        "enrollment_id": enrollment.id,
        "course": enrollment.course_code,
        "sections": sorted(section.number for section in wish),
    }
    if offers:
        params["until"] = enrollment.offer_expires_at
    elif instead is not None:
        params["instead_of"] = instead.place.course
    kind = "offered" if offers else "promoted"
    return Notice(kind, enrollment.student_id, enrollment.term_id, params, work.zone)


def _moved(work: Work, at: int, enrollment: Enrollment) -> Notice:
    wish, before = work.request.adds[at], work.request.stays[at].place.sections
    params = {
        "enrollment_id": enrollment.id,
        "course": enrollment.course_code,
        "section": ", ".join(sorted(one.number for one in before if one.status == "canceled")),
        "to": ", ".join(sorted({one.number for one in wish} - {one.number for one in before})),
    }
    return Notice("moved", enrollment.student_id, enrollment.term_id, params, work.zone)


def _add(session: Session, enrollment: Enrollment) -> None:
    session.add(enrollment)
    with _unless_there():
        session.flush()


@contextmanager
def _unless_there() -> Iterator[None]:
    """Raise `MovedError` when an import has just recorded an enrollment in the same offering."""
    try:
        yield
    except IntegrityError as error:
        raise MovedError from error


def _enrollment(work: Work, wish: Sequence[SectionFacts], status: str) -> Enrollment:
    section, now = wish[0], work.history.at
    facts: dict[str, Any] = {
        "student_id": work.asked.standing.student_id,
        "offering_id": section.offering.id,
        "term_id": section.term.id,
        "course_id": section.course.id,
        "course_code": section.course.code,
        "course_title": section.course.title,
        "term_code": section.term.code,
        "term_ends_on": section.term.ends_on,
        "ects": section.offering.ects,
        "grading_scale": section.offering.grading_scale,
        **_facts(work, wish),
    }
    return Enrollment(id=new_id(), version=1, status=status, created_at=now, updated_at=now, **facts)


def _facts(work: Work, wish: Sequence[SectionFacts]) -> dict[str, Any]:
    """Return what the enrollment's judgement rested on."""
    course_id = wish[0].course.id
    answers = [one for one in work.asked.answers.requisites if one.course_id == course_id]
    others = {code: key for code, key in work.asked.courses.items() if key != course_id}
    return {
        "conditional": any(answer.result == "CONDITIONAL" for answer in answers),
        "rests_on": sorted({key for answer in answers for key in rests_on(answer.tree, others)}) or None,
        "standing_version": work.asked.standing.version,
    }
