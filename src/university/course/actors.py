"""What the course module does when it hears news."""

from typing import Any

from university.course.service.availability import HEARD, SUBSCRIPTION, Availabilities, EnrollmentSeen
from university.platform.database import Primary, Replica
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.broker import Hearer

READS: dict[str, dict[str, Any]] = {
    SUBSCRIPTION: dict.fromkeys(sorted(HEARD), EnrollmentSeen),
    "course.imports": {requested("course"): ImportRequested},
}
"""What is taken from the news, by subscription and type."""


def hearers(primary: Primary, replica: Replica) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {SUBSCRIPTION: Availabilities(primary, replica).hear}
