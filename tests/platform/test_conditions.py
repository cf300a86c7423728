"""Conditional requests: nothing is sent twice, and nobody overwrites what they have not seen."""

import threading

import pytest

from tests.house import House
from tests.platform.asking import SOLARIS, ask, buy, problem_of
from university.platform.conditions import IfMatch, StaleVersion, etag


def test_a_single_thing_has_the_tag_of_its_version(desk: House) -> None:
    created = ask(desk, "POST", "/books", SOLARIS)
    changed = ask(desk, "PATCH", "/books/LEM-1", {"pages": 1}, headers={"If-Match": created.headers["ETag"]})

    read = ask(desk, "GET", "/books/LEM-1")

    assert (created.headers["ETag"], changed.headers["ETag"]) == ('"v1"', '"v2"')
    assert read.headers["ETag"].startswith('"v2-')
    assert ask(desk, "PATCH", "/books/LEM-1", {}, headers={"If-Match": read.headers["ETag"]}).status == 200


def test_another_thing_under_the_same_address_is_sent_whatever_its_version(desk: House) -> None:
    buy(desk, "LEM-1", pages=1)
    tag = ask(desk, "GET", "/books/LEM-1").headers["ETag"]
    ask(desk, "DELETE", "/books/LEM-1", headers={"If-Match": tag})
    buy(desk, "LEM-1", pages=2)

    reply = ask(desk, "GET", "/books/LEM-1", headers={"If-None-Match": tag})

    assert (reply.status, reply.json["version"], reply.json["pages"]) == (200, 1, 2)


def test_a_list_has_the_tag_of_its_content(desk: House) -> None:
    empty, again = (ask(desk, "GET", "/books").headers["ETag"] for _ in range(2))
    buy(desk, "LEM-1")

    assert empty == again != ask(desk, "GET", "/books").headers["ETag"]


@pytest.mark.parametrize("path", ["/books", "/books/LEM-1"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_caller_holds_is_not_sent_again(desk: House, path: str, form: str) -> None:
    buy(desk, "LEM-1")
    tag = ask(desk, "GET", path).headers["ETag"]

    for method in ("GET", "HEAD"):
        reply = ask(desk, method, path, headers={"If-None-Match": form.format(tag)})
        assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("tags", ['"v2"', '"v1"', "", '"v1', "nonsense, more"])
def test_what_the_caller_does_not_hold_is_sent(desk: House, tags: str) -> None:
    buy(desk, "LEM-1")

    assert ask(desk, "GET", "/books/LEM-1", headers={"If-None-Match": tags}).status == 200


def test_a_change_names_the_version_it_rests_on(desk: House) -> None:
    buy(desk, "LEM-1")

    assert problem_of(ask(desk, "PATCH", "/books/LEM-1", {})) == (428, "if-match-missing")
    assert problem_of(ask(desk, "DELETE", "/books/LEM-1")) == (428, "if-match-missing")


@pytest.mark.parametrize("tag", ['"v2"', 'W/"v1"', "v1", '"v1', '"v10"', '"v1-', "", '"v01"', "* x"])
def test_a_change_of_another_version_is_refused_and_told_the_present_one(desk: House, tag: str) -> None:
    buy(desk, "LEM-1")

    reply = ask(desk, "PATCH", "/books/LEM-1", {"pages": 9}, headers={"If-Match": tag})

    assert problem_of(reply) == (412, "stale-version")
    assert reply.json["current"] == '"v1"'
    assert ask(desk, "GET", "/books/LEM-1").json["pages"] == 0


@pytest.mark.parametrize("tag", ['"v1"', "*", '"v7", "v1"', '"v1-with-more"'])
def test_a_change_of_the_present_version_is_made(desk: House, tag: str) -> None:
    buy(desk, "LEM-1")

    assert ask(desk, "PATCH", "/books/LEM-1", {"pages": 9}, headers={"If-Match": tag}).json["pages"] == 9
    assert ask(desk, "DELETE", "/books/LEM-1", headers={"If-Match": "*"}).status == 204


def test_of_many_who_change_the_same_version_one_does(library: House) -> None:
    buy(library, "LEM-1")
    statuses: list[int] = []

    def change(pages: int) -> None:
        reply = ask(library, "PATCH", "/books/LEM-1", {"pages": pages}, headers={"If-Match": '"v1"'})
        statuses.append(reply.status)

    changers = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for changer in changers:
        changer.start()
    for changer in changers:
        changer.join()

    assert sorted(statuses) == [200, 412, 412, 412]
    assert ask(library, "GET", "/books/LEM-1").json["version"] == 2


def test_answers_may_be_kept_only_when_asked_again(desk: House) -> None:
    buy(desk, "LEM-1")

    for path, kept in {
        "/books": "private, no-cache",
        "/books/LEM-1": "private, no-cache",
        "/books/x": "no-store",
    }.items():
        headers = ask(desk, "GET", path).headers
        assert headers["Cache-Control"] == kept
        assert set(headers["Vary"].split(", ")) == {"Accept-Language", "Authorization", "Cookie"}


def test_a_tag_may_tell_apart_answers_that_hold_more_than_the_record() -> None:
    assert etag(3, "en") == '"v3-en"'
    IfMatch('"v3-en"').check(3)
    with pytest.raises(StaleVersion):
        IfMatch('"v3-en"').check(30)
