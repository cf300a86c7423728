"""Requests for consent: asked by students about a section, answered by those whom they ask."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from university.enrollment.models import ConsentRequest
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch

PENDING, GRANTED, DENIED, WITHDRAWN = "pending", "granted", "denied", "withdrawn"
INSTRUCTOR, DEPARTMENT, REGISTRAR = "instructor", "department", "registrar"


def get(session: Session, request_id: str, *, lock: bool = False) -> ConsentRequest | None:
    """Return a request by id, locked until the transaction ends when asked."""
    if not is_id(request_id):
        return None
    query = select(ConsentRequest).where(ConsentRequest.id == request_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def count_pending(session: Session, student_id: str, term_id: str) -> int:
    """Return how many requests of a student nobody has answered in a term."""
    mine = select(func.count()).select_from(ConsentRequest)
    return session.scalar(mine.filter_by(student_id=student_id, term_id=term_id, status=PENDING)) or 0


def is_pending(session: Session, student_id: str, section_id: str) -> bool:
    """Tell whether a request of the student about the section waits for an answer."""
    same = select(ConsentRequest.id).filter_by(student_id=student_id, section_id=section_id, status=PENDING)
    return session.scalar(same) is not None


def sections_asked_about(session: Session, filters: dict[str, str]) -> list[str]:
    """Return the sections about which instructors were asked, among those that the filters leave."""
    rest = {name: value for name, value in filters.items() if name != "asked_of"}
    if not all(name == "status" or is_id(value) for name, value in rest.items()):
        return []
    query = select(ConsentRequest.section_id).filter_by(asked_of=INSTRUCTOR, **rest)
    return list(session.scalars(query.distinct()))


def page(
    session: Session, filters: dict[str, str], wanted: PageRequest, section_ids: Collection[str] | None = None
) -> Page:
    """Return a page of requests, oldest first; of these sections only when they are named.

    Filters by `student_id`, `section_id`, `term_id`, `status`, `asked_of`.
    """
    if any(name not in {"status", "asked_of"} and not is_id(value) for name, value in filters.items()):
        return Page([], None, 0 if wanted.total else None)
    query = select(ConsentRequest).filter_by(**filters)
    if section_ids is not None:
        query = query.where(ConsentRequest.section_id.in_(section_ids))
    return fetch(session, query, [ConsentRequest.id], wanted)
