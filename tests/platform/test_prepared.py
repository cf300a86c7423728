"""What a connection to PostgreSQL has prepared is not planned again after a refusal."""

from contextlib import suppress

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.house import House
from tests.platform.library import Book
from university.platform.database import Primary

OFTEN = 20
"""Transactions, so that each connection of the pool has executed a statement often enough to prepare it."""
pytestmark = pytest.mark.postgres


class _RefusedError(Exception):
    pass


def refuse(primary: Primary) -> None:
    """Ask something, and undo a part of the transaction and then all of it."""
    with suppress(_RefusedError), primary.begin() as session:
        for _ in range(3):
            session.execute(select(Book.id))
        with suppress(_RefusedError), session.begin_nested():
            raise _RefusedError
        raise _RefusedError


def prepared(session: Session) -> str:
    return " ".join(session.scalars(text("SELECT statement FROM pg_prepared_statements")))


def test_what_was_prepared_outlives_what_is_undone(library_on_server: House) -> None:
    primary = library_on_server.modules["library"].primary

    for _ in range(OFTEN):
        refuse(primary)

    with primary.read() as session:
        assert "SELECT library.book.id" in prepared(session)


def test_what_was_prepared_is_forgotten_when_tables_change(library_on_server: House) -> None:
    primary = library_on_server.modules["library"].primary
    for _ in range(OFTEN):
        refuse(primary)

    with primary.begin() as session:
        session.execute(text("ALTER TABLE library.book ADD COLUMN colour text"))
        assert prepared(session) == ""
