"""No address names anybody: it stands in histories and in proxies' logs, so people are looked for by a body."""

import ast
import re
from collections.abc import Iterator

from tests.security.rules import reading
from tests.security.rules.reading import Sources

CLOSED = {"Choice", "Clock", "Day", "Flag", "Instant", "Number", "Whole"}
"""Kinds of fields that hold no free text; nor does one that is `OneOf` some words."""
KEYS = {"actor", "course", "cursor", "instructor", "operation", "term", "token"}
"""Parameters that hold a key; so do those that end in `_id`."""
CODES = {"component", "department", "group", "language", "level", "program", "status"}
"""Parameters that hold a word of the catalog or of a program of studies."""
CATALOG = {("CourseQuery", "q"), ("OfferingQuery", "q")}
"""What is looked for in the public catalog, where everybody reads who teaches."""
PROVIDER = {("OidcLoginQuery", "next"), *(("OidcCallbackQuery", one) for one in ("state", "code", "iss", "error"))}
"""What a browser brings back from signing in; the protocol has it so."""
PARTS = {"key", "table", "term"}
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def no_address_names_anybody(sources: Sources) -> Iterator[str]:
    """A query takes keys, codes and words of closed lists; a path has keys for its parts."""
    classes = {one.name: (path, one) for path, tree in sources.items() for one in _classes(tree)}
    for name, (path, one) in classes.items():
        if not any(_last(base).endswith("Query") for base in one.bases):
            continue
        for field, kind in _fields(one, classes):
            if not (kind in CLOSED or field in KEYS | CODES or field.endswith("_id")) and (name, field) not in (
                CATALOG | PROVIDER
            ):
                yield f"{path}: {name} takes {field}, a text that may name somebody, from the address"
    for path, view in reading.views(sources):
        for part in _PART.findall(view.rule):
            if part not in PARTS and not part.endswith("_id"):
                yield f"{path}: the address of {view.function.name} has {part}, which may name somebody"


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _fields(one: ast.ClassDef, classes: dict[str, tuple[str, ast.ClassDef]]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a schema by name and kind, those of its bases in the same module too."""
    for node in one.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call)
            ):
                yield name, _kind(call)
            case _:
                pass
    for base in one.bases:
        if _last(base) in classes:
            yield from _fields(classes[_last(base)][1], classes)


def _kind(field: ast.Call) -> str:
    of_words = any(reading.called(call) == "OneOf" for call in reading.calls(field))
    return "Choice" if of_words else reading.called(field)


def _last(base: ast.expr) -> str:
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
