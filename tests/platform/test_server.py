"""The real server: no thread waits for who sends slowly, and nobody is dropped when it ends."""

import http.client
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass

import pytest
import urllib3

from tests.platform.waiter import PIECE, PIECES
from tests.process import free_ports
from university.platform import lines
from university.platform.lines import Stage, stage_of
from university.platform.transport.exchange import Request
from university.platform.transport.pool import Pool

THREADS, DRAIN = 2, 4.0
"""Threads, and seconds of draining: more than a busy machine takes to notice that a server is unready."""
KEEP = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@dataclass
class Served:
    """A process that serves, and the ways to talk to it."""

    process: "subprocess.Popen[bytes]"
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def say(self, words: bytes) -> bytes:
        """Return all that is answered to some words until the server hangs up."""
        with closing(self.connect()) as line:
            line.sendall(words)
            return rest_of(line)

    def status(self, path: str = "/", *, management: bool = False) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port + management, timeout=20)) as client:
            client.request("GET", path, headers={"Connection": "close"})
            return client.getresponse().status

    def ready(self) -> int:
        return self.status("/health/ready", management=True)


def rest_of(line: socket.socket) -> bytes:
    """Return what comes until the other side hangs up."""
    heard = bytearray()
    while more := line.recv(65_536):
        heard += more
    return bytes(heard)


def one_answer(line: socket.socket) -> bytes:
    """Return one short answer."""
    heard = b""
    while not re.search(rb"\r\n\r\n.+", heard, re.DOTALL):
        more = line.recv(65_536)
        assert more, heard
        heard += more
    return heard


@contextmanager
def serving(drain: float = DRAIN, port: int = 0) -> Iterator[Served]:
    port = port or free_ports()
    process = subprocess.Popen([sys.executable, "-m", "tests.platform.waiter", str(port), str(drain), str(THREADS)])
    served = Served(process, port)
    try:
        wait_until_ready(served)
        yield served
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


# When a thread is needed.


@pytest.mark.parametrize(
    ("content", "stage"),
    [
        (b"", Stage.COMING),
        (b"GET / HT", Stage.COMING),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", Stage.COMING),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Stage.THERE),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", Stage.COMING),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", Stage.THERE),
        (b"POST / HTTP/1.1\r\ncontent-length:3 \r\n\r\nabcGET", Stage.THERE),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", Stage.THERE),
        (b"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", Stage.THERE),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Stage.THERE),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\ntransfer-encoding: chunked\r\n\r\n", Stage.THERE),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nX: 1\r\nContent-Length: 6\r\n\r\n", Stage.THERE),
        (b"GET /" + b"x" * 8_190, Stage.LINE_TOO_LONG),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 32_768, Stage.HEAD_TOO_LONG),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_request_is_there_with_its_head_and_a_short_body(content: bytes, stage: Stage) -> None:
    assert stage_of(content) is stage


# Who is slow.


