"""Grades that were posted, and the requisites that rest on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from university.enrollment.models.enrollments import Enrollment
from university.enrollment.models.schema import Base
from university.platform.database import Id, Moment, new_id


class GradeChange(Base):
    """One grade that was posted for an enrollment: at which attempt, what it was before, who posted it and why."""

    __tablename__ = "grade_change"
    __table_args__ = (CheckConstraint("attempt >= 1", name="grade_attempts_count_from_one"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), index=True)
    attempt: Mapped[int] = mapped_column(Integer)
    grade: Mapped[str] = mapped_column(String(10))
    previous: Mapped[str | None] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)


class RequisiteCheck(Base):
    """An enrollment whose requisites must be judged anew, since when, and how often that was asked for."""

    __tablename__ = "requisite_check"

    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment, index=True)
    turn: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class BrokenRequisite(Base):
    """An enrollment whose requisites are met no more, with the explanation, and what the registrar decided."""

    __tablename__ = "broken_requisite"

    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), primary_key=True)
    term_id: Mapped[str] = mapped_column(Id, index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    result: Mapped[str] = mapped_column(String(12))
    text: Mapped[str | None] = mapped_column(Text)
    tree: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    decision: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    settled_by: Mapped[str | None] = mapped_column(String(120))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    enrollment: Mapped[Enrollment] = relationship(lazy="joined", innerjoin=True)
