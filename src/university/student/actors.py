"""What the student module does when it hears news."""

from university.platform.broker import Hearer


def hearers() -> dict[str, Hearer]:
    """Return what hears each subscription."""
    return {}
