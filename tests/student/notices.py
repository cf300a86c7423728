"""Notices as the enrollment module tells them."""

from typing import Any

from tests.house import House
from tests.student.news import TERM, event
from university.platform.database import new_id
from university.platform.messaging.inbox import CloudEvent
from university.student.actors import NOTIFICATIONS


def notice(student_id: str, **more: Any) -> dict[str, Any]:
    """Return the facts of a notice."""
    return {
        "id": new_id(),
        "student_id": student_id,
        "term_id": TERM["id"],
        "kind": "promoted",
        "at": "2026-09-20T08:00:00Z",
        "params": {"course": "MATH-101"},
        "title": {"en": "You have a place in Calculus", "pl": "Masz miejsce: Żeglarstwo śródlądowe"},
        "body": {"en": "A place became free, and it is yours.", "pl": "Zwolniło się miejsce i należy do Ciebie."},
        **more,
    }


def told(facts: dict[str, Any]) -> CloudEvent:
    """Return the news of a notice."""
    return event("enrollment.notice", 1, facts)


def hear(house: House, *events: CloudEvent) -> None:
    """Let the module hear of notices."""
    house.modules["student"].hearers()[NOTIFICATIONS](list(events))
