"""The course module's tables: the catalog, what is taught in a term, and the view of seats kept by events."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from university.platform.database import Id, Moment, metadata_of, new_id

SCHEMA = "course"
COMPONENT, CODE, NAME, TITLE = 40, 60, 120, 300
"""Longest texts: a component, a code or number, a name, a title."""
_WORD = 60
_Sorted = String(_WORD).with_variant(String(_WORD, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Every table of the module."""

    metadata = metadata_of(SCHEMA)
    type_annotation_map = {float: Float(53), dict[str, Any]: JSON(none_as_null=True), list[Any]: JSON()}  # noqa: RUF012


class CatalogRevision(Base):
    """Counts the changes of terms, courses and equivalences; one row. Whoever changes them holds it until the end."""

    __tablename__ = "catalog_revision"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    revision: Mapped[int]


class Term(Base):
    """A semester or quarter; a deadline that is not set is the term's last day."""

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="term_ends_after_it_starts"),
        Index(None, "starts_on", "code"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    external_key: Mapped[str | None] = mapped_column(String(NAME), unique=True)
    code: Mapped[str] = mapped_column(String(CODE), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    own_add_until: Mapped[date | None]
    own_drop_until: Mapped[date | None]
    own_withdraw_until: Mapped[date | None]
    max_ects: Mapped[float | None]
    calendar: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def add_until(self) -> date:
        """The last day to add, the university's local date."""
        return self.own_add_until or self.ends_on

    @property
    def drop_until(self) -> date:
        """The last day to drop."""
        return self.own_drop_until or self.ends_on

    @property
    def withdraw_until(self) -> date:
        """The last day to withdraw."""
        return self.own_withdraw_until or self.ends_on


class Department(Base):
    """A department; courses name it by its code."""

    __tablename__ = "department"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    external_key: Mapped[str | None] = mapped_column(String(NAME), unique=True)
    code: Mapped[str] = mapped_column(String(NAME), unique=True)
    name: Mapped[str] = mapped_column(String(TITLE))
    version: Mapped[int] = mapped_column(default=1)


class Equivalence(Base):
    """A class of courses that count for one another; a course is in one at most."""

    __tablename__ = "equivalence"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)


class Course(Base):
    """An entry of the catalog."""

    __tablename__ = "course"
    __table_args__ = (CheckConstraint("ects >= 0", name="course_credits_not_negative"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    external_key: Mapped[str | None] = mapped_column(String(NAME), unique=True)
    code: Mapped[str] = mapped_column(String(CODE), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    title_en: Mapped[str | None] = mapped_column(String(TITLE))
    description: Mapped[str | None] = mapped_column(Text)
    description_en: Mapped[str | None] = mapped_column(Text)
    ects: Mapped[float]
    department: Mapped[str | None] = mapped_column(String(NAME), index=True)
    level: Mapped[str | None] = mapped_column(String(COMPONENT))
    max_attempts: Mapped[int | None]
    repeatable: Mapped[bool] = mapped_column(default=False)
    requisites: Mapped[str | None] = mapped_column(Text)
    requisite_tree: Mapped[dict[str, Any] | None]
    equivalence_id: Mapped[str | None] = mapped_column(ForeignKey(Equivalence.id), index=True)
    fold: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)


class Instructor(Base):
    """Somebody who teaches."""

    __tablename__ = "instructor"
    __table_args__ = (Index(None, "family_name", "given_name", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    external_key: Mapped[str | None] = mapped_column(String(NAME), unique=True)
    number: Mapped[str] = mapped_column(String(CODE), unique=True)
    given_name: Mapped[str] = mapped_column(String(NAME))
    family_name: Mapped[str] = mapped_column(String(NAME))
    email: Mapped[str | None] = mapped_column(String(TITLE))
    fold: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)


class Offering(Base):
    """A course taught in a term. `sort_code` is the course's code, kept here so that a term's list reads one index.

    One that is `cross_listed_with` another, the primary one, is the same class under another course's code.
    """

    __tablename__ = "offering"
    __table_args__ = (
        UniqueConstraint("course_id", "term_id", name="course_offered_once_a_term"),
        Index(None, "term_id", "sort_code", "id"),
        Index(None, "sort_code", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(ForeignKey(Course.id))
    term_id: Mapped[str] = mapped_column(ForeignKey(Term.id))
    sort_code: Mapped[str] = mapped_column(String(CODE))
    own_ects: Mapped[float | None]
    grading_scale: Mapped[str] = mapped_column(String(10), default="pl")
    waitlist_policy: Mapped[str] = mapped_column(String(10), default="auto")
    required_components: Mapped[list[Any]] = mapped_column(default=list)
    restrictions: Mapped[list[Any]] = mapped_column(default=list)
    add_until: Mapped[date | None]
    drop_until: Mapped[date | None]
    withdraw_until: Mapped[date | None]
    add_weeks: Mapped[int | None]
    drop_weeks: Mapped[int | None]
    withdraw_weeks: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10), default="open")
    cross_listed_with: Mapped[str | None] = mapped_column(ForeignKey("offering.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)


class Section(Base):
    """One group of an offering. `occurrences` are its meetings made concrete in the term.

    One that `shares_seats_with` a section of the primary offering, its host, has that one's seats and no others:
    `capacity`, `waitlist_capacity` and `reserved` are then kept as the host has them. A canceled one tells whether its
    students are to be moved. `version` grows with every change of the section's facts, also with those of its offering,
    course and term.
    """

    __tablename__ = "section"
    __table_args__ = (
        UniqueConstraint("offering_id", "number", name="section_number_once_in_offering"),
        CheckConstraint("capacity >= 0", name="section_capacity_not_negative"),
        CheckConstraint("waitlist_capacity >= 0", name="section_waitlist_not_negative"),
        CheckConstraint("parent_id <> id", name="section_not_its_own_parent"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    external_key: Mapped[str | None] = mapped_column(String(NAME), unique=True)
    offering_id: Mapped[str] = mapped_column(ForeignKey(Offering.id))
    term_id: Mapped[str] = mapped_column(ForeignKey(Term.id), index=True)
    number: Mapped[str] = mapped_column(String(CODE))
    component: Mapped[str] = mapped_column(String(COMPONENT))
    capacity: Mapped[int | None]
    waitlist_capacity: Mapped[int | None]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("section.id"), index=True)
    meetings: Mapped[list[Any]] = mapped_column(default=list)
    occurrences: Mapped[list[Any]] = mapped_column(default=list)
    language: Mapped[str | None] = mapped_column(String(COMPONENT))
    reserved: Mapped[list[Any]] = mapped_column(default=list)
    restrictions: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(10), default="open")
    shares_seats_with: Mapped[str | None] = mapped_column(ForeignKey("section.id"), index=True)
    move_students: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(default=1)


class Teaching(Base):
    """An instructor of a section."""

    __tablename__ = "teaching"

    section_id: Mapped[str] = mapped_column(ForeignKey(Section.id, ondelete="CASCADE"), primary_key=True)
    instructor_id: Mapped[str] = mapped_column(ForeignKey(Instructor.id), primary_key=True, index=True)
    place: Mapped[int] = mapped_column(SmallInteger)


class Slot(Base):
    """A weekday and the hours in which a section meets; what the search by day and hour looks at."""

    __tablename__ = "slot"

    section_id: Mapped[str] = mapped_column(ForeignKey(Section.id, ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(String(3))
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))


class SearchWord(Base):
    """A folded word by which an offering is found: of its course's code and titles, of its instructors' names."""

    __tablename__ = "search_word"

    term_id: Mapped[str] = mapped_column(ForeignKey(Term.id), primary_key=True)
    word: Mapped[str] = mapped_column(_Sorted, primary_key=True)
    offering_id: Mapped[str] = mapped_column(ForeignKey(Offering.id, ondelete="CASCADE"), primary_key=True, index=True)


class Availability(Base):
    """How many places of a section are taken, held and waited for, as heard from enrollment.

    `dirty` rows changed since the last version was given out; `version` is the one that first told the present state.
    """

    __tablename__ = "availability"
    __table_args__ = (
        Index(None, "term_id", "version"),
        Index("ix_availability_dirty", "section_id", postgresql_where=text("dirty"), sqlite_where=text("dirty")),
    )

    section_id: Mapped[str] = mapped_column(ForeignKey(Section.id, ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[str] = mapped_column(ForeignKey(Term.id))
    taken: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    dirty: Mapped[bool] = mapped_column(default=True)


class AvailabilityClock(Base):
    """The last version of the availability that was given out, and when; one row."""

    __tablename__ = "availability_clock"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    version: Mapped[int]
    advanced_at: Mapped[datetime] = mapped_column(Moment)


class CountedEnrollment(Base):
    """What an enrollment last added to the counts, so that its next state is applied as a difference."""

    __tablename__ = "counted_enrollment"

    enrollment_id: Mapped[str] = mapped_column(Id, primary_key=True)
    counted_as: Mapped[str | None] = mapped_column(String(10))
    section_ids: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int]
