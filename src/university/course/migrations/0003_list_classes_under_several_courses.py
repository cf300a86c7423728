"""List one class under several courses: offerings that stand for another, sections that share its seats."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0003"
down_revision = "0002"
step = "expand"

_ABOVE = (("offering", "cross_listed_with"), ("section", "shares_seats_with"))


def upgrade() -> None:
    for table, column in _ABOVE:
        _add_reference(table, column)
        with op.get_context().autocommit_block():
            op.create_index(f"ix_{table}_{column}", table, [column], schema="course", postgresql_concurrently=True)
    told: sa.Column[bool] = sa.Column("move_students", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("section", told, schema="course")


def _add_reference(table: str, column: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a reference to a table that stands only so, and names no schema in it.
        op.execute(f"ALTER TABLE course.{table} ADD COLUMN {column} CHAR(32) REFERENCES {table} (id)")
        return
    above = sa.ForeignKey(f"course.{table}.id", name=f"{table}_{column}_exists")
    op.add_column(table, sa.Column(column, database.Id, above), schema="course")


def downgrade() -> None:
    op.drop_column("section", "move_students", schema="course")
    for table, column in reversed(_ABOVE):
        op.drop_index(f"ix_{table}_{column}", table_name=table, schema="course")
        op.drop_column(table, column, schema="course")
