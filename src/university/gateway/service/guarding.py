"""Let nobody guess passwords fast, and nobody's guessing take what others need."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from university.gateway import rules
from university.gateway.models import Attempts
from university.gateway.repository import attempts
from university.gateway.service import pausing
from university.gateway.service.pausing import NOTHING, OF_ADDRESS, OF_NAME, Count, Limit
from university.platform import database
from university.platform.database import Primary
from university.platform.errors import Denied, Refusal, Unauthenticated, Unavailable
from university.platform.language import Words
from university.platform.sharing import Share

NETWORK = 64
"""Bits of an IPv6 address that tell one customer from another; the rest is the customer's to choose."""


class TooManyAttempts(Refusal):
    """Signing in failed too often under this name or from this address; nothing was looked at, right or wrong."""

    status = 429
    title = Words(
        "Too many attempts failed; wait before the next one.",
        "Zbyt wiele nieudanych prób; odczekaj przed następną.",
    )

    def __init__(self, wait: timedelta = NOTHING) -> None:
        super().__init__()
        self.headers["Retry-After"] = str(max(1, math.ceil(wait.total_seconds())))


class SigningInBusy(Unavailable):
    """Too many are signing in at this moment; nothing was looked at, and nothing counted."""

    title = Words("Too many are signing in at once.", "Zbyt wiele osób loguje się naraz.")


GUARDED: tuple[type[Refusal], ...] = (TooManyAttempts, SigningInBusy)
"""How an attempt is refused that is not looked at."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """A failure counted in advance."""

    digest: bytes
    limit: Limit
    closed_until: datetime


class Guard:
    """Stands before every check of a password or a code.

    An attempt is counted as a failure before it is looked at, and taken back when it was none: of many at once, no
    more are looked at than one after another.
    """

    def __init__(self, primary: Primary, seal: Callable[[str], str], share: Share, *, limits_addresses: bool) -> None:
        self._primary, self._seal, self.share = primary, seal, share
        self._limits_addresses = limits_addresses

    @contextmanager
    def attempt(self, username: str, address: str | None) -> Iterator[None]:
        """Let one attempt be made; what it raises tells whether it failed.

        Raises `SigningInBusy`, and `TooManyAttempts` before anything is looked at: who exists, or what is right.
        """
        if not self.share.take():
            raise SigningInBusy
        try:
            counted = self._count(username, address)
            try:
                yield
            except (Unauthenticated, Denied):
                raise
            except BaseException:
                self._settle(counted)
                raise
            self._settle(counted, forgiven=OF_NAME)
        finally:
            self.share.leave()

    def _count(self, username: str, address: str | None) -> list[_Counted]:
        # Addresses come first, always: two attempts at once never wait for each other's rows in a circle.
        wanted = [(f"name {rules.folded(username)}", OF_NAME)]
        if self._limits_addresses and address:
            wanted.insert(0, (f"address {customer(address)}", OF_ADDRESS))
        counted: list[_Counted] = []
        with self._primary.begin() as session:
            now, wait = database.now(session), NOTHING
            for text, limit in wanted:
                row = attempts.ours(session, bytes.fromhex(self._seal(text)), now)
                if (wait := row.closed_until - now) > NOTHING:
                    break
                counted.append(_counted(row, limit, now))
        if wait > NOTHING:
            raise TooManyAttempts(wait)
        return counted

    def _settle(self, counted: list[_Counted], forgiven: Limit | None = None) -> None:
        with self._primary.begin() as session:
            now = database.now(session)
            for one in counted:
                if one.limit is forgiven:
                    attempts.forgive(session, one.digest)
                else:
                    attempts.take_back(session, one.digest, one.closed_until, now)


def _counted(row: Attempts, limit: Limit, now: datetime) -> _Counted:
    count = pausing.with_another(Count(row.failures, row.counted_at, row.closed_until), limit, now)
    row.failures, row.counted_at, row.closed_until = count.failures, count.since, count.closed_until
    row.forgotten_at = count.forgotten_at(limit)
    return _Counted(row.digest, limit, count.closed_until)


def customer(address: str) -> str:
    """Return what all addresses of one customer have in common."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, NETWORK), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)
