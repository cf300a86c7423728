"""Keep what staff did and saw."""

import sqlalchemy as sa
from alembic import op

from university.platform import append_only, database

revision = "0004"
down_revision = "0003"
TABLES = ("audit", "audit_student")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.String(length=120), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("trace_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pk")),
        schema="gateway",
    )
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"], unique=False, schema="gateway")
    op.create_table(
        "audit_student",
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("audit_id", database.Id, nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("student_id", "audit_id", name=op.f("audit_student_pk")),
        schema="gateway",
    )
    op.create_index("ix_audit_student_audit_id", "audit_student", ["audit_id"], unique=False, schema="gateway")
    for statement in append_only.sealing("gateway", op.get_bind().dialect.name, *TABLES):
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only.unsealing("gateway", op.get_bind().dialect.name, *TABLES):
        op.execute(statement)
    op.drop_table("audit_student", schema="gateway")
    op.drop_table("audit", schema="gateway")
