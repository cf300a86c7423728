"""What the course module tells the others: each fact whole, named by what it is about and what became of it."""

from collections.abc import Mapping
from typing import Any

from university.platform.messaging.outbox import Event

TERM, COURSE, OFFERING = "course.term", "course", "course.offering"
SECTION, INSTRUCTOR = "course.section", "course.instructor"
"""What a fact is about."""


def created(kind: str, facts: Mapping[str, Any]) -> Event:
    """Return the news that something exists."""
    return _event(kind, "created", facts)


def updated(kind: str, facts: Mapping[str, Any]) -> Event:
    """Return the news that something is different now."""
    return _event(kind, "updated", facts)


def deleted(kind: str, facts: Mapping[str, Any]) -> Event:
    """Return the news that something is no more; the facts are the last ones, with a version of their own."""
    return _event(kind, "deleted", facts)


def _event(kind: str, what: str, facts: Mapping[str, Any]) -> Event:
    return Event(f"{kind}.{what}.v1", facts["id"], facts["version"], dict(facts))
