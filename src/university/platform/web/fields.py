"""The kinds of values that requests and answers carry, each with its limits; JSON types are taken literally."""

import math
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, validate

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class In(ma.Schema):
    """A request body: an unknown field is refused. One that `may_be_absent` has a default for every field."""

    may_be_absent: ClassVar[bool] = False

    class Meta:
        """Strict."""

        unknown = ma.RAISE

    example: ClassVar[Mapping[str, Any] | None] = None


class Out(ma.Schema):
    """An answer; clients must expect further fields in it later."""

    class Meta:
        """Tolerant."""

        unknown = ma.EXCLUDE

    example: ClassVar[Mapping[str, Any] | None] = None


class Query(In):
    """The query string of an operation: text turned into the fields' kinds; a name given twice is of no kind."""

    @ma.pre_load
    def _typed(self, data: Mapping[str, list[str]], **_: Any) -> dict[str, Any]:
        return {name: values if len(values) > 1 else self._value(name, values[0]) for name, values in data.items()}

    def _value(self, name: str, text: str) -> Any:
        field = self.fields.get(name)
        if isinstance(field, Whole) and _INTEGER.fullmatch(text):
            return int(text)
        if isinstance(field, Number) and _DECIMAL.fullmatch(text):
            return float(text)
        if isinstance(field, Flag) and text in {"true", "false"}:
            return text == "true"
        return text


def _listed(check: Callable[[Any], Any] | list[Callable[[Any], Any]] | None) -> list[Callable[[Any], Any]]:
    if check is None:
        return []
    return check if isinstance(check, list) else [check]


class Shape(validate.Validator):
    """What a whole text looks like, written so that the document's readers (ECMA 262) understand it too."""

    def __init__(self, pattern: str, error: str) -> None:
        self.regex, self._error = re.compile(f"^(?:{pattern})$"), error

    def __call__(self, value: str) -> str:
        """Return a text of this shape; `$` alone would let a line end pass."""
        if not self.regex.fullmatch(value):
            raise ma.ValidationError(self._error)
        return value


class Text(fields.String):
    """A string of bounded length without control characters; `multiline` allows line ends and tabs."""

    def __init__(self, most: int, *, least: int = 1, multiline: bool = False, **kwargs: Any) -> None:
        self._multiline = multiline
        checks: list[Callable[[Any], Any]] = [
            validate.Length(min=least, max=most),
            self._printable,
            *_listed(kwargs.pop("validate", None)),
        ]
        super().__init__(validate=checks, **kwargs)

    def _printable(self, value: str) -> None:
        allowed = "\n\r\t" if self._multiline else ""
        if any((ord(sign) < 32 and sign not in allowed) or 0x7F <= ord(sign) < 0xA0 for sign in value):
            raise ma.ValidationError("Control characters are not allowed.")


class Code(Text):
    """A name that people type: no space at either end and no slash, so that it fits into a path."""

    def __init__(self, most: int = 40, **kwargs: Any) -> None:
        super().__init__(most, validate=Shape(r"[^\s/](?:[^/]*[^\s/])?", "Not a valid code."), **kwargs)


class Key(Text):
    """An id, or the natural key of the thing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(120, **kwargs)


class Whole(fields.Integer):
    """A JSON integer within bounds: 5 and 5.0, but neither 2.5 nor "5" nor true."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(validate=[validate.Range(least, most), *_listed(kwargs.pop("validate", None))], **kwargs)

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid", input=value)
        return int(value)


class Number(fields.Float):
    """A JSON number within bounds."""

    def __init__(self, least: float, most: float, **kwargs: Any) -> None:
        super().__init__(validate=[validate.Range(least, most), *_listed(kwargs.pop("validate", None))], **kwargs)

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        if isinstance(value, float) and not math.isfinite(value):
            raise self.make_error("invalid", input=value)
        try:
            return float(value)
        except OverflowError as error:
            raise self.make_error("too_large") from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> int | float | None:
        number = super()._serialize(value, attr, obj, **kwargs)
        return int(number) if isinstance(number, float) and number.is_integer() else number  # type: ignore[return-value]


class Flag(fields.Boolean):
    """JSON true or false, nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Choice(fields.Enum[StrEnum]):
    """One word of a closed list, documented as one named component."""

    def __init__(self, words: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(words, by_value=fields.String, **kwargs)

    def _serialize(self, value: str | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        """Present a word, or the plain text of one as a database row holds it."""
        return None if value is None else str(value)


class Day(fields.Date):
    """A date, `YYYY-MM-DD`, between 1900 and 2200."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= day.year <= 2200:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return day


class Instant(fields.AwareDateTime):
    """A timestamp with its offset (RFC 3339); UTC inside and in answers."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:
        if not isinstance(value, str) or not _ZONED.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error
        if not 1900 <= moment.year <= 2200:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return moment

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Clock(fields.String):
    """A time of day, `HH:MM`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=Shape("([01][0-9]|2[0-3]):[0-5][0-9]", "Not a time, HH:MM."), **kwargs)


class Paged(ma.Schema):
    """Which page of a list is wanted."""

    limit = Whole(1, 200, load_default=50, metadata={"description": "Items on a page."})
    cursor = Text(1000, metadata={"description": "The `next` of the page before."})
    total = Flag(load_default=False, metadata={"description": "Count all items too."})


class PageQuery(Query, Paged):
    """What every list takes."""


class SearchIn(In, Paged):
    """What every search takes: a list whose question is a body, since no address may name people."""


def patch_of(schema: type[In], *, without: tuple[str, ...] = ()) -> type[In]:
    """Return the schema of a partial change: the same fields, none required and none with a default."""
    changed: dict[str, Any] = {}
    for name, field in schema._declared_fields.items():  # noqa: SLF001 - marshmallow offers no public name
        if name not in without:
            changed[name] = deepcopy(field)
            changed[name].required = False
            changed[name].load_default = ma.missing
    told = [(name, value) for name, value in (schema.example or {}).items() if name not in without]
    changed["example"] = dict(told[:1]) or None
    changed["__doc__"] = (
        f"A partial change of {schema.__name__.removesuffix('In').lower()}: only what is named changes."
    )
    name = schema.__name__.removesuffix("In") + "Patch"
    return type(name, (In,), {**changed, "__module__": schema.__module__})


def list_of(item: type[Out]) -> type[Out]:
    """Return the schema of a page of items."""
    name = item.__name__.removesuffix("Out") + "List"
    example = {"items": [item.example] if item.example else [], "next": None}
    return type(
        name,
        (Out,),
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True, metadata={"description": "Cursor of the next page."}),
            "total": fields.Integer(metadata={"description": "Only when `total` is asked for."}),
            "example": example,
            "__doc__": f"One page of {name.removesuffix('List').lower()}s.",
            "__module__": item.__module__,
            "_no_empty_total": ma.post_dump(_without_total),
        },
    )


def _without_total(_schema: ma.Schema, data: dict[str, Any], **_: Any) -> dict[str, Any]:
    if data.get("total", 0) is None:
        del data["total"]
    return data
