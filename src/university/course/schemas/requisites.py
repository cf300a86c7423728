"""What courses require, as JSON."""

from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields

from university.course.rules.requisite_tokens import MAX_LENGTH
from university.course.schemas.examples import ID, Example
from university.platform.web.fields import In, Key, Out, Text

_TREE: dict[str, Any] = {
    "kind": "course",
    "course": "MATH-101",
    "grade": "3.0",
    "timing": None,
    "within_terms": None,
}
_TREE_METADATA = {"description": "Each node tells its `kind`; a branch (`all`, `any`, `not`, `n-of`) holds `items`."}


class RequisitesIn(In):
    """What a course shall require: the text decides; a tree is taken where no text is given."""

    text = Text(MAX_LENGTH, least=0, multiline=True, allow_none=True)
    tree = fields.Dict(keys=fields.String(), allow_none=True, metadata=_TREE_METADATA)
    example: ClassVar[Example] = {"text": "MATH-101 >= 3.0"}

    @ma.validates_schema
    def _tells_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ma.ValidationError({"text": ["Missing data for required field."]})


class RequisiteTextIn(In):
    """A text that might become a course's requisites."""

    text = Text(MAX_LENGTH, least=0, multiline=True, required=True)
    course = Key(metadata={"description": "Id or code of the course that would require it: no circle may come about."})
    example: ClassVar[Example] = {"text": "MATH-101 >= 3.0", "course": "MATH-201"}


class RequisitesOut(Out):
    """What a course requires."""

    text = fields.String(required=True, allow_none=True)
    tree = fields.Dict(required=True, allow_none=True, metadata=_TREE_METADATA)
    strangers = fields.List(
        fields.String(),
        required=True,
        data_key="unknown",
        attribute="unknown",
        metadata={"description": "Codes that no course of the catalog has."},
    )
    example: ClassVar[Example] = {"text": "MATH-101 >= 3.0", "tree": _TREE, "unknown": []}


class GraphNodeOut(Out):
    """A course of the graph."""

    code = fields.String(required=True)
    id = fields.String(required=True, allow_none=True, metadata={"description": "Null: not in the catalog."})
    title = fields.String(required=True, allow_none=True)
    title_en = fields.String(required=True, allow_none=True)
    steps = fields.Integer(
        required=True, metadata={"description": "Steps before (negative) or after the course asked about."}
    )


class GraphEdgeOut(Out):
    """A demand: `course` requires `requires`."""

    course = fields.String(required=True)
    requires = fields.String(required=True)
    timing = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`in-progress`, `concurrent` or `with`; null: completed before."},
    )


class GraphOut(Out):
    """Everything that leads to a course and that it opens."""

    nodes = fields.List(fields.Nested(GraphNodeOut), required=True)
    edges = fields.List(fields.Nested(GraphEdgeOut), required=True)
    example: ClassVar[Example] = {
        "nodes": [
            {"code": "MATH-101", "id": ID, "title": "Analiza 1", "title_en": "Calculus 1", "steps": -1},
            {"code": "MATH-201", "id": ID, "title": "Analiza 2", "title_en": "Calculus 2", "steps": 0},
        ],
        "edges": [{"course": "MATH-201", "requires": "MATH-101", "timing": None}],
    }
