"""One request across the network: what is sent, what may come back, what is sent again, and how long it may take."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO

import pytest

from tests.platform.serving import Line, Stage, playing
from university.platform.transport import pool, wire
from university.platform.transport.exchange import (
    WHOLE,
    Answer,
    BrokenOff,
    Fault,
    Flow,
    Garbage,
    NoAnswer,
    NotReached,
    Request,
    TooLate,
)
from university.platform.transport.pool import Pool

GET = Request("GET", "/x", {})
POST = Request("POST", "/x", {}, b"wish", 4)


def polite(line: Line, stage: Stage) -> None:
    """Answer every request of a connection by its number."""
    while heard := line.hear():
        stage.heard.append(heard)
        line.answer(str(line.number).encode())


@contextmanager
def asked(part: Callable[[Line, Stage], None], request: Request = GET, seconds: float = 5) -> Iterator[Answer | Flow]:
    with playing(part) as stage:
        yield Pool(stage.url, 4).ask(request, seconds)


def saying(words: bytes) -> Callable[[Line, Stage], None]:
    def part(line: Line, _stage: Stage) -> None:
        line.hear()
        line.socket.sendall(words)

    return part


def whole(answer: Answer | Flow) -> Answer:
    assert isinstance(answer, Answer)
    return answer


def gathered(answer: Answer | Flow) -> Answer:
    return answer.gathered() if isinstance(answer, Flow) else answer


# What is sent.


def test_a_request_says_what_it_is_told_to_say() -> None:
    request = Request("POST", "/a/../b?q=%2F", {"X-One": "ż".encode().decode("latin-1")}, b"body", 4)
    with playing(polite) as stage:
        whole(Pool(stage.url, 4).ask(request, 5))

    host = stage.url.removeprefix("http://")
    told = f"POST /a/../b?q=%2F HTTP/1.1\r\nHost: {host}\r\nX-One: ż\r\nContent-Length: 4\r\n\r\nbody"
    assert stage.heard == [told.encode()]


@pytest.mark.parametrize("header", ["a\r\nX-Admin: yes", "a\nb", "a\rb", "a\0b"])
def test_a_header_cannot_say_more_than_one_thing(header: str) -> None:
    with pytest.raises(ValueError, match="before its end"):
        wire.request_head("GET", "/", "h", {"X": header}, 0)
    with pytest.raises(ValueError, match="before its end"):
        wire.request_head("GET", f"/{header}", "h", {}, 0)
    with pytest.raises(ValueError, match="before its end"):
        wire.request_head("GET", "/ HTTP/1.1", "h", {}, 0)


def test_a_file_is_sent_piece_by_piece() -> None:
    content = bytes(range(256)) * 2_000
    with playing(polite) as stage:
        Pool(stage.url, 4).ask(Request("POST", "/x", {}, BytesIO(content), len(content)), 5)

    assert stage.heard[0].endswith(b"\r\n\r\n" + content)


def test_a_neighbor_may_answer_before_it_has_heard_everything() -> None:
    def refuse(line: Line, _stage: Stage) -> None:
        line.socket.recv(1_000)
        line.answer(b"enough", "Connection: close", status="413 Too Large")
        line.socket.shutdown(socket.SHUT_WR)
        while line.socket.recv(65_536):
            continue

    content = b"x" * 5_000_000
    with asked(refuse, Request("POST", "/x", {}, BytesIO(content), len(content))) as answer:
        assert (answer.status, whole(answer).body) == (413, b"enough")


# What may come back.


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.0 200 OK\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nok\r\n0\r\nTrailer: x\r\n\r\n", b"ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", b""),
    ],
    ids=["length", "the same length twice", "until the end", "chunks", "preliminaries", "not modified"],
)
def test_every_kind_of_body_is_read(words: bytes, body: bytes) -> None:
    with asked(saying(words)) as answer:
        assert gathered(answer).body == body


@pytest.mark.parametrize(
    "words",
    [
        b"\x00\xff\xfe\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 999 Odd\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX y: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: 1\nY: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
    ids=lambda words: repr(words)[:50],
)
def test_what_is_no_answer_is_garbage(words: bytes) -> None:
    with pytest.raises(Garbage), asked(saying(words)):
        pass


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", BrokenOff),
        (b"HTTP/1.1 200 OK\r\nX:", BrokenOff),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok", BrokenOff),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", BrokenOff),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n", BrokenOff),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Garbage),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n", Garbage),
    ],
    ids=lambda words: repr(words)[15:70],
)
def test_what_breaks_off_is_never_taken_for_whole(words: bytes, fault: type[Fault]) -> None:
    with pytest.raises(fault), asked(saying(words)) as answer:
        gathered(answer)


def test_headers_of_the_connection_stay_there() -> None:
    words = b"HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Far: 2\r\nContent-Length: 0\r\n\r\n"
    with asked(saying(words)) as answer:
        assert [name for name, _ in answer.headers] == ["Connection", "X-Far", "Content-Length"]


def test_a_short_answer_is_held_and_a_long_one_flows() -> None:
    def answering(length: int) -> Callable[[Line, Stage], None]:
        def part(line: Line, _stage: Stage) -> None:
            line.hear()
            line.answer(b"x" * length)

        return part

    with asked(answering(WHOLE)) as answer:
        assert len(whole(answer).body) == WHOLE
    with asked(answering(WHOLE + 1)) as answer:
        assert isinstance(answer, Flow)
        assert len(answer.gathered().body) == WHOLE + 1


# Connections.


def test_a_connection_serves_one_request_after_the_other() -> None:
    with playing(polite) as stage:
        pool_ = Pool(stage.url, 4)
        assert [whole(pool_.ask(GET, 5)).body for _ in range(5)] == [b"1"] * 5


@pytest.mark.parametrize("header", ["Connection: close", "Connection: x, Close"])
def test_a_connection_that_says_goodbye_is_not_used_again(header: str) -> None:
    def part(line: Line, _stage: Stage) -> None:
        while line.hear():
            line.answer(str(line.number).encode(), header)

    with playing(part) as stage:
        pool_ = Pool(stage.url, 4)
        assert [whole(pool_.ask(GET, 5)).body for _ in range(3)] == [b"1", b"2", b"3"]


def test_a_long_answer_given_up_takes_its_connection_along() -> None:
    def part(line: Line, _stage: Stage) -> None:
        while line.hear():
            line.answer(str(line.number).encode() * (WHOLE + 1))

    with playing(part) as stage:
        pool_ = Pool(stage.url, 4)
        for number in (b"1", b"2"):
            answer = pool_.ask(GET, 5)
            assert isinstance(answer, Flow)
            assert next(iter(answer.pieces))[:1] == number
            answer.close()


def test_only_so_many_connections_wait() -> None:
    together = threading.Barrier(4)

    def part(line: Line, _stage: Stage) -> None:
        while line.hear():
            together.wait(5)
            line.answer(str(line.number).encode())

    with playing(part) as stage:
        pool_ = Pool(stage.url, 2)
        for expected in (4, 6):
            threads = [threading.Thread(target=pool_.ask, args=(GET, 5)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert stage.connections == expected


# What is sent again.


def hanging_up(times: int) -> Callable[[Line, Stage], None]:
    """Hang up on a connection's second request, on so many connections."""

    def part(line: Line, stage: Stage) -> None:
        while heard := line.hear():
            stage.heard.append(heard)
            if len(stage.heard) > 1 and line.number <= times:
                return
            line.answer(b"")

    return part


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_reading_that_was_not_answered_by_a_byte_is_sent_once_more(method: str) -> None:
    request = Request(method, "/x", {})
    with playing(hanging_up(1)) as stage:
        pool_ = Pool(stage.url, 4)
        pool_.ask(request, 5)
        answer = pool_.ask(request, 5)

    assert (answer.status, stage.connections, len(stage.heard)) == (200, 2, 3)


