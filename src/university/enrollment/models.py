"""The enrollment module's tables: the ledger of seats, enrollments with their history, windows, plans."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from university.platform.database import Id, Moment, metadata_of, new_id

SCHEMA = "enrollment"
CODE, WORD = 60, 120
"""Longest texts: a code of a course or term, and a free word for a program or a group."""


class Base(DeclarativeBase):
    """Everything in the enrollment schema."""

    metadata = metadata_of(SCHEMA)


class Section(Base):
    """The ledger of one section: how many seats there are and who holds how many; the only authority on seats.

    `reserved` counts the free seats kept in pools; `overfull` is how far a lowered capacity lies below what is taken.
    """

    __tablename__ = "section"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND held >= 0 AND reserved >= 0 AND overfull >= 0", name="seats_never_negative"),
        CheckConstraint("capacity IS NULL OR taken + held <= capacity + overfull", name="seat_taken_within_capacity"),
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


class StudentTerm(Base):
    """The row that is locked first: it serializes one student's requests for one term."""

    __tablename__ = "student_term"

    student_id: Mapped[str] = mapped_column(Id, primary_key=True)
    term_id: Mapped[str] = mapped_column(Id, primary_key=True)


class Enrollment(Base):
    """One student's place in one offering; a course completed before the records began has no offering."""

    __tablename__ = "enrollment"
    __table_args__ = (
        Index(
            "one_standing_enrollment_an_offering",
            "student_id",
            "offering_id",
            unique=True,
            postgresql_where=text("status IN ('enrolled', 'waitlisted', 'offered', 'review')"),
            sqlite_where=text("status IN ('enrolled', 'waitlisted', 'offered', 'review')"),
        ),
        Index("ix_enrollment_term_id", "term_id", "id"),
        Index("ix_enrollment_offering_id", "offering_id", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    external_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    student_id: Mapped[str] = mapped_column(Id, index=True)
    offering_id: Mapped[str | None] = mapped_column(Id)
    term_id: Mapped[str] = mapped_column(Id)
    course_id: Mapped[str] = mapped_column(Id)
    course_code: Mapped[str] = mapped_column(String(CODE))
    course_title: Mapped[str] = mapped_column(String(300))
    term_code: Mapped[str] = mapped_column(String(CODE))
    term_ends_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12))
    ects: Mapped[float] = mapped_column(Float)
    grade: Mapped[str | None] = mapped_column(String(10))
    grading_scale: Mapped[str | None] = mapped_column(String(20))
    conditional: Mapped[bool] = mapped_column(default=False)
    standing_version: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    sections: Mapped[list["EnrollmentSection"]] = relationship(
        lazy="selectin", order_by="EnrollmentSection.section_id", cascade="all, delete-orphan"
    )

    waitlist = None
    """A place in a queue; nobody waits yet."""
    offer_expires_at = None

    @property
    def course(self) -> dict[str, str]:
        """The course as it was called when the student took it."""
        return {"id": self.course_id, "code": self.course_code, "title": self.course_title}

    @property
    def section_ids(self) -> list[str]:
        """The sections taken, in order of id."""
        return [taken.section_id for taken in self.sections]


class EnrollmentSection(Base):
    """One section of an enrollment's bundle, and the pool that its seat came from."""

    __tablename__ = "enrollment_section"

    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), primary_key=True)
    section_id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
    pool: Mapped[int | None] = mapped_column(Integer)


class EnrollmentChange(Base):
    """One line of an enrollment's history: what it became, who did it, why, and by which request."""

    __tablename__ = "enrollment_change"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), index=True)
    status: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(60))
    request_id: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class RegistrationWindow(Base):
    """When an audience may register in a term, and up to how many credits."""

    __tablename__ = "registration_window"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="window_opens_before_it_closes"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    term_id: Mapped[str] = mapped_column(Id, index=True)
    name: Mapped[str] = mapped_column(Text)
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    program: Mapped[list[str]] = mapped_column(JSON)
    stage: Mapped[list[int]] = mapped_column(JSON)
    group: Mapped[list[str]] = mapped_column(JSON)
    min_ects: Mapped[float] = mapped_column(Float, default=0.0)
    max_ects: Mapped[float | None] = mapped_column(Float)


class Plan(Base):
    """A student's saved wish list for a term; each item is `{"section_ids": [...]}`, as it was sent."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("student_id", "term_id", "name", name="plan_named_once_a_term"),
        Index("ix_plan_term_id", "term_id", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    student_id: Mapped[str] = mapped_column(Id)
    term_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(200))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class StudentStanding(Base):
    """What was last heard of a student's standing."""

    __tablename__ = "student_standing"

    student_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
