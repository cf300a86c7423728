"""The JSON of students and of their standing."""

from typing import Annotated, Any, ClassVar

import marshmallow as ma
import msgspec
from marshmallow import fields, validate

from university.platform.web.fields import (
    Choice,
    Code,
    Day,
    In,
    Key,
    Number,
    Out,
    PageQuery,
    Text,
    Whole,
    list_of,
    patch_of,
)
from university.student.rules.words import HoldEffect, StudentStatus, may_be_a_number

_ID = "01986c3a-5b7e-7c4d-9a51-2f64d1c7b001"


class StudentNumber(Code):
    """A student number: short, printable and never something an address means already."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        number = super()._deserialize(value, attr, data, **kwargs)
        if not may_be_a_number(number):
            raise ma.ValidationError("Not a valid student number.")
        return number


class Email(Text):
    """An e-mail address, checked for nothing but its shape."""

    def __init__(self, **kwargs: Any) -> None:
        shape = validate.Regexp(r"[^\s@]+@[^\s@]+\Z", error="Not an e-mail address.")
        super().__init__(254, validate=shape, **kwargs)


def _distinct(values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise ma.ValidationError("Something is listed twice.")


def _groups(**kwargs: Any) -> fields.List[str]:
    return fields.List(Text(80), validate=[validate.Length(max=50), _distinct], **kwargs)


class StudentIn(In):
    """A new student."""

    number = StudentNumber(required=True)
    given_name = Text(120, required=True)
    family_name = Text(120, required=True)
    email = Email(required=True)
    program = Text(80, load_default=None, allow_none=True)
    stage = Whole(1, 20, load_default=None, allow_none=True, metadata={"description": "Year of study."})
    level = Text(40, load_default=None, allow_none=True)
    status = Choice(StudentStatus, load_default=StudentStatus.ACTIVE)
    groups = _groups(load_default=list)
    max_ects = Number(0, 1000, load_default=None, allow_none=True, metadata={"description": "None: no own limit."})

    example: ClassVar = {
        "number": "123456",
        "given_name": "Zofia",
        "family_name": "Żółć",
        "email": "zofia.zolc@example.edu",
        "program": "INF",
        "stage": 2,
        "level": "bachelor",
        "groups": ["erasmus"],
    }


StudentPatch = patch_of(StudentIn)


class StudentOut(Out):
    """A student."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    number = fields.String(required=True)
    external_key = fields.String(required=True, allow_none=True, metadata={"description": "The key of an import."})
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    email = fields.String(required=True)
    program = fields.String(required=True, allow_none=True)
    stage = fields.Integer(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    status = Choice(StudentStatus, required=True)
    groups = fields.List(fields.String(), required=True)
    max_ects = Number(0, 1000, required=True, allow_none=True)

    example: ClassVar = {
        "id": _ID,
        "version": 1,
        "external_key": None,
        "max_ects": None,
        "status": "active",
        **StudentIn.example,
    }


StudentList = list_of(StudentOut)


class StudentQuery(PageQuery):
    """Which students to list."""

    q = Text(100, metadata={"description": "Beginnings of number and names; case and diacritics do not matter."})
    program = Text(80)
    stage = Whole(1, 20)
    status = Choice(StudentStatus)
    group = Text(80)


class HoldIn(In):
    """A block to place on a student."""

    reason = Text(500, required=True)
    contact = Text(200, required=True, metadata={"description": "Whom the student asks about it."})
    effects = fields.List(Choice(HoldEffect), required=True, validate=[validate.Length(min=1, max=3), _distinct])
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

    example: ClassVar = {"id": _ID, **HoldIn.example}


HoldList = list_of(HoldOut)


class RecognizedCreditIn(In):
    """A course completed elsewhere, to be recognized."""

    course = Code(required=True, metadata={"description": "The code of the course here that it counts as."})
    title = Text(200, load_default=None, allow_none=True)
    institution = Text(200, load_default=None, allow_none=True)
    grade = Text(10, load_default=None, allow_none=True)
    ects = Number(0, 100, required=True)
    term = Text(40, load_default=None, allow_none=True)

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

    example: ClassVar = {"id": _ID, **RecognizedCreditIn.example}


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

    example: ClassVar = {"id": _ID, **TestScoreIn.example}


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
        "student_id": _ID,
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


Keys = Annotated[list[str], msgspec.Meta(max_length=500)]


class Verification(msgspec.Struct):
    """Another module asks for a standing; the student is named by id or number."""

    student_id: str
    term_id: str | None = None


class StudentKeys(msgspec.Struct):
    """Another module asks for students by keys of one kind."""

    ids: Keys | None = None
    external_keys: Keys | None = None
    numbers: Keys | None = None


class NamedStudent(msgspec.Struct):
    """A student by name, for other modules only."""

    id: str
    number: str
    external_key: str | None
    given_name: str
    family_name: str
    email: str
    program: str | None
    stage: int | None


class NamedStudents(msgspec.Struct):
    """The students found, and the keys that nobody has."""

    students: list[NamedStudent]
    unknown: list[str]
