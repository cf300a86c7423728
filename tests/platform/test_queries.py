"""The query string is as strict as a body."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.house import NOBODY, House
from tests.platform.asking import ask, buy, faults, problem_of, raw

UNKNOWN = "Unknown field."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("color=red", {"color": UNKNOWN}),
        ("Limit=5", {"Limit": UNKNOWN}),
        ("=5", {"": UNKNOWN}),
        ("limit=0", {"limit": "Must be greater than or equal to 1 and less than or equal to 200."}),
        ("limit=201", {"limit": "Must be greater than or equal to 1 and less than or equal to 200."}),
        ("limit=-1", {"limit": "Must be greater than or equal to 1 and less than or equal to 200."}),
        ("limit=999999999999999", {"limit": "Must be greater than or equal to 1 and less than or equal to 200."}),
        ("limit=", {"limit": "Not a valid integer."}),
        ("limit=5.0", {"limit": "Not a valid integer."}),
        ("limit=%2B5", {"limit": "Not a valid integer."}),
        ("limit=0x5", {"limit": "Not a valid integer."}),
        ("limit=%D9%A5", {"limit": "Not a valid integer."}),
        ("limit=" + "9" * 400, {"limit": "Not a valid integer."}),
        ("limit=5&limit=5", {"limit": "Not a valid integer."}),
        ("weight=1e5", {"weight": "Not a valid number."}),
        ("weight=nan", {"weight": "Not a valid number."}),
        ("weight=51", {"weight": "Must be greater than or equal to 0 and less than or equal to 50."}),
        ("total=1", {"total": "Not a valid boolean."}),
        ("total=True", {"total": "Not a valid boolean."}),
        ("order=title", {"order": "Must be one of: code, bought, weight."}),
        ("order=code&order=code", {"order": "Not a valid string."}),
        ("title=", {"title": "Length must be between 1 and 50."}),
        ("title=" + "x" * 51, {"title": "Length must be between 1 and 50."}),
        ("title=a%00b", {"title": "Control characters are not allowed."}),
        ("title=a&title=b", {"title": "Not a valid string."}),
        ("cursor=" + "x" * 1001, {"cursor": "Length must be between 1 and 1000."}),
        ("limit=0&color=red&total=maybe&title=a&title=b", dict.fromkeys(("limit", "color", "total", "title"), "")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_faulty_query_is_refused_by_name(desk: House, query: str, expected: dict[str, str]) -> None:
    told = faults(ask(desk, "GET", f"/books?{query}"))

    assert set(told) == set(expected)
    assert all(told[name] == message for name, message in expected.items() if message)


def test_an_operation_without_a_query_takes_none(desk: House) -> None:
    buy(desk, "LEM-1")

    assert faults(ask(desk, "GET", "/books/LEM-1?verbose=1&x=2")) == {"verbose": UNKNOWN, "x": UNKNOWN}


def test_a_query_that_is_no_utf_8_is_read_as_far_as_it_can_be(desk: House) -> None:
    assert ask(desk, "GET", "/books?title=%FF%FE").json == {"items": [], "next": None}


@pytest.mark.parametrize("key", ["żółw", "a b", "a%b", "a?b", "a;b", "é" * 13, "'; DROP TABLE book; --"])
def test_a_key_in_the_path_may_hold_any_sign(library: House, key: str) -> None:
    buy(library, key)

    assert ask(library, "GET", f"/books/{quote(key, safe='')}").json["code"] == key


@pytest.mark.parametrize(
    "key", ["%00", "a%00", "x" * 8000, "%FF", "%ED%A0%80", ".", "..", "%2e%2e%2f", "%0d%0aSet-Cookie:a", "\x01"]
)
def test_no_key_in_the_path_makes_the_library_fail(library: House, key: str) -> None:
    reply = raw(library, "GET", f"/api/v1/books/{key}", {})

    assert problem_of(reply)[0] == 404
    assert "Set-Cookie" not in reply.headers


def test_a_key_may_not_bring_a_slash(library: House) -> None:
    reply: Any = ask(library, "GET", "/books/a%2Fb", who=NOBODY)

    assert problem_of(reply) == (404, "not-found")
