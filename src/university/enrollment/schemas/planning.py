"""The JSON of plans: wish lists that a student keeps for a term."""

from marshmallow import fields, validate

from university.enrollment.schemas.requesting import ITEMS, SECTIONS, not_too_many
from university.platform.web.fields import In, Instant, Key, Out, PageQuery, Shape, Text, list_of

NAME = 200
_SECTION = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e22"


class PlanItemIn(In):
    """One wish of a plan: sections of one offering."""

    section_ids = fields.List(Key(), required=True, validate=validate.Length(min=1, max=SECTIONS))


class PlanContentIn(In):
    """What a plan is called and what it wishes for; only the form is looked at."""

    name = Text(NAME, required=True, validate=Shape(r"\S(?:.*\S)?", "No space at either end."))
    items = fields.List(fields.Nested(PlanItemIn), required=True, validate=[validate.Length(max=ITEMS), not_too_many])
    example = {"name": "Mornings only", "items": [{"section_ids": [_SECTION]}]}


class PlanIn(PlanContentIn):
    """A student's wish list for a term."""

    student_id = Key(required=True, metadata={"description": "Id or number of the student, or `me`."})
    term_id = Key(required=True, metadata={"description": "Id or code of the term."})
    example = {"student_id": "100001", "term_id": "2026Z", **PlanContentIn.example}


class PlanItemOut(Out):
    """One wish of a plan."""

    section_ids = fields.List(fields.String(), required=True)


class PlanOut(Out):
    """A student's wish list for a term."""

    id = fields.String(required=True)
    student_id = fields.String(required=True)
    term_id = fields.String(required=True)
    name = fields.String(required=True)
    items = fields.List(fields.Nested(PlanItemOut), required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)
    version = fields.Integer(required=True)
    example = {
        "id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e31",
        "student_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23",
        "term_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e25",
        "name": "Mornings only",
        "items": [{"section_ids": [_SECTION]}],
        "created_at": "2026-11-22T10:00:00Z",
        "updated_at": "2026-11-22T10:00:00Z",
        "version": 1,
    }


class PlanQuery(PageQuery):
    """Filters of the list of plans."""

    student_id = Key(metadata={"description": "Id or number of the student, or `me`."})
    term = Key(metadata={"description": "Id or code of the term."})


PlanList = list_of(PlanOut)
