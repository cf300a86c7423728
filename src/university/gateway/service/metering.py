"""How much each caller has asked for lately: a sliding minute, counted together by all gateways.

A gateway lets a few requests of each caller pass without asking anybody, so that most people cost nothing. Whoever
wants more gets it in shares from the store that all gateways have in common; a share must be used soon, and counts for
a minute longer than it can be. So in no minute does anybody get more than the limit, from up to `GATEWAYS` gateways.
"""

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from university.gateway.repository import meters
from university.platform import telemetry
from university.platform.database import Primary

MINUTE, SOON = 60.0, 10.0
"""Seconds that a request counts, and within which a share must be used."""
GATEWAYS = 4
"""How many gateways may let their few pass before the limit is exceeded, by a fortieth for each further one."""
FREE, SHARE = 40, 20
"""What part of a limit passes unasked, and what part a share is: one in so many."""
REMEMBERED = 50_000
"""Callers that are known at once; beyond, those who have not asked for a minute are forgotten."""
AGAIN = 1.0
"""Seconds for which a caller who has taken everything is refused without asking the store."""
ALONE = 30.0
"""Seconds for which a gateway counts by itself after the store did not answer."""
_log = telemetry.log("meter")


@dataclass(frozen=True, slots=True)
class Reading:
    """How many requests a caller has left at this moment; `wait` are the seconds until there is one, if none is."""

    left: int
    wait: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether this request is within the limit."""
        return self.wait == 0.0


@dataclass(frozen=True, slots=True)
class Granted:
    """What a store gave, what it has left, and in how many seconds something comes back to it."""

    share: int
    left: int
    wait: float


Store = Callable[[str, int, int], Granted]
"""Takes key, limit and the wanted share."""


@dataclass(slots=True)
class _Count:
    """Requests of one caller by the second, not those older than a minute."""

    seconds: deque[tuple[int, int]] = field(default_factory=deque)
    total: int = 0


class Counting:
    """Counts requests in this process: all there is where one process serves everything."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: dict[str, _Count] = {}
        self._lock = threading.Lock()

    def take(self, key: str, limit: int) -> Reading:
        """Count one request if fewer than the limit were counted in the last minute."""
        now = self._clock()
        with self._lock:
            count = self._count(key, now)
            if count.total >= limit:
                oldest = count.seconds[0][0] if count.seconds else now
                return Reading(0, max(oldest + MINUTE + 1 - now, 0.001))
            last = count.seconds.pop() if count.seconds and count.seconds[-1][0] == int(now) else (int(now), 0)
            count.seconds.append((last[0], last[1] + 1))
            count.total += 1
            return Reading(limit - count.total)

    def _count(self, key: str, now: float) -> _Count:
        count = self._counts.get(key)
        if count is None:
            if len(self._counts) >= REMEMBERED:
                self._counts = {kept: one for kept, one in self._counts.items() if one.seconds[-1][0] > now - MINUTE}
            count = self._counts[key] = _Count()
        # A request counts until the second in which it came is over, a minute later.
        while count.seconds and count.seconds[0][0] + MINUTE + 1 <= now:
            count.total -= count.seconds.popleft()[1]
        return count


@dataclass(slots=True)
class _Lease:
    """What one caller may still take of a share, and until when; or until when there is nothing to be had."""

    left: int = 0
    until: float = 0.0
    beyond: int = 0
    closed_until: float = 0.0
    opens_at: float = 0.0


class Metering:
    """Counts requests by key against limits a minute; with a store, together with other gateways."""

    def __init__(self, store: Store | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._here = Counting(clock)
        self._leases: dict[str, _Lease] = {}
        self._lock = threading.Lock()
        self._alone_until = float("-inf")

    def take(self, key: str, limit: int) -> Reading:
        """Count one request if the limit, in requests a minute, allows it."""
        if self._store is None or self._clock() < self._alone_until:
            return self._here.take(key, limit)
        free = self._here.take(key, limit // FREE)
        if free.is_open:
            lease = self._leases.get(key)
            return Reading(free.left + (limit - GATEWAYS * (limit // FREE) if lease is None else lease.beyond))
        return self._of_lease(key) or self._of_store(self._store, key, limit)

    def _of_lease(self, key: str) -> Reading | None:
        """Take from what this gateway has; None when it must ask for more."""
        now = self._clock()
        with self._lock:
            lease = self._leases.get(key)
            if lease is None:
                return None
            if lease.left > 0 and lease.until > now:
                lease.left -= 1
                return Reading(lease.left + lease.beyond)
            return Reading(0, lease.opens_at - now) if lease.closed_until > now else None

    def _of_store(self, store: Store, key: str, limit: int) -> Reading:
        """Get a share; a store that does not answer keeps nobody out, each gateway then counts by itself."""
        now = self._clock()
        try:
            granted = store(key, limit - GATEWAYS * (limit // FREE), max(1, limit // SHARE))
        except (DBAPIError, PoolTimeout) as fault:
            self._alone_until = now + ALONE
            _log.warning("requests counted alone", fault=type(fault).__name__)
            return self._here.take(key, limit)
        with self._lock:
            lease = self._lease(key, now)
            lease.beyond = granted.left
            if granted.share == 0:
                lease.closed_until, lease.opens_at = now + min(granted.wait, AGAIN), now + granted.wait
                return Reading(0, granted.wait)
            # Two who ask at once both get a share; what is left of the first must be used as soon as it had to be.
            is_running = lease.left > 0 and lease.until > now
            lease.until = min(lease.until, now + SOON) if is_running else now + SOON
            lease.left = (lease.left if is_running else 0) + granted.share - 1
            return Reading(lease.left + lease.beyond)

    def _lease(self, key: str, now: float) -> _Lease:
        if key not in self._leases and len(self._leases) >= REMEMBERED:
            self._leases = {kept: one for kept, one in self._leases.items() if one.until + MINUTE > now}
        return self._leases.setdefault(key, _Lease())


class Shared:
    """The store in the gateways' database."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary

    def __call__(self, key: str, limit: int, wanted: int) -> Granted:
        """Give a share, if the shares of the last minute leave room; raise what the database raises."""
        digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
        with self._primary.begin() as session:
            taken, oldest = meters.taken(session, digest, MINUTE + SOON)
            share = min(wanted, max(0, limit - taken))
            if share:
                meters.give(session, digest, share)
        return Granted(share, max(0, limit - taken - share), max(0.001, MINUTE + SOON - oldest))
