"""Whether all that one JSON schema lets through is taken by another, for the schemas that our documents are made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_EQUAL = ("pattern", "format", "uniqueItems", "multipleOf")
_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    type(None): "null",
    list: "array",
    dict: "object",
}
_KNOWN = frozenset(
    {
        *("type", "enum", "const", "anyOf", "oneOf", "properties", "required", "additionalProperties", "items"),
        *("prefixItems", "$ref", *_UPPER, *_LOWER, *_EQUAL),
        *("title", "description", "default", "example", "examples", "readOnly", "writeOnly", "deprecated"),
    }
)


@dataclass(frozen=True, slots=True)
class Excess:
    """Something that is let through and not taken: where (such as `.items[].id` or `Thing.id`), and what."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Compares `given` schemas of one document with `taken` schemas of another.

    With `awaited`, whoever takes looks for every property and word that they know, also for those that may be absent.
    Without, a property that is given and not known is excess: somebody sends it in vain. Schemas with a name are
    compared once, and give their name to the places in them: of the reader's schema, or of the sender's.
    """

    given: Schema
    taken: Schema
    awaited: bool
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def excess(self, given: Schema, taken: Schema, place: str = "") -> list[Excess]:
        """Return what `given` lets through that `taken` does not take."""
        pair = (given.get("$ref", ""), taken.get("$ref", ""))
        if all(pair):
            if pair in self._seen:
                return []
            self._seen.add(pair)
            place = pair[self.awaited].rpartition("/")[2]
        found: list[Excess] = []
        wanted = list(_alternatives(self.taken, taken))
        for one in _alternatives(self.given, given):
            tried = [list(self._simple(one, other, place)) for other in wanted]
            if all(tried):
                closest: list[Excess] = min(tried, key=lambda faults: _far(faults, place))
                found += closest
        return list(dict.fromkeys(found))

    def _simple(self, given: Schema, taken: Schema, place: str) -> Iterator[Excess]:
        """Yield what one alternative lets through beyond another."""
        if not _of_type(given, taken):
            yield Excess(place, f"may be {_named(given)}, not {_named(taken)}")
            return
        yield from _words(given, taken, place, awaited=self.awaited)
        if "enum" not in given:
            yield from _limits(given, taken, place)
        yield from self._properties(given, taken, place)
        yield from self._items(given, taken, place)

    def _properties(self, given: Schema, taken: Schema, place: str) -> Iterator[Excess]:
        told, known = given.get("properties", {}), taken.get("properties", {})
        for name, wanted in known.items():
            where = f"{place}.{name}"
            if name in told:
                yield from self.excess(told[name], wanted, where)
            if name in taken.get("required", ()):
                if name not in given.get("required", ()):
                    yield Excess(where, "is required, and may be absent" if name in told else "is required, not known")
            elif name not in told and self.awaited:
                yield Excess(where, "is not told")
        yield from self._others(given, taken, place)

    def _others(self, given: Schema, taken: Schema, place: str) -> Iterator[Excess]:
        """Yield what is let through under names that whoever takes does not list."""
        told, known = given.get("properties", {}), taken.get("properties", {})
        wanted = taken.get("additionalProperties", not known)
        for name in sorted(told.keys() - known):
            if isinstance(wanted, Mapping):
                yield from self.excess(told[name], wanted, f"{place}.{name}")
            elif not wanted and not self.awaited:
                yield Excess(f"{place}.{name}", "is not known")
        others = given.get("additionalProperties", not told)
        if isinstance(wanted, Mapping) and others is not False:
            yield from self.excess(others if isinstance(others, Mapping) else {}, wanted, f"{place}.*")

    def _items(self, given: Schema, taken: Schema, place: str) -> Iterator[Excess]:
        wanted, told = taken.get("prefixItems", []), given.get("prefixItems", [])
        for position in range(max(len(wanted), len(told))):
            one, other = _item(given, position), _item(taken, position)
            yield from self.excess(one, other, f"{place}[{position}]")
        if not wanted and "items" in taken:
            yield from self.excess(_item(given, len(told)), _item(taken, 0), f"{place}[]")


class UnknownWord(Exception):
    """A schema says something that the comparison would pass over."""


def _item(schema: Schema, position: int) -> Schema:
    prefix: Sequence[Schema] = schema.get("prefixItems", [])
    items = schema.get("items", {})
    return prefix[position] if position < len(prefix) else items if isinstance(items, Mapping) else {}


def _alternatives(document: Schema, schema: Schema) -> Iterator[Schema]:
    """Yield the schemas, each of one type, any of which a value may be of."""
    if strange := schema.keys() - _KNOWN:
        raise UnknownWord(f"no schema of ours says {sorted(strange)}")
    if reference := schema.get("$ref"):
        yield from _alternatives(document, _resolved(document, reference))
    elif either := schema.get("anyOf", schema.get("oneOf")):
        for one in either:
            yield from _alternatives(document, one)
    elif "const" in schema or "enum" in schema:
        yield from _by_type(schema.get("enum", [schema.get("const")]))
    elif isinstance(schema.get("type"), list):
        for kind in schema["type"]:
            yield {**schema, "type": kind}
    else:
        yield schema


def _by_type(words: Sequence[Any]) -> Iterator[Schema]:
    by_type: dict[str, list[Any]] = {}
    for word in words:
        by_type.setdefault(_TYPES[type(word)], []).append(word)
    for kind, some in by_type.items():
        yield {"type": kind, "enum": some}


def _resolved(document: Schema, reference: str) -> Schema:
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    schema: Schema = found
    return schema


def _of_type(given: Schema, taken: Schema) -> bool:
    kind, wanted = given.get("type"), taken.get("type")
    return wanted is None or kind == wanted or (kind, wanted) == ("integer", "number")


def _named(schema: Schema) -> str:
    return str(schema.get("type", "anything"))


def _words(given: Schema, taken: Schema, place: str, *, awaited: bool) -> Iterator[Excess]:
    known, said = taken.get("enum"), given.get("enum")
    if known is None:
        return
    if said is None:
        yield Excess(place, "may be any word")
        return
    yield from (Excess(place, f"may be {word!r}") for word in said if word not in known)
    if awaited:
        yield from (Excess(place, f"is never {word!r}") for word in known if word not in said)


def _limits(given: Schema, taken: Schema, place: str) -> Iterator[Excess]:
    for key in (*_UPPER, *_LOWER):
        if key in taken:
            limit = given.get(key)
            if limit is None or (limit > taken[key] if key in _UPPER else limit < taken[key]):
                yield Excess(place, f"{key} may be beyond {taken[key]}")
    for key in _EQUAL:
        if key in taken and given.get(key) != taken[key]:
            yield Excess(place, f"{key} may be another than {taken[key]!r}")


def _far(faults: Sequence[Excess], place: str) -> tuple[bool, int]:
    """Order how far alternatives are from fitting: another type is farthest."""
    return any(fault.place == place and ", not " in fault.what for fault in faults), len(faults)
