"""Lists by keyset: every item once, whatever happens between two pages."""

import base64
from datetime import UTC, datetime, timedelta
from itertools import chain, count as counting, product
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert

from tests.house import House, Reply
from tests.platform.asking import ask, buy, faults
from tests.platform.library import Book
from university.platform.database import new_id

SOME_ID = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"

LONG_AGO = datetime(2026, 3, 29, 0, 59, 59, 999_000, tzinfo=UTC)
NOT_GIVEN_OUT = {"cursor": "This cursor was not given out by this list."}


def fill(library: House, *books: dict[str, Any]) -> None:
    """Put books on the shelf at once."""
    numbers = counting()
    rows = [
        {
            "id": new_id(),
            "code": f"B{next(numbers):03}",
            "title": "t",
            "pages": 0,
            "weight": 0.0,
            "bought_at": LONG_AGO,
            "version": 1,
            **book,
        }
        for book in books
    ]
    with library.modules["library"].primary.begin() as session:
        session.execute(insert(Book), rows)


def codes(library: House, query: str, limit: int = 2) -> list[str]:
    """Return the codes of all pages."""
    return list(chain.from_iterable(pages(library, query, limit)))


def pages(library: House, query: str, limit: int = 2) -> list[list[str]]:
    """Return the codes of every page."""
    told: list[list[str]] = []
    cursor = ""
    while True:
        page = ask(library, "GET", f"/books?limit={limit}&{query}{cursor}").json
        told.append([book["code"] for book in page["items"]])
        if page["next"] is None:
            return told
        cursor = f"&cursor={page['next']}"


def read(cursor: str) -> list[Any]:
    """Return what a cursor holds."""
    held: list[Any] = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return held


def forge(*held: Any) -> str:
    """Return a cursor that holds anything."""
    return base64.urlsafe_b64encode(msgspec.json.encode(held)).decode().rstrip("=")


def test_an_empty_list_is_one_empty_page(library: House) -> None:
    assert ask(library, "GET", "/books").json == {"items": [], "next": None}


def test_pages_hold_every_item_once_and_in_order(library: House) -> None:
    fill(library, *({} for _ in range(7)))

    assert pages(library, "", limit=3) == [["B000", "B001", "B002"], ["B003", "B004", "B005"], ["B006"]]
    assert [len(page) for page in pages(library, "", limit=7)] == [7]


def test_a_page_holds_fifty_unless_told_and_at_most_two_hundred(library: House) -> None:
    fill(library, *({} for _ in range(201)))

    assert len(ask(library, "GET", "/books").json["items"]) == 50
    assert [len(page) for page in pages(library, "", limit=200)] == [200, 1]


def test_what_is_added_or_removed_meanwhile_neither_repeats_nor_hides_an_item(library: House) -> None:
    fill(library, *({} for _ in range(6)))
    first = ask(library, "GET", "/books?limit=3").json

    buy(library, "A-before")
    buy(library, "B003-between")
    ask(library, "DELETE", "/books/B002", headers={"If-Match": "*"})
    rest = ask(library, "GET", f"/books?limit=9&cursor={first['next']}").json

    assert [book["code"] for book in rest["items"]] == ["B003", "B003-between", "B004", "B005"]


def test_a_filter_holds_on_every_page(library: House) -> None:
    fill(library, *({"title": "even" if number % 2 == 0 else "odd"} for number in range(9)))

    assert pages(library, "title=odd") == [["B001", "B003"], ["B005", "B007"]]


