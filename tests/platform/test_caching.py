"""Caches between may keep what everybody gets, and nothing else."""

import pytest

from tests.house import NOBODY, House
from tests.platform.asking import READER, ask, buy
from university.platform.web.routes import PUBLIC, SIGNED_IN, Routes

SHARED, PRIVATE = "public, max-age=0, s-maxage=60", "private, no-cache"


def test_what_everybody_gets_may_be_given_to_the_next(library: House) -> None:
    reply = ask(library, "GET", "/books", who=NOBODY)

    assert reply.headers["Cache-Control"] == SHARED
    assert set(reply.headers["Vary"].split(", ")) == {"Accept-Language", "Authorization", "Cookie", "X-Read-After"}


def test_that_it_still_holds_may_be_told_the_next_as_well(library: House) -> None:
    tag = ask(library, "GET", "/books", who=NOBODY).headers["ETag"]

    reply = ask(library, "GET", "/books", who=NOBODY, headers={"If-None-Match": tag})

    assert (reply.status, reply.headers["Cache-Control"]) == (304, SHARED)


@pytest.mark.parametrize("who", [READER, None], ids=["signed in", "with a position"])
def test_who_signed_in_or_wrote_gets_an_answer_that_nobody_else_is_given(library: House, who: object) -> None:
    position = {"X-Read-After": "library=0/1.0123456789abcdef0123456789abcdef"}

    reply = ask(library, "GET", "/books", who=who, headers={} if who else position)

    assert (reply.status, reply.headers["Cache-Control"]) == (200, PRIVATE)


def test_an_operation_that_does_not_say_so_is_not_shared(library: House) -> None:
    buy(library, "LEM-1")

    assert ask(library, "GET", "/books/LEM-1", who=NOBODY).headers["Cache-Control"] == PRIVATE


def test_a_refusal_is_kept_by_nobody(library: House) -> None:
    refused = [
        ask(library, "GET", "/books?limit=0", who=NOBODY),
        ask(library, "GET", "/books/nowhere", who=NOBODY),
        ask(library, "GET", "/readers/me", who=NOBODY),
        ask(library, "DELETE", "/books", who=NOBODY),
        ask(library, "GET", "/books", who=NOBODY, headers={"If-Match": '"other"'}),
    ]

    assert [reply.status for reply in refused] == [422, 404, 401, 405, 412]
    assert {reply.headers["Cache-Control"] for reply in refused} == {"no-store"}


@pytest.mark.parametrize(("method", "role"), [("post", PUBLIC), ("get", SIGNED_IN)])
def test_only_what_everybody_may_read_can_be_declared_shared(library: House, method: str, role: str) -> None:
    declare = getattr(Routes("shelf", library.modules["library"].primary), method)

    with pytest.raises(ValueError, match="is not everybody's to read"):
        declare("/shelves", roles=(role,), shared_for=60)
