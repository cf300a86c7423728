"""How long a mail is tried: after ever longer pauses, and not beyond the time in which it is of use."""

from datetime import datetime, timedelta

ATTEMPTS = 12
"""How often a mail is tried."""
PAUSE, LONGEST = timedelta(minutes=1), timedelta(hours=4)
"""The pause after a first attempt that failed, twice as long after each further one, and at most."""
LATEST = timedelta(days=2)
"""After this long no mail is worth sending any more: an offered place is gone by then. The notification stays."""


def is_too_late(attempts: int, made_at: datetime, now: datetime) -> bool:
    """Tell whether a mail is not to be tried, this being its `attempts`th attempt."""
    return attempts > ATTEMPTS or now - made_at > LATEST


def pause_after(attempts: int, made_at: datetime, now: datetime) -> timedelta | None:
    """Return how long to wait after an attempt that failed, the `attempts`th; None when no other may follow."""
    pause: timedelta = min(PAUSE * 2 ** (attempts - 1), LONGEST)
    return None if is_too_late(attempts + 1, made_at, now + pause) else pause
