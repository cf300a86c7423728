"""When students may register, and what they plan to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from university.enrollment.models.schema import Base
from university.platform.database import Id, Moment, new_id


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
    told_at: Mapped[datetime | None] = mapped_column(Moment)


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
