"""Courses and their equivalences as JSON."""

from typing import ClassVar

import marshmallow as ma
from marshmallow import fields

from university.course.models import CODE, COMPONENT, NAME, TITLE
from university.course.rules.requisite_tokens import MAX_LENGTH
from university.course.schemas.examples import ID, OTHER_ID, Example
from university.platform.web.fields import Code, Flag, In, Key, Number, Out, PageQuery, Text, Whole, list_of, patch_of

MOST_ECTS = 300
LONGEST_DESCRIPTION = 10_000
_REQUISITES = {"description": "What the course requires, in text form."}


class CourseIn(In):
    """An entry of the catalog."""

    code = Code(CODE, required=True)
    title = Text(TITLE, required=True, metadata={"description": "In Polish."})
    title_en = Text(TITLE, allow_none=True, metadata={"description": "In English."})
    description = Text(LONGEST_DESCRIPTION, least=0, multiline=True, allow_none=True)
    description_en = Text(LONGEST_DESCRIPTION, least=0, multiline=True, allow_none=True)
    ects = Number(0, MOST_ECTS, required=True, metadata={"description": "Credits."})
    department = Text(NAME, allow_none=True)
    level = Text(COMPONENT, allow_none=True)
    requisites = Text(MAX_LENGTH, least=0, multiline=True, allow_none=True, metadata=_REQUISITES)
    max_attempts = Whole(1, 100, allow_none=True, metadata={"description": "How often it may be tried; null: always."})
    repeatable = Flag(metadata={"description": "Whether it may be taken again once passed."})
    example: ClassVar[Example] = {
        "code": "MATH-201",
        "title": "Analiza matematyczna 2",
        "title_en": "Calculus 2",
        "ects": 6,
        "department": "MATH",
        "level": "bachelor",
        "requisites": "MATH-101 >= 3.0 AND (INF-101 OR CONSENT INSTRUCTOR)",
    }


class CourseOut(Out):
    """An entry of the catalog."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True, allow_none=True)
    description = fields.String(required=True, allow_none=True)
    description_en = fields.String(required=True, allow_none=True)
    ects = Number(0, MOST_ECTS, required=True)
    department = fields.String(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    requisites = fields.String(required=True, allow_none=True, metadata=_REQUISITES)
    max_attempts = fields.Integer(required=True, allow_none=True)
    repeatable = fields.Boolean(required=True)
    example: ClassVar[Example] = {
        **CourseIn.example,
        "id": ID,
        "version": 1,
        "description": None,
        "description_en": None,
        "max_attempts": None,
        "repeatable": False,
    }


class CourseQuery(PageQuery):
    """Which courses."""

    q = Text(200, least=0, metadata={"description": "Words of the code or a title, without regard to diacritics."})
    department = Text(NAME)
    level = Text(COMPONENT)


class CourseBriefOut(Out):
    """A course in a few words."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True, allow_none=True)
    example: ClassVar[Example] = {
        "id": ID,
        "code": "MATH-201",
        "title": "Analiza matematyczna 2",
        "title_en": "Calculus 2",
    }


class EquivalenceIn(In):
    """Courses, by id or code, that count for one another."""

    courses = fields.List(Key(), required=True, validate=ma.validate.Length(min=2, max=50))
    example: ClassVar[Example] = {"courses": ["MATH-201", "STAT-201"]}


class EquivalenceOut(Out):
    """A class of courses that count for one another."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    courses = fields.List(fields.Nested(CourseBriefOut), required=True)
    example: ClassVar[Example] = {"id": OTHER_ID, "version": 1, "courses": [CourseBriefOut.example]}


class EquivalenceQuery(PageQuery):
    """Which classes."""

    course = Key(metadata={"description": "Id or code of a course: the class that it belongs to."})


CoursePatch = patch_of(CourseIn)
CourseList = list_of(CourseOut)
EquivalenceList = list_of(EquivalenceOut)
