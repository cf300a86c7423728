"""Registration windows of a term."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.orm import Session

from university.enrollment.models import RegistrationWindow
from university.enrollment.rules.facts import Audience, Window
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch

_WINDOWS = RegistrationWindow.__table__
_OF_TERM = select(_WINDOWS).where(_WINDOWS.c.term_id == bindparam("term")).order_by(_WINDOWS.c.opens_at)


def of_term(session: Session, term_id: str) -> tuple[Window, ...]:
    """Return the windows of a term as the rules see them, the earliest first."""
    return tuple(as_rule(row) for row in session.execute(_OF_TERM, {"term": term_id}))


def as_rule(row: RegistrationWindow | Row[Any]) -> Window:
    """Return a window as the rules see it."""
    audience = Audience(tuple(row.program), tuple(row.stage), tuple(row.group))
    return Window(row.id, row.name, row.opens_at, row.closes_at, audience, row.min_ects, row.max_ects)


def get(session: Session, window_id: str, *, lock: bool = False) -> RegistrationWindow | None:
    """Return a window by id, locked until the transaction ends when asked."""
    if not is_id(window_id):
        return None
    query = select(RegistrationWindow).where(RegistrationWindow.id == window_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def just_opened(session: Session, now: datetime) -> Sequence[RegistrationWindow]:
    """Return the windows that are open and not told of since they opened, locked unless somebody else tells of them."""
    untold = or_(RegistrationWindow.told_at.is_(None), RegistrationWindow.told_at < RegistrationWindow.opens_at)
    is_open = RegistrationWindow.opens_at <= now, RegistrationWindow.closes_at > now
    query = select(RegistrationWindow).where(untold, *is_open).order_by(RegistrationWindow.id)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def page(session: Session, term_id: str | None, wanted: PageRequest) -> Page:
    """Return a page of windows, in order of opening."""
    query = select(RegistrationWindow)
    if term_id is not None:
        query = query.where(RegistrationWindow.term_id == term_id)
    return fetch(session, query, [RegistrationWindow.opens_at, RegistrationWindow.id], wanted)
