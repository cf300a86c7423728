"""Too many are told so at once; a gateway that is away is told clearly; an end fails nobody."""

import http.client
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Self
from urllib.parse import urlsplit

import pytest

from tests.frontend import behind, serving
from tests.frontend.behind import Answer, Behind, problem_of
from tests.frontend.serving import Frontend
from tests.house import Reply
from tests.process import free_ports
from tests.servers.postgresql import wait_for

pytestmark = pytest.mark.nginx

SLOW = "/api/v1/enrollments"
CUT, CALLERS = 4, 24
HELD = 4.0
"""Seconds that the gateway takes for what is slow: more than a busy machine needs to bring all callers to it."""


def storm(frontend: Frontend) -> list[tuple[Reply, float]]:
    """Send many slow changes at once; return each answer and the seconds it took."""

    def one(_: int) -> tuple[Reply, float]:
        began = time.monotonic()
        reply = frontend.ask("POST", SLOW, b"{}", headers={"Accept-Language": "pl"})
        return reply, time.monotonic() - began

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, range(CALLERS)))


def test_those_beyond_what_the_gateway_can_take_are_told_at_once(standing: Behind, gateway: Behind) -> None:
    gateway.answers[SLOW] = Answer(seconds=HELD)
    gateway.most = 0

    with serving.running(standing.address, OVERLOAD_CUT=str(CUT)) as frontend:
        answers = storm(frontend)
        page = frontend.ask("GET", "/")

    cut = [(reply, seconds) for reply, seconds in answers if reply.status != 200]
    assert gateway.most == CUT
    assert len(cut) == CALLERS - CUT
    assert max(seconds for _, seconds in cut) < HELD - 0.1, "they waited for the others"
    assert page.status == 200
    for reply, _ in cut:
        problem = problem_of(reply.body)
        assert (reply.status, problem["status"], problem["code"]) == (503, 503, "gateway-busy")
        assert problem["title"] == "Zbyt wielu naraz; niczego nie zrobiono."
        assert problem["instance"] == SLOW
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert (reply.headers["Retry-After"], reply.headers["Cache-Control"]) == ("1", "no-store")


def test_without_the_cut_the_gateway_has_them_all(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[SLOW] = Answer(seconds=HELD)
    gateway.most = 0

    answers = storm(shown)

    assert {reply.status for reply, _ in answers} == {200}
    assert gateway.most == CALLERS


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_gateway_that_takes_no_connection_has_done_nothing(method: str) -> None:
    with serving.running(f"127.0.0.1:{free_ports()}") as frontend:
        reply = frontend.ask(method, "/api/v1/terms")
        ready, page = frontend.ask("GET", "/health/ready"), frontend.ask("GET", "/")

    problem = problem_of(reply.body)
    assert (reply.status, problem["code"], reply.headers["Retry-After"]) == (503, "service-unavailable", "1")
    assert problem["title"] == "The university does not answer right now; nothing was done."
    assert (ready.status, page.status) == (200, 200)


def test_a_gateway_without_an_address_is_looked_for_and_the_page_is_there_meanwhile() -> None:
    with serving.running("nowhere.invalid:8000") as frontend:
        reply, page = frontend.ask("GET", "/api/v1/terms"), frontend.ask("GET", "/")
        events = [line["event"] for line in frontend.lines()]

    assert (reply.status, problem_of(reply.body)["code"], page.status) == (503, "service-unavailable", 200)
    assert "gateway has no address yet" in events


def test_people_who_open_the_api_s_pages_are_told_in_words() -> None:
    with serving.running(f"127.0.0.1:{free_ports()}") as frontend:
        page, file = frontend.ask("GET", "/api/docs"), frontend.ask("GET", "/api/docs/docs.js")

    assert (page.status, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert (page.headers["Retry-After"], page.headers["Cache-Control"]) == ("1", "no-store")
    assert "The system does not answer right now" in page.body.decode()
    assert (file.status, file.headers["Content-Type"]) == (503, "application/problem+json")


def test_a_gateway_that_comes_back_is_asked_at_once() -> None:
    port = free_ports()
    with serving.running(f"127.0.0.1:{port}") as frontend:
        away = frontend.ask("GET", "/api/v1/terms")
        with behind.standing(port):
            back = frontend.ask("GET", "/api/v1/terms")

    assert (away.status, back.status) == (503, 200)


def test_an_end_waits_for_what_was_begun(standing: Behind, gateway: Behind) -> None:
    gateway.answers[SLOW] = Answer(seconds=HELD)

    with serving.running(standing.address) as frontend, ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(frontend.ask, "POST", SLOW, b"{}") for _ in range(8)]
        wait_for(lambda: len(gateway.came(SLOW)) == 8)
        frontend.tell(signal.SIGTERM)
        answers = [one.result() for one in begun]
        code = frontend.ended()
        events = [line["event"] for line in frontend.lines()]

    assert ({reply.status for reply in answers}, code) == ({200}, 0)
    assert events[-2:] == ["draining", "ended"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGINT])
def test_whoever_ends_it_is_understood(number: signal.Signals) -> None:
    with serving.running("127.0.0.1:1") as frontend:
        frontend.tell(number)

        assert frontend.ended() == 0


class Loyal:
    """A client that keeps its connection for as long as it may, and counts what fails."""

    def __init__(self, frontend: Frontend) -> None:
        self.failures: list[str] = []
        self.asked = 0
        address = urlsplit(frontend.url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._connection.close()

    def leave(self) -> None:
        """Stop as soon as a connection would have to be made anew: whoever balances looks elsewhere by then."""
        self._stop.set()

    def _run(self) -> None:
        while not (self._stop.is_set() and self._connection.sock is None):
            try:
                self._connection.request("POST", "/api/v1/terms", b"{}")
                status = self._connection.getresponse().read() and 200
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                self._connection.close()
                continue
            self.asked += status == 200
            time.sleep(0.02)


def drained(frontend: Frontend) -> list[Loyal]:
    """End a frontend while clients go on; return those clients."""
    with ExitStack() as stack:
        clients = [stack.enter_context(Loyal(frontend)) for _ in range(8)]
        time.sleep(0.5)
        frontend.tell(signal.SIGTERM)
        wait_for(lambda: frontend.ask("GET", "/health/ready").status != 200)
        draining = frontend.ask("GET", "/health/ready")
        for client in clients:
            client.leave()
        code = frontend.ended()
    assert (draining.status, draining.json, code) == (503, {"status": "draining"}, 0)
    return clients


@pytest.mark.slow
@pytest.mark.usefixtures("gateway")
def test_kept_connections_end_before_the_process_does_and_no_request_fails(standing: Behind) -> None:
    with serving.running(standing.address, DRAIN_SECONDS="10") as frontend:
        clients = drained(frontend)

    assert [failure for client in clients for failure in client.failures] == []
    assert sum(client.asked for client in clients) > 100


@pytest.mark.usefixtures("gateway")
def test_where_connections_are_kept_for_good_requests_fail(standing: Behind) -> None:
    with serving.running(standing.address, without="keepalive_time 5s;", DRAIN_SECONDS="4") as frontend:
        clients = drained(frontend)

    assert [failure for client in clients for failure in client.failures] != []
