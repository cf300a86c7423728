"""Keep every grade that was posted, and which requisites rest on grades to come."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("enrollment", sa.Column("rests_on", sa.JSON(), nullable=True), schema="enrollment")
    op.create_table(
        "grade_change",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("enrollment_id", database.Id, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("previous", sa.String(length=10), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("attempt >= 1", name="grade_attempts_count_from_one"),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.enrollment.id"], name=op.f("grade_change_enrollment_id_exists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("grade_change_pk")),
        schema="enrollment",
    )
    op.create_index(
        "ix_grade_change_enrollment_id", "grade_change", ["enrollment_id"], unique=False, schema="enrollment"
    )
    op.create_table(
        "requisite_check",
        sa.Column("enrollment_id", database.Id, nullable=False),
        sa.Column("since", database.Moment(), nullable=False),
        sa.Column("turn", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.enrollment.id"], name=op.f("requisite_check_enrollment_id_exists")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("requisite_check_pk")),
        schema="enrollment",
    )
    op.create_index("ix_requisite_check_since", "requisite_check", ["since"], unique=False, schema="enrollment")
    op.create_table(
        "broken_requisite",
        sa.Column("enrollment_id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("tree", sa.JSON(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.Column("settled_at", database.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.enrollment.id"], name=op.f("broken_requisite_enrollment_id_exists")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("broken_requisite_pk")),
        schema="enrollment",
    )
    op.create_index("ix_broken_requisite_term_id", "broken_requisite", ["term_id"], unique=False, schema="enrollment")


def downgrade() -> None:
    op.drop_index("ix_broken_requisite_term_id", table_name="broken_requisite", schema="enrollment")
    op.drop_table("broken_requisite", schema="enrollment")
    op.drop_index("ix_requisite_check_since", table_name="requisite_check", schema="enrollment")
    op.drop_table("requisite_check", schema="enrollment")
    op.drop_index("ix_grade_change_enrollment_id", table_name="grade_change", schema="enrollment")
    op.drop_table("grade_change", schema="enrollment")
    op.drop_column("enrollment", "rests_on", schema="enrollment")
