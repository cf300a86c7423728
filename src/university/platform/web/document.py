"""The OpenAPI side of an operation: parameters, bodies, answers and refusals with examples."""

import http
import inspect
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask_smorest import Api
from marshmallow import fields

from university.platform.errors import InvalidRequest, NotFound, Refusal
from university.platform.web.fields import Choice, In, Out, Query, Shape
from university.platform.web.problems import PROBLEM_JSON, Problem

_FAULTS = [{"field": "title", "message": "Missing data for required field."}]


class IdempotencyHeader(ma.Schema):
    """The header that makes a POST happen once."""

    key = fields.String(
        data_key="Idempotency-Key",
        metadata={"description": "The same key and body give the first answer again, for 24 hours."},
        validate=[ma.validate.Length(min=1, max=200), Shape("[!-~]+", "Visible ASCII characters only.")],
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
    scope: str
    refuses: Sequence[type[Refusal]]
    wanted: set[str]
    content_type: str | None
    located: bool
    shared_for: int

    def apidoc(self, view: Callable[..., Any]) -> dict[str, Any]:
        """Return what flask-smorest keeps with a view to document it: what its decorators would have gathered."""
        parameters = self._parameters()
        # An operation that is for everybody and for some lets in without a role only who shows something else.
        named = sorted({*self.roles} - {"public"})
        access = {"x-roles": named, "x-scope": self.scope} if named else {"security": []}
        kept: dict[str, Any] = {"x-shared-seconds": self.shared_for} if self.shared_for else {}
        if "sheet" in self.wanted:
            kept["requestBody"] = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
        return {
            "docstring": describe(view),
            "arguments": {"parameters": parameters} if parameters else {},
            "response": {"responses": {self.status: [self._success()], **self._refused()}},
            "success_status_codes": [self.status],
            "manual_doc": {"operationId": view.__name__, **access, **kept},
        }

    def _parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = []
        if self.takes:
            example = {"example": self.takes.example} if self.takes.example else {}
            parameters.append({"in": "json", "required": not self.takes.may_be_absent, "schema": self.takes, **example})
        if self.query:
            parameters.append({"in": "query", "schema": self.query})
        if "upload" in self.wanted:
            parameters.append({"in": "files", "required": True, "schema": UploadForm})
        if "once" in self.wanted:
            parameters.append({"in": "headers", "schema": IdempotencyHeader})
        if "if_match" in self.wanted:
            parameters.append({"in": "headers", "schema": IfMatchHeader})
        return parameters

    def _success(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "description": http.HTTPStatus(self.status).phrase,
            "content_type": self.content_type,
        }
        if self.gives:
            told["schema"] = self.gives()
            if self.gives.example:
                told["example"] = self.gives.example
        elif self.content_type:
            told["schema"] = {"type": "string"}
        headers = {"ETag": self.status in (200, 201), "Location": self.located}
        if any(headers.values()):
            told["headers"] = {name: {"schema": {"type": "string"}} for name, given in headers.items() if given}
        return told

    def _refused(self) -> dict[int, list[dict[str, Any]]]:
        content = {"schema": Problem(), "content_type": PROBLEM_JSON}
        return {status: [{**content, **refusal(status, kinds)}] for status, kinds in sorted(self._refusals().items())}

    def _refusals(self) -> dict[int, list[type[Refusal]]]:
        kinds: list[type[Refusal]] = [*self.refuses, InvalidRequest]
        if self.wanted - {"body", "query", "who", "once", "if_match", "upload", "sheet"}:
            kinds.append(NotFound)
        by_status = defaultdict(list)
        for kind in dict.fromkeys(kinds):
            by_status[kind.status].append(kind)
        return by_status


def refusal(status: int, kinds: Sequence[type[Refusal]]) -> dict[str, Any]:
    """Return what is told of a status that means refusals: in words, and an example for each code."""
    codes = {Refusal.code.fget(kind.__new__(kind)): kind for kind in kinds}  # type: ignore[attr-defined]
    description = "; ".join(f"`{code}`: {kind.title.en}" for code, kind in codes.items())
    examples = {
        code: {
            "summary": kind.title.en,
            "value": {
                "type": f"/problems/{code}",
                "title": kind.title.en,
                "status": status,
                "code": code,
                **(
                    {"errors": [{"field": "limit", "message": "Not a valid integer."}]}
                    if kind is InvalidRequest
                    else {}
                ),
            },
        }
        for code, kind in codes.items()
    }
    return {"description": description, "examples": examples}


def describe(view: Callable[..., Any]) -> dict[str, str]:
    """Return the summary of a view, and its description where it has one."""
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
