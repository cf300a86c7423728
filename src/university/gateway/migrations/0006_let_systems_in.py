"""Let other systems in, by secrets of their own and within scopes."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0006"
down_revision = "0005"
step = "expand"


def upgrade() -> None:
    op.create_table(
        "integration",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("used_at", database.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("integration_pk")),
        sa.UniqueConstraint("name", name="integration_named_once"),
        schema="gateway",
    )
    op.create_table(
        "integration_secret",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("integration_id", database.Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("expires_at", database.Moment(), nullable=False),
        sa.Column("used_at", database.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["gateway.integration.id"],
            name=op.f("integration_secret_integration_id_exists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("integration_secret_pk")),
        sa.UniqueConstraint("digest", name="integration_secret_is_its_own"),
        schema="gateway",
    )
    op.create_index(
        op.f("ix_integration_secret_integration_id"),
        "integration_secret",
        ["integration_id"],
        unique=False,
        schema="gateway",
    )
    op.create_table(
        "integration_token",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("secret_id", database.Id, nullable=False),
        sa.Column("expires_at", database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["secret_id"],
            ["gateway.integration_secret.id"],
            name=op.f("integration_token_secret_id_exists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("integration_token_pk")),
        schema="gateway",
    )
    op.create_index(
        op.f("ix_integration_token_secret_id"), "integration_token", ["secret_id"], unique=False, schema="gateway"
    )
    op.create_index(
        "ix_integration_token_expires_at", "integration_token", ["expires_at"], unique=False, schema="gateway"
    )


def downgrade() -> None:
    op.drop_index("ix_integration_token_expires_at", table_name="integration_token", schema="gateway")
    op.drop_index(op.f("ix_integration_token_secret_id"), table_name="integration_token", schema="gateway")
    op.drop_table("integration_token", schema="gateway")
    op.drop_index(op.f("ix_integration_secret_integration_id"), table_name="integration_secret", schema="gateway")
    op.drop_table("integration_secret", schema="gateway")
    op.drop_table("integration", schema="gateway")
