"""Keep what students are told, what goes out by e-mail, and how they want to be told."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", database.Id, nullable=False),
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("term_id", database.Id, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", database.Moment(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("read_at", database.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student.id"], name=op.f("notification_student_id_exists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("notification_pk")),
        schema="student",
    )
    op.create_index(
        "ix_notification_student_id_at_id", "notification", ["student_id", "at", "id"], unique=False, schema="student"
    )
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["student_id"],
        unique=False,
        schema="student",
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "notification_setting",
        sa.Column("student_id", database.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("email", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.CheckConstraint("language IN ('pl', 'en')", name=op.f("notification_setting_language_is_known")),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.student.id"],
            name=op.f("notification_setting_student_id_exists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("notification_setting_pk")),
        schema="student",
    )
    op.create_table(
        "mail",
        sa.Column("notification_id", database.Id, nullable=False),
        sa.Column("made_at", database.Moment(), nullable=False),
        sa.Column("try_at", database.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", database.Moment(), nullable=True),
        sa.Column("gave_up_at", database.Moment(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.CheckConstraint("sent_at IS NULL OR gave_up_at IS NULL", name=op.f("mail_is_sent_or_given_up")),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["student.notification.id"],
            name=op.f("mail_notification_id_exists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("mail_pk")),
        schema="student",
    )
    op.create_index(
        "ix_mail_waiting",
        "mail",
        ["try_at"],
        unique=False,
        schema="student",
        postgresql_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
        sqlite_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_mail_waiting", table_name="mail", schema="student")
    op.drop_table("mail", schema="student")
    op.drop_table("notification_setting", schema="student")
    op.drop_index("ix_notification_unread", table_name="notification", schema="student")
    op.drop_index("ix_notification_student_id_at_id", table_name="notification", schema="student")
    op.drop_table("notification", schema="student")
