"""Every operation's answer says who may keep it, and that is what docs/caching.md says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests import process
from tests.frontend import serving
from tests.frontend.serving import Frontend
from tests.house import Reply
from tests.system.client import System
from tests.system.conftest import of
from university.platform.messaging.topology import SERVICES

PAGE = Path(__file__).parents[2] / "docs/caching.md"
DOCUMENT = "/api/v1/openapi.json"
PUBLIC, PRIVATE, NOBODY = "public, max-age=0, s-maxage=60", "private, no-cache", "no-store"


def table() -> dict[str, str]:
    """Return what the page says of each operation."""
    section = PAGE.read_text(encoding="utf-8").partition("## What may be kept")[2].partition("\nThe first two rows")[0]
    rows = [row.strip("| ").split(" | ") for row in section.splitlines() if row.startswith("| `")]
    named = [(name, kept.strip("`")) for names, kept in rows for name in re.findall(r"`(\w+)`", names)]
    assert len(dict(named)) == len(named)
    return dict(named)


@dataclass(frozen=True)
class Reading:
    """An operation that reads: its address, and the seconds it declares to be shared for."""

    name: str
    path: str
    seconds: int
    is_public: bool


def readings(document: Mapping[str, Any]) -> list[Reading]:
    """Return every operation of a document that reads, and does not only lead elsewhere."""
    return [
        Reading(told["operationId"], path, told.get("x-shared-seconds", 0), told.get("security") == [])
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method == "get" and "303" not in told.get("responses", {})
    ]


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A real university with a little of everything in its catalog."""
    with process.university(tmp_path_factory.mktemp("university")) as running:
        system = of(running)
        _furnish(system)
        yield system


MOVING = {"get_about", "list_sign_ins", *(f"list_{module}_audit" for module in (*SERVICES, "gateway"))}
"""What tells the time, which has passed, or who has asked something, as we just have."""


@pytest.fixture(scope="module")
def edge(university: System) -> Iterator[Frontend]:
    """A frontend in front of it."""
    with serving.running(university.url.removeprefix("http://")) as frontend:
        frontend.accounts = university.accounts
        yield frontend


def _furnish(system: System) -> None:
    def made(path: str, **body: Any) -> str:
        reply = system.ask("POST", f"/api/v1{path}", body, role="registrar")
        assert reply.status == 201, reply.body
        key: str = reply.json["id"]
        return key

    made("/terms", code="2031Z", title="Winter", starts_on="2031-10-01", ends_on="2032-02-10")
    courses = [made("/courses", code=code, title=code, ects=5) for code in ("INF-1", "INF-2")]
    offering = made("/offerings", term_id="2031Z", course_id="INF-1")
    made("/sections", offering_id=offering, number="1", component="lecture", capacity=10)
    made("/equivalences", courses=courses)


def _asked(system: System, reading: Reading, **options: Any) -> Reply:
    """Ask what an operation reads, of the first thing there is in its list."""
    path = reading.path
    if "{" in path:
        collection = path.partition("/{")[0]
        listed = system.ask("GET", collection, role="registrar")
        key = listed.json["items"][0]["id"] if listed.status == 200 and listed.json["items"] else "nowhere"
        path = re.sub(r"\{\w+\}", key, path)
    return system.ask("GET", path, **options)


def test_every_operation_has_a_row_and_every_row_an_operation(university: System) -> None:
    document = university.ask("GET", DOCUMENT).json

    assert {reading.name for reading in readings(document)} == set(table())


def test_what_an_operation_declares_is_what_the_page_says(university: System) -> None:
    declared = {
        reading.name: f"public, max-age=0, s-maxage={reading.seconds}" if reading.seconds else PRIVATE
        for reading in readings(university.ask("GET", DOCUMENT).json)
    }

    assert declared == table()


def test_an_operation_without_a_row_is_found() -> None:
    new = {"paths": {"/api/v1/secrets": {"get": {"operationId": "list_secrets"}, "post": {"operationId": "tell"}}}}

    assert {reading.name for reading in readings(new)} - set(table()) == {"list_secrets"}