def test_a_reading_is_not_sent_a_third_time() -> None:
    with playing(hanging_up(9)) as stage:
        pool_ = Pool(stage.url, 4)
        pool_.ask(GET, 5)
        with pytest.raises(NoAnswer):
            pool_.ask(GET, 5)

    assert len(stage.heard) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_that_may_have_arrived_is_never_sent_again(method: str) -> None:
    request = Request(method, "/x", {}, b"wish", 4)
    with playing(hanging_up(9)) as stage:
        pool_ = Pool(stage.url, 4)
        pool_.ask(request, 5)
        with pytest.raises(NoAnswer):
            pool_.ask(request, 5)

    assert len(stage.heard) == 2


def test_an_answer_that_broke_off_is_not_asked_for_again() -> None:
    def part(line: Line, stage: Stage) -> None:
        stage.heard.append(line.hear())
        line.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")

    with playing(part) as stage, pytest.raises(BrokenOff):
        Pool(stage.url, 4).ask(GET, 5)

    assert len(stage.heard) == 1


@pytest.mark.parametrize("request_", [GET, POST], ids=["reading", "change"])
def test_a_connection_closed_while_it_waited_is_noticed_before_anything_is_sent(request_: Request) -> None:
    closed = threading.Event()

    def part(line: Line, stage: Stage) -> None:
        stage.heard.append(line.hear())
        line.answer(str(line.number).encode())
        line.socket.shutdown(socket.SHUT_RDWR)
        closed.set()

    with playing(part) as stage:
        pool_ = Pool(stage.url, 4)
        pool_.ask(request_, 5)
        assert closed.wait(5)
        assert whole(pool_.ask(request_, 5)).body == b"2"


