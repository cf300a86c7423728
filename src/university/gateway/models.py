"""The gateway's own small store: accounts, and the tokens given out for them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from university.platform.database import Id, Moment, metadata_of, new_id


class Base(DeclarativeBase):
    """Everything the gateway keeps."""

    metadata = metadata_of("gateway")


class Account(Base):
    """Somebody who signs in with a password; `student_id` and `instructor_id` say whose records are theirs."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("username", name="username_taken_once"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    student_id: Mapped[str | None] = mapped_column(String(64))
    instructor_id: Mapped[str | None] = mapped_column(String(64))
    disabled: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)


class AccessToken(Base):
    """A token given out, or a browser's session: only its digest, and who its bearer was when it was given.

    A session has `ends_at`: `expires_at` moves while its browser is heard of, and never past that.
    """

    __tablename__ = "access_token"
    __table_args__ = (Index("ix_access_token_subject", "subject"), Index("ix_access_token_expires_at", "expires_at"))

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("gateway.account.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(64))
    username: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    student_id: Mapped[str | None] = mapped_column(String(64))
    instructor_id: Mapped[str | None] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
