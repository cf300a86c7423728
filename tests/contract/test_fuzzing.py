"""Schemathesis reads the public document and asks everything it allows: no surprise, no undocumented answer."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from entrypoints import all_in_one
from tests.campus import Campus, meeting
from tests.process import filled
from university.platform.settings import Settings
from university.platform.transport.near import call_wsgi

EXAMPLES = int(os.environ.get("UNIVERSITY_TEST_FUZZ", "6"))
"""Requests an operation, kind of data and role; thousands on demand."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = ("registrar", "student", "admin", "nobody")


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without its catch-all answers, so that an undocumented status is found."""
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].pop("default", None)
    return document


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The whole university behind its door, and its strict document as Schemathesis reads it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("fuzzed"), request_timeout=60, neighbor_timeout=60)
    with filled(settings) as campus:
        _fill(campus)
    opened = all_in_one.put_together(settings)
    opened.start()
    schema = schemathesis.openapi.from_dict(strict(msgspec.json.decode(opened.document())))
    schema.app = opened.app()
    yield schema
    opened.stop()


def _fill(campus: Campus) -> None:
    """Make a few of everything, so that some requests find something."""
    campus.window()
    section = campus.section("MAT-101", meetings=[meeting("mon", "10:00", "11:30")])
    student = campus.student(number="100001")
    campus.enroll(student, section)
    campus.completed(student, "MAT-100")


@pytest.fixture(scope="module")
def tokens(fuzzed: Any) -> dict[str, str]:
    def sign_in(username: str) -> str:
        body = msgspec.json.encode({"username": username, "password": "demo"})
        headers = {"Content-Type": "application/json"}
        answer = call_wsgi(fuzzed.app, "POST", "/api/v1/auth/token", headers, body)
        assert answer.status == 200, answer.body
        return str(msgspec.json.decode(answer.body)["access_token"])

    return {name: sign_in(name) for name in ROLES if name != "nobody"}


def _asking(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> Callable[[], None]:
    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    asking: Callable[[], None] = ask
    return asking


def ask_all(schema: Any, mode: GenerationMode, headers: dict[str, str]) -> int:
    """Ask every operation of a document, tell all faults together, and return how many operations could be asked."""
    faults: dict[str, str] = {}
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            _asking(operation, mode, headers)()
            asked += 1
        except Unsatisfiable:
            continue  # Nothing of this operation can be said wrongly: every text is a valid key.
        except Exception as fault:  # noqa: BLE001 - every operation is asked, all faults are told together
            faults[operation.label] = str(fault)[:1500]
    assert not faults, "\n\n".join(f"{operation}: {fault}" for operation, fault in faults.items())
    return asked


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("role", ROLES)
def test_whatever_is_asked_gets_a_documented_answer(
    fuzzed: Any, tokens: dict[str, str], role: str, mode: GenerationMode
) -> None:
    headers = {"Authorization": f"Bearer {tokens[role]}"} if role in tokens else {}

    assert ask_all(fuzzed, mode, headers) > (60 if mode is GenerationMode.POSITIVE else 40)
