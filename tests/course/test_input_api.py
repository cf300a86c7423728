"""Whatever comes in, the answer is a refusal with its reasons, nothing is written, and nothing breaks."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.course.catalog import ANY, Catalog, Told, faulty, refusal
from tests.house import Reply

NOBODY = "01920000-0000-7000-8000-0000000000ff"
NASTY: list[Any] = [None, True, 5, -1, 10**30, 1.5, "", "a\u0000b", "\u0007", "x" * 20_000, [], [[]], {}, {"a": 1}]
MALFORMED = [
    b"{",
    b"[1",
    b"nul",
    b"\xff\xfe",
    b'{"code": "\\ud800"}',
    b'{"a": NaN}',
    b"[" * 100_000,
    b'{"code": 1e999}',
]


@pytest.fixture
def writes(catalog: Catalog) -> list[tuple[str, str, Told]]:
    """Every operation that takes a body, with a body that is right."""
    section = catalog.section(meetings=[])
    course, other = catalog.course("A"), catalog.course("B")
    pair = catalog.post("/equivalences", {"courses": [catalog.course()["id"], catalog.course()["id"]]}).json
    person = catalog.instructor()
    offering = catalog.get(f"/offerings/{section['offering_id']}")
    term = {"code": "T", "title": "T", "starts_on": "2026-10-01", "ends_on": "2027-02-14", "calendar": []}
    new_course = {"code": "C", "title": "C", "ects": 5, "requisites": "A", "max_attempts": 1, "repeatable": False}
    teacher = {"number": "N", "given_name": "J", "family_name": "N", "email": "j@example.edu"}
    new_offering = {"course_id": "A", "term_id": offering["term_id"], "add_weeks": 1, "restrictions": []}
    meeting = {"days": ["mon"], "start": "08:00", "end": "09:00", "weeks": "odd", "room": "A"}
    pool = {"seats": 1, "program": ["INF"], "stage": [1], "until": "2026-10-05T00:00:00Z"}
    group = {"number": "X", "component": "lecture", "capacity": 5, "meetings": [meeting], "reserved": [pool]}
    return [
        ("POST", "/terms", term),
        ("PATCH", f"/terms/{offering['term_id']}", term),
        ("POST", "/courses", new_course),
        ("PATCH", "/courses/B", new_course),
        ("PUT", "/courses/A/requisites", {"text": "B", "tree": {"kind": "stage", "minimum": 1}}),
        ("POST", "/courses/A/requisite-checks", {"completed": [], "requested": ["A"], "standing": {"stage": 1}}),
        ("POST", "/requisite-parses", {"text": "B", "course": "A"}),
        ("POST", "/equivalences", {"courses": [course["id"], other["id"]]}),
        ("PATCH", f"/equivalences/{pair['id']}", {"courses": [course["id"], other["id"]]}),
        ("POST", "/instructors", teacher),
        ("PATCH", f"/instructors/{person['id']}", teacher),
        ("POST", "/offerings", new_offering),
        ("PATCH", f"/offerings/{offering['id']}", {"ects": 3, "add_weeks": 1, "restrictions": [], "status": "open"}),
        ("POST", "/sections", {"offering_id": offering["id"], "instructors": [person["id"]], **group}),
        ("PATCH", f"/sections/{section['id']}", group),
    ]


def spoiled(body: Any) -> Iterator[Any]:
    """Return bodies with one thing in them, at any depth, replaced by something nasty."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield from ({**body, name: worse} for worse in [*NASTY, *spoiled(value)])
    elif isinstance(body, list):
        for at, value in enumerate(body):
            yield from ([*body[:at], worse, *body[at + 1 :]] for worse in [*NASTY, *spoiled(value)])


def is_an_answer(reply: Reply) -> bool:
    """Whether an answer is a success, or a problem document with its reasons."""
    if reply.status < 400:
        return True
    told = reply.json
    return (
        reply.headers["Content-Type"] == "application/problem+json"
        and reply.status in {409, 422}
        and {"type", "title", "status", "code", "instance", "trace_id"} <= told.keys()
    )


def test_nothing_that_is_spoiled_breaks_anything(catalog: Catalog, writes: list[tuple[str, str, Told]]) -> None:
    broken = [
        (method, path, body)
        for method, path, right in writes
        for body in spoiled(right)
        if not is_an_answer(catalog.ask(method, path, body, headers=ANY))
    ]

    assert broken == []


def test_what_is_right_is_taken(catalog: Catalog, writes: list[tuple[str, str, Told]]) -> None:
    statuses = [catalog.ask(method, path, body, headers=ANY).status for method, path, body in writes]

    assert statuses == [201, 409, 201, 409, 200, 200, 200, 201, 409, 201, 409, 201, 200, 201, 409]


def test_unknown_fields_are_refused_everywhere(catalog: Catalog, writes: list[tuple[str, str, Told]]) -> None:
    for method, path, body in writes:
        assert faulty(catalog.ask(method, path, {**body, "surprise": 1}, headers=ANY)) == ["surprise"]


def test_what_is_not_json_is_refused_everywhere(catalog: Catalog, writes: list[tuple[str, str, Told]]) -> None:
    before = catalog.news()
    for method, path, _body in writes:
        for body in MALFORMED:
            assert catalog.ask(method, path, body, headers=ANY).status in {400, 422}
        for body in (b"[]", b'"text"', b"null", b"1"):
            assert catalog.ask(method, path, body, headers=ANY).status == 422
        plain = {**ANY, "Content-Type": "text/plain"}
        assert refusal(catalog.ask(method, path, b"{}", headers=plain)) == (415, "not-json")
    assert catalog.news() == before


def test_every_missing_field_is_named(catalog: Catalog) -> None:
    required = {
        "/terms": ["code", "ends_on", "starts_on", "title"],
        "/courses": ["code", "ects", "title"],
        "/equivalences": ["courses"],
        "/instructors": ["family_name", "given_name", "number"],
        "/offerings": ["course_id", "term_id"],
        "/sections": ["component", "number", "offering_id"],
    }

    assert {path: sorted(faulty(catalog.post(path, {}))) for path in required} == required


def test_unknown_things_are_not_found(catalog: Catalog) -> None:
    for key in (NOBODY, "nothing", "%F0%9F%99%82", "%20", "..%2e", "x" * 5_000):
        for kind in ("terms", "courses", "instructors", "offerings", "sections", "equivalences"):
            reply = catalog.ask("GET", f"/{kind}/{key}")
            assert (reply.status, reply.headers["Content-Type"]) == (404, "application/problem+json")
            if kind != "equivalences":
                assert catalog.ask("PATCH", f"/{kind}/{key}", {}, headers=ANY).status == 404
        assert catalog.ask("POST", f"/sections/{key}/cancel").status == 404
        assert catalog.ask("DELETE", f"/courses/{key}").status == 404
        assert catalog.ask("GET", f"/courses/{key}/requisite-graph").status == 404
        assert catalog.ask("POST", f"/courses/{key}/requisite-checks", {}).status == 404


def test_lists_refuse_what_they_do_not_know(catalog: Catalog) -> None:
    for path in ("/terms", "/courses", "/instructors", "/equivalences", "/offerings", "/sections"):
        for query in (
            "limit=0",
            "limit=201",
            "limit=x",
            "cursor=!",
            "cursor=WyJhIl0",
            "total=1",
            "offset=5",
            "limit=1&limit=2",
        ):
            reply = catalog.ask("GET", f"{path}?{query}")
            assert faulty(reply) == [query.partition("=")[0]], (path, query)
    assert faulty(catalog.ask("GET", "/terms/x?q=1")) == ["q"]
