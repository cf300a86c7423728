"""Plans: students keep wish lists for a term, and ask at any time what would become of them."""

from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.models import Plan
from university.enrollment.repository import enrollments, plans
from university.enrollment.service import access, errands
from university.enrollment.service.errands import Errand
from university.enrollment.service.requesting import ACCEPTED, Requesting, ToldRequest
from university.platform import database
from university.platform.conditions import IfMatch
from university.platform.database import Primary, new_id
from university.platform.errors import Conflict, NotFound
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal

MOST = 20
"""Most plans of a student for a term."""


class PlanNotFound(NotFound):
    """There is no such plan."""

    title = Words("There is no such plan.", "Nie ma takiego planu.")


class PlanNameTaken(Conflict):
    """Another plan of the same student and term has this name."""

    title = Words("Another plan for this term has this name.", "Inny plan na ten semestr ma już tę nazwę.")


class TooManyPlans(Conflict):
    """The student has as many plans for the term as anybody may; `most` tells how many that is."""

    title = Words(
        "There are too many plans for this term; remove one first.", "Za dużo planów na ten semestr; usuń któryś."
    )


class Planning:
    """Keeps plans; always asks the primary, because one's own must be current."""

    def __init__(
        self, primary: Primary, students: StudentClient, courses: CourseClient, requesting: Requesting
    ) -> None:
        self._primary, self._students, self._courses, self._requesting = primary, students, courses, requesting

    def page(self, filters: dict[str, str], wanted: PageRequest, who: Principal) -> Page:
        """Return a page of plans, a student's own only; raise `NotYours`, `TermNotFound`."""
        found = dict(filters)
        if "student_id" in found:
            found["student_id"] = access.student_id(self._students, found["student_id"], who)
        if not who.has(access.STAFF):
            access.act_for(who, found.setdefault("student_id", who.student_id or ""))
        if "term" in found:
            found["term_id"] = self._courses.term(found.pop("term")).id
        with self._primary.read() as session:
            return plans.page(session, found, wanted)

    def create(self, told: dict[str, Any], who: Principal, once: Once) -> Plan:
        """Keep a plan; raise `StudentNotFound`, `TermNotFound`, `NotYours`, `PlanNameTaken`, `TooManyPlans`."""
        student = access.standing(self._students, told["student_id"], who).student_id
        term = self._courses.term(told["term_id"]).id
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, student, term)
            if plans.count(session, student, term) >= MOST:
                raise TooManyPlans(most=MOST)
            now = database.now(session)
            plan = Plan(id=new_id(), version=1, student_id=student, term_id=term, created_at=now)
            _fill(session, plan, told)
            session.add(plan)
            session.flush()
            return once.keep(session, plan)

    def get(self, plan_id: str, who: Principal) -> Plan:
        """Return a plan; raise `PlanNotFound`, `NotYours`."""
        with self._primary.read() as session:
            return _of(session, plan_id, who)

    def replace(self, plan_id: str, told: dict[str, Any], who: Principal, if_match: IfMatch) -> Plan:
        """Let a plan be called and wish for something else.

        Raises `PlanNotFound`, `NotYours`, `StaleVersion`, `PlanNameTaken`.
        """
        with self._primary.begin() as session:
            plan = _locked(session, plan_id, who)
            if_match.check(plan.version)
            plan.version += 1
            _fill(session, plan, told)
            return plan

    def remove(self, plan_id: str, who: Principal) -> None:
        """Forget a plan; raise `PlanNotFound`, `NotYours`."""
        with self._primary.begin() as session:
            session.delete(_locked(session, plan_id, who))

    def validate(self, plan_id: str, who: Principal, once: Once) -> ToldRequest:
        """Return what would become of a request for all of a plan; nothing is written.

        Raises `PlanNotFound`, `NotYours`, and what `Requesting.request` raises.
        """
        plan = self.get(plan_id, who)
        items = tuple(errands.add(item["section_ids"]) for item in plan.items)
        errand = Errand(plan.student_id, items, plan.term_id, trial=True, id=new_id())
        return self._requesting.request(errand, who, once) if items else ToldRequest(errand.id or "", ACCEPTED, [])


def _of(session: Session, plan_id: str, who: Principal, *, lock: bool = False) -> Plan:
    plan = plans.get(session, plan_id, lock=lock)
    if plan is None:
        raise PlanNotFound
    access.act_for(who, plan.student_id)
    return plan


def _locked(session: Session, plan_id: str, who: Principal) -> Plan:
    """Return a plan under the lock of its student's term, so that names are compared by one at a time."""
    seen = _of(session, plan_id, who)
    enrollments.lock_student(session, seen.student_id, seen.term_id)
    session.expire(seen)
    return _of(session, plan_id, who, lock=True)


def _fill(session: Session, plan: Plan, told: dict[str, Any]) -> None:
    if plans.is_taken(session, plan, told["name"]):
        raise PlanNameTaken
    plan.name, plan.items, plan.updated_at = told["name"], told["items"], database.now(session)
