"""The way to a database fails in each manner: the right problem soon, all or nothing written, one truth after."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3

from tests.faults.told import Asking, Row, endure
from tests.faults.town import Town, town
from tests.faults.wire import Babbles, Blackhole, Fault, Hangs, Late, LosesReply, LosesRequest, Refused
from university.platform.settings import Settings

REQUEST, LONGER = 6.0, 8.0
"""Seconds the gateway gives a request, and what is longer."""
FAULTS: dict[str, Fault] = {
    "refuses": Refused(),
    "dawdles": Late(LONGER),
    "is silent": Blackhole(),
    "babbles": Babbles(b"\x16\x03\x01\x00\xff nobody can read this \r\n\r\n"),
}
"""What a database may do to whoever asks it."""
STATEMENTS: dict[str, Callable[[bytes], Fault]] = {
    "breaks off in a statement": LosesRequest,
    "breaks off before COMMIT": lambda _: LosesRequest(b"COMMIT\x00"),
    "breaks off after COMMIT": lambda _: LosesReply(b"COMMIT\x00"),
    "is silent from COMMIT on": lambda _: Hangs(b"COMMIT\x00"),
}
"""What it may do in the middle of writing, given the beginning of a statement."""
WRITING = [*FAULTS, *STATEMENTS]

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def fault(it: str, statement: bytes) -> Fault:
    return FAULTS.get(it) or STATEMENTS[it](statement)


@pytest.fixture
def settings(emptied_postgresql: dict[str, str], tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=emptied_postgresql, request_timeout=REQUEST, neighbor_timeout=3)


@pytest.fixture
def opened(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Town]:
    """A town in which the module named by the test reaches its database by a wire."""
    with town(settings, spoiled=request.function.__name__.split("_")[1]) as one:
        one.sign_in()
        yield one


@pytest.fixture
def enroll(opened: Town) -> Asking:
    """A wish for a seat, always by the same key."""
    campus = opened.campus
    campus.window()
    wish = {"student_id": campus.student(), "section_ids": [campus.section("A-1", capacity=5)]}
    return lambda: opened.ask("POST", "/enrollments", wish, **{"Idempotency-Key": "the-only-wish"})


@pytest.mark.parametrize("it", WRITING)
def test_enrollment_s_database_fails(it: str, opened: Town, enroll: Asking, row: Row) -> None:
    endure(opened, "enrollment-database", fault(it, b"INSERT INTO enrollment.enrollment "), enroll, row)


@pytest.mark.parametrize("it", FAULTS)
def test_course_s_database_fails(it: str, opened: Town, enroll: Asking, row: Row) -> None:
    endure(opened, "course-database", FAULTS[it], enroll, row)


@pytest.mark.parametrize("it", FAULTS)
def test_student_s_database_fails(it: str, opened: Town, enroll: Asking, row: Row) -> None:
    endure(opened, "student-database", FAULTS[it], enroll, row)


@pytest.mark.parametrize("it", WRITING)
def test_gateway_s_database_fails_who_signs_in(it: str, opened: Town, row: Row) -> None:
    opened.token = ""
    credentials = {"username": "admin", "password": "demo"}

    def sign_in() -> urllib3.BaseHTTPResponse:
        return opened.ask("POST", "/auth/token", credentials)

    endure(opened, "gateway-database", fault(it, b"INSERT INTO gateway.access_token "), sign_in, row)


@pytest.mark.parametrize("it", FAULTS)
def test_gateway_s_database_fails_who_is_to_be_recognized(it: str, opened: Town, row: Row) -> None:
    endure(opened, "gateway-database", FAULTS[it], lambda: opened.ask("GET", "/enrollments"), row)
