"""The JSON of a section's roster."""

from marshmallow import fields, validate

from university.enrollment.schemas import EnrollmentStatus
from university.platform.web.fields import Instant, Out, PageQuery, Query, list_of

LISTED = tuple(
    status.value
    for status in (
        EnrollmentStatus.ENROLLED,
        EnrollmentStatus.REVIEW,
        EnrollmentStatus.COMPLETED,
        EnrollmentStatus.FAILED,
    )
)
"""Statuses of those who take, or have taken, part."""
_ALL = {"description": "All of these without."}


class RosterRowOut(Out):
    """Somebody in a section; nothing but the enrollment where the student is recorded no more."""

    enrollment_id = fields.String(required=True)
    student_id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    given_name = fields.String(required=True, allow_none=True)
    family_name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    program = fields.String(required=True, allow_none=True)
    stage = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(LISTED))
    created_at = Instant(required=True)
    grade = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata={"description": "Of the enrollment."})
    example = {
        "enrollment_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21",
        "student_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23",
        "number": "100001",
        "given_name": "Anna",
        "family_name": "Żak",
        "email": "s100001@example.edu",
        "program": "INF",
        "stage": 2,
        "status": "enrolled",
        "created_at": "2026-11-22T10:00:00Z",
        "grade": None,
        "version": 1,
    }


class ScaleOut(Out):
    """How grades are given: every grade of the scale, the worst first, and how often one may try."""

    name = fields.String(required=True)
    allowed = fields.List(fields.String(), required=True)
    failing = fields.List(fields.String(), required=True)
    attempts = fields.Integer(required=True)
    example = {
        "name": "pl",
        "allowed": ["2.0", "3.0", "3.5", "4.0", "4.5", "5.0"],
        "failing": ["2.0"],
        "attempts": 2,
    }


class RosterQuery(PageQuery):
    """Filter of a roster."""

    status = fields.String(validate=validate.OneOf(LISTED), metadata=_ALL)


class RosterFileQuery(Query):
    """Filter of a roster's file."""

    status = fields.String(validate=validate.OneOf(LISTED), metadata=_ALL)


class RosterList(list_of(RosterRowOut)):  # type: ignore[misc]  # a schema made at run time
    """One page of who is in a section, and the scale of their grades."""

    grading = fields.Nested(ScaleOut, required=True)
    example = {"items": [RosterRowOut.example], "next": None, "grading": ScaleOut.example}
