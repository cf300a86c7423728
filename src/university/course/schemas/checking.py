"""Questions about requisites, and their answers, as JSON."""

from typing import ClassVar

import marshmallow as ma
from marshmallow import fields

from university.course.models import CODE, NAME
from university.course.schemas.courses import MOST_ECTS
from university.course.schemas.examples import Example
from university.course.schemas.sections import Consent
from university.platform.web.fields import Choice, In, Number, Out, Text, Whole

_MANY = ma.validate.Length(max=500)
_TREE = {"description": "The tree of the requisites; each node with its `result`, a leaf with the reason."}


class RunningCourseIn(In):
    """A course without a grade yet."""

    course = Text(CODE, required=True)
    ects = Number(0, MOST_ECTS, allow_none=True)
    term = Text(CODE, allow_none=True, metadata={"description": "Without it, the course comes before."})


class RecordedCourseIn(RunningCourseIn):
    """A course with a grade; what is not told is unknown."""

    term = Text(CODE, allow_none=True)
    grade = Text(10, allow_none=True)


class ScoreIn(In):
    """What a student reached in a test."""

    name = Text(NAME, required=True)
    score = Number(0, 1_000_000, required=True)


class StandingIn(In):
    """The student's own facts; what is not told is unknown."""

    program = Text(NAME, allow_none=True)
    stage = Whole(0, 100, allow_none=True)
    groups = fields.List(Text(NAME), validate=_MANY)
    tests = fields.List(fields.Nested(ScoreIn), validate=_MANY)
    consents = fields.List(Choice(Consent), validate=_MANY)
    gpa = Number(0, 100, allow_none=True, metadata={"description": "Computed from what is completed, if not given."})
    ects = Number(0, 100_000, allow_none=True, metadata={"description": "Credits earned; computed if not given."})


class RequisiteCheckIn(In):
    """A student, as far as requisites may rest on it."""

    completed = fields.List(fields.Nested(RecordedCourseIn), validate=_MANY)
    in_progress = fields.List(fields.Nested(RunningCourseIn), validate=_MANY)
    requested = fields.List(Text(CODE), validate=_MANY, metadata={"description": "Codes wished for together with it."})
    standing = fields.Nested(StandingIn)
    term = Text(CODE, metadata={"description": "The code of the term that is registered for."})
    example: ClassVar[Example] = {
        "completed": [{"course": "MATH-101", "grade": "4.0", "ects": 5}],
        "in_progress": [],
        "requested": ["INF-101"],
        "standing": {"program": "INF", "stage": 1},
    }


class RequisiteCheckOut(Out):
    """What the requisites say."""

    result = fields.String(required=True, metadata={"enum": ["MET", "CONDITIONAL", "UNMET", "UNKNOWN"]})
    tree = fields.Dict(required=True, allow_none=True, metadata=_TREE)
    text = fields.String(required=True, allow_none=True)
    missing_corequisites = fields.List(fields.String(), required=True)
    remedies = fields.List(
        fields.List(fields.Dict()),
        required=True,
        metadata={"description": "The smallest sets of demands which, satisfied, would let the student in."},
    )
    example: ClassVar[Example] = {
        "result": "UNMET",
        "tree": {"kind": "stage", "minimum": 2, "text": "STAGE >= 2", "result": "UNMET", "because": "too-low"},
        "text": "STAGE >= 2",
        "missing_corequisites": [],
        "remedies": [[{"kind": "stage", "minimum": 2, "text": "STAGE >= 2"}]],
    }
