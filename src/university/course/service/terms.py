"""Terms: created, changed, read; a changed term changes every section that meets in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from university.course import events
from university.course.models import Section, Term
from university.course.repository import catalog, facts, keys, terms, timing
from university.course.rules.calendar_json import read_calendar
from university.course.service.finding import term_of
from university.course.service.refusing import refusing, telling_faults
from university.course.service.telling import sections_changed
from university.course.texts import tidy
from university.platform import paging
from university.platform.conditions import IfMatch
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import outbox
from university.platform.paging import Page, PageRequest

LONGEST = timedelta(days=3_700)
_DEADLINES = {f"{what}_until": f"own_{what}_until" for what in ("add", "drop", "withdraw")}
_CALENDAR = {"starts_on", "ends_on", "calendar"}


class TermCodeTaken(Conflict):
    """Another term has this code."""

    title = Words("Another term has this code.", "Inny semestr ma już ten kod.")


_TAKEN = {"term_code_unique": TermCodeTaken}
_BACKWARD = Words("A term cannot end before it starts.", "Semestr nie może kończyć się przed początkiem.")
_ENDLESS = Words("A term lasts ten years at most.", "Semestr może trwać najwyżej dziesięć lat.")


class Terms:
    """Use cases of terms."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def page(self, wanted: PageRequest) -> Page:
        """Return a page of terms in the order of time."""
        with self._replica.read() as session:
            return paging.fetch(session, terms.ALL, terms.IN_ORDER, wanted)

    def get(self, key: str) -> Term:
        """Return the term of an id or code."""
        with self._replica.read() as session:
            return term_of(session, key)

    def create(self, wish: Mapping[str, Any], once: Once) -> Term:
        """Create a term."""
        with refusing(_TAKEN), once.begin(self._primary) as session:
            catalog.change(session)
            term = Term()
            _write(session, term, wish)
            session.add(term)
            session.flush()
            outbox.announce(session, events.created(events.TERM, facts.of_term(term)))
            return once.keep(session, term)

    def change(self, key: str, wish: Mapping[str, Any], if_match: IfMatch) -> Term:
        """Change a term and, with it, the dates and deadlines of its sections."""
        with refusing(_TAKEN), self._primary.begin() as session:
            catalog.change(session)
            term = term_of(session, key, lock=True)
            if_match.check(term.version)
            _write(session, term, wish)
            if session.is_modified(term):
                term.version += 1
                session.flush()
                outbox.announce(session, events.updated(events.TERM, facts.of_term(term)))
                if wish.keys() & _CALENDAR:
                    timing.remake_occurrences(session, term)
                sections_changed(session, Section.term_id == term.id)
            return term


def _write(session: Session, term: Term, wish: Mapping[str, Any]) -> None:
    """Put the wished values into the row once they fit together."""
    values = {_DEADLINES.get(name, name): value for name, value in wish.items()}
    if "code" in values:
        values["code"] = tidy(values["code"])
        if values["code"] != term.code and keys.exists(session, Term.code == values["code"]):
            raise TermCodeTaken
    starts_on, ends_on = values.get("starts_on", term.starts_on), values.get("ends_on", term.ends_on)
    if ends_on < starts_on:
        raise invalid("ends_on", _BACKWARD)
    if ends_on - starts_on > LONGEST:
        raise invalid("ends_on", _ENDLESS)
    with telling_faults():
        read_calendar(values.get("calendar", term.calendar or []), starts_on, ends_on)
    for name, value in values.items():
        setattr(term, name, value)
