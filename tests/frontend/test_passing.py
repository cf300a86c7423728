"""What is asked of the API reaches the gateway as it was sent, and what it says comes back as it said it."""

import gzip
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.frontend import serving
from tests.frontend.behind import PRIVATE, Answer, Behind, problem_of
from tests.frontend.serving import Frontend
from tests.frontend.test_pages import told
from university.gateway.proxy.addresses import address_of
from university.gateway.proxy.asking import BodyTooSlow
from university.gateway.proxy.refusing import BadGateway, GatewayBusy, GatewayTimeout, ServiceUnavailable
from university.platform.web.problems import of_status

pytestmark = pytest.mark.nginx

TERMS = "/api/v1/terms"
LONG = b'{"words":"' + b"word " * 1000 + b'"}'


def test_a_request_arrives_as_it_was_sent(shown: Frontend, gateway: Behind) -> None:
    own = {"Host": "register.example.edu", "If-None-Match": '"v1"', "X-Read-After": "course=0/1.a", "X-Odd": "odd"}

    reply = shown.ask("PATCH", f"{TERMS}/a%2Fb?limit=1&q=a%20b", {"a": 1}, token="secret", headers=own)

    visit = gateway.visits[-1]
    assert (visit.method, visit.target, visit.body) == ("PATCH", f"{TERMS}/a%2Fb?limit=1&q=a%20b", b'{"a":1}')
    assert {**own, "Authorization": "Bearer secret"}.items() <= visit.headers.items()
    assert (reply.status, reply.body) == (200, Answer().body)


def test_what_anybody_may_claim_of_a_request_goes_no_further(shown: Frontend, gateway: Behind) -> None:
    claims = ("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-IP")

    shown.ask("GET", TERMS, headers=dict.fromkeys(claims, "10.1.2.3"))

    assert not {name.lower() for name in claims} & {name.lower() for name in gateway.visits[-1].names}


@pytest.mark.parametrize("path", ["/api/v1/auth/token", TERMS])
def test_the_gateway_is_told_where_a_request_comes_from_behind_what_anybody_may_claim(
    shown: Frontend, gateway: Behind, path: str
) -> None:
    shown.ask("POST", path, {}, headers={"X-Forwarded-For": "203.0.113.9"})

    told = gateway.visits[-1].headers["X-Forwarded-For"]
    assert told == "203.0.113.9, 127.0.0.1"
    assert address_of({"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": told}, 1) == "127.0.0.1"


def test_an_answer_s_headers_come_once_and_none_is_added(shown: Frontend, gateway: Behind) -> None:
    said = {
        **PRIVATE,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
        "ETag": '"v1"',
    }
    gateway.answers[TERMS] = Answer(said)

    headers = told(shown, "POST", TERMS)

    names = [name for name, _ in headers]
    assert sorted(names) == sorted({*said, "Server", "Date", "Connection", "Content-Length"})
    assert said.items() <= dict(headers).items()


@pytest.mark.parametrize("status", [304, 401, 404, 405, 413, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_the_gateway_s_refusals_are_its_own(shown: Frontend, gateway: Behind, method: str, status: int) -> None:
    body = b"" if status == 304 else b'{"code":"said-by-the-gateway"}'
    gateway.answers[TERMS] = Answer({**PRIVATE, "Retry-After": "7"}, body, status)

    reply = shown.ask(method, TERMS)

    assert (reply.status, reply.body, reply.headers["Retry-After"]) == (status, body, "7")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1//terms", "/api//v1/terms", "/api/v1/terms/", "/api/v1/./terms", "/api/v1/%2e%2e/internal", "/api",
        "/api/v1/..%2fx", "/api/v1/a;b=c", "/api/v1/%7Eme", "/api/v1/%C5%BC", "/api/", "/api/internal/openapi.json",
    ],
)  # fmt: skip
def test_an_odd_address_is_the_gateway_s_to_judge(shown: Frontend, gateway: Behind, path: str) -> None:
    shown.ask("GET", path)

    assert gateway.visits[-1].target == path


@pytest.mark.parametrize(
    "path",
    [
        "/api/../internal/openapi.json", "/api/%2e%2e/internal", "/api/..%2finternal", "/api/v1/../../metrics",
        "//internal", "/internal", "/./internal/x", "/apix/../internal", "/metrics", "/health", "/health/live/",
        "/%69nternal/openapi.json", "/internal%2Fopenapi.json", "/API/v1/terms",
    ],
)  # fmt: skip
def test_nothing_but_the_api_is_asked_of_the_gateway(shown: Frontend, gateway: Behind, path: str) -> None:
    reply = shown.ask("GET", path)

    assert gateway.visits == []
    assert b"told" not in reply.body


