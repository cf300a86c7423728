"""The OpenAPI side of an operation: parameters, bodies, answers and refusals with examples."""

import inspect
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask_smorest import Api, Blueprint
from marshmallow import fields

from university.platform.errors import (
    InvalidRequest,
    Malformed,
    NotFound,
    Refusal,
    TooLarge,
    Unauthenticated,
    UnsupportedMedia,
)
from university.platform.security import RoleMissing
from university.platform.web.fields import Choice, In, Out, Query
from university.platform.web.problems import PROBLEM_JSON, Problem


class IdempotencyHeader(ma.Schema):
    """The header that makes a POST happen once."""

    key = fields.String(
        data_key="Idempotency-Key",
        metadata={"description": "The same key and body give the first answer again, for 24 hours."},
        validate=ma.validate.Length(max=200),
    )


class IfMatchHeader(ma.Schema):
    """The header that a change must bring."""

    tag = fields.String(
        data_key="If-Match", required=True, metadata={"description": "The ETag that the change rests on, or `*`."}
    )


class UploadForm(ma.Schema):
    """A file as multipart."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


@dataclass(frozen=True, slots=True)
class Operation:
    """All that the document says of one operation."""

    takes: type[In] | None
    query: type[Query] | None
    gives: type[Out] | None
    status: int
    roles: tuple[str, ...]
    refuses: Sequence[type[Refusal]]
    wanted: set[str]
    content_type: str | None
    located: bool

    def apidoc(self, blueprint: Blueprint, view: Callable[..., Any]) -> dict[str, Any]:
        """Return what flask-smorest keeps with a view to document it."""

        def documented() -> None:
            """Carry the document; never called."""

        documented.__doc__ = view.__doc__
        for decorate in self._decorators(blueprint):
            documented = decorate(documented)
        found: dict[str, Any] = documented._apidoc  # type: ignore[attr-defined]  # noqa: SLF001 - where it is kept
        found["docstring"] = _summary(view)
        found.setdefault("manual_doc", {})["operationId"] = view.__name__
        if "public" in self.roles:
            found["manual_doc"]["security"] = []
        else:
            found["manual_doc"]["x-roles"] = sorted(self.roles)
        return found

    def _decorators(self, blueprint: Blueprint) -> list[Any]:
        headers: dict[str, Any] = {"ETag": {"schema": {"type": "string"}}} if self.status in (200, 201) else {}
        if self.located:
            headers["Location"] = {"schema": {"type": "string"}}
        example = self.gives.example if self.gives else None
        decorators = [
            blueprint.response(
                self.status, self.gives, example=example, headers=headers or None, content_type=self.content_type
            )
        ]
        for status, kinds in sorted(self._refusals().items()):
            decorators.append(_refusal(blueprint, status, kinds))
        if self.takes:
            decorators.append(blueprint.arguments(self.takes, example=self.takes.example))
        if self.query:
            decorators.append(blueprint.arguments(self.query, location="query"))
        if "upload" in self.wanted:
            decorators.append(blueprint.arguments(UploadForm, location="files"))
        if "once" in self.wanted:
            decorators.append(blueprint.arguments(IdempotencyHeader, location="headers"))
        if "if_match" in self.wanted:
            decorators.append(blueprint.arguments(IfMatchHeader, location="headers"))
        return decorators

    def _refusals(self) -> dict[int, list[type[Refusal]]]:
        kinds: list[type[Refusal]] = list(self.refuses)
        if "public" not in self.roles:
            kinds += [Unauthenticated, RoleMissing]
        kinds.append(InvalidRequest)
        if self.takes or "upload" in self.wanted:
            kinds += [Malformed, TooLarge, UnsupportedMedia]
        if self.wanted - {"body", "query", "who", "once", "if_match", "upload"}:
            kinds.append(NotFound)
        by_status = defaultdict(list)
        for kind in dict.fromkeys(kinds):
            by_status[kind.status].append(kind)
        return by_status


def _refusal(blueprint: Blueprint, status: int, kinds: Sequence[type[Refusal]]) -> Any:
    codes = {Refusal.code.fget(kind.__new__(kind)): kind for kind in kinds}  # type: ignore[attr-defined]
    description = "; ".join(f"`{code}`: {kind.title.en}" for code, kind in codes.items())
    examples = {
        code: {
            "summary": kind.title.en,
            "value": {"type": f"/problems/{code}", "title": kind.title.en, "status": status, "code": code},
        }
        for code, kind in codes.items()
    }
    return blueprint.alt_response(
        status, schema=Problem, content_type=PROBLEM_JSON, description=description, examples=examples
    )


def _summary(view: Callable[..., Any]) -> dict[str, str]:
    summary, _, description = (inspect.getdoc(view) or view.__name__).partition("\n\n")
    told = {"summary": " ".join(summary.split())}
    if description:
        told["description"] = description
    return told


def name_enums(api: Api) -> None:
    """Document each list of words as one named component."""
    converter = api.ma_plugin.converter

    def by_name(_converter: Any, field: fields.Field[Any], *, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
        if not isinstance(field, Choice):
            return {}
        name = field.enum.__name__
        if name not in api.spec.components.schemas:
            api.spec.components.schema(name, {"type": "string", "enum": [word.value for word in field.enum]})
        for key in ("type", "enum", "format"):
            ret.pop(key, None)
        reference = {"$ref": f"#/components/schemas/{name}"}
        return {"anyOf": [reference, {"type": "null"}]} if field.allow_none else reference

    assert converter is not None  # noqa: S101 - set as soon as the document exists
    converter.add_attribute_function(by_name)
