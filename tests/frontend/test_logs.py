"""The log tells what became of requests, and nothing that is somebody's own."""

from pathlib import Path

import pytest

from tests.frontend import serving
from tests.frontend.behind import Behind
from tests.frontend.serving import Frontend

pytestmark = pytest.mark.nginx


@pytest.fixture
def logged(standing: Behind, pages: Path) -> list[dict[str, object]]:
    """What is logged of requests that hold secrets wherever a request can."""
    with serving.running(standing.address, pages) as frontend:
        _ask_with_secrets(frontend)
        return frontend.lines()


def _ask_with_secrets(frontend: Frontend) -> None:
    frontend.ask(
        "GET", "/students/secret-number?secret=1#secret", headers={"Referer": "http://secret", "User-Agent": "secret"}
    )
    frontend.ask("GET", "/api/v1/students/secret-number/timetable?token=secret", token="secret")
    frontend.ask("POST", "/api/v1/auth/token", {"password": "secret"}, headers={"Cookie": "secret", "X-Odd": 'a"b'})
    frontend.ask("GET", "/api/v1/terms", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    frontend.ask("GET", "/api/docs")
    frontend.say(b"GET /x?secret HTTP/9.9\r\nHost: secret\r\n\r\n")
    frontend.say(b"NONSENSE\r\n\r\n")
    frontend.ask("GET", '/a"b\\c')


def test_every_line_is_json_and_tells_no_secret(logged: list[dict[str, object]]) -> None:
    assert "secret" not in repr(logged)
    assert {line["module"] for line in logged} == {"frontend"}


def test_a_request_is_a_line_with_path_status_time_and_trace(logged: list[dict[str, object]]) -> None:
    requests = [line for line in logged if line["event"] == "request"]

    assert [(line["method"], line["path"], line["status"]) for line in requests][:5] == [
        ("GET", "/students", 200),
        ("GET", "/api/v1/students", 200),
        ("POST", "/api/v1/auth", 200),
        ("GET", "/api/v1/terms", 200),
        ("GET", "/api/docs", 200),
    ]
    assert requests[3]["trace_id"] == "a" * 32
    assert all(isinstance(line["seconds"], int | float) for line in requests)
    assert all(str(line["timestamp"]).endswith("+00:00") for line in requests)
    assert requests[1]["gateway_status"] == "200"


def test_probes_are_not_told(logged: list[dict[str, object]]) -> None:
    assert "/health" not in repr(logged)
