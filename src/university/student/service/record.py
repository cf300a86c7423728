"""The study record as people read it: enrollments, timetable, transcript."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from university.platform import database, paging
from university.platform.database import Primary, Replica
from university.platform.errors import Denied
from university.platform.language import Words
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.student.models import KnownCourse, KnownSection, KnownTerm, RecordedEnrollment, Student
from university.student.repository import record, standing
from university.student.rules.record import SEATED, Entry, NamedCourse, NamedSection, NamedTerm
from university.student.rules.standing import StandingCredit, blocking
from university.student.rules.timetable import Calendar, TakenSection, Timetable, timetable
from university.student.rules.transcript import Transcript, transcript
from university.student.rules.words import HoldEffect
from university.student.service import access
from university.student.service.access import StudentNotFound


class TranscriptBlocked(Denied):
    """A hold keeps the student from the transcript; tells whom to ask."""

    title = Words("A hold blocks your transcript.", "Blokada wstrzymuje Twój wypis ocen.")


@dataclass(frozen=True, slots=True)
class StudentTranscript:
    """A transcript with the student it belongs to and the credits recognized from elsewhere."""

    student: Student
    transcript: Transcript
    recognized: Sequence[StandingCredit]

    @property
    def ects_recognized(self) -> float:
        """The credits recognized from elsewhere."""
        return sum((credit.ects for credit in self.recognized), 0.0)


@dataclass(frozen=True, slots=True)
class _Catalog:
    """The catalog as far as some enrollments need it."""

    terms: dict[str, KnownTerm]
    courses: dict[str, KnownCourse]
    sections: dict[str, KnownSection]

    @classmethod
    def around(cls, session: Session, enrollments: Sequence[RecordedEnrollment]) -> "_Catalog":
        """Return what is known around the enrollments."""
        return cls(
            record.known(session, KnownTerm, (one.term_id for one in enrollments)),
            record.known(session, KnownCourse, (one.course_id for one in enrollments)),
            record.known(session, KnownSection, (section for one in enrollments for section in one.section_ids)),
        )

    def entry(self, one: RecordedEnrollment) -> Entry:
        """Return an enrollment with names."""
        sections = [self.sections[section_id] for section_id in one.section_ids if section_id in self.sections]
        return Entry(
            id=one.id,
            student_id=one.student_id,
            term=self.term(one.term_id),
            course=self.course(one.course_id),
            offering_id=one.offering_id,
            section_ids=one.section_ids,
            sections=[NamedSection(it.id, it.number, it.component, it.status) for it in sections],
            status=one.status,
            ects=one.ects,
            grade=one.grade,
            grading_scale=one.grading_scale,
            created_at=one.created_at,
            updated_at=one.updated_at,
        )

    def taken(self, one: RecordedEnrollment) -> list[TakenSection]:
        """Return the sections of an enrollment that meet."""
        known = [self.sections[section_id] for section_id in one.section_ids if section_id in self.sections]
        return [
            TakenSection(
                id=section.id,
                number=section.number,
                component=section.component,
                enrollment_id=one.id,
                status=one.status,
                course=self.course(one.course_id),
                term=self.term(one.term_id),
                meetings=section.meetings,
                dates=section.occurrences,
                calendar=self._calendar(one.term_id),
                changed_at=one.updated_at,
            )
            for section in known
            if not section.deleted and section.status != "canceled"
        ]

    def term(self, term_id: str) -> NamedTerm:
        """Return a term with its names, as far as they are known."""
        term = self.terms.get(term_id)
        return NamedTerm(term_id, term.code, term.title, term.starts_on, term.ends_on) if term else NamedTerm(term_id)

    def course(self, course_id: str) -> NamedCourse:
        """Return a course with its names, as far as they are known."""
        course = self.courses.get(course_id)
        if course is None:
            return NamedCourse(course_id)
        counts = course.repeatable, tuple(course.equivalents)
        return NamedCourse(course_id, course.code, course.title, course.title_en, *counts)

    def _calendar(self, term_id: str) -> Calendar | None:
        term = self.terms.get(term_id)
        return Calendar(term.starts_on, {change["date"]: change for change in term.calendar}) if term else None


class RecordService:
    """What can be read in the study record."""

    def __init__(self, primary: Primary, replica: Replica, zone: ZoneInfo) -> None:
        self._primary, self._replica, self._zone = primary, replica, zone

    def page(self, key: str, who: Principal, term: str | None, wanted: PageRequest) -> Page:
        """Return a page of a student's enrollments, of one term (id or code) when it is named, oldest first."""
        with self._replica.read() as session:
            student = access.visible(session, key, who)
            keys = [RecordedEnrollment.created_at, RecordedEnrollment.id]
            page = paging.fetch(session, record.enrollments_of(student.id, term), keys, wanted)
            catalog = _Catalog.around(session, page.items)
        return replace(page, items=[catalog.entry(one) for one in page.items])

    def timetable(self, key: str, who: Principal, term: str | None) -> Timetable:
        """Return when and where a student meets, in one term (id or code) or in all."""
        with self._replica.read() as session:
            student = access.visible(session, key, who)
            seated = session.scalars(record.enrollments_of(student.id, term, SEATED)).all()
            catalog = _Catalog.around(session, seated)
        taken = [section for one in seated for section in catalog.taken(one)]
        return timetable(sorted(taken, key=lambda section: (section.course.code or "", section.number)))

    def transcript(self, key: str, who: Principal) -> StudentTranscript:
        """Return a student's transcript; raise `TranscriptBlocked` when a student asks who has such a hold."""
        with self._primary.read() as session:
            student = access.visible(session, key, who)
            found = standing.standing(session, student.id)
            if found is None:
                raise StudentNotFound
            today = database.now(session).astimezone(self._zone).date()
            blocks = blocking(found.holds, HoldEffect.BLOCK_TRANSCRIPT, today)
            if blocks and not who.has("registrar"):
                raise TranscriptBlocked(holds=[{"reason": hold.reason, "contact": hold.contact} for hold in blocks])
            enrollments = session.scalars(record.enrollments_of(student.id)).all()
            catalog = _Catalog.around(session, enrollments)
        return StudentTranscript(student, transcript(map(catalog.entry, enrollments)), found.recognized)
