"""How rules read source: functions, calls, and what is declared of a view."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Sources = Mapping[str, ast.Module]
"""The parsed files of a module by their path below it, such as `service/planning.py`."""
VERBS = {"get", "post", "put", "patch", "delete"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class View:
    """A function that answers an operation, with what is declared of it."""

    function: ast.FunctionDef
    rule: str
    declared: dict[str, ast.expr]
    roles: frozenset[str]


def within(sources: Sources, folder: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the files of a folder, or the one file of its name."""
    for path, tree in sources.items():
        if path.startswith(f"{folder}/") or path == f"{folder}.py":
            yield path, tree


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield every function, those inside others too."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def parameters(function: ast.FunctionDef) -> set[str]:
    """Return the names a function takes."""
    told = function.args
    return {one.arg for one in (*told.posonlyargs, *told.args, *told.kwonlyargs)}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call, in the order of the text."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def called(call: ast.Call) -> str:
    """Return the last word of what is called: `add` of `session.add`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def owner(call: ast.Call) -> str:
    """Return the first word of what is called: `session` of `session.add`, `self` of `self._primary.begin`."""
    node = call.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def views(sources: Sources) -> Iterator[tuple[str, View]]:
    """Yield every view with the path of its file."""
    for path, tree in within(sources, "api"):
        words = _words(tree)
        for function in functions(tree):
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and called(decorator) in VERBS and decorator.args:
                    declared = {one.arg: one.value for one in decorator.keywords if one.arg}
                    rule = ast.literal_eval(decorator.args[0])
                    roles = frozenset(_said(declared.get("roles"), words))
                    yield path, View(function, rule, declared, roles)


def _words(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """Return the constants of a file that are words, or several."""
    words: dict[str, tuple[str, ...]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                values = (
                    node.value.elts
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [node.value]
                )
                for name, value in zip(names, values, strict=False):
                    if isinstance(name, ast.Name):
                        words[name.id] = tuple(_said(value, words))
    return words


def _said(node: ast.expr | None, words: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the words that an expression of words stands for; a name nobody has defined here stands for itself."""
    match node:
        case ast.Constant(value=str() as word):
            yield word
        case ast.Name(id=name):
            yield from words.get(name, (name,))
        case ast.Tuple(elts=several) | ast.List(elts=several):
            for one in several:
                yield from _said(one, words)
        case ast.Starred(value=inner):
            yield from _said(inner, words)
        case _:
            return
