"""What the course module does when it hears news."""

from university.course.service.availability import SUBSCRIPTION, Availabilities
from university.platform.broker import Hearer
from university.platform.database import Primary, Replica


def hearers(primary: Primary, replica: Replica) -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {SUBSCRIPTION: Availabilities(primary, replica).hear}
