"""How each term takes the rules; a term of which nothing was decided takes all of them strictly."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.enrollment.models import RegistrationPolicy
from university.enrollment.rules.facts import Policy
from university.platform import database


def of_term(session: Session, term_id: str) -> Policy:
    """Return the policy of a term as the rules see it."""
    row = session.get(RegistrationPolicy, term_id, populate_existing=True)
    return Policy() if row is None else Policy(row.severities, row.max_waiting_ects, row.offer_hours)


def get(session: Session, term_id: str) -> RegistrationPolicy:
    """Return the policy of a term; one that nobody has decided on has version 0."""
    return session.get(RegistrationPolicy, term_id) or RegistrationPolicy(**_undecided(term_id))


def locked(session: Session, term_id: str) -> RegistrationPolicy:
    """Return the policy of a term, kept from others until the transaction ends."""
    insert = database.insert(session, RegistrationPolicy).values(_undecided(term_id))
    session.execute(insert.on_conflict_do_nothing())
    query = select(RegistrationPolicy).where(RegistrationPolicy.term_id == term_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _undecided(term_id: str) -> dict[str, object]:
    nothing = Policy()
    return {
        "term_id": term_id,
        "version": 0,
        "severities": dict(nothing.severities),
        "max_waiting_ects": nothing.max_waiting_ects,
        "offer_hours": nothing.offer_hours,
    }
