"""The JSON of what a student's standing is made of."""

from typing import ClassVar

from marshmallow import fields, validate

from university.platform.web.fields import Choice, Code, Day, In, Key, Number, Out, Text, list_of
from university.student.rules.words import HoldEffect, StudentStatus
from university.student.schemas.values import ID, distinct


class HoldIn(In):
    """A block to place on a student."""

    reason = Text(500, required=True)
    contact = Text(200, required=True, metadata={"description": "Whom the student asks about it."})
    effects = fields.List(Choice(HoldEffect), required=True, validate=[validate.Length(min=1, max=3), distinct])
    starts_on = Day(metadata={"description": "First day; today when not told."})
    ends_on = Day(load_default=None, allow_none=True, metadata={"description": "Last day; none: until lifted."})

    example: ClassVar = {
        "reason": "Library fee not paid",
        "contact": "library@example.edu",
        "effects": ["block-add", "block-transcript"],
        "starts_on": "2026-10-01",
        "ends_on": None,
    }


class HoldOut(Out):
    """A block on a student."""

    id = fields.String(required=True)
    reason = fields.String(required=True)
    contact = fields.String(required=True)
    effects = fields.List(Choice(HoldEffect), required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)

    example: ClassVar = {"id": ID, **HoldIn.example}


HoldList = list_of(HoldOut)


class RecognizedCreditIn(In):
    """A course completed elsewhere, to be recognized."""

    course = Code(60, required=True, metadata={"description": "The code of the course here that it counts as."})
    title = Text(200, load_default=None, allow_none=True)
    institution = Text(200, load_default=None, allow_none=True)
    grade = Text(10, load_default=None, allow_none=True)
    ects = Number(0, 100, required=True)
    term = Text(60, load_default=None, allow_none=True)

    example: ClassVar = {
        "course": "MATH-101",
        "title": "Calculus",
        "institution": "Another University",
        "grade": "4.5",
        "ects": 6,
        "term": "2025Z",
    }


class RecognizedCreditOut(Out):
    """A recognized course."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    institution = fields.String(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    ects = Number(0, 100, required=True)
    term = fields.String(required=True, allow_none=True)

    example: ClassVar = {"id": ID, **RecognizedCreditIn.example}


RecognizedCreditList = list_of(RecognizedCreditOut)


class TestScoreIn(In):
    """The score of a test."""

    name = Code(required=True)
    score = Number(0, 1_000_000, required=True)
    taken_on = Day(load_default=None, allow_none=True)

    example: ClassVar = {"name": "TOEFL", "score": 101, "taken_on": "2026-05-20"}


class TestScoreOut(Out):
    """The score of a test."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    score = Number(0, 1_000_000, required=True)
    taken_on = fields.Date(required=True, allow_none=True)

    example: ClassVar = {"id": ID, **TestScoreIn.example}


TestScoreList = list_of(TestScoreOut)


class VerificationIn(In):
    """For which term the standing is wanted."""

    term_id = Key(required=True)

    example: ClassVar = {"term_id": "01986c3a-5b7e-7c4d-9a51-2f64d1c7b002"}


class StandingCreditOut(Out):
    """A recognized course as a requisite sees it."""

    course = fields.String(required=True)
    grade = fields.String(required=True, allow_none=True)
    ects = Number(0, 100, required=True)
    term = fields.String(required=True, allow_none=True)


class StandingTestOut(Out):
    """A test score as a requisite sees it."""

    name = fields.String(required=True)
    score = Number(0, 1_000_000, required=True)


class StandingOut(Out):
    """Whether a student may register, and what limits it."""

    student_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = Choice(StudentStatus, required=True)
    program = fields.String(required=True, allow_none=True)
    stage = fields.Integer(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    groups = fields.List(fields.String(), required=True)
    holds = fields.List(fields.Nested(HoldOut), required=True, metadata={"description": "Those not yet ended."})
    max_ects = Number(0, 1000, required=True, allow_none=True)
    recognized = fields.List(fields.Nested(StandingCreditOut), required=True)
    tests = fields.List(fields.Nested(StandingTestOut), required=True)

    example: ClassVar = {
        "student_id": ID,
        "version": 3,
        "status": "active",
        "program": "INF",
        "stage": 2,
        "level": "bachelor",
        "groups": ["erasmus"],
        "holds": [HoldOut.example],
        "max_ects": None,
        "recognized": [{"course": "MATH-101", "grade": "4.5", "ects": 6, "term": "2025Z"}],
        "tests": [{"name": "TOEFL", "score": 101}],
    }
