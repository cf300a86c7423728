"""The JSON of students."""

from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, validate

from university.platform.web.fields import (
    Choice,
    Code,
    In,
    Key,
    Number,
    Out,
    PageQuery,
    SearchIn,
    Shape,
    Text,
    Whole,
    list_of,
    patch_of,
)
from university.student.rules.words import StudentStatus, may_be_a_number
from university.student.schemas.values import ID, distinct


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
        shape = Shape(r"[^\s@]+@[^\s@]+", "Not an e-mail address.")
        super().__init__(254, validate=shape, **kwargs)


def _groups(**kwargs: Any) -> fields.List[str]:
    return fields.List(Text(80), validate=[validate.Length(max=50), distinct], **kwargs)


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
        "id": ID,
        "version": 1,
        "external_key": None,
        "max_ects": None,
        "status": "active",
        **StudentIn.example,
    }


StudentList = list_of(StudentOut)


class _Kinds(ma.Schema):
    """What kind of students."""

    program = Text(80)
    stage = Whole(1, 20)
    status = Choice(StudentStatus)
    group = Text(80)


class StudentQuery(PageQuery, _Kinds):
    """Which students to list."""


class StudentSearchIn(SearchIn, _Kinds):
    """Which students to find."""

    q = Text(100, metadata={"description": "Beginnings of number and names; case and diacritics do not matter."})
    ids = fields.List(Key(), validate=validate.Length(1, 200), metadata={"description": "These students only."})
    example: ClassVar = {"q": "zolc zof", "stage": 2}
