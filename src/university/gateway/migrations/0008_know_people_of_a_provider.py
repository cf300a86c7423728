"""Know people whom an OpenID Connect provider vouches for."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0008"
down_revision = "0007"
step = "expand"


def upgrade() -> None:
    op.add_column("account", sa.Column("issuer", sa.String(length=255), nullable=True), schema="gateway")
    op.add_column("account", sa.Column("subject", sa.String(length=255), nullable=True), schema="gateway")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_account_subject",
            "account",
            ["issuer", "subject"],
            unique=True,
            schema="gateway",
            postgresql_concurrently=True,
        )
    op.create_table(
        "used_state",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("used_state_pk")),
        schema="gateway",
    )
    op.create_index("ix_used_state_expires_at", "used_state", ["expires_at"], unique=False, schema="gateway")


def downgrade() -> None:
    op.drop_index("ix_used_state_expires_at", table_name="used_state", schema="gateway")
    op.drop_table("used_state", schema="gateway")
    op.drop_index("ix_account_subject", table_name="account", schema="gateway")
    op.drop_column("account", "subject", schema="gateway")
    op.drop_column("account", "issuer", schema="gateway")
