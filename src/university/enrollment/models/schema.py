"""What every table of the enrollment schema stands on."""

from sqlalchemy.orm import DeclarativeBase

from university.platform.database import metadata_of

SCHEMA = "enrollment"
CODE, WORD = 60, 120
"""Longest texts: a code of a course or term, and a free word for a program or a group."""


class Base(DeclarativeBase):
    """Everything in the enrollment schema."""

    metadata = metadata_of(SCHEMA)
