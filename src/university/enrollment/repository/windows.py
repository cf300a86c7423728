"""Registration windows of a term."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.enrollment.models import RegistrationWindow
from university.enrollment.rules.facts import Audience, Window
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch


def of_term(session: Session, term_id: str) -> tuple[Window, ...]:
    """Return the windows of a term as the rules see them, the earliest first."""
    query = select(RegistrationWindow).where(RegistrationWindow.term_id == term_id)
    return tuple(as_rule(row) for row in session.scalars(query.order_by(RegistrationWindow.opens_at)))


def as_rule(row: RegistrationWindow) -> Window:
    """Return a window as the rules see it."""
    audience = Audience(tuple(row.program), tuple(row.stage), tuple(row.group))
    return Window(row.id, row.name, row.opens_at, row.closes_at, audience, row.min_ects, row.max_ects)


def get(session: Session, window_id: str, *, lock: bool = False) -> RegistrationWindow | None:
    """Return a window by id, locked until the transaction ends when asked."""
    if not is_id(window_id):
        return None
    query = select(RegistrationWindow).where(RegistrationWindow.id == window_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def page(session: Session, term_id: str | None, wanted: PageRequest) -> Page:
    """Return a page of windows, in order of opening."""
    query = select(RegistrationWindow)
    if term_id is not None:
        query = query.where(RegistrationWindow.term_id == term_id)
    return fetch(session, query, [RegistrationWindow.opens_at, RegistrationWindow.id], wanted)
