"""Enrollments with their sections and history, and what serializes one student's changes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from university.enrollment.models.schema import CODE, Base
from university.platform.database import Id, Moment, new_id

_OFFERED = text("status = 'offered'")


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
        Index("ix_enrollment_offered", "offer_expires_at", postgresql_where=_OFFERED, sqlite_where=_OFFERED),
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
    rests_on: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    standing_version: Mapped[int | None] = mapped_column(Integer)
    offer_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    sections: Mapped[list["EnrollmentSection"]] = relationship(
        lazy="selectin", order_by="EnrollmentSection.section_id", cascade="all, delete-orphan"
    )

    @property
    def waitlist(self) -> Any:
        """The place in a queue, as far as it was looked up."""
        return self.__dict__.get("place")

    def show_place(self, place: object) -> None:
        """Let the enrollment be shown with its place in a queue."""
        self.__dict__["place"] = place

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


class StudentStanding(Base):
    """What was last heard of a student's standing; `holds` are those in force or to come, without their reasons."""

    __tablename__ = "student_standing"

    student_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
    holds: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
