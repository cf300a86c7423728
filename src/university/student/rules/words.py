"""The closed lists of words that the student module knows, and the numbers a student may have."""

import re
from collections.abc import Mapping
from enum import StrEnum

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PATHS = frozenset({"me", "imports", "search"})


class StudentStatus(StrEnum):
    """Whether a student studies at the moment."""

    ACTIVE = "active"
    ON_LEAVE = "on-leave"
    SUSPENDED = "suspended"
    GRADUATED = "graduated"
    WITHDRAWN = "withdrawn"


class Language(StrEnum):
    """A language in which a student is written to."""

    PL = "pl"
    EN = "en"


class HoldEffect(StrEnum):
    """What a hold keeps a student from."""

    BLOCK_ADD = "block-add"
    BLOCK_DROP = "block-drop"
    BLOCK_TRANSCRIPT = "block-transcript"


class EnrollmentStatus(StrEnum):
    """How an enrollment stands, as the enrollment module tells it."""

    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    REVIEW = "review"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return what is said in a language, or in any where it is not said in this one."""
    return words.get(language) or next(iter(words.values()), "")


def is_id(key: str) -> bool:
    """Tell whether a key looks like an id; every other key is a student number."""
    return _ID.fullmatch(key) is not None


def may_be_a_number(text: str) -> bool:
    """Tell whether a text can be a student number: an address must never be able to mean two things."""
    return text.casefold() not in _PATHS and not is_id(text)
