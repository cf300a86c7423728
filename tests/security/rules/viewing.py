"""Views parse, call once and present; what is read and written is decided in services."""

import ast
from collections.abc import Iterator

from tests.security.rules import reading
from tests.security.rules.reading import Sources

DOING = {"begin", "execute", "scalars", "scalar", "add", "add_all", "flush", "commit", "merge", "connect"}


def a_view_opens_no_session(sources: Sources) -> Iterator[str]:
    """No file of views opens a transaction or asks a database."""
    for path, tree in reading.within(sources, "api"):
        for node in ast.walk(tree):
            if isinstance(node, ast.With) and any(_opens(one.context_expr) for one in node.items):
                yield f"{path}:{node.lineno}: a view opens a session"
            if isinstance(node, ast.Call) and reading.called(node) in DOING and reading.owner(node) == "session":
                yield f"{path}:{node.lineno}: a view asks the database"


def _opens(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and reading.called(node) in {"begin", "read", "Session", "connect"}
