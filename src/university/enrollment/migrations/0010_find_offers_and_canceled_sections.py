"""Find the offers that end and the sections that are canceled without going through all there are."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
step = "expand"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_enrollment_offered",
            "enrollment",
            ["offer_expires_at"],
            schema="enrollment",
            postgresql_where=sa.text("status = 'offered'"),
            sqlite_where=sa.text("status = 'offered'"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_section_canceled",
            "section",
            ["id"],
            schema="enrollment",
            postgresql_where=sa.text("status = 'canceled'"),
            sqlite_where=sa.text("status = 'canceled'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_section_canceled", table_name="section", schema="enrollment")
    op.drop_index("ix_enrollment_offered", table_name="enrollment", schema="enrollment")
