"""Every answer of 400 and above is a problem document that people and programs can read."""

import io
import re
from typing import Any

import pytest

from tests.house import NOBODY, REGISTRAR, House, Reply, multipart
from tests.platform.asking import JSON, READER, SOLARIS, ask, buy, faults, problem_of, raw, token
from tests.platform.library import Book, count
from university.platform.security import Principal
from university.platform.transport.exchange import Answer

SERVICE = Principal("tests", frozenset({"service"}))


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "expected"),
    [
        ("GET", "/nothing", None, {}, (404, "not-found")),
        ("GET", "/books/", None, {}, (200, "")),
        ("GET", "//books", None, {}, (404, "not-found")),
        ("GET", "/books/nowhere", None, {}, (404, "book-not-found")),
        ("GET", "/books/a%00b", None, {}, (404, "not-found")),
        ("GET", "/books/a/b/c", None, {}, (404, "not-found")),
        ("DELETE", "/books", None, {}, (405, "method-not-allowed")),
        ("BREW", "/books", None, {}, (405, "method-not-allowed")),
        ("POST", "/books", SOLARIS, {}, (409, "book-code-taken")),
        ("PATCH", "/books/LEM-1", {"pages": 1}, {"If-Match": '"v9"'}, (412, "stale-version")),
        ("GET", "/books/LEM-1", None, {"If-Match": '"v9"'}, (412, "precondition-failed")),
        ("POST", "/books", b"<book/>", {"Content-Type": "text/xml"}, (415, "not-json")),
        ("POST", "/scans", b"{}", {}, (415, "unsupported-media")),
        ("POST", "/books", b'{"code":', {}, (400, "malformed-json")),
        ("POST", "/books", {}, {}, (422, "invalid-request")),
        ("PATCH", "/books/LEM-1", {"pages": 1}, {}, (428, "if-match-missing")),
        ("GET", "/surprise", None, {}, (500, "internal-server-error")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_whatever_is_wrong_is_told_as_a_problem(
    desk: House, method: str, path: str, body: Any, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    ask(desk, "POST", "/books", SOLARIS)

    reply = ask(desk, method, path, body, headers=headers)

    assert (reply.status if reply.status < 400 else problem_of(reply)) == (expected if expected[1] else expected[0])


def test_a_wrong_method_names_the_right_ones(desk: House) -> None:
    reply = ask(desk, "PUT", "/books/LEM-1", {})

    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}


def test_a_problem_says_where_it_happened_and_under_which_trace(desk: House) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"

    told = ask(desk, "GET", "/books/nowhere", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}).json

    assert told == {
        "type": "/problems/book-not-found",
        "title": "There is no such book.",
        "status": 404,
        "instance": "/api/v1/books/nowhere",
        "code": "book-not-found",
        "trace_id": trace,
    }


def test_a_trace_is_begun_where_none_was_given(desk: House) -> None:
    first, second = (
        ask(desk, "GET", "/nothing", headers={"traceparent": header}).json["trace_id"]
        for header in ("nonsense", f"00-{'0' * 32}-b7ad6b7169203331-01")
    )

    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second != "0" * 32


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/books/nowhere", "Nie ma takiej książki."),
        ("/nothing", "Pod tym adresem niczego nie ma."),
        ("/readers/me", "Najpierw się zaloguj."),
        ("/surprise", "Coś poszło nie tak po naszej stronie."),
    ],
)
def test_a_problem_is_told_in_polish_to_who_prefers_it(desk: House, path: str, title: str) -> None:
    told = ask(desk, "GET", path, headers={"Accept-Language": "de, pl; q=0.9, en; q=0.8"}, who=NOBODY).json

    assert told["title"] == title


def test_the_language_of_one_request_is_not_that_of_the_next(desk: House) -> None:
    ask(desk, "GET", "/nothing", headers={"Accept-Language": "pl"})

    assert ask(desk, "GET", "/nothing").json["title"] == "There is nothing at this address."


# The order of checks: route, caller, role, body and query, object.


