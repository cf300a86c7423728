"""Nothing that comes from outside reaches what is inside, or speaks for somebody else."""

import re

import pytest

from tests.system.client import System

QUESTION = {"numbers": ["100001"]}


@pytest.mark.parametrize(
    "path",
    [
        "/internal/students",
        "/internal/students?x=/api/v1/terms",
        "/api/v1/../../internal/students",
        "/api/v1/%2e%2e/%2e%2e/internal/students",
        "/api/v1/%2E%2E%2F%2E%2E%2Finternal/students",
        "/api/v1/students/..%2f..%2f..%2finternal%2fstudents",
        "/api/v1/students/..;/..;/internal/students",
        "//internal/students",
        "/api/v1//internal/students",
        "/api/v1/internal/students",
        "/%69nternal/students",
        "/api/v1/students%00/internal",
        "/api/v1/students/%ff",
        "/api/v1/students/%0d%0aX:%201",
        "/openapi.json",
        "/api/v1/students/openapi.json/",
    ],
)
@pytest.mark.parametrize("role", [None, "registrar", "admin"])
def test_internal_addresses_do_not_exist_outside(system: System, path: str, role: str | None) -> None:
    reply = system.ask("POST", path, QUESTION, role=role)

    assert reply.status in {404, 405} | system.unread
    assert b"given_name" not in reply.body


def test_an_absolute_address_leads_no_further(system: System) -> None:
    assert system.ask("GET", "http://elsewhere/internal/students").status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"X-User": "admin", "X-Roles": "admin", "X-Principal": "admin"},
        {"X-Forwarded-User": "admin", "Remote-User": "admin", "REMOTE_USER": "admin"},
        {"Cookie": "session=admin"},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJhZG1pbiJdfQ."},
        {"Authorization": "Basic YWRtaW46ZGVtbw=="},
    ],
)
def test_nobody_becomes_somebody_by_a_header(system: System, headers: dict[str, str]) -> None:
    assert system.ask("GET", "/api/v1/accounts", headers=headers).status == 401


def test_no_header_moves_the_root_of_the_addresses(system: System) -> None:
    for name in ("SCRIPT_NAME", "Script-Name", "PATH_INFO"):
        assert system.ask("GET", "/api/v1/terms", headers={name: "/api"}).status == 200


def test_a_deadline_from_outside_shortens_nothing(system: System) -> None:
    assert system.ask("GET", "/api/v1/terms", headers={"X-Request-Deadline": "1"}).status == 200


def test_a_name_with_a_space_reaches_its_module(system: System) -> None:
    reply = system.ask("GET", "/api/v1/courses/CSE%20100A%C5%BB")

    assert (reply.status, reply.json["code"]) == (404, "course-not-found")


def test_the_answer_to_one_request_is_not_the_answer_to_another(system: System) -> None:
    hidden = b"GET /internal/students HTTP/1.1\r\nHost: a\r\n\r\n"
    open_request = b"POST /api/v1/terms HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(hidden)
    following = b"GET /api/v1/terms HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    heard = system.say(open_request + hidden + following)

    assert re.findall(rb"HTTP/1.1 (\d+)", heard) == [b"401", b"200"]
