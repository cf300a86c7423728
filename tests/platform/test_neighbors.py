"""A module asks another the same way in one process and by the network, bounded in time and never in a transaction."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.house import House
from tests.platform.asking import READER, SOLARIS, ask, buy, problem_of, raw, token
from tests.platform.library import Book, count
from tests.platform.serving import saying, served
from university.platform import deadline, errors, language, telemetry
from university.platform.deadline import HEADER, DeadlineExceeded
from university.platform.neighbors import Neighbor, Neighborhood, NeighborRefused, NeighborUnavailable
from university.platform.security import Keyring

TITLES = {"titles": ["Title of LEM-1"]}


class Titles(msgspec.Struct):
    titles: list[str]


@pytest.fixture(params=["in process", "by network"])
def neighborhood(request: pytest.FixtureRequest, desk: House) -> Iterator[Neighborhood]:
    """A neighborhood in which the library lives, near or far."""
    if request.param == "in process":
        yield desk.neighborhood
        return
    with served(desk.modules["library"].app) as address:
        yield Neighborhood({"library": address}, timeout=20)


@pytest.fixture
def neighbor(neighborhood: Neighborhood, desk: House) -> Neighbor:
    """The library as another module sees it."""
    return Neighbor("library", "tests", neighborhood, desk.keyring)


def patient(timeout: float, **urls: str) -> Neighbor:
    """Return a neighbor somewhere else."""
    return Neighbor("library", "tests", Neighborhood(urls, timeout=timeout), Keyring.ephemeral("tests"))


def test_a_neighbor_answers(desk: House, neighbor: Neighbor) -> None:
    buy(desk, "LEM-1")

    assert msgspec.json.decode(neighbor.ask("POST", "/internal/books", {"codes": ["LEM-1"]})) == TITLES
    assert neighbor.learn(Titles, "POST", "/internal/books", {"codes": ["LEM-1"]}).titles == TITLES["titles"]
    assert neighbor.ask("GET", "/internal/books/LEM-1") == b'{"title":"Title of LEM-1"}'
    assert msgspec.json.decode(neighbor.ask("GET", "/api/v1/books", query={"limit": "1", "title": "ż & ó"})) == {
        "items": [],
        "next": None,
    }


@pytest.mark.parametrize(
    ("method", "path", "content", "said"),
    [
        ("POST", "/internal/books", {"codes": ["nowhere"]}, "book-not-found"),
        ("POST", "/internal/books", {"codes": [5]}, "invalid-request"),
        ("POST", "/internal/nothing", None, "not-found"),
        ("PUT", "/internal/books", None, "method-not-allowed"),
        ("POST", "/api/v1/books", SOLARIS, "role-missing"),
        ("GET", "/api/v1/books?limit=0", None, "invalid-request"),
        ("GET", "/internal/books/..", None, "book-not-found"),
        ("GET", "/internal/books/%2E%2E%2F", None, "book-not-found"),
        ("GET", "/api/v1/books/../../../internal/books/LEM-1", None, "not-found"),
        ("GET", "/internal/books/%C5%BC%20%25", None, "book-not-found"),
    ],
)
def test_a_neighbor_refuses_by_its_code(
    desk: House, neighbor: Neighbor, method: str, path: str, content: Any, said: str
) -> None:
    buy(desk, "LEM-1")

    with pytest.raises(NeighborRefused) as refused:
        neighbor.ask(method, path, content)

    assert refused.value.said == said
    assert (refused.value.status, refused.value.code) == (503, "neighbor-unavailable")


def test_a_whole_answer_is_the_same_near_and_far(desk: House, neighborhood: Neighborhood) -> None:
    headers = {**token(desk, READER), "Accept-Language": "pl"}

    refused = neighborhood.send("library", "POST", "/api/v1/books", headers, b"{")
    there = neighborhood.send("library", "HEAD", "/api/v1/books", headers)

    assert (refused.status, msgspec.json.decode(refused.body)["title"]) == (403, "Twoja rola na to nie pozwala.")
    assert dict(refused.headers)["Content-Type"] == "application/problem+json"
    assert (there.status, there.body, dict(there.headers)["Content-Length"]) == (200, b"", "24")


def test_a_surprise_at_a_neighbor_is_silence(neighbor: Neighbor) -> None:
    with pytest.raises(NeighborUnavailable) as silence:
        neighbor.ask("GET", "/api/v1/surprise")

    assert type(silence.value) is NeighborUnavailable
    assert silence.value.headers["Retry-After"] == "1"


def test_an_answer_that_tells_something_else_is_silence(desk: House, neighbor: Neighbor) -> None:
    buy(desk, "LEM-1")

    with pytest.raises(NeighborUnavailable):
        neighbor.learn(Titles, "GET", "/internal/books/LEM-1")


def test_language_and_trace_go_along(desk: House, neighborhood: Neighborhood) -> None:
    seen: dict[str, str] = {}

    def listen(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update({name: value for name, value in environ.items() if name.startswith("HTTP_")})
        start_response("200 OK", [])
        return [b"{}"]

    with served(listen) as address:
        far = Neighborhood({"library": address})
        with telemetry.tracing(None) as trace, language.speaking("pl"):
            Neighbor("library", "tests", far, desk.keyring).ask("GET", "/")

    assert neighborhood is not far
    assert seen["HTTP_ACCEPT_LANGUAGE"] == "pl"
    assert seen["HTTP_TRACEPARENT"][3:35] == trace
    assert desk.keyring.verify("library", seen["HTTP_AUTHORIZATION"].removeprefix("Bearer ")).subject == "tests"
    left = int(seen["HTTP_X_REQUEST_DEADLINE"]) / 1000 - datetime.now(UTC).timestamp()
    assert 0 < left <= far.timeout


# The guard.


def test_nobody_is_asked_inside_a_transaction(desk: House, neighbor: Neighbor) -> None:
    buy(desk, "LEM-1")
    primary = desk.modules["library"].primary

    with primary.begin(), pytest.raises(RuntimeError, match="asked library inside a transaction"):
        neighbor.ask("GET", "/internal/books/LEM-1")
    with primary.read():
        neighbor.ask("GET", "/internal/books/LEM-1")

    assert neighbor.ask("GET", "/internal/books/LEM-1")


def test_no_transaction_is_begun_inside_another(desk: House) -> None:
    primary = desk.modules["library"].primary

    with primary.begin(), pytest.raises(RuntimeError, match="inside another transaction"), primary.begin():
        pass
    with primary.begin():
        pass


# Deadlines.


def test_a_request_whose_time_is_over_is_not_begun(desk: House) -> None:
    past = {HEADER: str(int((time.time() - 1) * 1000))}

    reply = ask(desk, "POST", "/books", SOLARIS, headers=past)

    assert problem_of(reply) == (503, "deadline-exceeded")
    assert reply.headers["Retry-After"] == "1"
    assert count(desk.modules["library"].primary, Book) == 0


def test_work_that_takes_too_long_leaves_no_trace(library: House) -> None:
    soon = {HEADER: str(int((time.time() + 0.25) * 1000))}

    reply = ask(library, "POST", "/naps?seconds=0.3", headers=soon)

    assert problem_of(reply) == (503, "deadline-exceeded")
    assert count(library.modules["library"].primary, Book) == 0
    assert ask(library, "POST", "/naps?seconds=0").status == 204


@pytest.mark.parametrize("header", ["", "soon", "-5", "1e3", "\u0665", "9" * 16, "1.5"])
def test_what_is_no_moment_is_no_deadline(desk: House, header: str) -> None:
    headers = {HEADER: header.encode().decode("latin-1")}

    assert raw(desk, "GET", "/api/v1/books", headers).status == 200


def test_the_earlier_of_two_deadlines_holds() -> None:
    with deadline.until(time.time() + 60), deadline.until(time.time() - 1):
        with pytest.raises(DeadlineExceeded):
            deadline.check()
        with deadline.until(time.time() + 60), pytest.raises(DeadlineExceeded):
            deadline.check()
        with deadline.until(None), pytest.raises(DeadlineExceeded):
            deadline.check()

    deadline.check()
    assert deadline.remaining() is None


def test_a_neighbor_inherits_what_is_left_of_the_time(neighborhood: Neighborhood, desk: House) -> None:
    neighbor = Neighbor("library", "tests", neighborhood, desk.keyring)

    with deadline.until(time.time() - 1), pytest.raises(DeadlineExceeded):
        neighbor.ask("GET", "/api/v1/books")
    with deadline.until(time.time() + 0.2), pytest.raises(errors.Unavailable):
        neighbor.ask("POST", "/api/v1/naps?seconds=0.3")

    assert count(desk.modules["library"].primary, Book) == 0


def test_an_answer_that_comes_too_late_is_none(desk: House) -> None:
    slow = Neighbor("library", "tests", Neighborhood(timeout=0.1), desk.keyring)

    def dawdle(_environ: Any, start_response: Any) -> list[bytes]:
        time.sleep(0.15)
        start_response("200 OK", [])
        return [b"{}"]

    slow.neighborhood.welcome("library", dawdle)

    with pytest.raises(DeadlineExceeded):
        slow.ask("GET", "/")


# What a network does.


def test_nobody_lives_there() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as reserved:
        port = reserved.getsockname()[1]

    for neighbor in (patient(1, library=f"http://127.0.0.1:{port}"), patient(1), patient(1, library="nonsense://")):
        with pytest.raises(NeighborUnavailable):
            neighbor.ask("GET", "/")


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\x00\xff\xfe",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n\xff\xff\xff",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 409 Conflict\r\nContent-Length: 10\r\n\r\n{"code":5}',
        b'HTTP/1.1 500 Oh\r\nContent-Length: 15\r\n\r\n{"code":"oh-no"}',
        b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"titles"',
        b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"titles":[5]}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xff",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ids=lambda words: repr(words)[:60],
)
def test_garbage_is_silence(words: bytes) -> None:
    with saying(lambda connection: connection.sendall(words)) as address:
        neighbor = patient(2, library=address)
        with pytest.raises(NeighborUnavailable) as silence:
            neighbor.learn(Titles, "GET", "/")

    assert not isinstance(silence.value, NeighborRefused)


def test_a_chunked_answer_is_put_together() -> None:
    words = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"ti\r\n11\r\ntles":["a","b"]} \r\n0\r\n\r\n'
    with saying(lambda connection: connection.sendall(words)) as address:
        assert patient(2, library=address).learn(Titles, "GET", "/").titles == ["a", "b"]


def test_a_neighbor_that_says_nothing_is_not_waited_for() -> None:
    done = threading.Event()

    def ponder(_connection: socket.socket) -> None:
        done.wait(60)

    with saying(ponder) as address:
        began = time.perf_counter()
        with pytest.raises(NeighborUnavailable):
            patient(0.2, library=address).ask("GET", "/")
        waited = time.perf_counter() - began
        done.set()

    assert 0.15 < waited < 20


def test_a_neighbor_that_never_comes_to_an_end_is_not_waited_for() -> None:
    done = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not done.wait(0.05):
            connection.sendall(b" ")

    with saying(trickle) as address:
        began = time.perf_counter()
        with pytest.raises(errors.Unavailable):
            patient(0.3, library=address).ask("GET", "/")
        waited = time.perf_counter() - began
        done.set()

    assert waited < 20


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(desk: House) -> None:
    with served(desk.modules["library"].app) as address:
        far = Neighborhood({"library": address}, timeout=5)
        statuses = [far.send("library", "GET", "/api/v1/books", {}).status for _ in range(3)]

    with pytest.raises(NeighborUnavailable):
        far.send("library", "GET", "/api/v1/books", {})
    assert statuses == [200, 200, 200]


def test_many_ask_at_once(desk: House) -> None:
    buy(desk, "LEM-1")
    answers: list[bytes] = []
    with served(desk.modules["library"].app) as address:
        neighbor = Neighbor("library", "tests", Neighborhood({"library": address}, timeout=20), desk.keyring)
        threads = [
            threading.Thread(target=lambda: answers.append(neighbor.ask("GET", "/internal/books/LEM-1")))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert answers == [b'{"title":"Title of LEM-1"}'] * 12
