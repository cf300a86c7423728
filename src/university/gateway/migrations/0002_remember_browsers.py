"""Remember when a browser's session ends however busy it is."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0002"
down_revision = "0001"
step = "expand"


def upgrade() -> None:
    op.add_column("access_token", sa.Column("ends_at", database.Moment(), nullable=True), schema="gateway")


def downgrade() -> None:
    op.drop_column("access_token", "ends_at", schema="gateway")
