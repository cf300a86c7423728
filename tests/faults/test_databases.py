"""The way to a database fails in each manner: the right problem soon, all or nothing written, one truth after."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3

from tests.faults.told import Row, endure
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
    "breaks off before COMMIT": lambda _: LosesRequest(b"COMMIT"),
    "breaks off after COMMIT": lambda _: LosesReply(b"COMMIT"),
    "is silent from COMMIT on": lambda _: Hangs(b"COMMIT"),
}
"""What it may do in the middle of writing, given the beginning of a statement."""
WRITING = [*FAULTS, *STATEMENTS]

pytestmark = pytest.mark.postgres


def fault(it: str, statement: bytes) -> Fault:
    return FAULTS.get(it) or STATEMENTS[it](statement)


@pytest.fixture
def settings(emptied_postgresql: dict[str, str], tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=emptied_postgresql, request_timeout=REQUEST, neighbor_timeout=3)


@pytest.fixture
def enrolling(settings: Settings) -> Iterator[Town]:
    """A town whose enrollment module reaches its database by a wire."""
    with town(settings, spoiled="enrollment") as one:
        one.sign_in()
        yield one


@pytest.fixture
def entering(settings: Settings) -> Iterator[Town]:
    """A town whose gateway reaches its database by a wire."""
    with town(settings, spoiled="gateway") as one:
        yield one


@pytest.mark.parametrize("it", WRITING)
def test_the_database_fails_enrollment(it: str, enrolling: Town, row: Row) -> None:
    campus = enrolling.campus
    campus.window()
    wish = {"student_id": campus.student(), "section_ids": [campus.section("A-1", capacity=5)]}

    def enroll() -> urllib3.BaseHTTPResponse:
        return enrolling.ask("POST", "/enrollments", wish, **{"Idempotency-Key": "the-only-wish"})

    endure(enrolling, "enrollment-database", fault(it, b"INSERT INTO enrollment.enrollment "), enroll, row)


@pytest.mark.parametrize("it", WRITING)
def test_the_database_fails_who_signs_in(it: str, entering: Town, row: Row) -> None:
    def sign_in() -> urllib3.BaseHTTPResponse:
        return entering.ask("POST", "/auth/token", {"username": "admin", "password": "demo"})

    endure(entering, "gateway-database", fault(it, b"INSERT INTO gateway.access_token "), sign_in, row)


@pytest.mark.parametrize("it", FAULTS)
def test_the_database_fails_who_is_to_be_recognized(it: str, entering: Town, row: Row) -> None:
    entering.sign_in()

    endure(entering, "gateway-database", FAULTS[it], lambda: entering.ask("GET", "/enrollments"), row)
