"""Every operation asked by every caller about both sides, compared with the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from tests.house import Reply
from tests.security import minting, table
from tests.security.minting import Base
from tests.security.rows import CALLERS, Row, filled
from tests.security.world import SIDES, World
from university.platform.security import Principal

PEOPLE = CALLERS[:-1]
NOT_BELIEVED = ("expired", "for somebody else")


@dataclass(frozen=True)
class Case:
    """One request: of a row, about a side, by a caller who comes in at a place."""

    name: str
    row: Row
    method: str
    path: str
    module: str
    side: str
    caller: str
    expected: int
    place: str

    def told(self, reply: Reply, *, changed: bool) -> str | None:
        """Return what is wrong with an answer, or with what it did, or None."""
        refused = reply.status >= HTTPStatus.BAD_REQUEST
        if reply.status == self.expected and not (refused and (changed or not _is_problem(reply))):
            return None
        return (
            f"{self.module} {self.name} of side {self.side} by {self.caller} at the {self.place}: "
            f"{reply.status} instead of {self.expected}{', changed' if changed else ''}: "
            f"{reply.body[:300].decode(errors='replace')}"
        )


def cases(world: World) -> Iterator[Case]:
    """Yield every case."""
    for module, rows in table.PUBLIC.items():
        operations = world.documents(module)["public"]
        for name, row in rows.items():
            method, path = operations[name.partition(" ")[0]]
            for side in SIDES:
                for caller in PEOPLE:
                    yield Case(name, row, method, path, module, side, caller, row.expected[caller], "door")
                service = row.expected["service"]
                yield Case(name, row, method, path, module, side, "service", service, "module")
                yield Case(name, row, method, path, module, side, "service", 401, "door")
            for caller in NOT_BELIEVED:
                yield Case(name, row, method, path, module, "a", caller, 401, "module")
    for module, rows in table.INTERNAL.items():
        operations = world.documents(module)["internal"]
        for name, row in rows.items():
            method, path = operations[name]
            for caller in CALLERS:
                yield Case(name, row, method, path, module, "a", caller, row.expected[caller], "module")
                yield Case(name, row, method, path, module, "a", caller, 404, "door")
            for caller in NOT_BELIEVED:
                yield Case(name, row, method, path, module, "a", caller, 401, "module")


def faults(world: World, chosen: Iterator[Case]) -> tuple[list[str], int]:
    """Ask every case of a university as it was in the beginning; return what is wrong, and how many were asked."""
    found, count = [], 0
    for case in chosen:
        reply = ask(world, case)
        count += 1
        changed = world.was_changed()
        if fault := case.told(reply, changed=changed):
            found.append(fault)
        if changed:
            world.put_back()
    return found, count


def ask(world: World, case: Case) -> Reply:
    """Ask one case."""
    facts = world.facts[case.side]
    path = case.path
    for name, value in case.row.at.items():
        path = path.replace(f"{{{name}}}", filled(value, facts))
    query = urlencode({name: filled(value, facts) for name, value in case.row.query.items()})
    target, body = f"{path}?{query}" if query else path, filled(case.row.body, facts)
    headers = case.row.headers
    if case.place == "module":
        return world.ask(case.module, case.method, target, body, headers, _shown(world, case))
    if case.caller == "service":
        return world.knock(case.method, target, body, headers, world.vouched("gateway"))
    account = world.account(case.caller, case.side)
    return world.knock(case.method, target, body, headers, world.tokens[account] if account else "")


def _shown(world: World, case: Case) -> str:
    """Return the token that a caller shows to a module."""
    keyring = world.university.keyring
    if case.caller == "service":
        return world.vouched(case.module)
    if case.caller == "for somebody else":
        other = "student" if case.module != "student" else "course"
        return keyring.sign("gateway", other, Principal("r", frozenset({"registrar"})))
    if case.caller == "expired":
        return Base(keyring, case.module).token(iat=minting.later(-200), exp=minting.later(-60))
    who = world.principal(case.caller, case.side)
    return keyring.sign("gateway", case.module, who) if who else ""


def _is_problem(reply: Reply) -> bool:
    """Tell whether a refusal is a whole problem document."""
    kind = reply.headers.get("Content-Type", "")
    return kind.startswith("application/problem+json") and {"status", "code", "title"} <= set(reply.json)
