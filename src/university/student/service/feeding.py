"""Timetable feeds: addresses with a token, by which calendars follow a student's timetable."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from university.platform import database, language, paging
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, NotFound
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.student.models import TimetableFeed
from university.student.repository import feeds, students
from university.student.rules import icalendar
from university.student.rules.icalendar import Event
from university.student.rules.timetable import Occurrence, TakenSection
from university.student.service import access
from university.student.service.record import RecordService

MOST = 5
"""Feeds a student may have."""
BACK = timedelta(days=366)
"""How far back a calendar goes."""
_NAME = Words("Timetable", "Plan zajęć")
_SUMMARY = Words("{title} ({component})", "{title} ({component})")
_DESCRIPTION = Words("{code}, section {section}\n{term}", "{code}, grupa {section}\n{term}")
_COMPONENTS = {
    "lecture": Words("lecture", "wykład"),
    "exercise": Words("exercise", "ćwiczenia"),
    "laboratory": Words("laboratory", "laboratorium"),
    "seminar": Words("seminar", "seminarium"),
    "discussion": Words("discussion", "konwersatorium"),
    "tutorial": Words("tutorial", "tutorial"),
    "project": Words("project", "projekt"),
    "practicum": Words("practicum", "praktyka"),
    "studio": Words("studio", "pracownia"),
    "fieldwork": Words("fieldwork", "zajęcia terenowe"),
    "independent": Words("independent study", "praca własna"),
}


class TimetableFeedNotFound(NotFound):
    """The student has no such feed, or it was revoked."""

    title = Words("There is no such timetable feed.", "Nie ma takiego kanału planu zajęć.")


class TooManyTimetableFeeds(Conflict):
    """A student has as many feeds as one may have."""

    title = Words(
        "You have five timetable feeds already; revoke one first.",
        "Masz już pięć kanałów planu zajęć; najpierw unieważnij jeden.",
    )


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed with the token that only its maker gets to know."""

    id: str
    name: str
    language: str
    created_at: datetime
    last_used_on: date | None
    token: str
    address: str


class FeedService:
    """What can be done with timetable feeds."""

    def __init__(self, primary: Primary, replica: Replica, records: RecordService, zone: ZoneInfo) -> None:
        self._primary, self._replica, self._records, self._zone = primary, replica, records, zone

    def page(self, key: str, who: Principal, wanted: PageRequest) -> Page:
        """Return a page of a student's feeds, oldest first."""
        with self._replica.read() as session:
            student = access.visible(session, key, who)
            return paging.fetch(session, feeds.of_student(student.id), [TimetableFeed.id], wanted)

    def make(self, key: str, who: Principal, name: str, spoken: str | None) -> NewFeed:
        """Make a feed; its language is that of the request unless told; raise `TooManyTimetableFeeds`."""
        token = secrets.token_urlsafe(32)
        with self._primary.begin() as session:
            student = access.locked(session, access.visible(session, key, who).id)
            if feeds.count(session, student.id) >= MOST:
                raise TooManyTimetableFeeds
            feed = TimetableFeed(
                student_id=student.id,
                name=name,
                language=spoken or language.chosen(),
                token_digest=_digest(token),
                created_at=database.now(session),
            )
            session.add(feed)
            session.flush()
        address = f"/api/v1/students/{student.id}/timetable.ics?token={token}"
        return NewFeed(feed.id, name, feed.language, feed.created_at, None, token, address)

    def revoke(self, key: str, who: Principal, feed_id: str) -> None:
        """Let nobody read by a feed any more; raise `TimetableFeedNotFound`."""
        with self._primary.begin() as session:
            student = access.visible(session, key, who)
            feed = feeds.find(session, student.id, feed_id)
            if feed is None:
                raise TimetableFeedNotFound
            session.delete(feed)

    def own(self, key: str, who: Principal) -> str:
        """Return a student's calendar, in the language of the request."""
        with self._primary.read() as session:
            today = self._today(session)
        return self._calendar(key, who, today)

    def shown(self, key: str, token: str) -> str:
        """Return the calendar of the student to whom both key and token belong; raise `TimetableFeedNotFound`."""
        with self._primary.read() as session:
            feed = feeds.by_token(session, _digest(token))
            student = None if feed is None else students.find(session, feed.student_id)
            today = self._today(session)
        if feed is None or student is None or key.lower() not in {student.id, student.number.lower()}:
            raise TimetableFeedNotFound
        if feed.last_used_on != today:
            with self._primary.begin() as session:
                feeds.note_use(session, feed.id, today)
        themself = Principal(f"feed {feed.id}", frozenset({"student"}), student_id=student.id)
        with language.speaking(feed.language):
            return self._calendar(student.id, themself, today)

    def _calendar(self, key: str, who: Principal, today: date) -> str:
        timetable = self._records.timetable(key, who, None)
        sections = {section.id: section for section in timetable.sections}
        recent = [one for one in timetable.occurrences if one.date >= today - BACK]
        by_day = groupby(sorted(recent, key=_on), key=_on)
        events = [_event(one, sections[one.section_id], number) for _, day in by_day for number, one in enumerate(day)]
        events.sort(key=lambda event: (event.starts_at, event.uid))
        return icalendar.written(_NAME.say(), events, self._zone, year=today.year)

    def _today(self, session: Session) -> date:
        return database.now(session).astimezone(self._zone).date()


def _on(one: Occurrence) -> tuple[str, date]:
    return one.section_id, one.date


def _event(one: Occurrence, section: TakenSection, number: int) -> Event:
    """Return a meeting as an event; what moves within its day stays the same event."""
    title = Words(one.course.title_en or one.course.title or "", one.course.title or "").say() or one.course.code or "?"
    component = _COMPONENTS.get(one.component)
    told = {"code": one.course.code or "", "section": one.section_number, "term": section.term.title or ""}
    return Event(
        uid=f"{one.section_id}-{one.date:%Y%m%d}-{number}@university",
        changed_at=section.changed_at or datetime.fromtimestamp(0, UTC),
        starts_at=datetime.fromisoformat(f"{one.date}T{one.start}"),
        ends_at=datetime.fromisoformat(f"{one.date}T{one.end}"),
        summary=_SUMMARY.say(title=title, component=component.say() if component else one.component),
        location=one.room,
        description=_DESCRIPTION.say(**told).strip(),
    )


def _digest(token: str) -> bytes:
    """Return what is kept of a token; one of 256 random bits needs no salt."""
    return hashlib.sha256(token.encode()).digest()
