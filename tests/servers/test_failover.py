"""A primary that is lost, silent or demoted: a clear refusal meanwhile, and afterwards everything by itself."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests import process
from tests.campus import meeting
from tests.house import House, Reply
from tests.process import Running
from tests.servers.line import Line
from tests.servers.postgresql import Server, folder_of_servers, wait_for
from university.course.wiring import CourseWiring
from university.platform import database, deadline, migrations
from university.platform.database import Primary, open_database
from university.platform.settings import Settings

MODULES = ("COURSE", "STUDENT", "ENROLLMENT", "GATEWAY")
PEOPLE = 4
pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server(folder: Path) -> Server:
    """A server with the course module's tables."""
    return prepared(Server.primary(folder))


def prepared(server: Server, *modules: str) -> Server:
    for module in modules or ("course",):
        primary, _ = open_database(module, server.url(), threads=1)
        migrations.upgrade(primary)
        primary.close()
    return server


@pytest.fixture
def alone() -> Iterator[Path]:
    """A folder for servers of one test, which it may kill."""
    with folder_of_servers() as made:
        yield made


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    laid = Line(server.port)
    yield laid
    laid.become("good")
    laid.close()


@pytest.fixture
def house(line: Line, tmp_path: Path) -> Iterator[House]:
    """The course module at the other end of a line."""
    opened = opened_on(f"postgresql://postgres@127.0.0.1:{line.port}/postgres", tmp_path)
    yield opened
    opened.close()


def opened_on(url: str, folder: Path, replica: str = "") -> House:
    replicas = {"course": replica} if replica else {}
    settings = Settings(data_dir=folder, database_url={"course": url}, replica_url=replicas)
    return House(settings).open(CourseWiring())


def write(house: House, code: str) -> Reply:
    """Make a course; the code is the key too, so that a repetition asks for the same."""
    body = {"code": code, "title": code, "ects": 5}
    return house.call("course", "POST", "/courses", body, headers={"Idempotency-Key": code})


def refused(reply: Reply) -> tuple[int, str, str | None]:
    return reply.status, msgspec.json.decode(reply.body).get("code"), reply.headers.get("Retry-After")


def new_code() -> str:
    return f"C-{time.monotonic_ns()}"


def courses(server: Server, code: str) -> int:
    ((found,),) = server.sql("SELECT count(*) FROM course.course WHERE code = %s", code)
    return int(found)


@dataclass
class Traffic:
    """People who make courses one after the other, and repeat what was refused until it is done."""

    house: House
    over: threading.Event = field(default_factory=threading.Event)
    done: dict[int, list[str]] = field(default_factory=lambda: {person: [] for person in range(PEOPLE)})
    refusals: set[tuple[int, str, str | None]] = field(default_factory=set)

    def run(self, person: int) -> None:
        while not self.over.is_set():
            code = new_code()
            while (reply := write(self.house, code)).status != 201:
                self.refusals.add(refused(reply))
                assert not self.over.wait(0.02), "it did not recover"
            self.done[person].append(code)

    def goes_on(self) -> bool:
        """Tell whether everybody has done something that was begun after this was asked."""
        before = self._counts()
        self.over.wait(0.2)
        return all(now >= was + 2 for was, now in zip(before, self._counts(), strict=True))

    def _counts(self) -> list[int]:
        return [len(codes) for codes in self.done.values()]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_primary_is_killed_and_its_replica_promoted(
    alone: Path, tmp_path: Path
) -> None:
    primary = prepared(Server.primary(alone))
    replica = primary.replicated(synchronous=True)
    ways = f"host=127.0.0.1:{primary.port}&host=127.0.0.1:{replica.port}"
    house = opened_on(f"postgresql://postgres@/postgres?{ways}", tmp_path, replica.url())
    traffic = Traffic(house)
    with ThreadPoolExecutor(PEOPLE) as people:
        working = [people.submit(traffic.run, person) for person in range(PEOPLE)]
        try:
            wait_for(traffic.goes_on)
            primary.kill()
            wait_for(lambda: bool(traffic.refusals))
            replica.promote()
            wait_for(traffic.goes_on)
        finally:
            traffic.over.set()
        for one in working:
            one.result()
    house.close()
    kept = {code for (code,) in replica.sql("SELECT code FROM course.course")}

    assert {code for codes in traffic.done.values() for code in codes} == kept
    assert traffic.refusals <= {(503, "database-unavailable", "1"), (503, "outcome-unknown", "1")}


@pytest.mark.slow
def test_the_whole_university_goes_on_after_a_promotion(alone: Path, tmp_path: Path) -> None:
    primary = prepared(Server.primary(alone), *map(str.lower, MODULES))
    replica = primary.replicated(synchronous=True)
    url = f"postgresql://postgres@/postgres?host=127.0.0.1:{primary.port}&host=127.0.0.1:{replica.port}"
    databases: dict[str, Any] = {f"UNIVERSITY_DATABASE_URL__{name}": url for name in MODULES}
    with process.filled(Settings(data_dir=tmp_path, database_url={name.lower(): url for name in MODULES})) as campus:
        campus.window()
        section = campus.section("A-1", capacity=2, meetings=[meeting("mon", "10:00", "11:30")])
        students = [campus.student(number=number) for number in ("300001", "300002")]

    with process.university(tmp_path, **databases) as running:
        running.sign_in("registrar")
        wishes = [{"student_id": student, "section_ids": [section]} for student in students]
        assert running.ask("POST", "/enrollments", wishes[0]).status == 201

        primary.kill()
        told = [running.ask("POST", "/enrollments", wishes[1], **{"Idempotency-Key": "one"}) for _ in range(3)]
        told.append(running.ask("GET", "/auth/me"))
        assert {reply.status for reply in told} <= {200, 503}
        replica.promote()

        wait_for(lambda: running.ask("POST", "/enrollments", wishes[1], **{"Idempotency-Key": "one"}).status == 201)
        wait_for(lambda: taken(running, section) == 2)


