"""A key makes a POST happen once: the answer is stored in the transaction that did the work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from university.platform import database
from university.platform.database import Moment, Primary, metadata_of
from university.platform.errors import Conflict, Unprocessable
from university.platform.language import Words

KEPT = timedelta(hours=24)
Result = TypeVar("Result")


class IdempotencyKeyReused(Unprocessable):
    """The key was used before with a different request."""

    title = Words(
        "This Idempotency-Key came with another request before.", "Ten Idempotency-Key przyszedł już z innym żądaniem."
    )


class IdempotencyKeyBusy(Conflict):
    """A twin of this request is still running."""

    title = Words("The same request is still being worked on.", "To samo żądanie jest jeszcze wykonywane.")


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer: status, body bytes and the headers that belong to it."""

    status: int
    body: bytes
    headers: dict[str, str]


class AlreadyAnswered(Exception):
    """The twin committed first; `answer` is what it told."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@lru_cache
def keys_of(schema: str) -> Table:
    """Return the module's table of idempotency keys."""
    return Table(
        "idempotency_key",
        metadata_of(schema),
        Column("principal", String(120), primary_key=True),
        Column("key", String(200), primary_key=True),
        Column("operation", String(80), primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer),
        Column("headers", Text),
        Column("body", LargeBinary),
        Column("created_at", Moment, nullable=False),
    )


@dataclass(slots=True)
class Once:
    """One POST's promise to be done once; without a key it promises nothing and costs nothing.

    A service opens its transaction with `once.begin(primary)` and hands its result to `once.keep`.
    """

    principal: str
    key: str | None
    operation: str
    fingerprint: bytes
    present: Callable[[Any], Answer]
    answer: Answer | None = None

    @contextmanager
    def begin(self, primary: Primary) -> Iterator[Session]:
        """Open a primary transaction that also holds this key; raise `AlreadyAnswered` when a twin was first.

        Raises `IdempotencyKeyReused` for another request under the same key, `IdempotencyKeyBusy` after waiting two
        seconds for a running twin.
        """
        with primary.begin() as session:
            if self.key is not None:
                self._claim(session)
            yield session
            if self.key is not None and self.answer is None:
                raise RuntimeError(f"{self.operation} forgot to keep its answer")

    def keep(self, session: Session, result: Result) -> Result:
        """Store the answer for this result beside the work, and return the result."""
        self.answer = self.present(result)
        if self.key is not None:
            keys = keys_of(session.info["schema"])
            session.execute(
                update(keys)
                .where(*self._mine(keys))
                .values(
                    status=self.answer.status,
                    headers=msgspec.json.encode(self.answer.headers).decode(),
                    body=self.answer.body,
                )
            )
        return result

    def replay(self, session: Session) -> Answer | None:
        """Return what this key answered before, or None when it is new."""
        keys = keys_of(session.info["schema"])
        row = session.execute(select(keys).where(*self._mine(keys))).one_or_none()
        if row is None or row.created_at < database.now(session) - KEPT:
            return None
        if row.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        return Answer(row.status, row.body, msgspec.json.decode(row.headers))

    def _claim(self, session: Session) -> None:
        keys = keys_of(session.info["schema"])
        moment = database.now(session)
        session.execute(delete(keys).where(*self._mine(keys), keys.c.created_at < moment - KEPT))
        claim = database.insert(session, keys).values(
            principal=self.principal,
            key=self.key,
            operation=self.operation,
            fingerprint=self.fingerprint,
            created_at=moment,
        )
        try:
            mine = session.execute(claim.on_conflict_do_nothing().returning(keys.c.key)).one_or_none()
        except OperationalError as error:
            if database.waited_too_long(error):
                raise IdempotencyKeyBusy from error
            raise
        if mine is None:
            first = self.replay(session)
            raise AlreadyAnswered(first) if first else IdempotencyKeyBusy

    def _mine(self, keys: Table) -> tuple[Any, ...]:
        return keys.c.principal == self.principal, keys.c.key == self.key, keys.c.operation == self.operation
