"""Keep queues: who waits for which bundle, for whom seats are held, and what was heard of holds."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE enrollment.section ADD COLUMN waiting INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT waiting_never_negative CHECK (waiting >= 0)"
    )
    op.add_column(
        "section",
        sa.Column("queue_first", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="enrollment",
    )
    op.add_column("enrollment", sa.Column("offer_expires_at", database.Moment(), nullable=True), schema="enrollment")
    op.add_column("student_standing", sa.Column("holds", sa.JSON(), nullable=True), schema="enrollment")
    op.create_table(
        "waitlist",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("last_sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("turn", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("turned", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("try_at", database.Moment(), nullable=False),
        sa.CheckConstraint("turned <= turn", name="waitlist_turned_after_its_turn"),
        sa.PrimaryKeyConstraint("id", name=op.f("waitlist_pk")),
        schema="enrollment",
    )
    op.create_index(
        "ix_waitlist_due",
        "waitlist",
        ["try_at"],
        schema="enrollment",
        postgresql_where=sa.text("turned < turn"),
        sqlite_where=sa.text("turned < turn"),
    )
    op.create_index(op.f("ix_waitlist_term_id"), "waitlist", ["term_id"], schema="enrollment")
    op.create_table(
        "waitlist_entry",
        sa.Column("enrollment_id", database.Id, nullable=False),
        sa.Column("queue_id", database.Id, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("instead_of", database.Id, nullable=True),
        sa.Column("joined_at", database.Moment(), nullable=False),
        sa.Column("refusals", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.enrollment.id"], name=op.f("waitlist_entry_enrollment_id_exists")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("waitlist_entry_pk")),
        sa.UniqueConstraint("queue_id", "sequence", name="waitlist_place_once"),
        schema="enrollment",
    )
    order = ["queue_id", "priority", "ticket", "sequence"]
    op.create_index("ix_waitlist_entry_order", "waitlist_entry", order, schema="enrollment")
    op.create_index(op.f("ix_waitlist_entry_instead_of"), "waitlist_entry", ["instead_of"], schema="enrollment")
    op.create_table(
        "wanted_section",
        sa.Column("enrollment_id", database.Id, nullable=False),
        sa.Column("section_id", database.Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.waitlist_entry.enrollment_id"],
            name=op.f("wanted_section_enrollment_id_exists"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", "section_id", name=op.f("wanted_section_pk")),
        schema="enrollment",
    )
    op.create_index(op.f("ix_wanted_section_section_id"), "wanted_section", ["section_id"], schema="enrollment")


def downgrade() -> None:
    op.drop_table("wanted_section", schema="enrollment")
    op.drop_table("waitlist_entry", schema="enrollment")
    op.drop_table("waitlist", schema="enrollment")
    op.drop_column("student_standing", "holds", schema="enrollment")
    op.drop_column("enrollment", "offer_expires_at", schema="enrollment")
    op.drop_column("section", "queue_first", schema="enrollment")
    op.drop_column("section", "waiting", schema="enrollment")
