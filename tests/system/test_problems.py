"""Whatever is wrong with a request, the answer is a problem document that says so."""

from typing import Any

import msgspec
import pytest

from tests.house import Reply
from tests.system.client import System

TERM = {"code": "2031Z", "title": "Winter", "starts_on": "2031-10-01", "ends_on": "2032-02-10"}
JSON = {"Content-Type": "application/json"}


def problem_of(reply: Reply) -> tuple[int, str]:
    """Return status and code of an answer that is a whole problem document."""
    told = reply.json
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "instance", "code", "trace_id"} <= set(told)
    assert told["status"] == reply.status
    return reply.status, told["code"]


@pytest.mark.parametrize(
    ("method", "path", "role", "expected"),
    [
        ("GET", "/api/v1/nothing", None, (404, "not-found")),
        ("GET", "/api/v1/terms/2031Z/nothing", None, (404, "not-found")),
        ("GET", "/api/v1/terms/nowhere", None, (404, "term-not-found")),
        ("DELETE", "/api/v1/terms", None, (405, "method-not-allowed")),
        ("BREW", "/api/v1/terms", None, (405, "method-not-allowed")),
        ("POST", "/api/docs", None, (405, "method-not-allowed")),
        ("GET", "/api/v1/auth/me", None, (401, "unauthenticated")),
        ("GET", "/api/v1/accounts", None, (401, "unauthenticated")),
        ("GET", "/api/v1/accounts", "registrar", (403, "role-missing")),
        ("GET", "/api/v1/terms?limit=0", None, (422, "invalid-request")),
        ("GET", "/api/v1/terms?unknown=1", None, (422, "invalid-request")),
    ],
)
def test_a_request_that_leads_nowhere_is_a_problem(
    system: System, method: str, path: str, role: str | None, expected: tuple[int, str]
) -> None:
    assert problem_of(system.ask(method, path, role=role)) == expected


def test_a_person_finds_pages_and_is_told_in_words_where_there_is_none(system: System) -> None:
    person = {"Accept": "text/html,*/*;q=0.8"}

    first, missing = system.ask("GET", "/", headers=person), system.ask("GET", "/no-such-page", headers=person)

    assert (first.status, missing.status) == (200, 404)
    assert {first.headers["Content-Type"], missing.headers["Content-Type"]} == {"text/html; charset=utf-8"}
    assert "There is no such page" in missing.body.decode()


def test_the_gateway_tells_programs_of_a_missing_page_as_of_everything(system: System) -> None:
    assert problem_of(system.gateway.ask("GET", "/no-such-page")) == (404, "not-found")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b'{"code":', JSON, (400, "malformed-json")),
        (b"\xff\xfe", JSON, (400, "malformed-json")),
        (b"[" * 100_000, JSON, (400, "malformed-json")),
        (b"", JSON, (400, "malformed-json")),
        (b"code=2031Z", {"Content-Type": "application/x-www-form-urlencoded"}, (415, "not-json")),
        (b"{}", {}, (415, "not-json")),
        (b"[]", JSON, (422, "invalid-request")),
        (b"null", JSON, (422, "invalid-request")),
        (msgspec.json.encode({**TERM, "title": 5}), JSON, (422, "invalid-request")),
        (msgspec.json.encode({**TERM, "color": "red"}), JSON, (422, "invalid-request")),
        (msgspec.json.encode({**TERM, "title": "a\u0000b"}), JSON, (422, "invalid-request")),
        (b"x" * 1_048_577, JSON, (413, "too-large")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_faulty_body_is_a_problem(
    system: System, body: bytes, kind: dict[str, str], expected: tuple[int, str]
) -> None:
    assert problem_of(system.ask("POST", "/api/v1/terms", body, role="registrar", headers=kind)) == expected


def test_a_body_of_unknown_length_is_taken_up_to_the_limit(system: System) -> None:
    def chunks(count: int) -> Any:
        return (b"x" * 65_536 for _ in range(count))

    within = system.ask("POST", "/api/v1/terms", chunks(2), role="registrar", headers=JSON)
    beyond = system.ask("POST", "/api/v1/terms", chunks(100), role="registrar", headers=JSON)

    assert problem_of(within) == (400, "malformed-json")
    assert problem_of(beyond) == (413, "too-large")


def test_who_sends_a_long_body_for_nothing_hears_why(system: System) -> None:
    upload = {"Content-Type": "multipart/form-data; boundary=x"}

    reply = system.ask("POST", "/api/v1/courses/imports", b"x" * 8_000_000, token="wrong", headers=upload)

    assert problem_of(reply) == (401, "invalid-token")


def test_a_wrong_token_is_refused_even_where_none_is_needed(system: System) -> None:
    reply = system.ask("GET", "/api/v1/terms", token="wrong")

    assert problem_of(reply) == (401, "invalid-token")
    assert reply.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/terms/2031Z/nothing", (404, "not-found")),
        ("DELETE", "/api/v1/terms", (405, "method-not-allowed")),
        ("PATCH", "/api/v1/terms/2031Z", (401, "invalid-token")),
        ("HEAD", "/api/v1/terms", (401, "")),
    ],
)
def test_a_wrong_address_is_told_before_a_wrong_token(
    system: System, method: str, path: str, expected: tuple[int, str]
) -> None:
    reply = system.ask(method, path, token="wrong")

    assert (reply.status, reply.json["code"] if reply.body else "") == expected


def test_problems_come_in_polish_when_asked(system: System) -> None:
    told = [
        system.ask("GET", path, headers={"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"}).json["title"]
        for path in ("/api/v1/nothing", "/api/v1/auth/me")
    ]

    assert told == ["Nie ma tu niczego.", "Najpierw się zaloguj."]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET /api/v1/terms HTTP/9.9\r\nHost: a\r\n\r\n", 400),
        (b"GET /api/v1/terms HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n", 400),
        (b"POST /api/v1/terms HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST /api/v1/terms HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET /api/v1/" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET /api/v1/terms HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"POST /api/v1/terms HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13\r\n\r\n", 501),
    ],
    ids=["line", "version", "header", "length", "two lengths", "address", "long header", "coding"],
)
def test_what_is_not_a_request_is_answered_with_a_problem(system: System, words: bytes, status: int) -> None:
    head, _, body = system.say(words).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: application/problem+json" in head
    assert msgspec.json.decode(body)["status"] == status


def test_a_faulty_chunk_is_a_problem(system: System) -> None:
    head = b"POST /api/v1/auth/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    heard = system.say(head + b"zz\r\nhello\r\n0\r\n\r\n")

    assert heard.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in heard


def test_head_and_options_say_what_get_would(system: System) -> None:
    head, got = system.ask("HEAD", "/api/v1/terms"), system.ask("GET", "/api/v1/terms")
    options = system.ask("OPTIONS", "/api/v1/terms")

    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", got.headers["ETag"])
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert (options.status, options.body) == (204, b"")
    assert {"GET", "POST", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))


def test_a_list_is_not_sent_again_to_who_has_it(system: System) -> None:
    tag = system.ask("GET", "/api/v1/terms").headers["ETag"]

    reply = system.ask("GET", "/api/v1/terms", headers={"If-None-Match": tag})

    assert (reply.status, reply.body) == (304, b"")
