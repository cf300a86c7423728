"""Count the requests of callers."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "share",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("given_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("share_pk")),
        schema="gateway",
    )
    op.create_index("ix_share_digest_given_at", "share", ["digest", "given_at"], unique=False, schema="gateway")
    op.create_index("ix_share_given_at", "share", ["given_at"], unique=False, schema="gateway")


def downgrade() -> None:
    op.drop_index("ix_share_given_at", table_name="share", schema="gateway")
    op.drop_index("ix_share_digest_given_at", table_name="share", schema="gateway")
    op.drop_table("share", schema="gateway")
