"""No text becomes part of a statement."""

import ast
from collections.abc import Iterator

from tests.security.rules import reading
from tests.security.rules.reading import Sources

ASKING = {"text", "execute", "exec_driver_sql", "scalars", "scalar", "stream", "literal_column", "DDL"}


def nothing_is_written_into_sql(sources: Sources) -> Iterator[str]:
    """A statement is written as it is; values are bound, and only our own constants and a schema's name are put in.

    Migrations hear nobody's words, and a PRAGMA takes no bound values.
    """
    for path, tree in sources.items():
        if path.startswith("migrations/"):
            continue
        for call in reading.calls(tree):
            if reading.called(call) in ASKING and call.args:
                for name in _written(call.args[0]):
                    yield f"{path}:{call.lineno}: {reading.called(call)} is given a text that holds {name}"


def _written(node: ast.expr) -> Iterator[str]:
    """Yield what a text is put together from, but for what is ours."""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str() as first), *_]) if first.startswith("PRAGMA "):
            return
        case ast.JoinedStr(values=parts):
            yield from (
                _name(part.value) for part in parts if isinstance(part, ast.FormattedValue) and _is_foreign(part.value)
            )
        case ast.BinOp(op=ast.Add() | ast.Mod(), left=left, right=right):
            for side in (left, right):
                if isinstance(side, ast.Constant):
                    continue
                if isinstance(side, ast.JoinedStr | ast.BinOp):
                    yield from _written(side)
                elif _is_text(left) or _is_text(right):
                    yield _name(side)
        case ast.Call(func=ast.Attribute(attr="format" | "join", value=value)) if _is_text(value):
            yield _name(node)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_foreign(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return not (name.isupper() or name in {"schema", "SCHEMA"})


def _name(node: ast.expr) -> str:
    return ast.unparse(node)
