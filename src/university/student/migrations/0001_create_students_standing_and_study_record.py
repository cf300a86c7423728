"""Create students, standing and study record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from university.platform import database

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("principal", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", "operation", name=op.f("idempotency_key_pk")),
        schema="student",
    )
    op.create_table(
        "import_job",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("removed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fault_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("faults", sa.Text(), server_default="[]", nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("finished_at", database.Moment(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("import_job_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("import_job_pk")),
        schema="student",
    )
    op.create_table(
        "inbox",
        sa.Column("subscription", sa.String(length=60), nullable=False),
        sa.Column("event_id", database.Id, nullable=False),
        sa.Column("heard_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "event_id", name=op.f("inbox_pk")),
        schema="student",
    )
    op.create_table(
        "known_course",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("known_course_pk")),
        schema="student",
    )
    op.create_table(
        "known_section",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("course_id", database.Id, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("meetings", sa.JSON(), nullable=False),
        sa.Column("occurrences", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("known_section_pk")),
        schema="student",
    )
    op.create_table(
        "known_term",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("calendar", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("known_term_pk")),
        schema="student",
    )
    op.create_index(op.f("ix_known_term_code"), "known_term", ["code"], unique=False, schema="student")
    op.create_table(
        "outbox",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("status", sa.String(length=8), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", database.Moment(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pk")),
        schema="student",
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["id"],
        unique=False,
        schema="student",
        postgresql_where=sa.text("status = 'pending'"),
        sqlite_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "recorded_enrollment",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("course_id", database.Id, nullable=False),
        sa.Column("offering_id", database.Id, nullable=True),
        sa.Column("section_ids", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ects", sa.Float(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("grading_scale", sa.Text(), nullable=True),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("updated_at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("recorded_enrollment_pk")),
        schema="student",
    )
    op.create_index(
        "ix_recorded_enrollment_student_id_term_id",
        "recorded_enrollment",
        ["student_id", "term_id"],
        unique=False,
        schema="student",
    )
    op.create_table(
        "student",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("external_key", sa.String(length=255), nullable=True),
        sa.Column("given_name", sa.String(length=120), nullable=False),
        sa.Column("family_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("program", sa.String(length=80), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("groups", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("max_ects", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'on-leave', 'suspended', 'graduated', 'withdrawn')",
            name=op.f("student_status_is_known"),
        ),
        sa.CheckConstraint("max_ects >= 0", name=op.f("student_max_ects_is_not_negative")),
        sa.CheckConstraint("stage >= 1", name=op.f("student_stage_is_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("student_pk")),
        sa.UniqueConstraint("external_key", name=op.f("student_external_key_unique")),
        sa.UniqueConstraint("number", name=op.f("student_number_unique")),
        schema="student",
    )
    op.create_index("ix_student_groups", "student", ["groups"], unique=False, schema="student", postgresql_using="gin")
    op.create_index("ix_student_program_stage", "student", ["program", "stage"], unique=False, schema="student")
    op.create_table(
        "hold",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("hold_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student.id"], name=op.f("hold_student_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("hold_pk")),
        schema="student",
    )
    op.create_index(op.f("ix_hold_student_id"), "hold", ["student_id"], unique=False, schema="student")
    op.create_table(
        "recognized_credit",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("institution", sa.String(length=200), nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("ects", sa.Float(), nullable=False),
        sa.Column("term", sa.String(length=60), nullable=True),
        sa.CheckConstraint("ects >= 0", name=op.f("recognized_credit_ects_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student.id"], name=op.f("recognized_credit_student_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("recognized_credit_pk")),
        sa.UniqueConstraint("student_id", "course", name="recognized_credit_once_a_course"),
        schema="student",
    )
    op.create_table(
        "student_word",
        sa.Column(
            "word", sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("student_id", database.Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student.id"], name=op.f("student_word_student_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "student_id", name=op.f("student_word_pk")),
        schema="student",
    )
    op.create_index(op.f("ix_student_word_student_id"), "student_word", ["student_id"], unique=False, schema="student")
    op.create_table(
        "test_score",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student.id"], name=op.f("test_score_student_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("test_score_pk")),
        schema="student",
    )
    op.create_index(op.f("ix_test_score_student_id"), "test_score", ["student_id"], unique=False, schema="student")


def downgrade() -> None:
    op.drop_index(op.f("ix_test_score_student_id"), table_name="test_score", schema="student")
    op.drop_table("test_score", schema="student")
    op.drop_index(op.f("ix_student_word_student_id"), table_name="student_word", schema="student")
    op.drop_table("student_word", schema="student")
    op.drop_table("recognized_credit", schema="student")
    op.drop_index(op.f("ix_hold_student_id"), table_name="hold", schema="student")
    op.drop_table("hold", schema="student")
    op.drop_index("ix_student_program_stage", table_name="student", schema="student")
    op.drop_index("ix_student_groups", table_name="student", schema="student", postgresql_using="gin")
    op.drop_table("student", schema="student")
    op.drop_index("ix_recorded_enrollment_student_id_term_id", table_name="recorded_enrollment", schema="student")
    op.drop_table("recorded_enrollment", schema="student")
    op.drop_index(
        "ix_outbox_pending",
        table_name="outbox",
        schema="student",
        postgresql_where=sa.text("status = 'pending'"),
        sqlite_where=sa.text("status = 'pending'"),
    )
    op.drop_table("outbox", schema="student")
    op.drop_index(op.f("ix_known_term_code"), table_name="known_term", schema="student")
    op.drop_table("known_term", schema="student")
    op.drop_table("known_section", schema="student")
    op.drop_table("known_course", schema="student")
    op.drop_table("inbox", schema="student")
    op.drop_table("import_job", schema="student")
    op.drop_table("idempotency_key", schema="student")