def test_the_route_comes_before_the_caller(desk: House) -> None:
    forged = {"Authorization": "Bearer forged"}

    assert problem_of(raw(desk, "GET", "/api/v1/nothing", forged)) == (404, "not-found")
    assert problem_of(raw(desk, "PUT", "/api/v1/books", forged)) == (405, "method-not-allowed")
    assert problem_of(raw(desk, "GET", "/api/v1/books", forged)) == (401, "invalid-identity")


def test_the_caller_comes_before_the_role_and_the_role_before_the_body(desk: House) -> None:
    assert problem_of(ask(desk, "POST", "/books", b"{", who=NOBODY)) == (401, "unauthenticated")
    assert problem_of(ask(desk, "POST", "/books", b"{", who=READER)) == (403, "role-missing")
    assert problem_of(ask(desk, "POST", "/books", b"{")) == (400, "malformed-json")


def test_the_body_comes_before_the_object(desk: House) -> None:
    assert problem_of(ask(desk, "PATCH", "/books/nowhere", {"pages": "many"})) == (422, "invalid-request")
    assert problem_of(ask(desk, "PATCH", "/books/nowhere", {"pages": 1})) == (404, "book-not-found")


def test_who_has_the_role_may_still_not_touch_this_object(desk: House) -> None:
    buy(desk, "LEM-1")

    assert problem_of(ask(desk, "POST", "/books/LEM-1/loans", who=REGISTRAR)) == (403, "not-your-shelf")
    assert ask(desk, "POST", "/books/LEM-1/loans", who=READER).status == 201


def test_nobody_is_told_how_to_sign_in(desk: House) -> None:
    assert ask(desk, "GET", "/readers/me", who=NOBODY).headers["WWW-Authenticate"] == "Bearer"


# Sizes.


def test_a_body_over_the_limit_is_refused_whether_its_length_was_told_or_not(desk: House) -> None:
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}

    told = ask(desk, "POST", "/books", b"x" * 20_001)
    untold = _without_length(desk, b"x" * 20_001, chunked)

    assert (problem_of(told), problem_of(untold)) == ((413, "too-large"), (413, "too-large"))
    assert problem_of(_without_length(desk, b"x" * 20_000, chunked)) == (400, "malformed-json")


def test_an_upload_has_a_limit_of_its_own(desk: House) -> None:
    within, headers = multipart(b"x" * 90_000)
    beyond, _ = multipart(b"x" * 100_001)

    assert ask(desk, "POST", "/scans", within, headers=headers).json["size"] == 90_000
    assert problem_of(ask(desk, "POST", "/scans", beyond, headers=headers)) == (413, "too-large")


