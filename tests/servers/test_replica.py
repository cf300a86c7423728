"""Lists come from a replica that lags, and yet nobody misses what they wrote themselves."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from tests import process
from tests.house import House, Reply
from tests.process import Running
from tests.servers.line import Line
from tests.servers.postgresql import Server, wait_for
from university.course.wiring import CourseWiring
from university.platform import engines, migrations, positions
from university.platform.database import Replica, open_database
from university.platform.positions import HEADER
from university.platform.settings import Settings

MODULES = ("course", "student", "enrollment", "gateway")
TIMES = 20
LAG = 300
"""Milliseconds by which the replica lags on purpose: far more than a reader waits for it."""
pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def primary(folder: Path) -> Server:
    server = Server.primary(folder)
    for module in MODULES:
        database, _ = open_database(module, server.url(), threads=1)
        migrations.upgrade(database)
        database.close()
    return server


@pytest.fixture(scope="module")
def running_replica(primary: Server) -> Server:
    return primary.replicated()


@pytest.fixture
def replica(running_replica: Server, primary: Server) -> Iterator[Server]:
    """A replica that has caught up."""
    wait_for(lambda: running_replica.caught_up_with(primary))
    yield running_replica
    running_replica.resume()
    running_replica.delay(0)


@pytest.fixture
def house(primary: Server, replica: Server, tmp_path: Path) -> Iterator[House]:
    opened = opened_on(primary, replica.port, tmp_path)
    yield opened
    opened.close()


def opened_on(primary: Server, replica_port: int, folder: Path) -> House:
    """Open the course module on a primary and whatever answers as its replica at a port."""
    copy = f"postgresql://postgres@127.0.0.1:{replica_port}/postgres"
    urls: dict[str, Any] = {"database_url": {"course": primary.url()}, "replica_url": {"course": copy}}
    return House(Settings(data_dir=folder, **urls)).open(CourseWiring())


@pytest.fixture
def new_code() -> Callable[[], str]:
    """Return codes that no other test has."""
    return lambda: f"C-{time.monotonic_ns()}"


def write(house: House, code: str, **headers: str) -> Reply:
    reply = house.call("course", "POST", "/courses", {"code": code, "title": code, "ects": 5}, headers=headers)
    assert reply.status == 201, reply.body
    return reply


def read(house: House, code: str, position: str | None = None) -> int:
    return house.call("course", "GET", f"/courses/{code}", headers={HEADER: position} if position else {}).status


def missed(house: House, new_code: Callable[[], str], *, bring: bool) -> int:
    """Return how often a writer does not see at once what it wrote."""
    missing = 0
    for _ in range(TIMES):
        code = new_code()
        position = write(house, code).headers[HEADER]
        missing += read(house, code, position if bring else None) == 404
    return missing


def test_own_writes_are_never_missed_on_a_lagging_replica(
    house: House, replica: Server, new_code: Callable[[], str]
) -> None:
    replica.delay(LAG)

    assert missed(house, new_code, bring=True) == 0


def test_without_the_position_they_are_missed(house: House, replica: Server, new_code: Callable[[], str]) -> None:
    replica.delay(LAG)

    assert missed(house, new_code, bring=False) == TIMES


def test_own_writes_are_never_missed_while_the_replica_stands_still(
    house: House, replica: Server, new_code: Callable[[], str]
) -> None:
    replica.pause()

    assert missed(house, new_code, bring=True) == 0
    assert read(house, "nothing", write(house, new_code()).headers[HEADER]) == 404


def test_a_replica_that_has_come_far_enough_answers_itself(
    house: House, replica: Server, primary: Server, new_code: Callable[[], str]
) -> None:
    code = new_code()
    position = write(house, code).headers[HEADER]
    wait_for(lambda: replica.caught_up_with(primary))
    replica.pause()
    house.call("course", "PATCH", f"/courses/{code}", {"title": "Later"}, headers={"If-Match": "*"})

    seen = house.call("course", "GET", f"/courses/{code}", headers={HEADER: position})

    assert seen.json["title"] == code


def test_what_a_request_wrote_the_same_request_reads(
    house: House, replica: Server, new_code: Callable[[], str]
) -> None:
    code = new_code()
    write(house, code)
    replica.pause()
    course = house.modules["course"]
    change = text("UPDATE course.course SET title = 'Later' WHERE code = :code")
    found = text("SELECT title FROM course.course WHERE code = :code")

    def written_and_read() -> str:
        with course.primary.begin() as session:
            session.execute(change, {"code": code})
        with course.injector.get(Replica).read() as session:
            return str(session.scalar(found, {"code": code}))

    assert written_and_read() == code
    with positions.following("course", None, house.keyring.seal, house.keyring.is_sealed):
        assert written_and_read() == "Later"


def test_a_repeated_request_tells_its_position_too(house: House, replica: Server, new_code: Callable[[], str]) -> None:
    replica.pause()
    code = new_code()
    write(house, code, **{"Idempotency-Key": code})

    again = write(house, code, **{"Idempotency-Key": code})

    assert read(house, code, again.headers[HEADER]) == 200


@pytest.mark.parametrize(("lag", "seen"), [(0.1, "Later"), (3600.0, "First")])
def test_a_replica_too_far_behind_is_left_alone_whoever_reads(
    house: House, primary: Server, replica: Server, new_code: Callable[[], str], lag: float, seen: str
) -> None:
    code = new_code()
    decides = house.modules["course"].primary
    body = {"code": code, "title": "First", "ects": 5}
    assert house.call("course", "POST", "/courses", body).status == 201
    wait_for(lambda: replica.caught_up_with(primary))
    engine = engines.postgresql(make_url(replica.url()), 1, writes=False)
    copy = Replica("course", engine, decides, lag=lag)

    def title() -> str:
        with copy.read() as session:
            return str(session.scalar(text("SELECT title FROM course.course WHERE code = :code"), {"code": code}))

    replica.pause()
    assert title() == "First"
    house.call("course", "PATCH", f"/courses/{code}", {"title": "Later"}, headers={"If-Match": "*"})
    for _ in range(5):
        time.sleep(0.15)
        title()
    told = title()
    engine.dispose()

    assert told == seen


@pytest.mark.parametrize("what", ["a read", "a refusal"])
def test_what_changes_nothing_tells_no_position(house: House, what: str) -> None:
    method = "GET" if what == "a read" else "POST"

    assert HEADER not in house.call("course", method, "/courses").headers


@pytest.mark.parametrize(
    "spoil",
    [
        lambda position: position[:-1] + ("0" if position[-1] != "0" else "1"),
        lambda position: position.replace("course=", "course=F"),
        lambda position: position.replace("course=", "student="),
        lambda position: position.replace(".", ""),
        lambda position: position + "," * 1000,
        lambda _: "course=0/0." + "0" * 32,
        lambda _: "course=0/0.żółw",
        lambda _: "course='; DROP TABLE course.course; --.x",
        lambda _: ",=,.",
    ],
    ids=["forged", "moved", "renamed", "garbled", "too long", "made up", "not ascii", "not nice", "nothing"],
)
def test_a_position_that_the_module_has_not_signed_is_no_position(
    house: House, replica: Server, new_code: Callable[[], str], spoil: Callable[[str], str]
) -> None:
    replica.pause()
    code = new_code()
    position = write(house, code).headers[HEADER]

    assert read(house, code, spoil(position).encode().decode("latin-1")) == 404
    assert read(house, code, position) == 200


def test_positions_of_several_modules_and_times_come_together(
    house: House, replica: Server, new_code: Callable[[], str]
) -> None:
    old = write(house, new_code()).headers[HEADER]
    replica.pause()
    code = new_code()
    new = write(house, code).headers[HEADER]
    other = new.replace("course=", "student=")

    for brought in (f"{other}, {new}", f"{old},{new},{other}", f"{new}, {old}"):
        assert read(house, code, brought) == 200
    assert read(house, code, f"{old}, {other}") == 404


def test_without_a_replica_no_position_is_told(primary: Server, tmp_path: Path, new_code: Callable[[], str]) -> None:
    url = {"course": primary.url()}
    for replicas in ({}, url):
        house = House(Settings(data_dir=tmp_path, database_url=url, replica_url=replicas)).open(CourseWiring())
        assert HEADER not in write(house, new_code()).headers
        house.close()


def test_a_replica_that_is_gone_is_not_missed(house: House, replica: Server, new_code: Callable[[], str]) -> None:
    code = new_code()
    write(house, code)
    assert house.call("course", "GET", "/courses").status == 200

    replica.stop()
    try:
        answers = [read(house, code) for _ in range(5)]
        position = write(house, new_code()).headers[HEADER]
        answers.append(read(house, code, position))
    finally:
        replica.start()

    assert answers == [200] * 6


def test_a_replica_that_falls_silent_is_not_missed(
    primary: Server, replica: Server, tmp_path: Path, new_code: Callable[[], str]
) -> None:
    line = Line(replica.port)
    house = opened_on(primary, line.port, tmp_path)
    code = new_code()
    position = write(house, code).headers[HEADER]
    assert house.call("course", "GET", "/courses").status == 200

    line.become("silent")
    answers = [read(house, code, brought) for brought in (None, position, None, position)]
    line.become("good")
    house.close()
    line.close()

    assert answers == [200] * 4


@pytest.mark.slow
def test_the_position_passes_the_door_of_a_real_process(
    primary: Server, replica: Server, tmp_path: Path, new_code: Callable[[], str]
) -> None:
    databases: dict[str, Any] = {f"UNIVERSITY_DATABASE_URL__{module.upper()}": primary.url() for module in MODULES}
    copy: dict[str, Any] = {"UNIVERSITY_REPLICA_URL__COURSE": replica.url()}
    with process.university(tmp_path, **databases, **copy) as running:
        running.sign_in("registrar")
        wait_for(lambda: replica.caught_up_with(primary))
        replica.pause()

        assert _missed_by_a_client(running, new_code(), bring=True) is False
        assert _missed_by_a_client(running, new_code(), bring=False) is True


def _missed_by_a_client(running: Running, code: str, *, bring: bool) -> bool:
    written = running.ask("POST", "/courses", {"code": code, "title": code, "ects": 5})
    assert written.status == 201, written.data
    headers = {HEADER: written.headers[HEADER]} if bring else {}
    return running.ask("GET", f"/courses/{code}", **headers).status == 404
