"""Queues: who waits for which bundle of an offering, and when a queue is due to be gone through."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from university.enrollment.models.enrollments import Enrollment
from university.enrollment.models.schema import Base
from university.platform.database import Id, Moment


class Waitlist(Base):
    """The queue of an offering; its row is locked to give out the next place in it.

    Whatever may let somebody in raises `turn`; `turned` is the turn that the last whole pass over the queue has seen.
    A pass that was interrupted is tried again at `try_at`.
    """

    __tablename__ = "waitlist"
    __table_args__ = (
        CheckConstraint("turned <= turn", name="waitlist_turned_after_its_turn"),
        Index("ix_waitlist_due", "try_at", postgresql_where=text("turned < turn"), sqlite_where=text("turned < turn")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    term_id: Mapped[str] = mapped_column(Id, index=True)
    last_sequence: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    turn: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    turned: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    try_at: Mapped[datetime] = mapped_column(Moment)


class WaitlistEntry(Base):
    """A place in a queue: of lower priority class first, then by ticket, then as they came.

    A student with a seat waits with that very enrollment for other sections of the offering, to change to them.
    `instead_of` is the enrollment in another offering that is given back on success. `refusals` tell why the entry was
    passed over when it was last looked at; it keeps its place all the same.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        UniqueConstraint("queue_id", "sequence", name="waitlist_place_once"),
        Index("ix_waitlist_entry_order", "queue_id", "priority", "ticket", "sequence"),
    )

    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), primary_key=True)
    queue_id: Mapped[str] = mapped_column(Id)
    priority: Mapped[int] = mapped_column(Integer)
    ticket: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    sequence: Mapped[int] = mapped_column(Integer)
    instead_of: Mapped[str | None] = mapped_column(Id, index=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)
    refusals: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))

    sections: Mapped[list["WantedSection"]] = relationship(
        lazy="selectin", order_by="WantedSection.section_id", cascade="all, delete-orphan"
    )

    @property
    def section_ids(self) -> list[str]:
        """The bundle waited for, in order of id."""
        return [wanted.section_id for wanted in self.sections]


class WantedSection(Base):
    """One section of the bundle that an entry waits for."""

    __tablename__ = "wanted_section"

    enrollment_id: Mapped[str] = mapped_column(ForeignKey(WaitlistEntry.enrollment_id), primary_key=True)
    section_id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
