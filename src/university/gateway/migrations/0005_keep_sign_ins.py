"""Keep who signed in, what refreshes that, attempts that failed, and codes for setting a password."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0005"
down_revision = "0004"
step = "expand"


def upgrade() -> None:
    _create_sign_ins()
    op.create_table(
        "attempts",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("counted_at", database.Moment(), nullable=False),
        sa.Column("closed_until", database.Moment(), nullable=False),
        sa.Column("forgotten_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("attempts_pk")),
        schema="gateway",
    )
    op.create_index("ix_attempts_forgotten_at", "attempts", ["forgotten_at"], schema="gateway")
    op.create_table(
        "activation",
        sa.Column("account_id", database.Id, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["gateway.account.id"], name=op.f("activation_account_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("activation_pk")),
        schema="gateway",
    )
    _add_reference()
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_access_token_sign_in_id", "access_token", ["sign_in_id"], schema="gateway", postgresql_concurrently=True
        )


def _create_sign_ins() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("account_id", database.Id, nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=True),
        sa.Column("instructor_id", sa.String(length=64), nullable=True),
        sa.Column("begun_at", database.Moment(), nullable=False),
        sa.Column("seen_at", database.Moment(), nullable=False),
        sa.Column("ends_at", database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["gateway.account.id"], name=op.f("sign_in_account_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_pk")),
        schema="gateway",
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], schema="gateway")
    op.create_index("ix_sign_in_subject", "sign_in", ["subject"], schema="gateway")
    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sign_in_id", database.Id, nullable=False),
        sa.Column("issued_at", database.Moment(), nullable=False),
        sa.Column("expires_at", database.Moment(), nullable=False),
        sa.Column("used_at", database.Moment(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["gateway.sign_in.id"], name=op.f("refresh_token_sign_in_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("refresh_token_pk")),
        schema="gateway",
    )
    op.create_index("ix_refresh_token_expires_at", "refresh_token", ["expires_at"], schema="gateway")
    op.create_index("ix_refresh_token_sign_in_id", "refresh_token", ["sign_in_id"], schema="gateway")


def _add_reference() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a reference to a table that stands only so, and names no schema in it.
        op.execute("ALTER TABLE gateway.access_token ADD COLUMN sign_in_id CHAR(32) REFERENCES sign_in (id)")
        return
    above = sa.ForeignKey("gateway.sign_in.id", name="access_token_sign_in_id_exists")
    op.add_column("access_token", sa.Column("sign_in_id", database.Id, above), schema="gateway")


def downgrade() -> None:
    op.drop_index("ix_access_token_sign_in_id", table_name="access_token", schema="gateway")
    op.drop_column("access_token", "sign_in_id", schema="gateway")
    for table in ("activation", "attempts", "refresh_token", "sign_in"):
        op.drop_table(table, schema="gateway")
