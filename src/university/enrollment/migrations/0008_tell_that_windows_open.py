"""Remember which windows were told of, so that everybody whom one is for hears once that it is open."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0008"
down_revision = "0007"
step = "expand"


def upgrade() -> None:
    op.add_column("registration_window", sa.Column("told_at", database.Moment(), nullable=True), schema="enrollment")


def downgrade() -> None:
    op.drop_column("registration_window", "told_at", schema="enrollment")
