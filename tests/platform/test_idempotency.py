"""A key makes a POST happen once, whoever repeats it and however often."""

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.house import House, Reply, multipart
from tests.platform.asking import OTHER_LIBRARIAN, READER, SOLARIS, ask, buy, faults, problem_of
from tests.platform.library import Book, Loan, count
from university.platform import database
from university.platform.idempotency import KEPT, IdempotencyKeyBusy, Once, keys_of
from university.platform.messaging.outbox import outbox_of

KEY = {"Idempotency-Key": "k-1"}


def rows(library: House, table: Any) -> int:
    """Return how many rows a table of the platform holds."""
    with library.modules["library"].primary.read() as session:
        return len(session.execute(select(table)).all())


def told(reply: Reply) -> tuple[int, bytes, str | None, str | None, str | None]:
    """Return what a repeated answer must repeat."""
    headers = reply.headers
    return reply.status, reply.body, headers.get("ETag"), headers.get("Location"), headers.get("Content-Type")


def test_the_same_request_is_done_once_and_answered_alike(library: House) -> None:
    first, second, third = (ask(library, "POST", "/books", SOLARIS, headers=KEY) for _ in range(3))

    assert told(first) == told(second) == told(third)
    assert (first.status, first.headers["ETag"]) == (201, '"v1"')
    assert first.headers["Location"] == f"/api/v1/books/{first.json['id']}"
    assert count(library.modules["library"].primary, Book) == 1
    assert rows(library, outbox_of("library")) == 1


def test_the_answer_stays_what_it_was_when_the_thing_has_changed(library: House) -> None:
    first = ask(library, "POST", "/books", SOLARIS, headers=KEY)
    ask(library, "PATCH", "/books/LEM-1", {"title": "Eden"}, headers={"If-Match": "*"})
    ask(library, "DELETE", "/books/LEM-1", headers={"If-Match": "*"})

    assert told(ask(library, "POST", "/books", SOLARIS, headers=KEY)) == told(first)
    assert count(library.modules["library"].primary, Book) == 0


def test_without_a_key_each_request_is_its_own(library: House) -> None:
    assert ask(library, "POST", "/books", SOLARIS).status == 201
    assert problem_of(ask(library, "POST", "/books", SOLARIS)) == (409, "book-code-taken")
    assert rows(library, keys_of("library")) == 0


def test_a_refusal_is_judged_anew(library: House) -> None:
    buy(library, "LEM-1")

    refused = ask(library, "POST", "/books", SOLARIS, headers=KEY)
    ask(library, "DELETE", "/books/LEM-1", headers={"If-Match": "*"})
    retried = ask(library, "POST", "/books", SOLARIS, headers=KEY)

    assert problem_of(refused) == (409, "book-code-taken")
    assert retried.status == 201


def test_a_request_rolled_back_leaves_no_key(library: House) -> None:
    ask(library, "POST", "/forgetful", headers=KEY)
    ask(library, "POST", "/books/nowhere/loans", headers=KEY, who=READER)

    assert rows(library, keys_of("library")) == 0


@pytest.mark.parametrize("other", [{**SOLARIS, "pages": 1}, {"code": "LEM-2", "title": "Eden"}])
def test_another_request_under_the_same_key_is_refused(library: House, other: dict[str, Any]) -> None:
    ask(library, "POST", "/books", SOLARIS, headers=KEY)

    reply = ask(library, "POST", "/books", other, headers=KEY)

    assert problem_of(reply) == (422, "idempotency-key-reused")
    assert count(library.modules["library"].primary, Book) == 1


def test_another_address_under_the_same_key_is_another_request(library: House) -> None:
    buy(library, "LEM-1")
    buy(library, "LEM-2")

    assert ask(library, "POST", "/books/LEM-1/loans", headers=KEY, who=READER).status == 201
    assert problem_of(ask(library, "POST", "/books/LEM-2/loans", headers=KEY, who=READER))[0] == 422
    assert ask(library, "POST", "/books/LEM-1/loans", headers=KEY, who=READER).status == 201
    assert count(library.modules["library"].primary, Loan) == 1


def test_other_people_and_other_operations_have_keys_of_their_own(library: House) -> None:
    mine = ask(library, "POST", "/books", SOLARIS, headers=KEY)
    theirs = ask(library, "POST", "/books", {**SOLARIS, "code": "LEM-2"}, headers=KEY, who=OTHER_LIBRARIAN)
    body, headers = multipart(b"x")
    scan = ask(library, "POST", "/scans", body, headers={**headers, **KEY})

    assert (mine.status, theirs.status, scan.status) == (201, 201, 201)
    assert told(ask(library, "POST", "/books", SOLARIS, headers=KEY)) == told(mine)


