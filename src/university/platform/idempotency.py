"""A key makes a POST happen once: the answer is stored in the transaction that did the work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    Column,
    Executable,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    bindparam,
    select,
    update,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from university.platform import clock, database
from university.platform.database import Moment, Primary, metadata_of
from university.platform.errors import Conflict, Unprocessable
from university.platform.language import Words

KEPT = timedelta(hours=24)
_IDENTITY, _ANSWER = ("principal", "key", "operation"), ("status", "headers", "body")
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
            told = {
                "new_status": self.answer.status,
                "new_headers": msgspec.json.encode(self.answer.headers).decode(),
                "new_body": self.answer.body,
            }
            session.execute(_statements(session).keep, {**self._mine, **told})
        return result

    def replay(self, session: Session) -> Answer | None:
        """Return what this key answered before, or None when it is new."""
        row: Row[Any] | None = session.execute(
            _statements(session).kept, {**self._mine, **clock.told(session)}
        ).one_or_none()
        if row is None or row.created_at < row.now - KEPT:
            return None
        if row.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        return Answer(row.status, row.body, msgspec.json.decode(row.headers))

    def _claim(self, session: Session) -> None:
        identity = {"principal": self.principal, "key": self.key, "operation": self.operation}
        told = {**identity, "fingerprint": self.fingerprint, **clock.told(session, forgotten=KEPT)}
        try:
            mine = session.execute(_statements(session).claim, told).one_or_none()
        except OperationalError as error:
            if database.waited_too_long(error):
                raise IdempotencyKeyBusy from error
            raise
        if mine is None:
            first = self.replay(session)
            raise AlreadyAnswered(first) if first else IdempotencyKeyBusy

    @property
    def _mine(self) -> dict[str, str | None]:
        return {"my_principal": self.principal, "my_key": self.key, "my_operation": self.operation}


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked of a module's keys, put together once: that costs more than asking."""

    claim: Executable
    keep: Executable
    kept: Executable


def _statements(session: Session) -> _Statements:
    return _put_together(session.info["schema"], database.dialect_of(session))


@lru_cache
def _put_together(schema: str, dialect: str) -> _Statements:
    keys = keys_of(schema)
    mine = [keys.c[name] == bindparam(f"my_{name}") for name in _IDENTITY]
    return _Statements(
        _claiming(keys, dialect),
        update(keys).where(*mine).values({name: bindparam(f"new_{name}") for name in _ANSWER}),
        select(keys, clock.Now().label("now")).where(*mine),
    )


def _claiming(keys: Table, dialect: str) -> Executable:
    """Return the one statement that takes a key which is new, or whose answer is forgotten."""
    claim = database.insert_in(dialect, keys).values(created_at=clock.Now())
    anew = {"fingerprint": claim.excluded.fingerprint, "created_at": claim.excluded.created_at}
    return claim.on_conflict_do_update(
        index_elements=_IDENTITY,
        set_=anew | dict.fromkeys(_ANSWER),
        where=keys.c.created_at < clock.Now("forgotten"),
    ).returning(keys.c.key)