def test_items_of_the_same_instant_are_told_apart_by_their_ids(library: House) -> None:
    moments = [LONG_AGO + timedelta(microseconds=number // 3) for number in range(9)]
    fill(library, *({"bought_at": moment} for moment in moments))

    assert codes(library, "order=bought") == [f"B{number:03}" for number in range(9)]


def test_items_of_the_same_number_are_told_apart_by_the_next_keys(library: House) -> None:
    weights = (0.1, 2.0, 0.30000000000000004)
    fill(library, *({"weight": weight, "pages": pages} for weight, pages in product(weights, (2, 1))))

    assert codes(library, "order=weight", limit=1) == ["B001", "B000", "B005", "B004", "B003", "B002"]


def test_keys_may_be_of_any_language(library: House) -> None:
    given = ["ąbc", "łódź", "zażółć", "\U0001f4da", "\u05d0", 'q"uo\\te', "a,b"]
    fill(library, *({"code": code} for code in given))

    told = codes(library, "", limit=1)

    assert sorted(told) == sorted(given)
    assert told == codes(library, "", limit=200)


def test_a_total_is_counted_only_when_asked_for(library: House) -> None:
    fill(library, *({"title": "even" if number % 2 == 0 else "odd"} for number in range(9)))
    first = ask(library, "GET", "/books?limit=2&title=odd&total=true").json

    assert "total" not in ask(library, "GET", "/books?limit=2").json
    assert "total" not in ask(library, "GET", "/books?limit=2&total=false").json
    assert first["total"] == 4
    assert ask(library, "GET", f"/books?limit=2&title=odd&total=true&cursor={first['next']}").json["total"] == 4


def test_a_cursor_of_another_order_is_refused(library: House) -> None:
    fill(library, {}, {})
    by_code = ask(library, "GET", "/books?limit=1").json["next"]
    by_bought = ask(library, "GET", "/books?limit=1&order=bought").json["next"]

    assert refused(library, by_bought) == refused(library, by_code, "bought") == NOT_GIVEN_OUT
    same_kinds = forge(read(by_bought)[0] + 1, *read(by_bought)[1:])
    assert refused(library, same_kinds, "bought") == NOT_GIVEN_OUT


def refused(library: House, cursor: str, order: str = "code") -> dict[str, str]:
    """Return what is wrong with a cursor."""
    reply: Reply = ask(library, "GET", f"/books?order={order}&cursor={cursor}")
    return faults(reply)


@pytest.mark.parametrize(
    "cursor", ["x", "!!!!", "%C5%BC", "W10", "bnVsbA", "e30", "WzFd", "_w", "W1tbW1tbW1tbW1tb", "AAAA"]
)
def test_what_is_no_cursor_is_refused(desk: House, cursor: str) -> None:
    assert refused(desk, cursor) == NOT_GIVEN_OUT


def test_a_cursor_of_endless_brackets_is_refused(desk: House) -> None:
    cursor = base64.urlsafe_b64encode(b"[" * 740).decode()

    assert refused(desk, cursor) == NOT_GIVEN_OUT


NOW = "2026-10-01T08:00:00Z"


@pytest.mark.parametrize(
    ("order", "values"),
    [
        ("code", [5]),
        ("code", [None]),
        ("code", ["a\0b"]),
        ("code", []),
        ("code", ["a", "b"]),
        ("bought", ["yesterday", SOME_ID]),
        ("bought", [5, SOME_ID]),
        ("bought", ["0001-01-01T00:00:00+14:00", SOME_ID]),
        ("bought", ["9999-12-31T23:59:59-14:00", SOME_ID]),
        ("bought", [NOW, "no id"]),
        ("bought", [NOW, 5]),
        ("bought", [NOW, "5"]),
        ("weight", ["1", 1, SOME_ID]),
        ("weight", [True, 1, SOME_ID]),
        ("weight", [1.0, 2**31, SOME_ID]),
        ("weight", [1.0, 10**30, SOME_ID]),
        ("weight", [1.0, 1.5, SOME_ID]),
        ("weight", [1.0, True, SOME_ID]),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_forged_cursor_never_makes_the_library_fail(library: House, order: str, values: list[Any]) -> None:
    fill(library, {}, {})
    genuine = ask(library, "GET", f"/books?limit=1&order={order}").json["next"]

    assert refused(library, forge(read(genuine)[0], *values), order) == NOT_GIVEN_OUT


def test_a_cursor_goes_on_from_where_nothing_is_any_more(library: House) -> None:
    fill(library, {}, {}, {})
    cursor = ask(library, "GET", "/books?limit=2").json["next"]
    for code in ("B000", "B001"):
        ask(library, "DELETE", f"/books/{code}", headers={"If-Match": "*"})

    assert [book["code"] for book in ask(library, "GET", f"/books?cursor={cursor}").json["items"]] == ["B002"]
