"""The ledger of seats, and the pools kept for some."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from university.enrollment.models.schema import Base
from university.platform.database import Id, Moment

_CANCELED = text("status = 'canceled'")


class Section(Base):
    """The ledger of one section: how many seats there are and who holds how many; the only authority on seats.

    `reserved` counts the free seats kept in pools; `overfull` is how far a lowered capacity lies below what is taken.
    `seats_of` is the section whose seats this one shares, and whose row then counts for it; it has no holders itself.
    `waiting` counts the queue's entries that want a seat here. While `queue_first` is up, every free seat is held for
    them: only promotion may claim.
    """

    __tablename__ = "section"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND held >= 0 AND reserved >= 0 AND overfull >= 0", name="seats_never_negative"),
        CheckConstraint("capacity IS NULL OR taken + held <= capacity + overfull", name="seat_taken_within_capacity"),
        CheckConstraint("waiting >= 0", name="waiting_never_negative"),
        Index("ix_section_canceled", "id", postgresql_where=_CANCELED, sqlite_where=_CANCELED),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    offering_id: Mapped[str] = mapped_column(Id, index=True)
    term_id: Mapped[str] = mapped_column(Id, index=True)
    course_id: Mapped[str] = mapped_column(Id)
    status: Mapped[str] = mapped_column(String(12))
    capacity: Mapped[int | None] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    held: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    reserved: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    overfull: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    waiting: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    queue_first: Mapped[bool] = mapped_column(server_default=text("false"))
    seats_of: Mapped[str | None] = mapped_column(Id, index=True)
    external_key: Mapped[str | None] = mapped_column(String(120), index=True)
    facts: Mapped[bytes] = mapped_column(LargeBinary)


class SeatPool(Base):
    """Seats of a section kept for an audience; `position` tells it from the section's other pools."""

    __tablename__ = "seat_pool"
    __table_args__ = (CheckConstraint("taken >= 0 AND seats >= 0", name="pool_never_negative"),)

    section_id: Mapped[str] = mapped_column(ForeignKey(Section.id), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    seats: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    until: Mapped[datetime | None] = mapped_column(Moment)
    released: Mapped[bool] = mapped_column(server_default=text("false"))
