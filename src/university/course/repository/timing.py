"""Meetings as rows keep them, made concrete in a term."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from university.course.models import Section, Term
from university.course.repository.keys import chunks
from university.course.repository.terms import days_of
from university.course.rules.calendar import Meeting, Term as Days, occurrences

Kept = Sequence[Mapping[str, Any]]


def concrete(meetings: Kept, days: Days) -> list[list[str]]:
    """Return [date, start, end] of every time that meetings take place in a term, sorted."""
    found = occurrences(map(_meeting, meetings), days)
    times = dict.fromkeys((one.date, one.start, one.end) for one in found)
    return [[day.isoformat(), f"{start:%H:%M}", f"{end:%H:%M}"] for day, start, end in times]


def slots(meetings: Kept) -> Iterable[tuple[str, str, str]]:
    """Return (weekday, start, end) of everything that meets on weekdays, each once."""
    return dict.fromkeys(
        (day, meeting["start"], meeting["end"])
        for meeting in meetings
        if meeting.get("start") and meeting.get("end")
        for day in meeting.get("days", ())
    )


def remake_occurrences(session: Session, term: Term) -> None:
    """Make every section's meetings concrete anew, after the term's days have changed."""
    days = days_of(term)
    rows = session.execute(
        select(Section.id, Section.meetings, Section.occurrences).where(Section.term_id == term.id)
    ).all()
    made = [(row.id, concrete(row.meetings, days), row.occurrences) for row in rows]
    moved = [{"id": one, "occurrences": new} for one, new, old in made if new != old]
    for some in chunks(moved):
        session.execute(update(Section), some)


def _meeting(kept: Mapping[str, Any]) -> Meeting:
    return Meeting(
        days=tuple(kept.get("days", ())),
        start=_time(kept.get("start")),
        end=_time(kept.get("end")),
        weeks=kept.get("weeks", "all"),
        dates=tuple(date.fromisoformat(day) for day in kept.get("dates", ())),
    )


def _time(told: str | None) -> time | None:
    return time.fromisoformat(told) if told else None