def test_a_request_inside_another_is_never_asked(shown: Frontend, gateway: Behind) -> None:
    inner = b"GET /internal/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    outer = b"POST /api/v1/terms HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n" % len(inner)

    shown.say(outer + b"Transfer_Encoding: chunked\r\n\r\n" + inner)
    shown.say(outer.replace(b"Content", b"Content-Length: 0\r\nContent") + b"\r\n" + inner)
    shown.say(outer + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner)
    shown.say(outer + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner)

    assert [(visit.target, visit.body) for visit in gateway.visits] == [("/api/v1/terms", inner)]


def test_a_trace_is_continued_or_begun(shown: Frontend, gateway: Behind) -> None:
    begun = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for header in ({"traceparent": begun}, {"traceparent": "nonsense"}, {}):
        shown.ask("POST", TERMS, headers=header)

    first, second, third = (visit.headers["traceparent"] for visit in gateway.visits)

    assert first == begun
    assert len({second, third, "nonsense"}) == 3
    assert [len(part) for part in second.split("-")] == [2, 32, 16, 2]


@pytest.mark.parametrize(("weak", "asked"), [('W/"v1-ab"', '"v1-ab"'), ('"v1-ab"', '"v1-ab"'), ("*", "*")])
def test_a_tag_that_compression_has_weakened_is_strong_again_for_the_gateway(
    shown: Frontend, gateway: Behind, weak: str, asked: str
) -> None:
    gateway.answers[TERMS] = Answer({**PRIVATE, "ETag": '"v1-ab"'}, LONG)

    packed = shown.ask("GET", TERMS, token="x", headers={"Accept-Encoding": "gzip"})
    shown.ask("PATCH", TERMS, headers={"If-Match": weak})

    assert (packed.headers["ETag"], gzip.decompress(packed.body)) == ('W/"v1-ab"', LONG)
    assert gateway.visits[-1].headers["If-Match"] == asked


def test_a_long_answer_is_compressed_for_who_takes_it_and_only_then(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[TERMS] = Answer(body=LONG)

    plain = shown.ask("GET", TERMS, token="x")
    packed = shown.ask("GET", TERMS, token="x", headers={"Accept-Encoding": "gzip"})
    short = shown.ask("GET", "/api/v1/short", token="x", headers={"Accept-Encoding": "gzip"})

    assert plain.body == gzip.decompress(packed.body) == LONG
    assert len(packed.body) < len(LONG) / 10
    assert "Content-Encoding" not in plain.headers | short.headers
    assert ("Vary", "Accept-Encoding") in told(shown, "POST", TERMS)


def test_an_upload_passes_as_it_comes(shown: Frontend, gateway: Behind) -> None:
    sent_at: list[float] = []

    def slowly() -> Iterator[bytes]:
        yield b"x" * 100_000
        time.sleep(0.5)
        sent_at.append(time.monotonic())
        yield b"y" * 100_000

    length = {"Content-Length": "200000"}
    reply = shown.ask("POST", "/api/v1/courses/imports", slowly(), headers=length)

    visit = gateway.visits[-1]
    assert reply.status == 200
    assert (len(visit.body), visit.headers["Content-Length"]) == (200_000, "200000")
    assert visit.first_bytes_at < sent_at[0]


def test_a_body_of_unknown_length_passes(shown: Frontend, gateway: Behind) -> None:
    shown.ask("POST", TERMS, (b"x" * 50_000 for _ in range(4)))

    assert len(gateway.visits[-1].body) == 200_000


@pytest.mark.parametrize(("length", "status"), [(67_108_864, None), (67_108_865, 413)], ids=["at the limit", "beyond"])
def test_a_body_is_as_long_as_the_gateway_takes_it(shown: Frontend, length: int, status: int | None) -> None:
    head = f"POST {TERMS} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    address = urlsplit(shown.url)

    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20 if status else 1) as line:
        line.sendall(head.encode())
        heard = b""
        with suppress(TimeoutError):
            while piece := line.recv(65_536):
                heard += piece

    assert heard.startswith(f"HTTP/1.1 {status}".encode()) if status else heard == b""
    if status:
        assert problem_of(heard.partition(b"\r\n\r\n")[2])["code"] == "too-large"


