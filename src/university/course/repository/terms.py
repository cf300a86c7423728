"""Questions and changes about terms."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course.models import Term
from university.course.rules.calendar import Term as Days
from university.course.rules.calendar_json import read_calendar

ALL = select(Term)
IN_ORDER = (Term.starts_on, Term.code)


def codes_in_order(session: Session) -> dict[str, str]:
    """Return the codes of all terms by id, in the order of time."""
    return {row.id: row.code for row in session.execute(select(Term.id, Term.code).order_by(*IN_ORDER))}


def days_of(term: Term) -> Days:
    """Return the term as the calendar's rules see it."""
    return Days(term.starts_on, term.ends_on, read_calendar(term.calendar, term.starts_on, term.ends_on))
