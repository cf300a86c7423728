"""What everybody may read is asked of the gateway once a second; what is somebody's own is never kept."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from tests.frontend import serving
from tests.frontend.behind import JSON, PRIVATE, SHARED, Answer, Behind
from tests.frontend.serving import Frontend
from tests.house import Reply

pytestmark = pytest.mark.nginx

Told = TypeVar("Told")
PATH = "/api/v1/availability"
BROWSERS = 200


def crowd(frontend: Frontend, browsers: int = BROWSERS, **options: object) -> list[Reply]:
    """Ask for the same at once, within one second of the clock."""
    time.sleep(1.02 - time.time() % 1)
    with ThreadPoolExecutor(50) as pool:
        return list(pool.map(lambda _: frontend.ask("GET", f"{PATH}?after=1", **options), range(browsers)))  # type: ignore[arg-type]  # options of `ask`, as told


def in_one_second(gateway: Behind, act: Callable[[], Told]) -> Told:
    """Do something within one second of the clock: anew, if the machine was too busy for that."""
    while True:
        gateway.visits.clear()
        time.sleep(1.02 - time.time() % 1)
        second = int(time.time())
        told = act()
        if int(time.time()) == second:
            return told


def asked(gateway: Behind) -> int:
    """Return how many requests the gateway had."""
    return len(gateway.came(PATH))


def test_two_hundred_browsers_of_a_second_cost_the_gateway_one_request(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[PATH] = Answer(SHARED, seconds=0.05)

    began = time.time()
    replies = crowd(shown)
    seconds = int(time.time()) - int(began)

    assert {(reply.status, reply.body, reply.headers["Cache-Control"]) for reply in replies} == {
        (200, Answer().body, SHARED["Cache-Control"])
    }
    assert 1 <= asked(gateway) <= max(seconds, 1)
    assert sum(reply.headers["Cache-Status"] == "frontend; hit" for reply in replies) == BROWSERS - asked(gateway)


def test_without_the_cache_they_cost_two_hundred(standing: Behind, gateway: Behind) -> None:
    gateway.answers[PATH] = Answer(SHARED)

    with serving.running(standing.address, MICRO_CACHE="off") as frontend:
        crowd(frontend)

    assert asked(gateway) == BROWSERS


@pytest.mark.parametrize(
    "said",
    [
        PRIVATE, JSON, {**JSON, "Cache-Control": "no-store"}, {**JSON, "Cache-Control": "public"},
        {**JSON, "Cache-Control": "private, s-maxage=60"}, {**JSON, "Cache-Control": "public, s-maxage=0"},
        {**JSON, "Cache-Control": "max-age=60"}, {**SHARED, "Set-Cookie": "session=secret"},
        {**JSON, "Expires": "Thu, 31 Dec 2099 23:59:59 GMT"}, {**JSON, "X-Accel-Expires": "60"},
    ],
    ids=["private", "nothing", "no-store", "public", "private-s", "zero", "max-age", "cookie", "expires", "accel"],
)  # fmt: skip
def test_an_answer_that_is_not_told_to_be_shared_is_given_to_nobody_else(
    shown: Frontend, gateway: Behind, said: dict[str, str]
) -> None:
    gateway.answers[PATH] = Answer(said)

    crowd(shown, 3)

    assert asked(gateway) == 3


@pytest.mark.parametrize("status", [201, 301, 404, 410, 503])
def test_nothing_but_an_answer_is_kept(shown: Frontend, gateway: Behind, status: int) -> None:
    gateway.answers[PATH] = Answer(SHARED, status=status)

    crowd(shown, 3)

    assert asked(gateway) == 3


@pytest.mark.parametrize("own", ["Authorization", "Cookie", "X-Read-After"])
def test_who_signed_in_or_wrote_always_asks_the_gateway_and_leaves_nothing(
    shown: Frontend, gateway: Behind, own: str
) -> None:
    gateway.answers[PATH] = Answer(SHARED)
    crowd(shown, 2)

    gateway.answers[PATH] = Answer(SHARED, b'{"mine":"secret"}')
    mine = crowd(shown, 2, headers={own: "me"})
    anybody = [shown.ask("GET", f"{PATH}?after=1", headers={own: "me"}), shown.ask("GET", f"{PATH}?after=2")]
    gateway.answers[PATH] = Answer(SHARED, b'{"all":"s"}')
    others = crowd(shown, 2)

    assert {reply.body for reply in [*mine, anybody[0]]} == {b'{"mine":"secret"}'}
    assert {reply.body for reply in others} == {b'{"all":"s"}'}
    assert all("Cache-Status" not in reply.headers for reply in mine)


def test_a_change_is_never_answered_from_what_was_read(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[PATH] = Answer(SHARED)
    crowd(shown, 1)

    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        shown.ask(method, f"{PATH}?after=1")

    assert [visit.method for visit in gateway.visits] == ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def test_the_next_second_has_a_new_answer(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[PATH] = Answer(SHARED, b'{"version":1}')
    first = crowd(shown, 2)
    gateway.answers[PATH] = Answer(SHARED, b'{"version":2}')
    second = crowd(shown, 2)

    assert [reply.body for reply in (*first, *second)] == [b'{"version":1}'] * 2 + [b'{"version":2}'] * 2


def test_languages_do_not_mix(shown: Frontend, gateway: Behind) -> None:
    polish = ["pl", "pl-PL,pl;q=0.9,en;q=0.5", "PL, en"]
    english = ["en", "en-GB,en;q=0.9,pl;q=0.8"]
    others = ["en;q=0.1, pl", "de", "pl;q=0.1,en"]
    gateway.answers[PATH] = Answer(SHARED)

    def ask_in_all() -> None:
        for language in (*polish, *english, *others):
            shown.ask("GET", PATH, headers={"Accept-Language": language})

    in_one_second(gateway, ask_in_all)

    assert [visit.headers["Accept-Language"] for visit in gateway.visits] == ["pl", "en", *others]


def test_a_kept_answer_is_not_sent_again_to_who_has_it(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[PATH] = Answer({**SHARED, "ETag": '"abc"'})

    has_it = {"If-None-Match": '"abc"'}
    replies = in_one_second(gateway, lambda: [shown.ask("GET", PATH, headers=has_it) for _ in range(3)])

    assert {(reply.status, reply.body) for reply in replies} == {(304, b"")}
    assert {reply.headers["Cache-Control"] for reply in replies} == {SHARED["Cache-Control"]}
    assert asked(gateway) == 1


def test_head_is_answered_from_the_same(shown: Frontend, gateway: Behind) -> None:
    gateway.answers[PATH] = Answer(SHARED)
    _, head = in_one_second(gateway, lambda: (shown.ask("GET", PATH), shown.ask("HEAD", PATH)))

    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(Answer().body)))
    assert asked(gateway) == 1