def test_a_form_field_is_no_file(desk: House) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n'

    reply = ask(desk, "POST", "/scans", body, headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert faults(reply) == {"file": "Send exactly one part, named file."}


def _without_length(desk: House, body: bytes, environ: dict[str, Any]) -> Reply:
    """Send a body as a server hands over one whose length nobody told."""
    told: list[Any] = []
    whole = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/books",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": token(desk, REGISTRAR)["Authorization"],
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    content = desk.modules["library"].app(whole, lambda *answered: told.extend(answered[:2]))
    answer = Answer(int(told[0].split()[0]), told[1], b"".join(content))
    return Reply(answer.status, dict(answer.headers), answer.body)


# Surprises.


def test_a_surprise_leaks_nothing_and_is_told_once_in_the_log(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    reply = ask(desk, "GET", "/surprise?token=hidden", headers={"Accept": "text/html"}, who=NOBODY)
    said = ask(desk, "GET", "/surprise", who=NOBODY)
    logged = capsys.readouterr()

    assert problem_of(reply) == (422, "invalid-request")
    assert problem_of(said) == (500, "internal-server-error")
    assert set(said.json) == {"type", "title", "status", "instance", "code", "trace_id"}
    assert b"surprise of" not in said.body
    assert (logged.out + logged.err).count("LookupError: surprise of") == 1


def test_a_forgotten_answer_is_a_surprise_and_leaves_no_trace(library: House) -> None:
    reply = ask(library, "POST", "/forgetful", headers={"Idempotency-Key": "k"})

    assert problem_of(reply) == (500, "internal-server-error")
    assert count(library.modules["library"].primary, Book) == 0


def test_a_rule_that_only_the_database_keeps_is_a_conflict(library: House) -> None:
    buy(library, "LEM-1")

    taken = ask(library, "POST", "/careless", {**SOLARIS, "pages": 5})
    negative = ask(library, "POST", "/careless", {**SOLARIS, "code": "LEM-2", "pages": 0})

    assert problem_of(taken) == problem_of(negative) == (409, "rule-of-the-database")
    assert count(library.modules["library"].primary, Book) == 1


def test_what_a_rule_of_the_database_says_in_the_log_names_the_rule_and_no_value(
    library: House, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(library, "POST", "/careless", {"code": "SECRET-1", "title": "Secret", "pages": 0})

    logged = capsys.readouterr()
    assert "book_has_pages" in logged.out + logged.err
    assert "SECRET-1" not in logged.out + logged.err


# Reading the headers only, and asking what is possible.


def test_head_answers_what_get_would_without_its_body(desk: House) -> None:
    buy(desk, "LEM-1")

    got, headed = (ask(desk, method, "/books/LEM-1") for method in ("GET", "HEAD"))

    assert headed.body == b""
    assert (headed.status, headed.headers["ETag"]) == (200, got.headers["ETag"])
    assert problem_of_head(ask(desk, "HEAD", "/books/nowhere")) == 404


def problem_of_head(reply: Reply) -> int:
    """Return the status of a problem whose body was not asked for."""
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.body == b""
    return reply.status


def test_options_names_the_methods(desk: House) -> None:
    reply = ask(desk, "OPTIONS", "/books", who=NOBODY)

    assert reply.status == 200
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_people_never_reach_internal_operations(desk: House) -> None:
    buy(desk, "LEM-1")
    wanted = {"codes": ["LEM-1"]}

    assert problem_of(ask(desk, "POST", "/internal/books", wanted, who=NOBODY)) == (401, "unauthenticated")
    assert problem_of(ask(desk, "POST", "/internal/books", wanted, who=REGISTRAR)) == (403, "role-missing")
    assert ask(desk, "POST", "/internal/books", wanted, who=SERVICE).json == {"titles": ["Title of LEM-1"]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "malformed-json")),
        (b"{", (400, "malformed-json")),
        (b'{"codes":["\xff"]}', (400, "malformed-json")),
        (b'{"more":' + b"[" * 15_000, (400, "malformed-json")),
        (b'{"codes":[1]}', (422, "invalid-request")),
        (b'{"codes":["\\u0000"]}', (422, "value-out-of-range")),
        (b"x" * 20_001, (413, "too-large")),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_faulty_internal_request_is_a_problem_too(
    library: House, body: bytes, expected: tuple[int, str], request: pytest.FixtureRequest
) -> None:
    if expected[1] == "value-out-of-range" and "sqlite" in request.node.name:
        expected = (404, "book-not-found")

    assert problem_of(ask(library, "POST", "/internal/books", body, who=SERVICE)) == expected


def test_a_faulty_internal_field_is_named(desk: House) -> None:
    told = ask(desk, "POST", "/internal/books", {"codes": ["a", 5]}, who=SERVICE).json

    assert told["errors"] == [{"field": "codes[1]", "message": "Expected `str`, got `int`"}]


def test_an_internal_reading_answers_services_only(desk: House) -> None:
    buy(desk, "LEM-1")

    assert ask(desk, "GET", "/internal/books/LEM-1", who=SERVICE).json == {"title": "Title of LEM-1"}
    assert ask(desk, "GET", "/internal/books/LEM-1", who=NOBODY).status == 401
    assert ask(desk, "GET", "/internal/books/LEM-1", who=REGISTRAR, headers=JSON).status == 403
