"""Keep timetable feeds."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "timetable_feed",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.CheckConstraint("language IN ('pl', 'en')", name=op.f("timetable_feed_language_is_known")),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.student.id"],
            name=op.f("timetable_feed_student_id_exists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("timetable_feed_pk")),
        sa.UniqueConstraint("token_digest", name="timetable_feed_token_opens_one"),
        schema="student",
    )
    op.create_index(
        op.f("ix_timetable_feed_student_id"), "timetable_feed", ["student_id"], unique=False, schema="student"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_timetable_feed_student_id"), table_name="timetable_feed", schema="student")
    op.drop_table("timetable_feed", schema="student")
