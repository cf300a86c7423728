"""The JSON of grades: how they are posted, what became of them, and their history."""

from enum import StrEnum

from marshmallow import fields, validate

from university.platform.web.fields import Choice, In, Instant, Key, Out, Text, Whole

_ID = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
_STUDENT = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23"
_ATTEMPT = {"description": "The attempt that is graded; found by itself when left out."}
_REASON = {"description": "Why a grade is corrected; needed for that."}


class GradeOutcome(StrEnum):
    """What a posted grade was: the first, one of another attempt, a correction, or the same once more."""

    POSTED = "posted"
    SECOND_ATTEMPT = "second-attempt"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


class GradeIn(In):
    """A grade for an enrollment."""

    grade = Text(10, required=True, metadata={"description": "On the offering's scale; `5`, `5,0` and `5.0` are one."})
    attempt = Whole(1, 2, metadata=_ATTEMPT)
    reason = Text(500, metadata=_REASON)
    example = {"grade": "4.5"}


class RowIn(GradeIn):
    """A grade in a section, for whom an enrollment or a student names."""

    enrollment_id = Key()
    student = Key(metadata={"description": "Id or number; instead of the enrollment."})
    version = Whole(1, 2_000_000_000, metadata={"description": "Of the enrollment, when only that may be graded."})
    example = {"student": "100001", "grade": "4.5"}


class GradesIn(In):
    """Grades of a section; all of them are posted, or none."""

    grades = fields.List(fields.Nested(RowIn), required=True, validate=validate.Length(min=1, max=2_000))
    example = {"grades": [RowIn.example, {"enrollment_id": _ID, "grade": "2.0", "version": 1}]}


class GradedOut(Out):
    """What became of one grade."""

    enrollment_id = fields.String(required=True)
    student_id = fields.String(required=True, attribute="enrollment.student_id")
    outcome = Choice(GradeOutcome, required=True)
    grade = fields.String(required=True, attribute="enrollment.grade")
    attempt = fields.Integer(required=True)
    status = fields.String(required=True, attribute="enrollment.status")
    version = fields.Integer(required=True, attribute="enrollment.version")
    example = {
        "enrollment_id": _ID,
        "student_id": _STUDENT,
        "outcome": "posted",
        "grade": "4.5",
        "attempt": 1,
        "status": "completed",
        "version": 2,
    }


class GradesOut(Out):
    """What became of the grades, in the order of the request."""

    items = fields.List(fields.Nested(GradedOut), required=True)
    posted = fields.Integer(required=True, metadata={"description": "How many changed anything."})
    example = {"items": [GradedOut.example], "posted": 1}


class GradeChangeOut(Out):
    """One grade that was posted."""

    attempt = fields.Integer(required=True)
    grade = fields.String(required=True)
    previous = fields.String(required=True, allow_none=True)
    outcome = Choice(GradeOutcome, required=True)
    by = fields.String(required=True)
    at = Instant(required=True)
    reason = fields.String(required=True, allow_none=True)
    example = {
        "attempt": 1,
        "grade": "4.5",
        "previous": None,
        "outcome": "posted",
        "by": "instructor",
        "at": "2027-02-01T10:00:00Z",
        "reason": None,
    }


class GradeHistoryOut(Out):
    """Every grade that was posted for an enrollment, oldest first."""

    items = fields.List(fields.Nested(GradeChangeOut), required=True)
    example = {"items": [GradeChangeOut.example]}
