"""The door before services that live elsewhere: each way in which one fails is told apart, bounded, and its own."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.gateway.conftest import Knock, gateway_house, knocking, sign_in
from tests.gateway.neighbors import Echo
from tests.house import House, Reply
from tests.platform.serving import Line, Stage, playing, served
from university.gateway import wiring
from university.platform.settings import Settings
from university.platform.transport.exchange import WHOLE

PATH = "/api/v1/enrollments"
UNKNOWN, NOTHING = "It is not known", "Nothing was done"


@contextmanager
def far(tmp_path: Path, part: Callable[[Line, Stage], None], **settings: Any) -> Iterator[tuple[Knock, Stage]]:
    """Yield how to knock at a door whose enrollment service is played by a part, and its stage."""
    house = gateway_house(Settings(data_dir=tmp_path, **settings), away="enrollment")
    house.neighborhood.timeout = house.settings.neighbor_timeout
    with playing(part) as stage:
        house.neighborhood.urls = {"enrollment": stage.url}
        yield knocking(house), stage
    house.close()


def saying(words: bytes) -> Callable[[Line, Stage], None]:
    def part(line: Line, stage: Stage) -> None:
        stage.heard.append(line.hear())
        line.socket.sendall(words)

    return part


def silent(line: Line, stage: Stage) -> None:
    """Say nothing until the other side has gone."""
    stage.heard.append(line.hear())
    line.socket.recv(1)


def told(reply: Reply) -> tuple[int, str, str]:
    """Return status, code and the beginning of the detail of a problem."""
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json
    return reply.status, problem["code"], problem.get("detail", "")


# What is passed on.


def test_a_service_elsewhere_is_asked_as_one_in_this_process(tmp_path: Path) -> None:
    house = gateway_house(Settings(data_dir=tmp_path), away="enrollment")
    knock = knocking(house)
    token = sign_in(knock, "registrar")
    brought = {"If-Match": '"v1"', "X-Read-After": "0/16B3748", "Cookie": "a=b", "X-Forwarded-For": "1.2.3.4"}
    echo = Echo("enrollment", house.keyring)

    def without_hops(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # The server of the standard library refuses to send them.
        return echo(
            environ, lambda status, told: start_response(status, [one for one in told if one[0] != "Connection"])
        )

    with served(without_hops) as address:
        house.neighborhood.urls = {"enrollment": address}
        reply = knock("POST", f"{PATH}?a=%2F", {"a": 1}, token=token, headers=brought)

    seen = reply.json
    assert (reply.status, seen["query"], seen["bytes"], seen["caller"]["subject"]) == (200, "a=%2F", 7, "registrar")
    assert seen["headers"].pop("HOST")
    assert set(seen["headers"]) == {
        "AUTHORIZATION",
        "IF_MATCH",
        "TRACEPARENT",
        "X_READ_AFTER",
        "X_REQUEST_DEADLINE",
    }
    assert not {"Server", "Connection", "Date"} & set(reply.headers)
    house.close()


def test_what_a_service_says_of_itself_stays_inside(tmp_path: Path) -> None:
    hops = b"Server: s\r\nDate: d\r\nVia: v\r\nX-Powered-By: p\r\nSet-Cookie: a=b\r\nConnection: X-Hop\r\nX-Hop: h\r\n"
    words = b"HTTP/1.1 200 OK\r\n" + hops + b"X-Read-After: 0/1\r\nETag: e\r\nContent-Length: 2\r\n\r\n{}"
    with far(tmp_path, saying(words)) as (knock, _):
        headers = knock("GET", PATH).headers

    assert set(headers) == {"X-Read-After", "ETag", "Content-Length", "X-Content-Type-Options"}


# How a service fails, and how it is told.


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["nothing", "garbage", "a part", "a part of a chunk", "two lengths"],
)
def test_what_is_no_answer_is_a_bad_gateway(tmp_path: Path, words: bytes) -> None:
    with far(tmp_path, saying(words)) as (knock, stage):
        assert told(knock("GET", PATH)) == (502, "bad-gateway", "")
        asked = len(stage.heard)
        status, code, detail = told(knock("POST", PATH, {}))

    assert (status, code, detail[:15]) == (502, "bad-gateway", UNKNOWN)
    assert len(stage.heard) == asked + 1


def test_a_service_that_takes_no_connection_is_unavailable_and_nothing_was_done(tmp_path: Path) -> None:
    house = gateway_house(Settings(data_dir=tmp_path), away="enrollment")
    knock = knocking(house)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        house.neighborhood.urls = {"enrollment": f"http://127.0.0.1:{deaf.getsockname()[1]}"}

        assert told(knock("GET", PATH)) == (503, "service-unavailable", "")
        reply = knock("POST", PATH, {})

    assert (told(reply)[:2], told(reply)[2][:16]) == ((503, "service-unavailable"), NOTHING)
    assert reply.headers["Retry-After"] == "1"
    house.close()


def test_a_service_that_says_nothing_is_a_timeout(tmp_path: Path) -> None:
    with far(tmp_path, silent, request_timeout=1) as (knock, stage):
        assert told(knock("GET", PATH)) == (504, "gateway-timeout", "")
        status, code, detail = told(knock("POST", PATH, {}))

    assert (status, code, detail[:15]) == (504, "gateway-timeout", UNKNOWN)
    assert len(stage.heard) == 2


def test_a_service_that_never_answers_is_left_alone_for_a_while(tmp_path: Path) -> None:
    with far(tmp_path, silent, request_timeout=1) as (knock, stage):
        first = [knock("GET", PATH).status for _ in range(5)]
        reply = knock("POST", PATH, {})

    assert (first, len(stage.heard)) == ([504] * 5, 5)
    assert (told(reply)[:2], told(reply)[2][:16]) == ((503, "service-unavailable"), NOTHING)
    assert reply.headers["Retry-After"] == "1"


def test_refusals_never_make_a_service_unavailable(tmp_path: Path) -> None:
    def refuse(line: Line, _stage: Stage) -> None:
        while line.hear():
            line.answer(b"{}", status="409 Conflict")

    with far(tmp_path, refuse) as (knock, _):
        assert {knock("POST", PATH, {}).status for _ in range(30)} == {409}


def test_a_reading_survives_a_connection_that_went_stale(tmp_path: Path) -> None:
    def once(line: Line, stage: Stage) -> None:
        stage.heard.append(line.hear())
        line.answer(b"{}")
        line.hear()

    with far(tmp_path, once) as (knock, stage):
        assert [knock("GET", PATH).status for _ in range(5)] == [200] * 5

    assert len(stage.heard) == 5


# One slow service.


def test_a_slow_service_keeps_its_share_of_the_threads_and_the_others_go_on(tmp_path: Path) -> None:
    with far(tmp_path, silent, threads=4, request_timeout=5) as (knock, stage), ExitStack() as stack:
        waiting = [threading.Thread(target=knock, args=("GET", PATH)) for _ in range(3)]
        for thread in waiting:
            stack.callback(thread.join)
            thread.start()
        until = time.monotonic() + 5
        while len(stage.heard) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        refused = [knock("POST", PATH, {}) for _ in range(5)]
        elsewhere = knock("GET", "/api/v1/terms")

    assert [told(reply)[:2] for reply in refused] == [(503, "service-busy")] * 5
    assert refused[0].headers["Retry-After"] == "1"
    assert elsewhere.status == 200


def test_a_place_is_given_back_however_a_request_ends(tmp_path: Path) -> None:
    parts = [b"", b"\x00\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"]

    def vary(line: Line, stage: Stage) -> None:
        saying(parts[line.number % 3])(line, stage)

    with far(tmp_path, vary, threads=1) as (knock, _):
        assert 503 not in {knock("POST", PATH, {}).status for _ in range(4)}
        assert knock("GET", PATH).status in {200, 502}


# Long answers and long bodies.


def test_a_long_answer_flows(tmp_path: Path) -> None:
    def tell(line: Line, _stage: Stage) -> None:
        while line.hear():
            line.answer(b"x" * 3_000_000)

    with far(tmp_path, tell, threads=1) as (knock, stage):
        assert [len(knock("GET", PATH).body) for _ in range(3)] == [3_000_000] * 3

    assert stage.connections == 1


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: %d" % (2 * WHOLE), b"Transfer-Encoding: chunked"],
    ids=["length", "chunks"],
)
def test_a_long_answer_that_breaks_off_breaks_the_clients_connection(tmp_path: Path, head: bytes) -> None:
    part = b"x" * (WHOLE + 1)
    chunk = b"%x\r\n" % len(part) + part + b"\r\n" if b"chunked" in head else part
    house = gateway_house(Settings(data_dir=tmp_path), away="enrollment")
    with playing(saying(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + chunk)) as stage:
        house.neighborhood.urls = {"enrollment": stage.url}
        chunks = passed_on(house)
        assert len(next(chunks)) > 0
        with pytest.raises(BrokenPipeError):
            list(chunks)
    house.close()


def passed_on(house: House) -> Iterator[bytes]:
    """Return the pieces that the door gives to its server."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": PATH, "QUERY_STRING": "", "wsgi.input": None}
    answer = wiring.door(house.modules["gateway"])(environ, lambda *_: None)
    try:
        yield from answer
    finally:
        answer.close()  # type: ignore[attr-defined]  # WSGI lets an answer be closed