def test_every_answer_to_nobody_in_particular_is_as_its_row_says(university: System) -> None:
    rules, found = table(), {}
    for reading in readings(university.ask("GET", DOCUMENT).json):
        reply = _asked(university, reading)
        assert reply.status == (200 if reading.is_public else 401), (reading, reply.body)
        found[reading.name] = reply.headers["Cache-Control"]
        assert {"Accept-Language", "Authorization", "Cookie"} <= set(
            reply.headers["Vary"].split(", ")
        ) or reply.status == 401

    assert found == {name: kept if kept != PRIVATE else NOBODY for name, kept in rules.items()}


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "X-Read-After"])
def test_no_answer_to_who_signed_in_or_wrote_may_be_shared(university: System, header: str) -> None:
    own = {
        "Authorization": f"Bearer {university.token('registrar')}",
        "Cookie": university.cookie("registrar"),
        "X-Read-After": "course=0/1.0",
    }[header]

    for reading in readings(university.ask("GET", DOCUMENT).json):
        reply = _asked(university, reading, headers={header: own})
        assert reply.headers["Cache-Control"] == (PRIVATE if reply.status < 400 else NOBODY), reading


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/docs.js", "/api/docs/swagger-ui.css", DOCUMENT])
def test_the_document_and_the_pages_may_be_shared(university: System, path: str) -> None:
    first = university.ask("GET", path)
    again = university.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status, again.status) == (200, 304)
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == PUBLIC


def test_a_refusal_of_the_gateway_s_own_is_kept_by_nobody(university: System) -> None:
    refused = [
        university.ask("GET", "/api/v1/nothing"),
        university.ask("GET", "/api/v1/terms", token="wrong"),
        university.ask("POST", "/api/docs"),
        university.ask("GET", "/api/v1/" + "a" * 9000),
    ]

    assert [reply.status for reply in refused] == [404, 401, 405, 414]
    assert {reply.headers["Cache-Control"] for reply in refused} == {NOBODY}


def test_answers_to_changes_are_their_maker_s(university: System) -> None:
    course = university.ask("POST", "/api/v1/courses", {"code": "INF-3", "title": "x", "ects": 1}, role="registrar")
    token = university.ask("POST", "/api/v1/auth/token", {"username": "registrar", "password": "demo"})

    assert (course.status, course.headers["Cache-Control"]) == (201, PRIVATE)
    assert (token.status, token.headers["Cache-Control"]) == (200, NOBODY)


@pytest.mark.nginx
def test_the_frontend_passes_every_rule_on(university: System, edge: Frontend) -> None:
    for reading in readings(university.ask("GET", DOCUMENT).json):
        for options in ({}, {"role": "registrar"}):
            behind, before = _asked(university, reading, **options), _asked(edge, reading, **options)
            names = {"Cache-Control", "ETag", "Content-Type", "X-Content-Type-Options", "WWW-Authenticate"}
            if reading.name in MOVING:
                names.remove("ETag")
            assert before.status == behind.status, reading
            assert {name: before.headers.get(name) for name in names} == {
                name: behind.headers.get(name) for name in names
            }, reading


@pytest.mark.nginx
def test_who_changes_the_catalog_sees_it_at_once(university: System, edge: Frontend) -> None:
    """Whatever others were given in the same second."""
    for number in range(3):
        edge.ask("GET", "/api/v1/courses/INF-2")
        tag = edge.ask("GET", "/api/v1/courses/INF-2", role="registrar").headers["ETag"]
        title = {"title": f"Title {number}"}
        changed = edge.ask("PATCH", "/api/v1/courses/INF-2", title, role="registrar", headers={"If-Match": tag})
        read = edge.ask("GET", "/api/v1/courses/INF-2", role="registrar")
        assert (changed.status, read.json["title"]) == (200, f"Title {number}")

    assert msgspec.json.decode(university.ask("GET", "/api/v1/courses/INF-2").body)["title"] == "Title 2"


@pytest.mark.nginx
def test_a_browser_that_takes_compressed_answers_may_change_what_it_read(edge: Frontend) -> None:
    description = {"description": "word " * 500}
    tag = edge.ask("GET", "/api/v1/courses/INF-1", role="registrar").headers["ETag"]
    edge.ask("PATCH", "/api/v1/courses/INF-1", description, role="registrar", headers={"If-Match": tag})

    packed = edge.ask("GET", "/api/v1/courses/INF-1", role="registrar", headers={"Accept-Encoding": "gzip"})
    told = {"If-Match": packed.headers["ETag"]}
    changed = edge.ask("PATCH", "/api/v1/courses/INF-1", {"title": "New"}, role="registrar", headers=told)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"].startswith('W/"')
    assert changed.status == 200
