"""Keep students' plans."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("updated_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_pk")),
        sa.UniqueConstraint("student_id", "term_id", "name", name="plan_named_once_a_term"),
        schema="enrollment",
    )
    op.create_index("ix_plan_term_id", "plan", ["term_id", "id"], unique=False, schema="enrollment")


def downgrade() -> None:
    op.drop_index("ix_plan_term_id", table_name="plan", schema="enrollment")
    op.drop_table("plan", schema="enrollment")
