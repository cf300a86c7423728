"""The JSON of the study record: enrollments, timetable, transcript."""

from typing import Any, ClassVar

from marshmallow import fields

from university.platform.web.fields import Choice, Instant, Key, Number, Out, PageQuery, Query, list_of
from university.student.rules.words import EnrollmentStatus
from university.student.schemas.standing import StandingCreditOut
from university.student.schemas.values import ID

_TERM_HELP = {"description": "Only this term: its id or code."}
_NAMES_LATER = {"description": "None until the catalog has been heard."}


class RecordQuery(PageQuery):
    """Which enrollments to list."""

    term = Key(metadata=_TERM_HELP)


class TermQuery(Query):
    """For which term."""

    term = Key(metadata=_TERM_HELP)


class RecordTermOut(Out):
    """A term by name."""

    id = fields.String(required=True)
    code = fields.String(required=True, allow_none=True, metadata=_NAMES_LATER)
    title = fields.String(required=True, allow_none=True)
    starts_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)

    example: ClassVar = {
        "id": ID,
        "code": "2026Z",
        "title": "Zima 2026/27",
        "starts_on": "2026-10-01",
        "ends_on": "2027-02-14",
    }


class RecordCourseOut(Out):
    """A course by name."""

    id = fields.String(required=True)
    code = fields.String(required=True, allow_none=True, metadata=_NAMES_LATER)
    title = fields.String(required=True, allow_none=True)
    title_en = fields.String(required=True, allow_none=True)

    example: ClassVar = {"id": ID, "code": "MATH-101", "title": "Analiza", "title_en": "Calculus"}


class RecordSectionOut(Out):
    """A section taken."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    component = fields.String(required=True)
    status = fields.String(required=True)

    example: ClassVar = {"id": ID, "number": "1", "component": "lecture", "status": "open"}


class RecordedEnrollmentOut(Out):
    """An enrollment as the study record has it."""

    id = fields.String(required=True)
    student_id = fields.String(required=True)
    term = fields.Nested(RecordTermOut, required=True)
    course = fields.Nested(RecordCourseOut, required=True)
    offering_id = fields.String(required=True, allow_none=True)
    section_ids = fields.List(fields.String(), required=True)
    sections = fields.List(fields.Nested(RecordSectionOut), required=True)
    status = Choice(EnrollmentStatus, required=True)
    ects = Number(0, 1000, required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    grading_scale = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)

    example: ClassVar = {
        "id": ID,
        "student_id": ID,
        "term": RecordTermOut.example,
        "course": RecordCourseOut.example,
        "offering_id": ID,
        "section_ids": [ID],
        "sections": [RecordSectionOut.example],
        "status": "enrolled",
        "ects": 6,
        "grade": None,
        "grading_scale": "pl",
        "created_at": "2026-09-20T08:00:00Z",
        "updated_at": "2026-09-20T08:00:00Z",
    }


RecordedEnrollmentList = list_of(RecordedEnrollmentOut)


class TimetableMeetingOut(Out):
    """A meeting as a rule: weekdays and weeks, or listed dates; what does not apply is missing."""

    component = fields.String()
    days = fields.List(fields.String())
    start = fields.String(allow_none=True)
    end = fields.String(allow_none=True)
    room = fields.String(allow_none=True)
    weeks = fields.String()
    dates = fields.List(fields.String())

    example: ClassVar = {
        "component": "lecture",
        "days": ["tue"],
        "start": "14:00",
        "end": "15:20",
        "room": "B-150",
        "weeks": "odd",
    }


class TimetableSectionOut(Out):
    """A section in a timetable, with its meetings as rules."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    component = fields.String(required=True)
    enrollment_id = fields.String(required=True)
    status = Choice(EnrollmentStatus, required=True)
    course = fields.Nested(RecordCourseOut, required=True)
    term = fields.Nested(RecordTermOut, required=True)
    meetings = fields.List(fields.Nested(TimetableMeetingOut), required=True)

    example: ClassVar = {
        "id": ID,
        "number": "1",
        "component": "lecture",
        "enrollment_id": ID,
        "status": "enrolled",
        "course": RecordCourseOut.example,
        "term": RecordTermOut.example,
        "meetings": [TimetableMeetingOut.example],
    }


