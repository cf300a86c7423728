"""Each way between two services fails in each manner: the right problem soon, nothing half written, one truth after."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import urllib3

from tests.faults.told import Row, endure
from tests.faults.town import Town, town
from tests.faults.wire import Blackhole, BreaksOff, Fault, Late, Refused, Says, Trickles
from university.platform.settings import Settings

REQUEST, NEIGHBOR, LONGER = 3.0, 1.5, 5.0
"""Seconds the gateway gives a request, a module its neighbor, and what is longer than either."""
PROBLEM = {
    "type": "/problems/internal-server-error",
    "title": "Something went wrong on our side.",
    "status": 500,
    "code": "internal-server-error",
}


def http(status: str, kind: str, content: Any) -> bytes:
    body = msgspec.json.encode(content)
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


FAULTS: dict[str, Fault] = {
    "refuses": Refused(),
    "dawdles": Late(LONGER),
    "is silent": Blackhole(),
    "babbles": Says(b"\x16\x03\x01\x00\xff nobody can read this \r\n\r\n"),
    "says something else": Says(http("200 OK", "application/json", {"moon": True})),
    "says 500": Says(http("500 Internal Server Error", "application/problem+json", PROBLEM)),
    "hangs up": BreaksOff(after=0),
    "breaks off": BreaksOff(after=150),
    "trickles": Trickles(0.05),
}
"""What a neighbor may do; one that dawdles, hangs up, breaks off or trickles has done its work."""


@dataclass(frozen=True)
class Wish:
    """What is to be written, and where it is asked for."""

    path: str
    body: dict[str, Any]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Town]:
    with town(Settings(data_dir=tmp_path, request_timeout=REQUEST, neighbor_timeout=NEIGHBOR)) as one:
        one.sign_in()
        yield one


@pytest.fixture
def enrolling(opened: Town) -> Wish:
    """A seat in a section that has some."""
    campus = opened.campus
    campus.window()
    return Wish("/enrollments", {"student_id": campus.student(), "section_ids": [campus.section("A-1", capacity=5)]})


def wish(opened: Town, wanted: Wish) -> urllib3.BaseHTTPResponse:
    """Ask for it, always by the same key."""
    return opened.ask("POST", wanted.path, wanted.body, **{"Idempotency-Key": "the-only-wish"})


@pytest.mark.parametrize("it", FAULTS)
def test_course_fails_the_gateway(it: str, opened: Town, row: Row) -> None:
    course = Wish("/courses", {"code": "B-1", "title": "B", "ects": 5})

    endure(opened, "gateway-course", FAULTS[it], lambda: wish(opened, course), row)


@pytest.mark.parametrize("it", FAULTS)
def test_student_fails_the_gateway(it: str, opened: Town, row: Row) -> None:
    person = {"number": "777777", "given_name": "Ewa", "family_name": "Żak", "email": "ewa@example.edu"}
    student = Wish("/students", person)

    endure(opened, "gateway-student", FAULTS[it], lambda: wish(opened, student), row)


@pytest.mark.parametrize("it", FAULTS)
def test_enrollment_fails_the_gateway(it: str, opened: Town, enrolling: Wish, row: Row) -> None:
    endure(opened, "gateway-enrollment", FAULTS[it], lambda: wish(opened, enrolling), row)


@pytest.mark.parametrize("it", FAULTS)
def test_student_fails_who_signs_in(it: str, opened: Town, row: Row) -> None:
    student = opened.campus.student(number="777777")
    credentials = {"username": "777777", "password": "demo"}

    endure(opened, "gateway-student", FAULTS[it], lambda: opened.ask("POST", "/auth/token", credentials), row)

    opened.sign_in("777777")
    assert opened.ask("GET", "/auth/me").json()["student_id"] == student


@pytest.mark.parametrize("it", FAULTS)
def test_course_fails_enrollment(it: str, opened: Town, enrolling: Wish, row: Row) -> None:
    endure(opened, "enrollment-course", FAULTS[it], lambda: wish(opened, enrolling), row)


@pytest.mark.parametrize("it", FAULTS)
def test_student_fails_enrollment(it: str, opened: Town, enrolling: Wish, row: Row) -> None:
    endure(opened, "enrollment-student", FAULTS[it], lambda: wish(opened, enrolling), row)
