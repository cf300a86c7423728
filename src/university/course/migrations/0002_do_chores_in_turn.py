"""Do chores in turn."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", database.Moment(), nullable=False),
        sa.Column("leased_until", database.Moment(), nullable=True),
        sa.Column("leased_by", sa.String(length=120), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("chore_pk")),
        schema="course",
    )


def downgrade() -> None:
    op.drop_table("chore", schema="course")
