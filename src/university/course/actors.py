"""What the course module does when it hears news, and how it makes sure of what it heard."""

from typing import Any

from university.course.models import CountedEnrollment
from university.course.repository import recounting
from university.course.service import availability
from university.course.service.availability import HEARD, SUBSCRIPTION, Availabilities, EnrollmentSeen
from university.platform.database import Primary, Replica
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.broker import Hearer
from university.platform.messaging.copies import Copy
from university.platform.messaging.reconciliation import Counters, Kept, View
from university.platform.neighbors import Neighbor

READS: dict[str, dict[str, Any]] = {
    SUBSCRIPTION: dict.fromkeys(sorted(HEARD), EnrollmentSeen),
    "course.imports": {requested("course"): ImportRequested},
}
"""What is taken from the news, by subscription and type."""


def hearers(primary: Primary, replica: Replica) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {SUBSCRIPTION: Availabilities(primary, replica).hear}


def kept(enrollment: Neighbor) -> Kept:
    """Return what the module keeps of others: the enrollments that it counted, and the counts of seats."""
    counts = Counters(SUBSCRIPTION, recounting.miscounted, recounting.recount, recounting.sections_of)
    counted = Copy(
        SUBSCRIPTION,
        "enrollment",
        enrollment,
        availability.count,
        CountedEnrollment,
        reads=EnrollmentSeen.__struct_fields__,
        forget=recounting.forget,
        settle=recounting.recount_all,
    )
    return Kept(copies=(counted,), views=(View(counted, availability.counted, counts),))