def taken(running: Running, section: str) -> int:
    """Return how many seats the course module has heard to be taken."""
    sections = running.ask("GET", "/availability?term=2027L&after=0").json()["sections"]
    return next((int(one["taken"]) for one in sections if one["id"] == section), 0)


def test_while_the_primary_is_gone_everybody_is_asked_to_come_again(alone: Path, tmp_path: Path) -> None:
    server = prepared(Server.primary(alone))
    house = opened_on(server.url(), tmp_path)
    assert write(house, new_code()).status == 201

    server.kill()
    replies = [write(house, new_code()) for _ in range(6)]
    replies += [house.call("course", "GET", "/courses") for _ in range(3)]
    server.start()

    assert {refused(reply) for reply in replies} == {(503, "database-unavailable", "1")}
    wait_for(lambda: write(house, new_code()).status == 201)
    house.close()
    server.stop()


def test_a_demoted_primary_is_left_and_found_again(server: Server, house: House) -> None:
    assert write(house, new_code()).status == 201

    server.sql("ALTER SYSTEM SET default_transaction_read_only = on")
    server.sql("SELECT pg_reload_conf()")
    wait_for(lambda: server.sql("SHOW default_transaction_read_only") == [("on",)])
    replies = [write(house, new_code()) for _ in range(3)]
    server.sql("ALTER SYSTEM RESET default_transaction_read_only")
    server.sql("SELECT pg_reload_conf()")

    assert {refused(reply) for reply in replies} == {(503, "database-unavailable", "1")}
    wait_for(lambda: write(house, new_code()).status == 201)


@pytest.mark.slow
def test_a_silent_primary_is_given_up_and_found_again(line: Line, house: House) -> None:
    code = new_code()
    assert write(house, code).status == 201

    line.become("silent")
    replies = [write(house, new_code()), house.call("course", "GET", "/courses")]
    line.become("good")

    assert {refused(reply) for reply in replies} == {(503, "database-unavailable", "1")}
    wait_for(lambda: write(house, new_code()).status == 201)
    assert house.call("course", "GET", f"/courses/{code}").status == 200


@pytest.fixture
def primary(line: Line) -> Iterator[Primary]:
    opened, _ = open_database("course", f"postgresql://postgres@127.0.0.1:{line.port}/postgres")
    yield opened
    opened.close()


def test_a_statement_without_an_answer_ends_soon_after_the_deadline(line: Line, primary: Primary) -> None:
    def wait_in_vain() -> None:
        with primary.begin() as session:
            session.execute(text("SELECT 1"))
            line.become("silent")
            session.execute(text("SELECT 2"))

    with deadline.until(time.time() + 0.5), pytest.raises(OperationalError) as raised:
        wait_in_vain()

    assert database.is_gone(raised.value)


def test_a_deadline_ends_waiting_on_the_server_too(server: Server, primary: Primary) -> None:
    with deadline.until(time.time() + 0.5), pytest.raises(OperationalError), primary.read() as session:
        session.execute(text("SELECT pg_sleep(25)"))

    wait_for(lambda: server.sql("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(25)'") == [], seconds=10)


def test_a_server_that_greets_nobody_is_given_up_and_not_tried_by_everybody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        primary, _ = open_database("course", f"postgresql://postgres@127.0.0.1:{mute.getsockname()[1]}/postgres")
        for _ in range(5):
            with pytest.raises(DBAPIError) as raised, primary.read() as session:
                session.execute(text("SELECT 1"))
            assert database.is_gone(raised.value)
        assert attempts_at(mute) == 1


def attempts_at(mute: socket.socket) -> int:
    """Return how many connections wait to be greeted."""
    mute.setblocking(False)
    found = 0
    with suppress(BlockingIOError):
        while True:
            mute.accept()[0].close()
            found += 1
    return found


@pytest.mark.parametrize(("state", "kept"), [("loses the commit", 0), ("loses the answer to the commit", 1)])
def test_a_lost_confirmation_is_told_as_unknown_and_the_key_knows_more(
    server: Server, line: Line, house: House, state: Any, kept: int
) -> None:
    write(house, new_code())
    code = new_code()

    line.become(state)
    lost = write(house, code)
    line.become("good")

    assert refused(lost) == (503, "outcome-unknown", "1")
    wait_for(lambda: courses(server, code) == kept)
    first, second = write(house, code), write(house, code)
    assert (first.status, first.body) == (201, second.body)
    assert courses(server, code) == 1


def test_what_breaks_before_the_commit_is_no_unknown_outcome(primary: Primary) -> None:
    def break_off() -> None:
        with primary.begin() as session:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(OperationalError):
        break_off()


@pytest.mark.parametrize(
    ("level", "option", "value"),
    [
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 2),
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPCNT", 3),
        (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 4000),
    ],
)
@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system has no such option")
def test_a_vanished_network_is_noticed_by_the_connection_itself(
    primary: Primary, level: int, option: str, value: int
) -> None:
    with primary.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with socket.fromfd(driver.fileno(), socket.AF_INET, socket.SOCK_STREAM) as told:
            assert told.getsockopt(level, getattr(socket, option)) == value


def test_the_address_may_ask_for_more_patience(server: Server) -> None:
    primary, _ = open_database("course", f"{server.url()}?tcp_user_timeout=9000&application_name=other")
    with primary.read() as session:
        assert session.scalar(text("SHOW application_name")) == "other"
    primary.close()