def test_many_who_have_begun_and_say_no_more_hold_up_nobody(server: Served) -> None:
    beginnings = [b"", b"G", b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab", KEEP + b"GET"]
    idle = [server.connect() for _ in range(10 * len(beginnings))]
    for number, line in enumerate(idle):
        line.sendall(beginnings[number % len(beginnings)])

    assert [server.status() for _ in range(5)] == [200] * 5

    for line in idle:
        line.close()


def test_while_every_thread_is_busy_it_still_says_how_it_is(server: Served) -> None:
    with ExitStack() as stack:
        busy = [stack.enter_context(server.connect()) for _ in range(THREADS * 2)]
        for line in busy:
            line.sendall(b"GET /?3 HTTP/1.1\r\nConnection: close\r\n\r\n")

        assert [server.ready(), server.status("/health/live", management=True)] == [200, 200]
        assert select.select(busy, [], [], 0)[0] == [], "a thread had become free"
        assert [rest_of(line)[:15] for line in busy] == [b"HTTP/1.1 200 OK"] * len(busy)


def test_a_request_that_comes_byte_by_byte_is_served_in_the_end(server: Served) -> None:
    words = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
    with closing(server.connect()) as line:
        for byte in words:
            line.sendall(bytes([byte]))
            time.sleep(0.001)

        assert rest_of(line).endswith(b"\r\n\r\n3")


def test_requests_that_come_together_are_answered_in_order(server: Served) -> None:
    first = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    last = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"
    with closing(server.connect()) as line:
        line.sendall(first + KEEP + last[:-1])
        line.sendall(last[-1:])

        assert re.findall(rb"\r\n\r\n(\d)", rest_of(line)) == [b"3", b"0", b"2"]


@pytest.mark.slow
def test_who_never_comes_to_an_end_hears_so(server: Served) -> None:
    began = time.monotonic()
    heard = server.say(b"GET / HTTP/1.1\r\nHost:")

    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request-timeout"' in heard
    assert time.monotonic() - began >= lines.READING - 1


@pytest.mark.slow
def test_a_long_body_that_stops_is_not_waited_for(server: Served) -> None:
    heard = server.say(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")

    assert heard.endswith(b"\r\n\r\nslow")


@pytest.mark.slow
def test_who_takes_no_answer_holds_up_nobody_for_long(server: Served) -> None:
    with ExitStack() as stack:
        takers = [stack.enter_context(server.connect()) for _ in range(THREADS)]
        for line in takers:
            line.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            assert line.recv(1)

        assert server.status() == 200
        assert len(rest_of(takers[0])) < PIECES * len(PIECE)


def test_who_takes_an_answer_gets_all_of_it(server: Served) -> None:
    heard = server.say(b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert heard.endswith(PIECE)
    assert len(heard) > PIECES * len(PIECE)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"GET /" + b"x" * 9_000, 414),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 101 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 7_000, 431),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
        (b"nonsense\r\n\r\n", 400),
    ],
    ids=["line", "whole line", "header", "headers", "head", "two lengths", "nonsense"],
)
def test_what_cannot_be_read_is_refused_and_the_connection_ends(server: Served, words: bytes, status: int) -> None:
    heard = server.say(words)

    assert heard.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in heard


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_an_answer_that_breaks_off_does_not_look_complete(server: Served, framing: str) -> None:
    pool = urllib3.PoolManager(retries=False)
    answer = pool.request("GET", f"http://127.0.0.1:{server.port}/broken/{framing}", preload_content=False)

    with pytest.raises(urllib3.exceptions.ProtocolError):
        answer.read()
    assert server.status() == 200


def test_the_server_does_not_tell_what_it_is(server: Served) -> None:
    with closing(server.connect()) as line:
        line.sendall(KEEP)
        assert b"gunicorn" not in one_answer(line).lower()


def test_who_does_not_hang_up_holds_up_nobody(server: Served) -> None:
    lingering = [server.connect() for _ in range(20)]
    for line in lingering:
        line.sendall(b"nonsense\r\n\r\n")
    began = time.monotonic()
    assert [server.status() for _ in range(5)] == [200] * 5
    waited = time.monotonic() - began
    for line in lingering:
        line.close()

    assert waited < 20  # Twenty goodbyes, one after the other, would be forty seconds.


# How it ends.


@pytest.mark.slow
def test_it_is_unready_at_once_serves_on_and_ends_with_nothing_dropped() -> None:
    with serving() as server, closing(server.connect()) as kept, closing(server.connect()) as silent:
        kept.sendall(KEEP)
        assert b"Connection: keep-alive" in one_answer(kept)
        server.process.send_signal(signal.SIGTERM)
        wait_until_unready(server)

        assert server.status() == 200
        kept.sendall(KEEP)
        answer = one_answer(kept)
        assert (answer[:15], b"Connection: close" in answer) == (b"HTTP/1.1 200 OK", True)
        assert kept.recv(1) == b""
        slow = threading.Thread(target=silent.sendall, args=(b"GET /?%d HTTP/1.1\r\n\r\n" % (DRAIN + 1),))
        slow.start()
        assert rest_of(silent).startswith(b"HTTP/1.1 200 OK")
        slow.join()
        assert server.process.wait(timeout=30) == 0