GET, POST = b"GET /api/v1/terms HTTP/1.1\r\nHost: a\r\n", b"POST /api/v1/terms HTTP/1.1\r\nHost: a\r\n"
UNREADABLE = {
    "line": (b"NONSENSE\r\n\r\n", 400, "malformed"),
    "version": (GET.replace(b"1.1", b"9.9") + b"\r\n", 400, "malformed"),
    "header": (GET + b"Bad Header: 1\r\n\r\n", 400, "malformed"),
    "no host": (GET.replace(b"Host", b"Hose") + b"\r\n", 400, "malformed"),
    "two hosts": (GET + b"Host: b\r\n\r\n", 400, "malformed"),
    "length": (POST + b"Content-Length: -5\r\n\r\n", 400, "malformed"),
    "two lengths": (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "malformed"),
    "chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", 400, "malformed"),
    "address": (GET.replace(b"terms", b"a" * 9000) + b"\r\n", 414, "address-too-long"),
    "long": (GET + b"X-Long: " + b"a" * 9000 + b"\r\n\r\n", 431, "request-header-fields-too-large"),
    "coding": (POST + b"Transfer-Encoding: rot13\r\n\r\n", 501, "not-implemented"),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_what_cannot_be_read_is_a_problem_that_nobody_behind_sees(shown: Frontend, gateway: Behind, fault: str) -> None:
    words, status, code = UNREADABLE[fault]

    head, _, body = shown.say(words).partition(b"\r\n\r\n")

    problem = problem_of(body)
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: application/problem+json" in head
    assert b"Cache-Control: no-store" in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert gateway.visits == []


@pytest.fixture(scope="module")
def single(standing: Behind) -> Iterator[Frontend]:
    """A frontend of one worker: a connection that one request has left is the next one's."""
    with serving.running(standing.address, WORKERS="1") as frontend:
        yield frontend


def test_a_connection_to_the_gateway_is_used_again(single: Frontend, gateway: Behind) -> None:
    for method in ("POST", "PUT", "GET"):
        single.ask(method, TERMS)

    assert len({visit.connection for visit in gateway.visits}) == 1
    assert [visit.headers.get("Connection") for visit in gateway.visits] == [None] * 3


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("POST", 1), ("PATCH", 1), ("PUT", 1), ("DELETE", 1)])
def test_a_change_is_never_sent_twice(single: Frontend, gateway: Behind, method: str, times: int) -> None:
    """Over a kept connection that then breaks off, as it does when a gateway is killed."""
    gateway.answers["/api/v1/broken"] = Answer(breaks=True)
    single.ask(method, TERMS, token="x")

    reply = single.ask(method, "/api/v1/broken", token="x")

    assert (reply.status, problem_of(reply.body)["code"]) == (502, "bad-gateway")
    assert reply.headers["Retry-After"] == "1"
    assert len(gateway.came("/api/v1/broken")) == times


def test_a_long_answer_passes_while_it_is_made(shown: Frontend, gateway: Behind) -> None:
    half = b"x" * 500_000
    gateway.answers[TERMS] = Answer(body=half, then=half, pause=3.0)
    address = urlsplit(shown.url)

    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as line:
        line.sendall(f"GET {TERMS} HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nConnection: close\r\n\r\n".encode())
        began, heard = time.monotonic(), b""
        while len(heard) < 400_000:
            heard += line.recv(65_536)
        seconds = time.monotonic() - began
        while piece := line.recv(65_536):
            heard += piece

    assert seconds < 2.9, "it waited for the rest"
    assert heard.endswith(half + half)


def test_the_frontend_s_problems_have_the_gateway_s_codes_and_both_languages() -> None:
    words = (serving.SOURCE / "conf/words.conf").read_text(encoding="utf-8")
    statuses = {code: int(status) for code, status in re.findall(r"^    ([a-z-]+) (\d{3});$", words, re.MULTILINE)}
    of_gateway = {of_status(status)["code"]: status for status in (400, 404, 405, 413, 414, 431, 500, 501)} | {
        kind().code: kind.status for kind in (BodyTooSlow, BadGateway, ServiceUnavailable, GatewayBusy, GatewayTimeout)
    }

    assert statuses == of_gateway
    assert set(re.findall(r'^    "([a-z-]+) pl" ".+";$', words, re.MULTILINE)) == set(statuses)
    assert set(re.findall(r'^    "~\^([a-z-]+) " ".+";$', words, re.MULTILINE)) == set(statuses)