class OccurrenceOut(Out):
    """One concrete meeting."""

    date = fields.Date(required=True)
    start = fields.String(required=True)
    end = fields.String(required=True)
    room = fields.String(required=True, allow_none=True)
    component = fields.String(required=True)
    course = fields.Nested(RecordCourseOut, required=True)
    section_id = fields.String(required=True)
    section_number = fields.String(required=True)
    enrollment_id = fields.String(required=True)

    example: ClassVar = {
        "date": "2026-10-06",
        "start": "14:00",
        "end": "15:20",
        "room": "B-150",
        "component": "lecture",
        "course": RecordCourseOut.example,
        "section_id": ID,
        "section_number": "1",
        "enrollment_id": ID,
    }


class TimetableOut(Out):
    """The sections taken with their weekly rules, and every concrete meeting by date and start."""

    sections = fields.List(fields.Nested(TimetableSectionOut), required=True)
    occurrences = fields.List(fields.Nested(OccurrenceOut), required=True)

    example: ClassVar = {"sections": [TimetableSectionOut.example], "occurrences": [OccurrenceOut.example]}


class TranscriptStudentOut(Out):
    """Whose transcript it is."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    program = fields.String(required=True, allow_none=True)
    stage = fields.Integer(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)


class TranscriptCourseOut(Out):
    """A course on a transcript."""

    enrollment_id = fields.String(required=True, attribute="id")
    course = fields.Nested(RecordCourseOut, required=True)
    status = Choice(EnrollmentStatus, required=True)
    ects = Number(0, 1000, required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    grading_scale = fields.String(required=True, allow_none=True)
    superseded = fields.Boolean(
        required=True, metadata={"description": "Whether a better attempt at the course counts in its stead."}
    )


class TranscriptTermOut(Out):
    """A term on a transcript."""

    term = fields.Nested(RecordTermOut, required=True)
    courses = fields.List(fields.Nested(TranscriptCourseOut), required=True)
    ects_earned = Number(0, 1_000_000, required=True)
    gpa = Number(0, 10, required=True, allow_none=True)


class TranscriptOut(Out):
    """Terms, courses, grades and credits; averages are weighted by credits, and none when scales are mixed.

    Every attempt is shown. Credits of a course are earned once, and the best attempt counts in the average; a term's
    own average counts what was graded in it.
    """

    student = fields.Nested(TranscriptStudentOut, required=True)
    terms = fields.List(fields.Nested(TranscriptTermOut), required=True, attribute="transcript.terms")
    recognized = fields.List(fields.Nested(StandingCreditOut), required=True)
    ects_earned = Number(0, 1_000_000, required=True, attribute="transcript.ects_earned")
    ects_recognized = Number(0, 1_000_000, required=True)
    gpa = Number(0, 10, required=True, allow_none=True, attribute="transcript.gpa")

    example: ClassVar[dict[str, Any]] = {
        "student": {
            "id": ID,
            "number": "123456",
            "given_name": "Zofia",
            "family_name": "Żółć",
            "program": "INF",
            "stage": 2,
            "level": "bachelor",
            "status": "active",
        },
        "terms": [
            {
                "term": RecordTermOut.example,
                "courses": [
                    {
                        "enrollment_id": ID,
                        "course": RecordCourseOut.example,
                        "status": "completed",
                        "ects": 6,
                        "grade": "4.5",
                        "grading_scale": "pl",
                        "superseded": False,
                    }
                ],
                "ects_earned": 6,
                "gpa": 4.5,
            }
        ],
        "recognized": [],
        "ects_earned": 6,
        "ects_recognized": 0,
        "gpa": 4.5,
    }