def test_a_long_upload_reaches_a_service_whole(tmp_path: Path) -> None:
    def count(line: Line, stage: Stage) -> None:
        while heard := line.hear():
            stage.heard.append(heard[:0])
            line.answer(msgspec.json.encode({"bytes": len(heard.partition(b"\r\n\r\n")[2])}))

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    with far(tmp_path, count) as (knock, _):
        token = sign_in(knock, "registrar")
        reply = knock("POST", f"{PATH}/imports", b"x" * 5_000_000, token=token, headers=form)

    assert reply.json == {"bytes": 5_000_000}


def test_a_body_that_breaks_off_reaches_no_service(tmp_path: Path) -> None:
    house = gateway_house(Settings(data_dir=tmp_path), away="enrollment")

    class Stopping:
        def read(self, _size: int) -> bytes:
            raise TimeoutError

    with playing(silent) as stage, suppress(StopIteration):
        house.neighborhood.urls = {"enrollment": stage.url}
        heads: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": PATH,
            "CONTENT_LENGTH": "100000",
            "wsgi.input": Stopping(),
        }
        answer = wiring.door(house.modules["gateway"])(environ, lambda status, _: heads.append(status))
        answer.close()  # type: ignore[attr-defined]  # WSGI lets an answer be closed

    assert (heads, stage.connections) == (["408 Request Timeout"], 0)
    house.close()


def test_only_half_of_the_threads_wait_for_long_bodies(tmp_path: Path) -> None:
    house = gateway_house(Settings(data_dir=tmp_path, threads=4))
    door = wiring.door(house.modules["gateway"])
    over = threading.Event()

    class Waiting:
        def read(self, _size: int) -> bytes:
            over.wait(10)
            return b""

    def send() -> str:
        heads: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": PATH,
            "CONTENT_LENGTH": "100000",
            "wsgi.input": Waiting(),
        }
        answer = door(environ, lambda status, _: heads.append(status))
        answer.close()  # type: ignore[attr-defined]  # WSGI lets an answer be closed
        return heads[0]

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 5
    while door._long_bodies.taken < 2 and time.monotonic() < until:  # noqa: SLF001 - to know when both have begun
        time.sleep(0.01)
    refused = [send() for _ in range(3)]
    short = knocking(house)("POST", PATH, {})
    over.set()
    for thread in threads:
        thread.join()

    assert refused == ["503 Service Unavailable"] * 3
    assert short.status == 200
    house.close()
