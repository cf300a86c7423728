"""The JSON the enrollment module speaks."""

from enum import StrEnum

from marshmallow import fields, validate

from university.enrollment.models import CODE, WORD
from university.platform.web.fields import (
    Code,
    Flag,
    In,
    Instant,
    Key,
    Number,
    Out,
    PageQuery,
    Text,
    Whole,
    list_of,
    patch_of,
)
from university.platform.web.problems import ViolationOut

_ID = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
_SECTION = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e22"


class EnrollmentStatus(StrEnum):
    """What an enrollment is."""

    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    REVIEW = "review"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


class EnrollmentIn(In):
    """A student's wish for one bundle of sections."""

    student_id = Key(required=True, metadata={"description": "Id or number of the student, or `me`."})
    section_ids = fields.List(Key(), required=True, validate=validate.Length(min=1, max=10))
    waitlist = Flag(load_default=False, metadata={"description": "Wait when there is no seat."})
    drop_enrollment_id = Key(metadata={"description": "A place that is given back for this one, and kept until then."})
    example = {"student_id": "100001", "section_ids": [_SECTION]}


class CourseOfEnrollment(Out):
    """The course of an enrollment."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)


class WaitlistPlace(Out):
    """A place in the queue of an offering."""

    position = fields.Integer(required=True, metadata={"description": "From 1."})
    of = fields.Integer(required=True, metadata={"description": "How many wait in the queue."})
    section_ids = fields.List(fields.String(), required=True, metadata={"description": "The bundle waited for."})
    drop_enrollment_id = fields.String(
        required=True, allow_none=True, attribute="instead_of", metadata={"description": "Given back on success."}
    )
    refusals = fields.List(
        fields.Nested(ViolationOut),
        required=True,
        metadata={"description": "Why the entry was passed over when it was last its turn; it keeps its place."},
    )


class EnrollmentOut(Out):
    """One student's place in one offering."""

    id = fields.String(required=True)
    student_id = fields.String(required=True)
    offering_id = fields.String(required=True, allow_none=True)
    term_id = fields.String(required=True)
    course = fields.Nested(CourseOfEnrollment, required=True)
    section_ids = fields.List(fields.String(), required=True)
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in EnrollmentStatus]))
    waitlist = fields.Nested(WaitlistPlace, required=True, allow_none=True)
    offer_expires_at = Instant(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    ects = Number(0, 1000, required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)
    version = fields.Integer(required=True)
    example = {
        "id": _ID,
        "student_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23",
        "offering_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e24",
        "term_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e25",
        "course": {"id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e26", "code": "MAT-101", "title": "Analiza matematyczna I"},
        "section_ids": [_SECTION],
        "status": "enrolled",
        "waitlist": None,
        "offer_expires_at": None,
        "grade": None,
        "ects": 6,
        "created_at": "2026-11-22T10:00:00Z",
        "updated_at": "2026-11-22T10:00:00Z",
        "version": 1,
    }


class EnrollmentQuery(PageQuery):
    """Filters of the list of enrollments."""

    student_id = Key(metadata={"description": "Id or number of the student, or `me`."})
    section_id = Key()
    offering_id = Key()
    term = Key(metadata={"description": "Id or code of the term."})
    status = fields.String(validate=validate.OneOf([status.value for status in EnrollmentStatus]))


class ChangeOut(Out):
    """One line of an enrollment's history."""

    status = fields.String(required=True)
    at = Instant(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    request_id = fields.String(required=True, allow_none=True)


class HistoryOut(Out):
    """What became of an enrollment, oldest first."""

    items = fields.List(fields.Nested(ChangeOut), required=True)
    example = {
        "items": [
            {
                "status": "enrolled",
                "at": "2026-11-22T10:00:00Z",
                "by": "student",
                "reason": "enrolled",
                "request_id": "0af7651916cd43dd8448eb211c80319c",
            }
        ]
    }


class CompletedCourseIn(In):
    """A course that a student has taken to the end, recorded by the registrar."""

    course = Code(CODE, required=True, metadata={"description": "Code of the course."})
    term = Key(required=True, metadata={"description": "Id or code of the term in which it was taken."})
    grade = Text(10, required=True, metadata={"description": "On a Polish or US scale; decides passed or failed."})
    ects = Number(0, 60, metadata={"description": "Credits; the course's own when left out."})
    example = {"course": "MAT-101", "term": "2025Z", "grade": "4.0"}


class WindowIn(In):
    """When an audience may register; an empty audience means everybody."""

    term_id = Key(required=True, metadata={"description": "Id or code of the term."})
    name = Text(200, required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    program = fields.List(Text(WORD), load_default=list, validate=validate.Length(max=100))
    stage = fields.List(Whole(1, 20), load_default=list, validate=validate.Length(max=20))
    group = fields.List(Text(WORD), load_default=list, validate=validate.Length(max=100))
    min_ects = Number(0, 1000, load_default=0.0, metadata={"description": "Credits earned so far, at least."})
    max_ects = Number(
        0, 1000, load_default=None, allow_none=True, metadata={"description": "Credits in the term, at most."}
    )
    example = {
        "term_id": "2026Z",
        "name": "Everybody",
        "opens_at": "2026-09-20T08:00:00Z",
        "closes_at": "2026-10-15T22:00:00Z",
    }


class WindowOut(Out):
    """A registration window."""

    id = fields.String(required=True)
    term_id = fields.String(required=True)
    name = fields.String(required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    program = fields.List(fields.String(), required=True)
    stage = fields.List(fields.Integer(), required=True)
    group = fields.List(fields.String(), required=True)
    min_ects = Number(0, 1000, required=True)
    max_ects = Number(0, 1000, required=True, allow_none=True)
    version = fields.Integer(required=True)
    example = {
        "id": _ID,
        "term_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e25",
        "name": "Everybody",
        "opens_at": "2026-09-20T08:00:00Z",
        "closes_at": "2026-10-15T22:00:00Z",
        "program": [],
        "stage": [],
        "group": [],
        "min_ects": 0,
        "max_ects": 30,
        "version": 1,
    }


class WindowQuery(PageQuery):
    """Filters of the list of windows."""

    term = Key(metadata={"description": "Id or code of the term."})


EnrollmentList = list_of(EnrollmentOut)
WindowList = list_of(WindowOut)
WindowPatch = patch_of(WindowIn, without=("term_id",))
