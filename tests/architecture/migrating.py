"""What in a migration would lock out, or break, the version that serves while it runs."""

import ast
import re
from collections.abc import Iterator

FIRST = "0001"
"""A schema's first migration finds no rows and nobody who serves."""
_SCANS = {
    "create_check_constraint": "postgresql_not_valid",
    "create_foreign_key": "postgresql_not_valid",
}
"""What reads every row under a lock, and the option by which it does not; existing rows are then validated later."""
_REMOVES = {"drop_column", "drop_constraint", "drop_index", "drop_table", "drop_table_comment", "rename_table"}
"""What takes something away that the version before may still use: only a contract step may."""
_CHANGES = {
    "type_": "rewrites the table; add another column and fill it in steps",
    "new_column_name": "takes the old name away; add another column instead",
}
_RAW = {
    r"^\s*create\s+(unique\s+)?index\b(?!\s+concurrently)": "an index made without CONCURRENTLY blocks writers",
    r"\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b": "rewrites the table",
    r"\bset\s+not\s+null\b": "reads every row under a lock; validate a check constraint first",
    r"\badd\s+constraint\b(?!.*\bnot\s+valid\b)": "reads every row under a lock; add it NOT VALID",
    r"^\s*(vacuum\s+full|cluster|lock\s+table|truncate|reindex(?!.*concurrently))\b": "locks everybody out",
}
_RAW_REMOVES = r"\b(drop\s+(table|column|constraint|schema|index)|rename\s+(to|column))\b"


def unsafe(source: str) -> list[str]:
    """Return what is unsafe about the upgrade in a migration's code, each with its line.

    What a migration does to a table of its own making is safe. `step = "contract"` in the migration allows taking away.
    """
    tree = ast.parse(source)
    assigned = {
        target.id: getattr(node.value, "value", None)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if assigned.get("revision") == FIRST:
        return []
    (upgrade,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    calls = [node for node in ast.walk(upgrade) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    own = {_text(call, 0) for call in calls if _name(call) == "create_table"}
    contracts = assigned.get("step") == "contract"
    return [
        f"line {call.lineno}: {_name(call)}: {why}"
        for call in calls
        if not own & {_text(call, 0), _text(call, 1)} - {None}
        for why in _faults(call, contracts=contracts)
    ]


def _faults(call: ast.Call, *, contracts: bool) -> Iterator[str]:
    name = _name(call)
    if name in _REMOVES and not contracts:
        yield "the version that serves may still use it; wait for a contract step"
    if name == "add_column":
        yield from _added(call)
    if name == "alter_column":
        yield from (why for option, why in _CHANGES.items() if _option(call, option) is not None)
        if _is(call, "nullable", value=False):
            yield "reads every row under a lock; validate a check constraint first"
    if name == "create_index" and not _is(call, "postgresql_concurrently", value=True):
        yield "blocks writers; make it with postgresql_concurrently=True in an autocommit_block"
    if name == "create_unique_constraint":
        yield "blocks writers; make a unique index concurrently"
    if name in _SCANS and not _is(call, _SCANS[name], value=True):
        yield f"reads every row under a lock; add it with {_SCANS[name]}=True and validate it in a later step"
    if name == "execute":
        yield from _raw(call, contracts=contracts)


def _added(call: ast.Call) -> Iterator[str]:
    for column in (one for one in ast.walk(call) if isinstance(one, ast.Call) and _name(one) == "Column"):
        if _is(column, "nullable", value=False) and _option(column, "server_default") is None:
            yield "NOT NULL without a server_default: what serves does not write it"
        if _is(column, "unique", value=True) or _is(column, "index", value=True):
            yield "an index made with its column blocks writers; make it concurrently"


def _raw(call: ast.Call, *, contracts: bool) -> Iterator[str]:
    said = " ".join(one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    yield from (why for pattern, why in _RAW.items() if re.search(pattern, said, re.IGNORECASE | re.DOTALL))
    if re.search(_RAW_REMOVES, said, re.IGNORECASE) and not contracts:
        yield "the version that serves may still use it; wait for a contract step"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _text(call: ast.Call, position: int) -> str | None:
    given = call.args[position] if len(call.args) > position else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def _option(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is(call: ast.Call, name: str, *, value: bool) -> bool:
    given = _option(call, name)
    return isinstance(given, ast.Constant) and given.value is value
