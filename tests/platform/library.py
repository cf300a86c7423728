"""A tiny module, a library of books, on which the platform's promises are tested."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

import msgspec
from injector import inject
from marshmallow import fields, validate
from sqlalchemy import CheckConstraint, Float, ForeignKey, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from university.platform import database, paging
from university.platform.conditions import IfMatch
from university.platform.database import Id, Moment, Primary, Replica, metadata_of, new_id
from university.platform.errors import Conflict, Denied, NotFound, invalid
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.messaging import inbox
from university.platform.messaging.broker import Hearer
from university.platform.messaging.inbox import CloudEvent
from university.platform.messaging.outbox import Event, announce
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.app import Operations
from university.platform.web.fields import (
    Choice,
    Clock,
    Code,
    Day,
    Flag,
    In,
    Instant,
    Key,
    Number,
    Out,
    PageQuery,
    Query,
    Text,
    Whole,
    list_of,
    patch_of,
)
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import PUBLIC, SIGNED_IN, Routes
from university.platform.wiring import Wiring

LIBRARIAN = ("registrar",)
_EXAMPLE_ID = "01986c3a-5b7e-7c4d-9a51-2f64d1c7b0ff"


class Base(DeclarativeBase):
    metadata = metadata_of("library")


class Book(Base):
    __tablename__ = "book"
    __table_args__ = (CheckConstraint("pages >= 0", name="book_has_pages"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    pages: Mapped[int] = mapped_column(default=0)
    weight: Mapped[float] = mapped_column(Float, default=0.0)
    bought_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class Loan(Base):
    __tablename__ = "loan"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    book_id: Mapped[str] = mapped_column(ForeignKey(Book.id))
    reader: Mapped[str] = mapped_column(String(40))
    taken_at: Mapped[datetime] = mapped_column(Moment)


class Shelf(Base):
    """What a hearer keeps: the newest state it heard of a thing, and how often it applied anything."""

    __tablename__ = "shelf"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(60))
    applied: Mapped[int] = mapped_column(default=1)


class BookCodeTaken(Conflict):
    """Another book has this code."""

    title = Words("This code is taken.", "Ten kod jest zajęty.")


class BookNotFound(NotFound):
    """There is no such book."""

    title = Words("There is no such book.", "Nie ma takiej książki.")


class NotYourShelf(Denied):
    """A reader sees only their own loans."""


class Genre(StrEnum):
    NOVEL = "novel"
    VERSE = "verse"


class PageOfBook(In):
    number = Whole(1, 10_000, required=True)
    text = Text(2000, multiline=True)


class BookIn(In):
    """A book to buy."""

    code = Code(required=True)
    title = Text(200, required=True)
    pages = Whole(0, 10_000, load_default=0)
    weight = Number(0, 50, load_default=0.0)
    signed = Flag()
    genre = Choice(Genre)
    printed_on = Day()
    bought_at = Instant()
    lent_from = Clock()
    chapters = fields.List(fields.Nested(PageOfBook), validate=validate.Length(max=3))
    example = {"code": "LEM-1", "title": "Solaris", "pages": 204}  # noqa: RUF012 - as every schema


BookPatch = patch_of(BookIn, without=("chapters", "signed", "genre", "printed_on", "lent_from"))


class BookOut(Out):
    """A book."""

    id = Key(required=True)
    code = Text(40, required=True)
    title = Text(200, required=True)
    pages = Whole(0, 10_000, required=True)
    weight = Number(0, 50, required=True)
    bought_at = Instant(required=True)
    version = Whole(1, 1_000_000, required=True)
    example = {  # noqa: RUF012 - as every schema
        "id": _EXAMPLE_ID,
        "code": "LEM-1",
        "title": "Solaris",
        "pages": 204,
        "weight": 0.3,
        "bought_at": "2026-10-01T08:00:00Z",
        "version": 1,
    }


class Order(StrEnum):
    CODE = "code"
    BOUGHT = "bought"
    WEIGHT = "weight"


class BookQuery(PageQuery):
    title = Text(50)
    pages = Whole(0, 10_000)
    weight = Number(0, 50)
    order = Choice(Order)


class NapQuery(Query):
    seconds = Number(0, 5, load_default=0.0)


class LoanOut(Out):
    """A loan."""

    id = Key(required=True)
    reader = Text(40, required=True)
    example = {"id": _EXAMPLE_ID, "reader": "reader"}  # noqa: RUF012 - as every schema


class ScanOut(Out):
    """What was scanned."""

    id = Key(required=True)
    size = Whole(0, 1_000_000_000, required=True)
    example = {"id": _EXAMPLE_ID, "size": 3}  # noqa: RUF012 - as every schema


class Codes(msgspec.Struct):
    codes: list[str]


class Scan(msgspec.Struct):
    id: str
    size: int


class Books:
    """What can be done with books; keeps its promises as every module's service does."""

    def __init__(self, primary: Primary, replica: Replica) -> None:
        self._primary, self._replica = primary, replica

    def buy(self, details: dict[str, Any], once: Once) -> Book:
        with once.begin(self._primary) as session:
            known = {"code", "title", "pages", "weight", "bought_at"}
            book = Book(**{name: value for name, value in details.items() if name in known})
            book.bought_at = details.get("bought_at") or database.now(session)
            with _unique_code():
                session.add(book)
                session.flush()
            announce(session, Event("enrollment.created.v1", book.id, book.version, {"state": book.code}))
            return once.keep(session, book)

    def find(self, key: str) -> Book:
        with self._primary.read() as session:
            found = session.scalar(select(Book).where(Book.code == key))
            if found is None:
                raise BookNotFound
            return found

    def change(self, key: str, changes: dict[str, Any], if_match: IfMatch) -> Book:
        with self._primary.begin() as session:
            book = session.scalar(select(Book).where(Book.code == key).with_for_update())
            if book is None:
                raise BookNotFound
            if_match.check(book.version)
            for name, value in changes.items():
                setattr(book, name, value)
            book.version += 1
            with _unique_code():
                session.flush()
            return book

    def drop(self, key: str, if_match: IfMatch) -> None:
        with self._primary.begin() as session:
            book = session.scalar(select(Book).where(Book.code == key).with_for_update())
            if book is None:
                raise BookNotFound
            if_match.check(book.version)
            session.delete(book)

    def lend(self, key: str, who: Principal, once: Once) -> Loan:
        with once.begin(self._primary) as session:
            book = session.scalar(select(Book).where(Book.code == key))
            if book is None:
                raise BookNotFound
            if who.student_id is None:
                raise NotYourShelf
            loan = Loan(book_id=book.id, reader=who.subject, taken_at=database.now(session))
            session.add(loan)
            session.flush()
            return once.keep(session, loan)

    def page(self, query: dict[str, Any]) -> Page:
        by: dict[Order, list[Any]] = {
            Order.CODE: [Book.code],
            Order.BOUGHT: [Book.bought_at, Book.id],
            Order.WEIGHT: [Book.weight, Book.pages, Book.id],
        }
        listed = select(Book)
        if "title" in query:
            listed = listed.where(Book.title == query["title"])
        with self._replica.read() as session:
            wanted = PageRequest(query["limit"], query.get("cursor"), query["total"])
            return paging.fetch(session, listed, by[query.get("order", Order.CODE)], wanted)

    def shelve_without_looking(self, book: dict[str, Any]) -> None:
        """Write whatever it is given, as a careless service would."""
        with self._primary.begin() as session:
            session.add(Book(bought_at=database.now(session), **book))

    def nap(self, seconds: float) -> None:
        """Write, sleep, and write again."""
        with self._primary.begin() as session:
            session.add(Book(code="nap", title="Nap", bought_at=database.now(session)))
            session.flush()
            time.sleep(seconds)

    def scan(self, content: bytes, once: Once) -> Scan:
        with once.begin(self._primary) as session:
            return once.keep(session, Scan(new_id(), len(content)))

    def forget(self, once: Once) -> None:
        """Open a transaction and forget to keep the answer."""
        with once.begin(self._primary) as session:
            session.add(Book(code="forgotten", title="Forgotten", bought_at=database.now(session)))


