"""Let sections share the seats of another, and keep what the cancellation of a section leaves to do."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0006"
down_revision = "0005"
step = "expand"


def upgrade() -> None:
    op.add_column("section", sa.Column("seats_of", database.Id, nullable=True), schema="enrollment")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_section_seats_of", "section", ["seats_of"], schema="enrollment", postgresql_concurrently=True
        )
    op.create_table(
        "precedence",
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("queue_id", database.Id, nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("student_id", "queue_id", name=op.f("precedence_pk")),
        schema="enrollment",
    )


def downgrade() -> None:
    op.drop_table("precedence", schema="enrollment")
    op.drop_index("ix_section_seats_of", table_name="section", schema="enrollment")
    op.drop_column("section", "seats_of", schema="enrollment")