def test_who_lost_the_role_is_not_told_the_old_answer(library: House) -> None:
    ask(library, "POST", "/books", SOLARIS, headers=KEY)

    assert problem_of(ask(library, "POST", "/books", SOLARIS, headers=KEY, who=READER)) == (403, "role-missing")


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "klucz-ż", "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused(desk: House, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}

    assert faults(ask(desk, "POST", "/books", SOLARIS, headers=headers)) == {
        "Idempotency-Key": "1 to 200 visible ASCII characters."
    }


def test_the_longest_key_is_kept(library: House) -> None:
    headers = {"Idempotency-Key": "x" * 200}

    assert ask(library, "POST", "/books", SOLARIS, headers=headers).status == 201
    assert ask(library, "POST", "/books", SOLARIS, headers=headers).status == 201


def test_a_key_is_forgotten_after_a_day(library: House) -> None:
    first = ask(library, "POST", "/books", SOLARIS, headers=KEY)
    _age(library, KEPT - timedelta(seconds=30))
    same = ask(library, "POST", "/books", SOLARIS, headers=KEY)
    _age(library, timedelta(minutes=1))
    other = ask(library, "POST", "/books", {**SOLARIS, "code": "LEM-2"}, headers=KEY)

    assert told(same) == told(first)
    assert (other.status, other.json["code"]) == (201, "LEM-2")
    assert told(ask(library, "POST", "/books", {**SOLARIS, "code": "LEM-2"}, headers=KEY)) == told(other)


def _age(library: House, by: timedelta) -> None:
    keys = keys_of("library")
    with library.modules["library"].primary.begin() as session:
        written = session.scalars(select(keys.c.created_at)).one()
        session.execute(update(keys).values(created_at=written - by))


def test_a_file_sent_again_is_the_same_request_although_its_boundary_is_not(library: House) -> None:
    body, headers = multipart(b"scan")
    again = body.replace(b"university-test-boundary", b"another")
    first = ask(library, "POST", "/scans", body, headers={**headers, **KEY})
    second = ask(
        library, "POST", "/scans", again, headers={"Content-Type": "multipart/form-data; boundary=another", **KEY}
    )

    assert first.status == 201
    assert told(first) == told(second)


def test_another_file_is_another_request(library: House) -> None:
    body, headers = multipart(b"scan")
    other, _ = multipart(b"nacs")

    assert ask(library, "POST", "/scans", body, headers={**headers, **KEY}).json["size"] == 4
    assert problem_of(ask(library, "POST", "/scans", other, headers={**headers, **KEY}))[1] == "idempotency-key-reused"


def test_twins_at_the_same_time_have_one_effect_and_one_answer(library: House) -> None:
    replies: list[Reply] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        replies.append(ask(library, "POST", "/books", SOLARIS, headers=KEY))

    _at_once(send, 8)

    answered = [reply for reply in replies if reply.status != 409]
    assert {told(reply) for reply in answered} == {told(answered[0])}
    assert answered[0].status == 201
    assert {problem_of(reply)[1] for reply in replies if reply.status == 409} <= {"idempotency-key-busy"}
    assert count(library.modules["library"].primary, Book) == rows(library, outbox_of("library")) == 1


def test_without_the_key_the_same_twins_collide(library: House) -> None:
    replies: list[Reply] = []

    _at_once(lambda: replies.append(ask(library, "POST", "/books", SOLARIS)), 8)

    assert sorted(reply.status for reply in replies) == [201, *[409] * 7]
    assert {problem_of(reply)[1] for reply in replies if reply.status == 409} == {"book-code-taken"}


def _at_once(work: Any, threads: int) -> None:
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_a_twin_of_one_that_fails_does_the_work(library: House) -> None:
    primary = library.modules["library"].primary
    first, second = (Once("reader", "k", "create", b"f", lambda _result: _never()) for _ in range(2))
    inside = threading.Event()

    def fail() -> None:
        with suppress(LookupError), first.begin(primary):
            inside.set()
            raise LookupError

    failing = threading.Thread(target=fail)
    failing.start()
    inside.wait()
    with pytest.raises(ZeroDivisionError), second.begin(primary) as session:
        second.keep(session, None)
    failing.join()

    assert rows(library, keys_of("library")) == 0


def _never() -> Any:
    """Fail where an answer is made of a result."""
    raise ZeroDivisionError


@pytest.mark.postgres
def test_a_twin_that_waits_too_long_is_told_so(library_on_server: House) -> None:
    primary = library_on_server.modules["library"].primary
    entered, left = threading.Event(), threading.Event()

    def dawdle() -> None:
        with primary.begin() as session:
            session.execute(keys_of("library").insert().values(**mine, created_at=database.now(session)))
            entered.set()
            left.wait(10)

    mine: dict[str, Any] = {"principal": "p", "key": "k", "operation": "o", "fingerprint": b"f"}
    slow = threading.Thread(target=dawdle)
    slow.start()
    entered.wait()
    with pytest.raises(IdempotencyKeyBusy), Once(**mine, present=lambda _result: _never()).begin(primary):
        pass
    left.set()
    slow.join()
