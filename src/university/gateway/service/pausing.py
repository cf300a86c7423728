"""How long who failed to sign in must wait: some failures are free, each further one doubles the pause, to a bound."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures are free, a pause is at most so long, and one failure is forgotten after each such time."""

    free: int
    longest: timedelta
    forgets: timedelta


OF_NAME = Limit(free=5, longest=timedelta(seconds=60), forgets=timedelta(minutes=10))
"""Anybody can fail under another's name, so nobody is kept out by it for longer than a minute at a time."""
OF_ADDRESS = Limit(free=100, longest=timedelta(minutes=5), forgets=timedelta(seconds=2))
"""Many students may share an address, and none of them makes mistakes as fast as a program does."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many failures are remembered, since when the next one is being forgotten, and until when to wait."""

    failures: int
    since: datetime
    closed_until: datetime

    def forgotten_at(self, limit: Limit) -> datetime:
        """Return when nothing of it matters any more."""
        return max(self.since + self.failures * limit.forgets, self.closed_until)


def with_another(count: Count, limit: Limit, now: datetime) -> Count:
    """Return the count after one more failure now."""
    forgotten = max(0, (now - count.since) // limit.forgets)
    left = max(0, count.failures - forgotten)
    since = count.since + forgotten * limit.forgets if left else now
    return Count(left + 1, since, now + _pause(limit, left + 1))


def _pause(limit: Limit, failures: int) -> timedelta:
    beyond = failures - limit.free
    return min(limit.longest, timedelta(seconds=2 ** min(beyond - 1, 30))) if beyond > 0 else NOTHING
