"""The pages for people: the user interface wherever its router knows the address, and plain words elsewhere."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.gateway.conftest import Knock, gateway_house, knocking
from tests.house import Reply
from university.gateway.site import pages, router
from university.gateway.site.pages import Site
from university.gateway.site.router import UnknownPattern
from university.platform.settings import Settings

FRONTEND = Path(__file__).parents[2] / "deploy/images/frontend"
ASSET = "/assets/entry-Bx81aQ.js"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PATTERNS = ["/", "/sign-in", "/courses", "/courses/:code", "/plans/:plan/weeks/:week?"]
Ask = Callable[..., Reply]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the user interface's build leaves."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "assets").mkdir()
    (folder / ".vite").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>UI</title>" + "<p>word</p>" * 500)
    (folder / "manifest.json").write_text("{}")
    (folder / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "assets/entry-Bx81aQ.js").write_text("export const words = 1;\n" * 500)
    (folder / "assets/face-Cc02zz.woff2").write_bytes(b"wOF2" * 500)
    (folder / ".vite/manifest.json").write_text("{}")
    (folder / "routes.json").write_bytes(msgspec.json.encode(PATTERNS))
    return folder


@pytest.fixture
def ask(folder: Path, tmp_path: Path) -> Iterator[Ask]:
    """Ask a gateway that has the built user interface."""
    house = gateway_house(Settings(data_dir=tmp_path), built=folder)
    yield knocking(house)
    house.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/sign-in/", "/courses/INF-105", "/courses/CSE%20100A", "/courses/A.B", "/plans/1/weeks",
     "/plans/1/weeks/2", "/courses?q=x", "/index.html"],
)  # fmt: skip
@pytest.mark.parametrize("accept", [BROWSER["Accept"], "*/*"])
def test_every_address_of_the_router_is_answered_with_the_page(ask: Ask, folder: Path, path: str, accept: str) -> None:
    reply = ask("GET", path, headers={"Accept": accept})

    assert (reply.status, reply.body) == (200, (folder / "index.html").read_bytes())
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/courses/INF-105/more", "/plans", "/assets/entry-old.js", "/assets/", "/routes.json",
     "/manifest.json", "/.vite/manifest.json", "/.git/config", "/.well-known/security.txt", "/-/not-found.html",
     "/static/index.html", "/courses//x", "/../pyproject.toml", "/%2e%2e/routes.json"],
)  # fmt: skip
def test_an_address_that_no_page_has_says_so_to_people_and_programs(ask: Ask, path: str) -> None:
    person, program = ask("GET", path, headers=BROWSER), ask("GET", path)

    assert person.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Nie ma takiej strony" in person.body.decode()
    assert "There is no such page" in person.body.decode()
    assert 'href="/"' in person.body.decode()
    assert person.status == program.status == 404
    assert person.headers["Cache-Control"] == "no-store"
    assert program.json["code"] == "not-found"


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/v1", "/api/v1/nothing", "/api/v1//x", "/health/live", "/metrics", "/internal/x", "//internal/x"],
)
def test_no_page_is_shown_in_place_of_an_answer(ask: Ask, path: str) -> None:
    reply = ask("GET", path, headers=BROWSER)

    assert (reply.status, reply.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        (ASSET, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/face-Cc02zz.woff2", "font/woff2", "public, max-age=31536000, immutable"),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
        ("/-/plain.css", "text/css; charset=utf-8", "no-cache"),
    ],
)
def test_a_file_says_what_it_is_and_how_long_it_holds(ask: Ask, path: str, kind: str, kept: str) -> None:
    reply = ask("GET", path)

    assert (reply.status, reply.headers["Content-Type"], reply.headers["Cache-Control"]) == (200, kind, kept)


@pytest.mark.parametrize("path", ["/", ASSET, "/nothing"])
def test_every_page_says_to_browsers_what_the_frontend_says(ask: Ask, path: str) -> None:
    configured = (FRONTEND / "conf/security.conf").read_text(encoding="utf-8")
    told = dict(re.findall(r'^add_header ([\w-]+) "?(.*?)"? always;$', configured, re.MULTILINE))

    headers = ask("GET", path, headers=BROWSER).headers

    assert told.pop("Cache-Control") == "$kept"
    assert len(told) == 6
    assert told.items() <= headers.items()


def test_files_are_of_the_kinds_that_the_frontend_knows() -> None:
    listed = (FRONTEND / "conf/types.conf").read_text(encoding="utf-8").partition("{")[2].partition("}")[0]
    kinds = {suffix: line.split()[0] for line in listed.split(";") for suffix in line.split()[1:]}

    assert kinds == pages.KINDS


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "deflate, GZIP"])
@pytest.mark.parametrize("path", ["/", ASSET])
def test_a_page_is_packed_for_who_takes_that(ask: Ask, path: str, accepted: str) -> None:
    plain, packed = ask("GET", path), ask("GET", path, headers={"Accept-Encoding": accepted})

    assert gzip.decompress(packed.body) == plain.body
    assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body)
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "accepted"),
    [("/", "br"), ("/", "gzip;q=0"), ("/", "gzip; q=0.000"), ("/", ""), ("/assets/face-Cc02zz.woff2", "gzip")],
)
def test_a_page_is_not_packed_for_who_does_not_or_where_it_gains_nothing(ask: Ask, path: str, accepted: str) -> None:
    assert "Content-Encoding" not in ask("GET", path, headers={"Accept-Encoding": accepted}).headers


@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_a_page_is_not_sent_again_to_who_has_it(ask: Ask, accepted: str) -> None:
    told = {"Accept-Encoding": accepted}
    tag = ask("GET", "/", headers=told).headers["ETag"]

    again = ask("GET", "/sign-in", headers={**told, "If-None-Match": f'"other", W/{tag}'})
    other = ask("GET", "/", headers={**told, "If-None-Match": '"other"'})

    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert other.status == 200


def test_head_tells_the_length_alone(ask: Ask, folder: Path) -> None:
    reply = ask("HEAD", "/courses")

    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) == (folder / "index.html").stat().st_size


def test_a_page_can_only_be_read(ask: Ask) -> None:
    person, program = ask("POST", "/", b"x", headers=BROWSER), ask("POST", "/", b"x")

    assert (person.status, person.headers["Allow"]) == (405, "GET, HEAD")
    assert b"can only be read" in person.body
    assert (program.status, program.json["code"]) == (404, "not-found")
    assert ask("POST", "/nothing", b"x", headers=BROWSER).status == 404


@pytest.mark.parametrize("away", ["course", "student", "enrollment"])
def test_pages_are_there_while_a_module_is_away(folder: Path, tmp_path: Path, away: str) -> None:
    house = gateway_house(Settings(data_dir=tmp_path), away=away, built=folder)

    assert knocking(house)("GET", "/courses").status == 200
    house.close()


def test_a_session_that_is_over_bars_nobody_from_the_pages(ask: Ask) -> None:
    reply = ask("GET", "/", headers={"Cookie": "session=university-session_" + "a" * 43})

    assert reply.status == 200
    assert "Set-Cookie" not in reply.headers


def test_where_nothing_was_built_a_page_says_how(settings: Settings, tmp_path: Path) -> None:
    house = gateway_house(settings, built=tmp_path / "nowhere")
    knock: Knock = knocking(house)

    first = knock("GET", "/", headers=BROWSER)

    assert first.status == 200
    assert "<code>make ui</code>" in first.body.decode()
    assert 'href="/api/docs"' in first.body.decode()
    assert knock("GET", "/courses", headers=BROWSER).status == 404
    assert knock("GET", "/-/plain.css").status == 200
    assert knock("GET", "/api/v1/terms").status == 200
    house.close()


@pytest.mark.parametrize("pattern", ["courses", "/courses/:id(\\d+)", "/:rest(.*)*", "/a/:b+", "//", "/a b", "/a/:"])
def test_a_pattern_that_is_not_understood_is_named(pattern: str) -> None:
    with pytest.raises(UnknownPattern, match=re.escape(repr(pattern))):
        router.compiled([pattern])


def test_a_word_of_a_pattern_is_taken_literally() -> None:
    known = router.compiled(["/a.b/:c"])

    assert known.fullmatch("/a.b/x")
    assert not known.fullmatch("/aXb/x")
    assert not router.compiled([]).fullmatch("/")
    assert not router.compiled(["/"]).fullmatch("")


def test_the_pages_of_this_checkout_are_understood_if_they_were_built() -> None:
    assert Site().find("/") is not None
