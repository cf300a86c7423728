"""Schemathesis reads the public document and asks everything it allows: no surprise, no answer to who may not ask."""

import os
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import hypothesis.strategies
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security import speaking, table
from tests.security.rows import Row, filled
from tests.security.world import World, opened

EXAMPLES = int(os.environ.get("UNIVERSITY_TEST_FUZZ", "3"))
"""Requests an operation, kind of data and role; thousands on demand."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
COLUMNS = {
    "registrar": ("registrar",),
    "student": ("owner", "other student"),
    "instructor": ("teacher", "other teacher"),
    "admin": ("admin",),
    "nobody": ("nobody",),
}
"""As whom is asked, and under which callers the authorization table tells what they may."""
SOMETHING = hypothesis.strategies.sampled_from([None, "a", "b"])
"""Whose things an address names: nobody's, as made up from the document, or those of one of the sides."""


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without its catch-all answers, so that an undocumented status is found."""
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].pop("default", None)
    return document


Known = Mapping[str, Mapping[str, str]]
"""The parts of an operation's address that lead somewhere, by side."""
Judge = Callable[[Any, Any], None]
"""Looks at a case and its answer, and raises when that is wrong."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("fuzzed")) as university:
        yield university


@pytest.fixture(scope="module")
def schema(world: World) -> Any:
    """The strict document of the whole university, as Schemathesis reads it."""
    document = msgspec.json.decode(world.university.document())
    read = schemathesis.openapi.from_dict(strict(document))
    read.app = world.door
    return read


def _asking(
    operation: Any, mode: GenerationMode, headers: dict[str, str], known: Known, judge: Judge, count: list[int]
) -> Callable[[], None]:
    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), SOMETHING)
    def ask(case: Any, side: str | None) -> None:
        if side is not None and side in known:
            case.path_parameters = {**(case.path_parameters or {}), **known[side]}
        count[0] += 1
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        judge(case, response)

    asking: Callable[[], None] = ask
    return asking


def ask_all(
    schema: Any,
    mode: GenerationMode,
    headers: dict[str, str],
    known: Callable[[str], Known] = lambda _: {},
    judge: Judge = lambda _case, _response: None,
    count: list[int] | None = None,
    before: Callable[[], None] = lambda: None,
) -> int:
    """Ask every operation of a document, tell all faults together, and return how many operations could be asked.

    `before` is done before each; `count` adds up the cases.
    """
    faults: dict[str, str] = {}
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        before()
        try:
            known_here = known(operation.definition.raw["operationId"])
            _asking(operation, mode, headers, known_here, judge, count or [0])()
            asked += 1
        except Unsatisfiable:
            continue  # Nothing of this operation can be said wrongly: every text is a valid key.
        except (Exception, FailureGroup) as fault:  # noqa: BLE001 - every operation is asked, all faults are told together
            faults[operation.label] = str(fault)[:1500]
    assert not faults, "\n\n".join(f"{operation}: {fault}" for operation, fault in faults.items())
    return asked


def known_of(world: World, name: str) -> Known:
    """Return the addresses of an operation that the authorization table asks for."""
    rows: dict[str, Row] = {key: row for module in table.PUBLIC.values() for key, row in module.items()}
    at = rows[name].at if name in rows else {}
    return {side: filled(dict(at), facts) for side, facts in world.facts.items()} if at else {}


def served_to_who_may_ask(role: str) -> Judge:
    """Return who raises when an operation serves a role that the authorization table lets in nowhere."""

    def judge(case: Any, response: Any) -> None:
        name = case.operation.definition.raw["operationId"]
        if response.status_code < HTTPStatus.BAD_REQUEST:
            assert speaking.callers_let_in(name).intersection(COLUMNS[role]), f"{role} was served {name}"

    return judge


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("role", COLUMNS)
def test_whatever_is_asked_gets_a_documented_answer(
    world: World, schema: Any, role: str, mode: GenerationMode, record_property: Callable[[str, object], None]
) -> None:
    account = world.account(COLUMNS[role][0], "a")
    headers = {"Authorization": f"Bearer {world.tokens[account]}"} if account else {}
    count = [0]

    asked = ask_all(
        schema, mode, headers, lambda name: known_of(world, name), served_to_who_may_ask(role), count, world.renewed
    )

    record_property("figures", f"{role}, {mode.value}: {count[0]} cases of {asked} operations")
    assert asked > (60 if mode is GenerationMode.POSITIVE else 40)