def test_a_connection_that_waited_long_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    with playing(polite) as stage:
        pool_ = Pool(stage.url, 4)
        pool_.ask(POST, 5)
        monkeypatch.setattr(pool, "IDLE", -1.0)
        assert whole(pool_.ask(POST, 5)).body == b"2"


def test_nobody_takes_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]

    for url in (f"http://127.0.0.1:{port}", "http://nobody.invalid"):
        with pytest.raises(NotReached):
            Pool(url, 4).ask(POST, 5)


def test_connections_go_to_several_addresses_in_turn_and_past_one_that_takes_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        nowhere = f"http://127.0.0.1:{reserved.getsockname()[1]}"

    with playing(polite) as one, playing(polite) as other:
        for _ in range(6):
            Pool(f"{nowhere} {one.url}", 4).ask(POST, 5)
            Pool(f"{one.url} {nowhere}  {nowhere}", 4).ask(POST, 5)
        pool_ = Pool(f"{one.url} {other.url}", 0)
        for _ in range(6):
            pool_.ask(POST, 5)

    assert (one.connections, other.connections) == (15, 3)


def test_many_at_once_all_get_past_the_address_that_takes_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        nowhere = f"http://127.0.0.1:{reserved.getsockname()[1]}"

    with playing(polite) as one, ThreadPoolExecutor(8) as askers:
        pool_ = Pool(f"{nowhere} {one.url}", 0)
        answers = askers.map(lambda _: whole(pool_.ask(POST, 20)).status, range(400))

        assert set(answers) == {200}


@pytest.mark.parametrize("url", ["http://x:port", "http://x y", "nonsense://x", "https://x", "http://", "127.0.0.1:80"])
def test_what_is_no_address_leads_nowhere(url: str) -> None:
    with pytest.raises(NotReached):
        Pool(url, 4)


# How long it may take.


def stuck(before: bytes, piece: bytes = b"") -> Callable[[Line, Stage], None]:
    """Say something, then nothing, or a piece now and then."""
    over = threading.Event()

    def part(line: Line, _stage: Stage) -> None:
        line.hear()
        line.socket.sendall(before)
        with suppress(OSError):
            while not over.wait(0.02):
                line.socket.sendall(piece)

    return part


@pytest.mark.parametrize(
    "part",
    [
        stuck(b""),
        stuck(b"HTTP/1.1 200 OK\r\n"),
        stuck(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        stuck(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x"),
        stuck(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "half a head", "a trickling head", "a trickling body", "endless preliminaries"],
)
def test_nobody_waits_longer_than_told(part: Callable[[Line, Stage], None]) -> None:
    with pytest.raises(TooLate), asked(part, GET, 0.2):
        pass


def test_a_neighbor_that_takes_nothing_in_is_not_waited_for() -> None:
    over = threading.Event()
    content = b"x" * 20_000_000

    def part(_line: Line, _stage: Stage) -> None:
        over.wait(5)

    with pytest.raises(TooLate), asked(part, Request("POST", "/x", {}, BytesIO(content), len(content)), 0.2):
        pass
    over.set()


def test_a_long_answer_that_trickles_is_too_late() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with asked(stuck(head, b"1\r\nx\r\n"), GET, 0.2) as answer:
        assert isinstance(answer, Flow)
        with pytest.raises(TooLate):
            answer.gathered()


def test_the_time_a_reader_takes_is_not_the_neighbors() -> None:
    def part(line: Line, _stage: Stage) -> None:
        line.hear()
        line.answer(b"x" * 3_000_000)

    with asked(part, GET, 0.5) as answer:
        assert isinstance(answer, Flow)
        pieces = iter(answer.pieces)
        length = len(next(pieces))
        time.sleep(0.6)
        assert length + sum(map(len, pieces)) == 3_000_000