@contextmanager
def _unique_code() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "code" in str(error.orig):
            raise BookCodeTaken from error
        raise


def routes(primary: Primary, books: Books) -> list[Operations]:
    """Return everything the library answers."""
    public = Routes("library", primary)
    _declare_reading(public, books)
    _declare_writing(public, books)
    _declare_mischief(public, books)
    return [public, _internal(books)]


def _declare_reading(public: Routes, books: Books) -> None:
    @public.get("/books", roles=(PUBLIC,), shared_for=60, query=BookQuery, gives=list_of(BookOut))
    def list_books(query: dict[str, Any]) -> Page:
        """List books by code, or as asked."""
        return books.page(query)

    @public.get("/books/<key>", roles=(PUBLIC,), gives=BookOut, refuses=[BookNotFound])
    def get_book(key: str) -> Book:
        """Get a book by its code."""
        return books.find(key)

    @public.get("/readers/me", roles=(SIGNED_IN,), gives=LoanOut)
    def get_reader(who: Principal) -> dict[str, str]:
        """Get who is asking."""
        return {"id": who.student_id or "", "reader": who.subject}


def _declare_writing(public: Routes, books: Books) -> None:
    @public.post(
        "/books",
        roles=LIBRARIAN,
        takes=BookIn,
        gives=BookOut,
        status=201,
        location="/books/{id}",
        refuses=[BookCodeTaken],
    )
    def create_book(body: dict[str, Any], once: Once) -> Book:
        """Buy a book.

        The code must be new.
        """
        return books.buy(body, once)

    @public.patch(
        "/books/<key>", roles=LIBRARIAN, takes=BookPatch, gives=BookOut, refuses=[BookNotFound, BookCodeTaken]
    )
    def update_book(key: str, body: dict[str, Any], if_match: IfMatch) -> Book:
        """Change a book."""
        return books.change(key, body, if_match)

    @public.delete("/books/<key>", roles=LIBRARIAN, refuses=[BookNotFound])
    def delete_book(key: str, if_match: IfMatch) -> None:
        """Throw a book away."""
        books.drop(key, if_match)

    @public.post(
        "/books/<key>/loans", roles=("student", "registrar"), gives=LoanOut, status=201, refuses=[BookNotFound]
    )
    def create_loan(key: str, who: Principal, once: Once) -> Loan:
        """Lend a book."""
        return books.lend(key, who, once)

    @public.post("/weighings", roles=LIBRARIAN, scope="read", takes=BookIn, status=204)
    def weigh_book(body: dict[str, Any]) -> None:
        """Weigh a book; nothing is kept."""

    @public.post("/scans", roles=LIBRARIAN, gives=ScanOut, status=201)
    def create_scan(upload: bytes, once: Once) -> Scan:
        """Take in a scan."""
        return books.scan(upload, once)


