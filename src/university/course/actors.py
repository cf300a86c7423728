"""What the course module does when it hears news."""

from university.course.service.availability import SUBSCRIPTION, Availabilities
from university.platform.database import Primary, Replica
from university.platform.messaging.broker import Hearer


def hearers(primary: Primary, replica: Replica) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {SUBSCRIPTION: Availabilities(primary, replica).hear}
