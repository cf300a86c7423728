"""What a student's standing is made of: holds, recognized credits and test scores."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.platform import database, paging
from university.platform.database import Primary, Replica
from university.platform.errors import Conflict, NotFound, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.student.models import Hold, RecognizedCredit, ScoredTest
from university.student.repository import standing as repository
from university.student.repository.standing import Part
from university.student.rules.standing import Standing, has_ended
from university.student.service import access, news
from university.student.service.access import StudentNotFound

_ENDS_EARLY = Words("Must not be before {first}, its first day.", "Nie może być przed {first}, pierwszym dniem.")


class HoldNotFound(NotFound):
    """The student has no such hold."""

    title = Words("The student has no such hold.", "Student nie ma takiej blokady.")


class RecognizedCreditNotFound(NotFound):
    """The student has no such recognized credit."""

    title = Words("The student has no such recognized credit.", "Student nie ma takiego uznanego przedmiotu.")


class TestScoreNotFound(NotFound):
    """The student has no such test score."""

    title = Words("The student has no such test score.", "Student nie ma takiego wyniku testu.")


class CourseAlreadyRecognized(Conflict):
    """The course counts already."""

    title = Words("This course is recognized already.", "Ten przedmiot jest już uznany.")


class StandingService:
    """What can be done with a student's standing."""

    def __init__(self, primary: Primary, replica: Replica, zone: ZoneInfo) -> None:
        self._primary, self._replica, self._zone = primary, replica, zone

    def page(self, kind: type[Part], key: str, who: Principal, wanted: PageRequest) -> Page:
        """Return a page of a student's holds, recognized credits or test scores, oldest first."""
        with self._replica.read() as session:
            student = access.visible(session, key, who)
            found = select(kind).where(kind.student_id == student.id)
            return paging.fetch(session, found, [kind.id], wanted)

    def place_hold(self, key: str, details: Mapping[str, Any], once: Once) -> Hold:
        """Place a hold, from today on unless told otherwise; raise `StudentNotFound`."""
        with once.begin(self._primary) as session:
            student = access.locked(session, key)
            hold = Hold(**{"starts_on": self._today(session), **details}, student_id=student.id)
            if hold.ends_on is not None and hold.ends_on < hold.starts_on:
                raise invalid("ends_on", _ENDS_EARLY, first=hold.starts_on)
            session.add(hold)
            news.tell_updated(session, [student])
            return once.keep(session, hold)

    def recognize_credit(self, key: str, details: Mapping[str, Any], once: Once) -> RecognizedCredit:
        """Recognize a course completed elsewhere; raise `StudentNotFound` or `CourseAlreadyRecognized`."""
        with once.begin(self._primary) as session:
            student = access.locked(session, key)
            if repository.is_recognized(session, student.id, details["course"]):
                raise CourseAlreadyRecognized
            credit = RecognizedCredit(**details, student_id=student.id)
            session.add(credit)
            news.tell_updated(session, [student])
            return once.keep(session, credit)

    def record_score(self, key: str, details: Mapping[str, Any], once: Once) -> ScoredTest:
        """Record the score of a test; raise `StudentNotFound`."""
        with once.begin(self._primary) as session:
            student = access.locked(session, key)
            score = ScoredTest(**details, student_id=student.id)
            session.add(score)
            news.tell_updated(session, [student])
            return once.keep(session, score)

    def lift_hold(self, key: str, hold_id: str) -> None:
        """Take a hold off a student; raise `StudentNotFound` or `HoldNotFound`."""
        self._remove(key, Hold, hold_id, HoldNotFound)

    def withdraw_credit(self, key: str, credit_id: str) -> None:
        """Recognize a course no longer; raise `StudentNotFound` or `RecognizedCreditNotFound`."""
        self._remove(key, RecognizedCredit, credit_id, RecognizedCreditNotFound)

    def strike_score(self, key: str, score_id: str) -> None:
        """Take back the score of a test; raise `StudentNotFound` or `TestScoreNotFound`."""
        self._remove(key, ScoredTest, score_id, TestScoreNotFound)

    def show(self, key: str, who: Principal, once: Once) -> Standing:
        """Return the standing of a student whom the caller may see."""
        with once.begin(self._primary) as session:
            student = access.visible(session, key, who)
            return once.keep(session, self._standing(session, student.id))

    def verify(self, key: str) -> Standing:
        """Return the standing of a student, for another module; raise `StudentNotFound`."""
        with self._primary.read() as session:
            return self._standing(session, key)

    def _standing(self, session: Session, key: str) -> Standing:
        found = repository.standing(session, key)
        if found is None:
            raise StudentNotFound
        if not found.holds:
            return found
        today = self._today(session)
        return replace(found, holds=[hold for hold in found.holds if not has_ended(hold, today)])

    def _remove(self, key: str, kind: type[Part], part_id: str, missing: type[NotFound]) -> None:
        with self._primary.begin() as session:
            student = access.locked(session, key)
            found = repository.part(session, kind, student.id, part_id)
            if found is None:
                raise missing
            session.delete(found)
            news.tell_updated(session, [student])

    def _today(self, session: Session) -> date:
        return database.now(session).astimezone(self._zone).date()
