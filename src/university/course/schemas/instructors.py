"""Instructors as JSON."""

from typing import ClassVar

from marshmallow import fields

from university.course.models import CODE, NAME, TITLE
from university.course.schemas.examples import ID, Example
from university.platform.web.fields import Code, In, Out, SearchIn, Text, list_of, patch_of


class InstructorIn(In):
    """Somebody who teaches."""

    number = Code(CODE, required=True)
    given_name = Text(NAME, required=True)
    family_name = Text(NAME, required=True)
    email = Text(TITLE, allow_none=True)
    example: ClassVar[Example] = {
        "number": "P-1017",
        "given_name": "Żaneta",
        "family_name": "Wiśniewska",
        "email": "z.wisniewska@example.edu",
    }


class InstructorOut(Out):
    """Somebody who teaches."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    number = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    example: ClassVar[Example] = {**InstructorIn.example, "id": ID, "version": 1}


class InstructorSearchIn(SearchIn):
    """Which instructors to find."""

    q = Text(200, least=0, metadata={"description": "Words of the name, or the number."})
    example: ClassVar[Example] = {"q": "nguyen"}


InstructorPatch = patch_of(InstructorIn)
InstructorList = list_of(InstructorOut)
