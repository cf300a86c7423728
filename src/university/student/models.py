"""The tables of the student module: students with their standing, the study record's views, and what they are told."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from university.platform.database import Id, Moment, metadata_of, new_id
from university.student.rules.names import LONGEST
from university.student.rules.words import Language, StudentStatus

# JSON that can be asked for its elements, by an index in PostgreSQL.
Elements = JSON().with_variant(JSONB(), "postgresql")
# Compared byte by byte in both databases: a prefix is then a range of the index.
Word = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """The module's tables."""

    metadata = metadata_of("student")


class Student(Base):
    """A person who studies or studied here."""

    __tablename__ = "student"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in StudentStatus)), "student_status_is_known"),
        CheckConstraint("stage >= 1", "student_stage_is_positive"),
        CheckConstraint("max_ects >= 0", "student_max_ects_is_not_negative"),
        Index("ix_student_program_stage", "program", "stage"),
        Index("ix_student_groups", "groups", postgresql_using="gin"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    external_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    given_name: Mapped[str] = mapped_column(String(120))
    family_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    status: Mapped[str] = mapped_column(String(10), default=StudentStatus.ACTIVE.value)
    program: Mapped[str | None] = mapped_column(String(80))
    stage: Mapped[int | None] = mapped_column(Integer)
    level: Mapped[str | None] = mapped_column(String(40))
    groups: Mapped[list[str]] = mapped_column(Elements, default=list)
    max_ects: Mapped[float | None] = mapped_column(Float)


class StudentWord(Base):
    """A word by which a student is found: of the number or of a name, folded."""

    __tablename__ = "student_word"

    word: Mapped[str] = mapped_column(Word, primary_key=True)
    student_id: Mapped[str] = mapped_column(
        Id, ForeignKey("student.student.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Hold(Base):
    """A block placed on a student; without a last day it lasts until it is lifted."""

    __tablename__ = "hold"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", "hold_ends_after_it_starts"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    student_id: Mapped[str] = mapped_column(Id, ForeignKey("student.student.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    contact: Mapped[str] = mapped_column(String(200))
    effects: Mapped[list[str]] = mapped_column(JSON)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class RecognizedCredit(Base):
    """A course completed elsewhere that counts here."""

    __tablename__ = "recognized_credit"
    __table_args__ = (
        UniqueConstraint("student_id", "course", name="recognized_credit_once_a_course"),
        CheckConstraint("ects >= 0", "recognized_credit_ects_is_not_negative"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    student_id: Mapped[str] = mapped_column(Id, ForeignKey("student.student.id", ondelete="CASCADE"))
    course: Mapped[str] = mapped_column(String(60))
    title: Mapped[str | None] = mapped_column(String(200))
    institution: Mapped[str | None] = mapped_column(String(200))
    grade: Mapped[str | None] = mapped_column(String(10))
    ects: Mapped[float] = mapped_column(Float)
    term: Mapped[str | None] = mapped_column(String(60))


class ScoredTest(Base):
    """The score of a test, such as a language exam."""

    __tablename__ = "test_score"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    student_id: Mapped[str] = mapped_column(Id, ForeignKey("student.student.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    score: Mapped[float] = mapped_column(Float)
    taken_on: Mapped[date | None] = mapped_column(Date)


class TimetableFeed(Base):
    """An address by which a calendar reads a student's timetable; of its token only the digest is kept."""

    __tablename__ = "timetable_feed"
    __table_args__ = (
        UniqueConstraint("token_digest", name="timetable_feed_token_opens_one"),
        CheckConstraint(
            "language IN ({})".format(", ".join(f"'{one}'" for one in Language)), "timetable_feed_language_is_known"
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    student_id: Mapped[str] = mapped_column(Id, ForeignKey("student.student.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(2))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_used_on: Mapped[date | None] = mapped_column(Date)


class RecordedEnrollment(Base):
    """The study record's view of an enrollment, as last heard; refers to nothing, because news comes in any order."""

    __tablename__ = "recorded_enrollment"
    __table_args__ = (Index("ix_recorded_enrollment_student_id_term_id", "student_id", "term_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    student_id: Mapped[str] = mapped_column(Id)
    term_id: Mapped[str] = mapped_column(Id)
    course_id: Mapped[str] = mapped_column(Id)
    offering_id: Mapped[str | None] = mapped_column(Id)
    section_ids: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(Text)
    ects: Mapped[float | None] = mapped_column(Float)
    grade: Mapped[str | None] = mapped_column(Text)
    grading_scale: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class KnownTerm(Base):
    """A term as last heard from course; version 0 was only mentioned by a section."""

    __tablename__ = "known_term"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(Text, index=True)
    title: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    calendar: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class KnownCourse(Base):
    """A course of the catalog as last heard; stays when the course is deleted, for transcripts."""

    __tablename__ = "known_course"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    repeatable: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    equivalents: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))


class KnownSection(Base):
    """A section as last heard, with its meetings as rules and as concrete occurrences."""

    __tablename__ = "known_section"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    term_id: Mapped[str] = mapped_column(Id)
    course_id: Mapped[str] = mapped_column(Id)
    number: Mapped[str] = mapped_column(Text)
    component: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    deleted: Mapped[bool] = mapped_column(Boolean)
    meetings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    occurrences: Mapped[list[list[str]]] = mapped_column(JSON)


class Notification(Base):
    """What a student was told, in both languages, as the enrollment module worded it; its id is the notice's."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_student_id_at_id", "student_id", "at", "id"),
        Index(
            "ix_notification_unread",
            "student_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    student_id: Mapped[str] = mapped_column(Id, ForeignKey("student.student.id", ondelete="CASCADE"))
    term_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[dict[str, str]] = mapped_column(JSON)
    read_at: Mapped[datetime | None] = mapped_column(Moment)


class Mail(Base):
    """A notification that goes out by e-mail, too; knows neither name nor address, which may change until it goes."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR gave_up_at IS NULL", "mail_is_sent_or_given_up"),
        Index(
            "ix_mail_waiting",
            "try_at",
            postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
            sqlite_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
        ),
    )

    notification_id: Mapped[str] = mapped_column(
        Id, ForeignKey("student.notification.id", ondelete="CASCADE"), primary_key=True
    )
    made_at: Mapped[datetime] = mapped_column(Moment)
    try_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    gave_up_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[str | None] = mapped_column(Text)


class NotificationSetting(Base):
    """How a student wants to be told; who has none is told by e-mail, in Polish."""

    __tablename__ = "notification_setting"
    __table_args__ = (
        CheckConstraint(
            "language IN ({})".format(", ".join(f"'{one}'" for one in Language)),
            "notification_setting_language_is_known",
        ),
    )

    student_id: Mapped[str] = mapped_column(Id, ForeignKey("student.student.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    email: Mapped[bool] = mapped_column(Boolean)
    language: Mapped[str] = mapped_column(String(2))