@pytest.mark.slow
def test_who_has_connected_before_the_end_is_served() -> None:
    with serving(drain=0) as server, ExitStack() as stack:
        busy = [stack.enter_context(server.connect()) for _ in range(THREADS)]
        for line in busy:
            line.sendall(b"GET /?0.5 HTTP/1.1\r\n\r\n")
        late = [stack.enter_context(server.connect()) for _ in range(20)]
        for line in late:
            line.sendall(KEEP)
        server.process.send_signal(signal.SIGTERM)

        assert [rest_of(line)[:15] for line in (*busy, *late)] == [b"HTTP/1.1 200 OK"] * (THREADS + 20)
        assert server.process.wait(timeout=30) == 0
        with pytest.raises(ConnectionRefusedError):
            server.connect()


def test_a_second_signal_neither_hastens_nor_delays_the_end() -> None:
    with serving() as server:
        server.process.send_signal(signal.SIGTERM)
        wait_until_unready(server)
        server.process.send_signal(signal.SIGTERM)

        assert server.status() == 200
        assert server.process.wait(timeout=30) == 0


def test_an_interruption_ends_it_without_draining() -> None:
    with serving(drain=60) as server:
        server.process.send_signal(signal.SIGINT)

        assert server.process.wait(timeout=30) == 0


@pytest.mark.slow
def test_a_rolling_restart_fails_no_request() -> None:
    """A client here does what a balancer does: whom it finds unready it asks no more."""
    statuses: list[int] = []
    over = threading.Event()
    with ExitStack() as stack:
        replicas = [stack.enter_context(serving()) for _ in range(2)]
        ports = [replica.port for replica in replicas]

        def keep_asking() -> None:
            pool = urllib3.PoolManager(retries=False, timeout=20)
            while not over.wait(0.02):
                # Just before each request one looks at who is asked still.
                asked = (f"http://127.0.0.1:{port}/?0.002" for port in tuple(ports) if port in ports)
                statuses.extend(pool.request("GET", url).status for url in asked)

        clients = [threading.Thread(target=keep_asking) for _ in range(6)]
        for client in clients:
            client.start()
        for leaving in replicas:
            ports.append(stack.enter_context(serving()).port)
            leaving.process.send_signal(signal.SIGTERM)
            wait_until_unready(leaving)
            ports.remove(leaving.port)
            assert leaving.process.wait(timeout=30) == 0
        over.set()
        for client in clients:
            client.join()

    assert len(statuses) > 100
    assert set(statuses) == {200}


@pytest.mark.slow
def test_a_rolling_restart_behind_several_addresses_fails_no_change() -> None:
    """Who asks knows both addresses and nothing of readiness; what it sends must not be sent twice."""
    statuses: list[int] = []
    over = threading.Event()
    with ExitStack() as stack:
        replicas = [stack.enter_context(serving()) for _ in range(2)]
        pool = Pool(" ".join(f"http://127.0.0.1:{replica.port}" for replica in replicas), 6)

        def keep_asking() -> None:
            while not over.wait(0.02):
                statuses.append(pool.ask(Request("POST", "/?0.002", {}, b"wish", 4), 20).status)

        clients = [threading.Thread(target=keep_asking) for _ in range(6)]
        for client in clients:
            client.start()
        for leaving in replicas:
            leaving.process.send_signal(signal.SIGTERM)
            assert leaving.process.wait(timeout=30) == 0
            stack.enter_context(serving(port=leaving.port))
        over.set()
        for client in clients:
            client.join()

    assert len(statuses) > 100
    assert set(statuses) == {200}


def wait_until_ready(server: Served) -> None:
    until = time.monotonic() + 60
    while True:
        with suppress(OSError, http.client.HTTPException):
            if server.ready() == 200:
                return
        assert server.process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)


def wait_until_unready(server: Served) -> None:
    until = time.monotonic() + 20
    while server.ready() != 503:
        assert time.monotonic() < until
        time.sleep(0.02)
