"""The JSON of broken requisites, and of how the registrar settles them."""

from enum import StrEnum

from marshmallow import fields, validate

from university.enrollment.schemas import CourseOfEnrollment, EnrollmentStatus
from university.platform.web.fields import Choice, Flag, In, Instant, Key, Out, PageQuery, Text, list_of

_ID = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"


class Decision(StrEnum):
    """What becomes of a place whose requisites are met no more."""

    KEEP = "keep"
    CANCEL = "cancel"


class SettlementIn(In):
    """What the registrar decides, and why."""

    decision = Choice(Decision, required=True)
    reason = Text(500, required=True)
    example = {"decision": "keep", "reason": "Repeats the failed course this term."}


class BrokenRequisiteOut(Out):
    """A place whose requisites a grade has broken; nothing but ids where the student is recorded no more."""

    enrollment_id = fields.String(required=True, attribute="enrollment.id")
    student_id = fields.String(required=True, attribute="enrollment.student_id")
    number = fields.String(required=True, allow_none=True, attribute="person.number")
    given_name = fields.String(required=True, allow_none=True, attribute="person.given_name")
    family_name = fields.String(required=True, allow_none=True, attribute="person.family_name")
    term_id = fields.String(required=True, attribute="enrollment.term_id")
    course = fields.Nested(CourseOfEnrollment, required=True, attribute="enrollment.course")
    status = fields.String(
        required=True,
        attribute="enrollment.status",
        validate=validate.OneOf([status.value for status in EnrollmentStatus]),
    )
    at = Instant(required=True, metadata={"description": "When this was found."})
    result = fields.String(required=True, validate=validate.OneOf(["UNMET", "UNKNOWN"]))
    text = fields.String(required=True, allow_none=True, metadata={"description": "The requisites."})
    tree = fields.Dict(
        required=True, allow_none=True, metadata={"description": "The same as a tree; each node with its `result`."}
    )
    decision = Choice(Decision, required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    settled_at = Instant(required=True, allow_none=True)
    example = {
        "enrollment_id": _ID,
        "student_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23",
        "number": "100001",
        "given_name": "Anna",
        "family_name": "Żak",
        "term_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e25",
        "course": {"id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e26", "code": "MAT-102", "title": "Analiza matematyczna II"},
        "status": "enrolled",
        "at": "2027-02-01T10:00:00Z",
        "result": "UNMET",
        "text": "MAT-101",
        "tree": {"kind": "course", "course": "MAT-101", "text": "MAT-101", "result": "UNMET", "because": "failed"},
        "decision": None,
        "reason": None,
        "settled_by": None,
        "settled_at": None,
    }


class BrokenRequisiteQuery(PageQuery):
    """Filters of the list of broken requisites."""

    term = Key(metadata={"description": "Id or code of the term."})
    settled = Flag(load_default=False, metadata={"description": "Those that were decided; without, those to decide."})


BrokenRequisiteList = list_of(BrokenRequisiteOut)
