"""Whoever names a thing is asked whose it is."""

import ast
from collections.abc import Iterator

from tests.security.rules import reading
from tests.security.rules.reading import Sources

PEOPLE = {"student", "instructor"}
"""Roles that reach some things and not others."""
OWNERS = {"student_id", "instructor_id"}
_RECORDED = {"subject", "scopes"}
"""What may be read of a caller without asking what is theirs."""


def the_object_is_checked(sources: Sources) -> Iterator[str]:
    """A view that students or instructors name a thing to passes on who asks, and the service looks at it."""
    reached = set()
    for path, view in reading.views(sources):
        if not (PEOPLE & view.roles and "<" in view.rule):
            continue
        passing = [call for call in reading.calls(view.function) if _passes(call)]
        if not passing:
            yield f"{path}: {view.function.name} lets in {', '.join(sorted(view.roles))} and passes nobody on"
        reached |= {reading.called(call) for call in passing}
    for path, tree in reading.within(sources, "service"):
        helpers = {function.name: function for function in reading.functions(tree)}
        for function in helpers.values():
            taken = reading.parameters(function)
            keys = {name for name in taken if name == "key" or name.endswith("_id")}
            if function.name in reached and "who" in taken and keys and not _looks(function, helpers, set()):
                yield f"{path}: {function.name} takes {', '.join(sorted(keys))} and never asks whose it is"


def the_owner_is_no_word_of_the_body(sources: Sources) -> Iterator[str]:
    """Nothing is made somebody's because a body says so: a key goes through a question first."""
    for folder in ("api", "service"):
        for path, tree in reading.within(sources, folder):
            for call in reading.calls(tree):
                if not reading.called(call)[:1].isupper():
                    continue
                for keyword in call.keywords:
                    if keyword.arg in OWNERS and _is_said(keyword.value):
                        yield f"{path}:{call.lineno}: {reading.called(call)} is made somebody's by what a body says"


def _passes(call: ast.Call) -> bool:
    """Tell whether a call is told who asks."""
    told = [*call.args, *(one.value for one in call.keywords)]
    return any(_is_who(one) or (isinstance(one, ast.Call) and reading.called(one) == "authorize") for one in told)


def _is_who(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "who"


def _looks(function: ast.FunctionDef, helpers: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    """Tell whether a function, or one of its file that it passes the caller to, looks at more than the name."""
    seen.add(function.name)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and _is_who(node.value) and node.attr not in _RECORDED:
            return True
        if isinstance(node, ast.Call) and _passes(node):
            name = reading.called(node)
            if reading.owner(node) == "access" or name not in helpers:
                return True
            if name not in seen and _looks(helpers[name], helpers, seen):
                return True
    return False


def _is_said(node: ast.expr) -> bool:
    """Tell whether a value is read from a mapping, under the name of an owner."""
    if isinstance(node, ast.Subscript):
        said: ast.expr | None = node.slice
    else:
        said = node.args[0] if isinstance(node, ast.Call) and reading.called(node) == "get" and node.args else None
    return isinstance(said, ast.Constant) and said.value in OWNERS
