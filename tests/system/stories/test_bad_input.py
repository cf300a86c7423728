"""Whatever is wrong with a request, both systems say so in the same words."""

from typing import Any

from tests.house import Reply
from tests.system.office import API, Office, faulty, refusal

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def posted(office: Office, body: Any, path: str = "/enrollments", headers: dict[str, str] | None = None) -> Reply:
    return office.system.ask("POST", API + path, body, token=office.token("registrar"), headers=headers)


def test_bodies_that_are_none_are_refused_everywhere(office: Office) -> None:
    for path in ("/terms", "/students", "/enrollments", "/accounts"):
        who = "admin" if path == "/accounts" else "registrar"
        for body, kind, expected in (
            (b'{"code":', JSON, (400, "malformed-json")),
            (b"\xff\xfe", JSON, (400, "malformed-json")),
            (b"", JSON, (400, "malformed-json")),
            (b"a=b", FORM, (415, "not-json")),
            (b"[]", JSON, (422, "invalid-request")),
            (b"null", JSON, (422, "invalid-request")),
        ):
            token = office.token(who)
            assert refusal(office.system.ask("POST", API + path, body, token=token, headers=kind)) == expected


def test_requests_are_taken_literally(office: Office) -> None:
    ann, section = office.student(), office.section("A-1")
    wish = {"student_id": ann.id, "section_ids": [section]}

    assert faulty(posted(office, {**wish, "color": "red"})) == ["color"]
    assert faulty(posted(office, {**wish, "section_ids": section})) == ["section_ids"]
    assert faulty(posted(office, {**wish, "section_ids": [section] * 11})) == ["section_ids"]
    assert faulty(posted(office, {**wish, "student_id": "a\u0000"})) == ["student_id"]
    assert faulty(posted(office, {"code": "X", "title": "X", "ects": "5"}, "/courses")) == ["ects"]
    repeated = b'{"code":"X","code":"Y","title":"X","ects":5}'
    assert posted(office, repeated, "/courses", JSON).status in {400, 422}
    assert office.ask("GET", f"/enrollments?student_id={ann.id}").json["items"] == []


def test_a_body_beyond_the_limit_is_refused(office: Office) -> None:
    assert refusal(posted(office, b'"' + b"x" * 1_048_576 + b'"', headers=JSON)) == (413, "too-large")


def test_addresses_and_methods_that_do_not_exist_are_told(office: Office) -> None:
    for path in (
        "/nothing",
        "/terms/2031Z/nothing",
        "/enrollments/x/y/z",
        "/internal/students",
        "/terms/",
    ):
        assert refusal(office.ask("GET", path)) == (404, "not-found")
    for method, path in (("DELETE", "/terms"), ("PUT", "/students/x"), ("PATCH", "/enrollments"), ("POST", "/auth/me")):
        reply = office.ask(method, path)
        assert refusal(reply) == (405, "method-not-allowed")
        assert reply.headers["Allow"]


def test_tokens_that_are_none_are_refused(office: Office) -> None:
    for token in ("wrong", "a.b.c", "eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJhZG1pbiJdfQ."):
        for path in ("/students", "/terms"):
            reply = office.system.ask("GET", API + path, token=token)
            assert refusal(reply) == (401, "invalid-token")
            assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_problems_are_told_in_polish_when_asked(office: Office) -> None:
    told = [
        office.ask("GET", path, who=who, Accept_Language=spoken).json["title"]
        for spoken in ("pl-PL,pl;q=0.9,en;q=0.5", "en", "de")
        for path, who in (("/nothing", None), ("/auth/me", None), ("/terms/nowhere", None), ("/accounts", "registrar"))
    ]

    assert told[4:8] == told[8:]
    assert not set(told[:4]) & set(told[4:])


def test_the_document_of_the_api_is_one(office: Office) -> None:
    document = office.get("/openapi.json", who=None)

    assert {"/api/v1/enrollments", "/api/v1/terms", "/api/v1/students", "/api/v1/accounts"} <= set(document["paths"])


def test_head_and_options_say_what_get_would(office: Office) -> None:
    section = office.section("A-1")
    for path in ("/terms", f"/sections/{section}", "/enrollments"):
        head, options = office.ask("HEAD", path), office.ask("OPTIONS", path)
        assert (head.status, head.body) == (200, b"")
        assert "GET" in options.headers["Allow"]
