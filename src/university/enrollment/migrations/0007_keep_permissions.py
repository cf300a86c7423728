"""Keep permissions with their uses, requests for consent, and how each term takes the rules."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _create_permissions()
    _create_requests()
    op.create_table(
        "registration_policy",
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("severities", sa.JSON(), nullable=False),
        sa.Column("max_waiting_ects", sa.Float(), nullable=True),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint("offer_hours > 0", name=op.f("offer_lasts_a_while")),
        sa.PrimaryKeyConstraint("term_id", name=op.f("registration_policy_pk")),
        schema="enrollment",
    )


def _create_permissions() -> None:
    op.create_table(
        "permission",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("offering_id", database.Id, nullable=True),
        sa.Column("section_id", database.Id, nullable=True),
        sa.Column("course_code", sa.String(length=60), nullable=True),
        sa.Column("section_number", sa.String(length=40), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("consent", sa.String(length=12), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expires_at", database.Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.String(length=120), nullable=False),
        sa.Column("issued_at", database.Moment(), nullable=False),
        sa.Column("revoked_by", sa.String(length=120), nullable=True),
        sa.Column("revoked_at", database.Moment(), nullable=True),
        sa.CheckConstraint("section_id IS NULL OR offering_id IS NULL", name=op.f("permission_holds_in_one_thing")),
        sa.CheckConstraint("used >= 0 AND used <= uses", name=op.f("permission_used_within_its_uses")),
        sa.PrimaryKeyConstraint("id", name=op.f("permission_pk")),
        schema="enrollment",
    )
    op.create_index(op.f("ix_permission_section_id"), "permission", ["section_id"], schema="enrollment")
    op.create_index("ix_permission_student_id", "permission", ["student_id", "term_id"], schema="enrollment")
    op.create_index("ix_permission_term_id", "permission", ["term_id", "id"], schema="enrollment")
    op.create_table(
        "permission_use",
        sa.Column("permission_id", database.Id, nullable=False),
        sa.Column("enrollment_id", database.Id, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.enrollment.id"], name=op.f("permission_use_enrollment_id_exists")
        ),
        sa.ForeignKeyConstraint(
            ["permission_id"], ["enrollment.permission.id"], name=op.f("permission_use_permission_id_exists")
        ),
        sa.PrimaryKeyConstraint("permission_id", "enrollment_id", name=op.f("permission_use_pk")),
        schema="enrollment",
    )
    op.create_index(op.f("ix_permission_use_enrollment_id"), "permission_use", ["enrollment_id"], schema="enrollment")


def _create_requests() -> None:
    op.create_table(
        "consent_request",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("section_id", database.Id, nullable=False),
        sa.Column("offering_id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("section_number", sa.String(length=40), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("asked_of", sa.String(length=12), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("created_at", database.Moment(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("answered_at", database.Moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("permission_id", database.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["permission_id"], ["enrollment.permission.id"], name=op.f("consent_request_permission_id_exists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_request_pk")),
        schema="enrollment",
    )
    op.create_index("ix_consent_request_section_id", "consent_request", ["section_id", "id"], schema="enrollment")
    op.create_index(op.f("ix_consent_request_student_id"), "consent_request", ["student_id"], schema="enrollment")
    op.create_index("ix_consent_request_term_id", "consent_request", ["term_id", "id"], schema="enrollment")
    op.create_index(
        "one_pending_request_a_section",
        "consent_request",
        ["student_id", "section_id"],
        unique=True,
        schema="enrollment",
        postgresql_where=sa.text("status = 'pending'"),
        sqlite_where=sa.text("status = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("permission_use", schema="enrollment")
    op.drop_table("consent_request", schema="enrollment")
    op.drop_table("registration_policy", schema="enrollment")
    op.drop_table("permission", schema="enrollment")
