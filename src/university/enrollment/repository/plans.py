"""Students' plans."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from university.enrollment.models import Plan
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch


def get(session: Session, plan_id: str, *, lock: bool = False) -> Plan | None:
    """Return a plan by id, locked until the transaction ends when asked."""
    if not is_id(plan_id):
        return None
    query = select(Plan).where(Plan.id == plan_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def page(session: Session, filters: dict[str, str], wanted: PageRequest) -> Page:
    """Return a page of plans, oldest first; filters by `student_id` and `term_id`."""
    query: Select[tuple[Plan]] = select(Plan)
    if not all(is_id(value) for value in filters.values()):
        return Page([], None, 0 if wanted.total else None)
    return fetch(session, query.filter_by(**filters), [Plan.id], wanted)


def count(session: Session, student_id: str, term_id: str) -> int:
    """Return how many plans a student has for a term."""
    query = select(func.count()).select_from(Plan).filter_by(student_id=student_id, term_id=term_id)
    return session.scalar(query) or 0


def is_taken(session: Session, plan: Plan, name: str) -> bool:
    """Tell whether another plan of the same student and term has this name."""
    same = select(Plan.id).filter_by(student_id=plan.student_id, term_id=plan.term_id, name=name)
    return session.scalar(same.where(Plan.id != plan.id)) is not None
