"""Know which courses count for one another, and which may be repeated, so that a transcript counts each once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "known_course",
        sa.Column("repeatable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="student",
    )
    op.add_column(
        "known_course",
        sa.Column("equivalents", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        schema="student",
    )


def downgrade() -> None:
    op.drop_column("known_course", "equivalents", schema="student")
    op.drop_column("known_course", "repeatable", schema="student")
