"""A system reaches no further than its scopes, at the door as at each module; within them it is the registrar."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from tests.house import Reply
from tests.security import table
from tests.security.rows import Row, filled
from tests.security.sides import EVERY_SCOPE
from tests.security.world import World
from university.platform.security import Principal

SCOPES = {"boards": ["course:read"], "mirror": EVERY_SCOPE, "auditor": ["audit:read"]}
READS_BY_POST = {
    *("check_requisites", "parse_requisites", "verify_student", "validate_plan"),
    *("search_students", "search_instructors", "search_accounts"),
}
AUDIT = {"name_actors", *(f"list_{module}_audit" for module in table.PUBLIC)}
FOR_NOBODY_TOO = {"export_timetable"}
"""Whoever lacks the scope is nobody in particular here, and what lets in nobody but some is left to the operation."""
Cell = tuple[str, str, str, Row, str, str, int | str]


def cells(world: World) -> Iterator[Cell]:
    """Yield what to ask: module, system, operation, row, method, path, and the status or the code to expect."""
    for module, rows in table.PUBLIC.items():
        operations = world.documents(module)["public"]
        for name, row in rows.items():
            operation = name.partition(" ")[0]
            method, path = operations[operation]
            reach = "read" if method == "GET" or operation in READS_BY_POST else "write"
            needed = "audit:read" if operation in AUDIT else f"{module}:{reach}"
            for system, scopes in SCOPES.items():
                # What answers everybody alike is public; it never looks who is asking.
                expected: int | str = row.expected["nobody"]
                if needed in scopes:
                    expected = row.expected["registrar"]
                elif operation not in FOR_NOBODY_TOO and len(set(row.statuses.split())) > 1:
                    expected = "scope-missing"
                yield module, system, name, row, method, path, expected


def ask(world: World, cell: Cell, place: str) -> Reply:
    """Ask one cell at the door, or at the module as the gateway would."""
    module, system, _, row, method, path, _ = cell
    facts = world.facts["a"]
    for name, value in row.at.items():
        path = path.replace(f"{{{name}}}", filled(value, facts))
    query = urlencode({name: filled(value, facts) for name, value in row.query.items()})
    asked = (method, f"{path}?{query}" if query else path, filled(row.body, facts), row.headers)
    if place == "door":
        return world.knock(*asked, world.tokens[system])
    who = Principal(system, frozenset({"registrar"}), scopes=frozenset(SCOPES[system]))
    return world.ask(module, *asked, world.university.keyring.sign("gateway", module, who))


def _lacks_scope(reply: Reply, module: str) -> bool:
    if reply.status != HTTPStatus.FORBIDDEN or reply.json["code"] != "scope-missing":
        return False
    scope: str = reply.json["scope"]
    return scope.startswith((f"{module}:", "audit:"))


@pytest.mark.timeout(600)
def test_a_system_reaches_no_further_than_its_scopes(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    wrong, asked, refused = [], 0, 0
    for cell in cells(world):
        for place in ("door", "module"):
            reply = ask(world, cell, place)
            changed = world.was_changed()
            asked += 1
            module, system, name, _, method, _, expected = cell
            refused += expected == "scope-missing"
            if reply.status != expected and not (_lacks_scope(reply, module) and expected == "scope-missing"):
                wrong.append(f"{name} ({method}) by {system} at the {place}: {reply.status} instead of {expected}")
            if changed:
                assert reply.status < HTTPStatus.BAD_REQUEST, name
                world.put_back()

    record_property("figures", f"scopes: {asked} cases, {refused} of them refused, {len(wrong)} wrong")
    assert not wrong, f"{len(wrong)} of {asked} cells are wrong:\n" + "\n".join(wrong)
    assert refused > asked / 4


def test_a_system_s_token_is_no_service_s(world: World) -> None:
    for module in table.INTERNAL:
        operations = world.documents(module)["internal"]
        who = Principal("mirror", frozenset({"registrar"}), scopes=frozenset(EVERY_SCOPE))
        token = world.university.keyring.sign("gateway", module, who)
        for method, path in operations.values():
            assert world.ask(module, method, path, {}, token=token).status == HTTPStatus.FORBIDDEN, path
            assert world.knock(method, path, {}, token=world.tokens["mirror"]).status == HTTPStatus.NOT_FOUND, path