def _declare_mischief(public: Routes, books: Books) -> None:
    @public.get("/surprise", roles=(PUBLIC,))
    def get_surprise() -> None:
        """Fail as nobody expected."""
        secret = "a password in a local variable"
        raise LookupError(f"surprise of {len(secret)} letters")

    @public.post("/forgetful", roles=LIBRARIAN)
    def create_nothing(once: Once) -> None:
        """Forget to keep the answer."""
        books.forget(once)

    @public.post("/naps", roles=(PUBLIC,), query=NapQuery, status=204)
    def create_nap(query: dict[str, Any]) -> None:
        """Write, and sleep in the transaction."""
        books.nap(query["seconds"])

    @public.post("/careless", roles=LIBRARIAN, takes=BookIn, status=204)
    def create_carelessly(body: dict[str, Any]) -> None:
        """Write without looking."""
        books.shelve_without_looking({"code": body["code"], "title": body["title"], "pages": body["pages"] - 1})

    @public.post("/single", roles=LIBRARIAN, takes=BookIn, status=204)
    def create_single_fault(body: dict[str, Any]) -> None:
        """Refuse one field."""
        raise invalid("code", Words("{code} will not do.", "{code} nie pasuje."), code=body["code"])


def _internal(books: Books) -> InternalRoutes:
    internal = InternalRoutes("library")

    @internal.post("/books", takes=Codes, refuses=(BookNotFound,))
    def find_books(body: Codes) -> dict[str, list[str]]:
        return {"titles": [books.find(code).title for code in body.codes]}

    @internal.get("/books/<key>")
    def find_book(key: str) -> dict[str, str]:
        return {"title": books.find(key).title}

    return internal


def shelve(name: str, session: Session, events: Sequence[CloudEvent]) -> None:
    """Keep the newest state of each thing; a late event never overwrites a newer state."""
    for event in events:
        held = session.get(Shelf, (name, event["subject"]))
        state, version = event["data"]["state"], event["aggregateversion"]
        if held is None:
            session.add(Shelf(name=name, subject=event["subject"], version=version, state=state))
        elif held.version < version:
            held.version, held.state = version, state
            held.applied += 1


def hearers(primary: Primary) -> dict[str, Hearer]:
    """Return two hearers of the same events."""

    def hearer(name: str) -> Hearer:
        def hear(events: list[CloudEvent]) -> None:
            inbox.hear(primary, name, events, lambda session, fresh: shelve(name, session, fresh))

        return hear

    return {name: hearer(name) for name in ("course.availability", "student.study-record")}


class LibraryWiring(Wiring):
    """The library's face."""

    name = "library"
    routes = staticmethod(inject(routes))
    hearers = staticmethod(inject(hearers))

    def configure(self, binder: Any) -> None:
        """Bind the service."""
        binder.bind(Books, to=inject(Books))


def count(primary: Primary, table: type[Base]) -> int:
    """Return how many rows a table holds."""
    with primary.read() as session:
        return cast("int", session.scalar(select(func.count()).select_from(table)))
