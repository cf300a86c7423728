"""The gateway's own small store: accounts, who signed in, the tokens given out for that, and attempts that failed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from university.platform.database import Id, Moment, metadata_of, new_id


class Base(DeclarativeBase):
    """Everything the gateway keeps."""

    metadata = metadata_of("gateway")


class Account(Base):
    """Somebody who signs in with a password; `student_id` and `instructor_id` say whose records are theirs.

    The hash is empty until there is a password. `issuer` and `subject` are whom a provider vouches for under it.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("username", name="username_taken_once"),
        Index("ix_account_subject", "issuer", "subject", unique=True),
    )

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
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))


class UsedState(Base):
    """A sign-in with the provider that came back: only a digest, so that it comes back once."""

    __tablename__ = "used_state"
    __table_args__ = (Index("ix_used_state_expires_at", "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class SignIn(Base):
    """That somebody signed in, as whom: the root of a browser's session, or of all tokens that grew from it."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account_id", "account_id"), Index("ix_sign_in_subject", "subject"))

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(8))
    account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("gateway.account.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(64))
    username: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    student_id: Mapped[str | None] = mapped_column(String(64))
    instructor_id: Mapped[str | None] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)


class RefreshToken(Base):
    """A refresh token given out: only its digest. One that is used up stays, to be known again if it comes twice.

    `salt` is what its successors were made with, beside the token itself, which only its bearer has.
    """

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("ix_refresh_token_sign_in_id", "sign_in_id"),
        Index("ix_refresh_token_expires_at", "expires_at"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sign_in_id: Mapped[str] = mapped_column(Id, ForeignKey("gateway.sign_in.id", ondelete="CASCADE"))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Attempts(Base):
    """How often signing in failed for one username or from one address, of which only a keyed digest is known."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_forgotten_at", "forgotten_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(Moment)
    closed_until: Mapped[datetime] = mapped_column(Moment)
    forgotten_at: Mapped[datetime] = mapped_column(Moment)


class Activation(Base):
    """A code by which an account's owner sets its password once: only its digest."""

    __tablename__ = "activation"

    account_id: Mapped[str] = mapped_column(Id, ForeignKey("gateway.account.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime] = mapped_column(Moment)


class AccessToken(Base):
    """A token given out, or a browser's session: only its digest, and who its bearer was when it was given.

    A session has `ends_at`: `expires_at` moves while its browser is heard of, and never past that.
    """

    __tablename__ = "access_token"
    __table_args__ = (
        Index("ix_access_token_subject", "subject"),
        Index("ix_access_token_expires_at", "expires_at"),
        Index("ix_access_token_sign_in_id", "sign_in_id"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("gateway.account.id", ondelete="CASCADE"), index=True)
    sign_in_id: Mapped[str | None] = mapped_column(Id, ForeignKey("gateway.sign_in.id"))
    subject: Mapped[str] = mapped_column(String(64))
    username: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    student_id: Mapped[str | None] = mapped_column(String(64))
    instructor_id: Mapped[str | None] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)


class Integration(Base):
    """Another system that calls by itself: the roles it acts with, and the scopes these reach no further than."""

    __tablename__ = "integration"
    __table_args__ = (UniqueConstraint("name", name="integration_named_once"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[str]] = mapped_column(JSON)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    disabled: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class IntegrationSecret(Base):
    """What a system proves itself with: only its digest. It may have several, so that one follows another in peace."""

    __tablename__ = "integration_secret"
    __table_args__ = (UniqueConstraint("digest", name="integration_secret_is_its_own"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    integration_id: Mapped[str] = mapped_column(
        Id, ForeignKey("gateway.integration.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class IntegrationToken(Base):
    """A token given to a system for a secret, which it does not outlive: only its digest."""

    __tablename__ = "integration_token"
    __table_args__ = (Index("ix_integration_token_expires_at", "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    secret_id: Mapped[str] = mapped_column(
        Id, ForeignKey("gateway.integration_secret.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Share(Base):
    """A share of a limit of requests that a gateway took for a caller, who is known by a digest."""

    __tablename__ = "share"
    __table_args__ = (Index("ix_share_digest_given_at", "digest", "given_at"), Index("ix_share_given_at", "given_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    size: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(Moment)
