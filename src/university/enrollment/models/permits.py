"""What students are allowed beyond the rules: permissions with their uses, requests for consent, a term's policy."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from university.enrollment.models.enrollments import Enrollment
from university.enrollment.models.schema import CODE, Base
from university.platform.database import Id, Moment, new_id

_PENDING = text("status = 'pending'")


class Permission(Base):
    """An override of named rules for one student: in a section, an offering, or else in the whole term."""

    __tablename__ = "permission"
    __table_args__ = (
        CheckConstraint("section_id IS NULL OR offering_id IS NULL", name="permission_holds_in_one_thing"),
        CheckConstraint("used >= 0 AND used <= uses", name="permission_used_within_its_uses"),
        Index("ix_permission_student_id", "student_id", "term_id"),
        Index("ix_permission_term_id", "term_id", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    student_id: Mapped[str] = mapped_column(Id)
    term_id: Mapped[str] = mapped_column(Id)
    offering_id: Mapped[str | None] = mapped_column(Id)
    section_id: Mapped[str | None] = mapped_column(Id, index=True)
    course_code: Mapped[str | None] = mapped_column(String(CODE))
    section_number: Mapped[str | None] = mapped_column(String(40))
    rules: Mapped[list[str]] = mapped_column(JSON)
    consent: Mapped[str | None] = mapped_column(String(12))
    uses: Mapped[int] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)
    issued_by: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    revoked_by: Mapped[str | None] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    made: Mapped[list["PermissionUse"]] = relationship(lazy="selectin", order_by="PermissionUse.at", viewonly=True)


class PermissionUse(Base):
    """An enrollment that a permission was used for, and which rules it overrode there."""

    __tablename__ = "permission_use"

    permission_id: Mapped[str] = mapped_column(ForeignKey(Permission.id), primary_key=True)
    enrollment_id: Mapped[str] = mapped_column(ForeignKey(Enrollment.id), primary_key=True, index=True)
    rules: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)


class ConsentRequest(Base):
    """What a student asks the instructor, the department or the registrar to allow in a section, and the answer."""

    __tablename__ = "consent_request"
    __table_args__ = (
        Index(
            "one_pending_request_a_section",
            "student_id",
            "section_id",
            unique=True,
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
        Index("ix_consent_request_section_id", "section_id", "id"),
        Index("ix_consent_request_term_id", "term_id", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    student_id: Mapped[str] = mapped_column(Id, index=True)
    section_id: Mapped[str] = mapped_column(Id)
    offering_id: Mapped[str] = mapped_column(Id)
    term_id: Mapped[str] = mapped_column(Id)
    course_code: Mapped[str] = mapped_column(String(CODE))
    section_number: Mapped[str] = mapped_column(String(40))
    rules: Mapped[list[str]] = mapped_column(JSON)
    asked_of: Mapped[str] = mapped_column(String(12))
    message: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(Moment)
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text)
    permission_id: Mapped[str | None] = mapped_column(ForeignKey(Permission.id))


class RegistrationPolicy(Base):
    """How a term takes the rules: severities other than `fatal`, and for how much and how long one may wait."""

    __tablename__ = "registration_policy"
    __table_args__ = (CheckConstraint("offer_hours > 0", name="offer_lasts_a_while"),)

    term_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    severities: Mapped[dict[str, Any]] = mapped_column(JSON)
    max_waiting_ects: Mapped[float | None] = mapped_column(Float)
    offer_hours: Mapped[int] = mapped_column(Integer)
