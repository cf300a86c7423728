"""Pages come with the headers that keep them safe and fresh, and say in words what is not there."""

import gzip
import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.frontend import serving
from tests.frontend.behind import problem_of
from tests.frontend.serving import Frontend

pytestmark = pytest.mark.nginx

ASSET = "/assets/entry-Bx81aQ.js"
PLAIN = sorted(path.relative_to(serving.OURS).as_posix() for path in serving.OURS.glob("*/*.html"))
POLICY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def told(frontend: Frontend, method: str, path: str, **headers: str) -> list[tuple[str, str]]:
    """Return the headers of an answer as they came, doubled ones too."""
    address = urlsplit(frontend.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.getheaders()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        ("/", 200, "no-cache"),
        ("/index.html", 200, "no-cache"),
        ("/favicon.svg", 200, "no-cache"),
        ("/-/plain.css", 200, "no-cache"),
        (ASSET, 200, "public, max-age=31536000, immutable"),
        ("/assets/entry-old.js", 404, "no-store"),
        ("/nothing.png", 404, "no-store"),
    ],
)
def test_every_page_is_kept_as_long_as_it_holds_and_says_once_what_browsers_must_know(
    shown: Frontend, path: str, status: int, kept: str
) -> None:
    reply = shown.ask("GET", path)
    headers = told(shown, "GET", path)

    assert (reply.status, reply.headers["Cache-Control"]) == (status, kept)
    assert POLICY.items() <= reply.headers.items()
    names = [name.lower() for name, _ in headers]
    assert sorted(names) == sorted(set(names))
    assert "strict-transport-security" not in names
    assert dict(headers)["Server"] == "nginx"


def test_nothing_may_be_loaded_from_elsewhere_or_written_into_a_page(shown: Frontend) -> None:
    rules = dict(
        rule.strip().partition(" ")[::2] for rule in shown.ask("GET", "/").headers["Content-Security-Policy"].split(";")
    )

    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert not {"script-src", "style-src"} & rules.keys()
    assert "unsafe" not in "".join(rules.values())


@pytest.mark.parametrize(
    "path",
    [
        "/registration", "/registration/", "/courses/INF-105/", "/courses/A.B", "/courses/CSE%20100A", "/a.b",
        "/plans/1/weeks", "/plans/1/weeks/2?section=1.2",
    ],
)  # fmt: skip
def test_an_address_of_the_page_s_own_is_answered_with_the_page(shown: Frontend, path: str) -> None:
    reply, page = shown.ask("GET", path), shown.ask("GET", "/")

    assert (reply.status, reply.body, reply.headers["Cache-Control"]) == (200, page.body, "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.js", "/.git/config", "/index.html.gz/x.y", "/assets/", "/assets/nothing", "/assets",
        "/-/not-found.html", "/-/problem/502", "/-/", "/nginx.conf", "/nothing", "/courses", "/courses/INF-105/more",
        "/aXb", "/routes.json", "/manifest.json", "/-/nothing", "/plans/1",
    ],
)  # fmt: skip
def test_what_is_not_there_is_no_page(shown: Frontend, path: str) -> None:
    reply = shown.ask("GET", path)

    assert reply.status == 404
    assert "There is no such page" in reply.body.decode()
    assert "Nie ma takiej strony" in reply.body.decode()


@pytest.mark.parametrize(
    "path", ["/metrics", "/health", "/health/x", "/internal", "/internal/openapi.json", "/%69nternal"]
)
def test_machinery_is_told_to_be_nowhere_in_the_words_of_programs(shown: Frontend, path: str) -> None:
    reply = shown.ask("GET", path)

    problem = problem_of(reply.body)
    assert (reply.status, problem["code"], problem["title"]) == (404, "not-found", "There is nothing here.")


@pytest.mark.parametrize("path", ["/../start", "/%2e%2e/start", "/assets/..%2f..%2fstart", "/%00"])
def test_nothing_leads_out_of_the_pages(shown: Frontend, path: str) -> None:
    reply = shown.ask("GET", path)

    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_page_can_only_be_read(shown: Frontend) -> None:
    reply = shown.ask("POST", "/", b"x")

    assert reply.status == 405
    assert b"can only be read" in reply.body


@pytest.mark.parametrize("path", ["/", ASSET, "/-/plain.css"])
def test_what_was_compressed_beforehand_is_sent_so_to_whoever_takes_it(shown: Frontend, path: str) -> None:
    plain = shown.ask("GET", path)
    packed = shown.ask("GET", path, headers={"Accept-Encoding": "br, gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    assert "Content-Encoding" not in plain.headers
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
    # Bytes 8 and 9 tell the effort and the system: 2 is the most that gzip knows.
    assert packed.body[8] == 2


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_page_is_not_sent_again_to_who_has_it(shown: Frontend, encoding: str) -> None:
    tag = shown.ask("GET", "/", headers={"Accept-Encoding": encoding}).headers["ETag"]

    again = shown.ask("GET", "/", headers={"Accept-Encoding": encoding, "If-None-Match": tag})

    assert (again.status, again.body, again.headers["Cache-Control"]) == (304, b"", "no-cache")


@pytest.mark.parametrize("file", PLAIN)
def test_a_plain_page_speaks_two_languages_and_needs_nothing_that_its_policy_forbids(file: str) -> None:
    page = (serving.OURS / file).read_text(encoding="utf-8")

    assert '<html lang="pl">' in page
    assert '<section lang="en">' in page
    assert "<title>" in page
    assert '<meta name="viewport"' in page
    assert page.count("<h1>") == 1
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?:", page)


def test_the_plain_page_leads_to_the_interface_for_programs() -> None:
    with serving.running("127.0.0.1:1") as frontend:
        page = frontend.ask("GET", "/")

    assert 'href="/api/docs"' in page.body.decode()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_pattern_that_could_mean_something_else_to_nginx_stops_the_frontend(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "routes.json").write_text('["/", "/courses/:code(.*)"]')

    told = pytest.raises(pytest.fail.Exception, match=r"routes\.json has a pattern that is not understood")
    with told, serving.running("127.0.0.1:1", tmp_path):
        pass


def test_every_page_that_the_configuration_names_is_there() -> None:
    named = set()
    for file in (serving.SOURCE / "conf").glob("*.conf"):
        named |= set(re.findall(r"/-/([a-z-]+\.(?:html|css))", file.read_text(encoding="utf-8")))

    assert named == {path.name for path in (serving.OURS / "own").iterdir()}
