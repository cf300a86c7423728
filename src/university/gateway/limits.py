"""Nobody asks for more than their share: a limit a minute for each caller, told with every answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from university.gateway.rules import Role
from university.gateway.service.guarding import customer
from university.gateway.service.metering import MINUTE, Metering, Reading
from university.platform.errors import Refusal
from university.platform.language import Words
from university.platform.security import Principal
from university.platform.settings import Settings

Header = tuple[str, str]


class RateLimited(Refusal):
    """The caller has asked for more than anybody needs; nothing was looked at."""

    status = 429
    title = Words("Too many requests; wait a moment.", "Zbyt wiele żądań; odczekaj chwilę.")


@dataclass(frozen=True, slots=True)
class _Policy:
    """How many requests a minute each caller of a kind may make; 0 is without a limit."""

    name: str
    limit: int


class Limits:
    """Holds callers to their limits: people and systems by who they are, everybody else by where they ask from."""

    def __init__(self, settings: Settings, metering: Metering) -> None:
        self._metering = metering
        in_production = settings.mode == "production"
        self._student = _Policy("student", settings.rate_limit_student)
        self._staff = _Policy("staff", settings.rate_limit_staff)
        self._registrar = _Policy("staff", settings.rate_limit_staff if in_production else 0)
        self._system = _Policy("system", settings.rate_limit_system)
        self._address = _Policy("address", settings.rate_limit_address if in_production else 0)

    def hold(self, who: Principal | None, address: Callable[[], str]) -> list[Header]:
        """Count a request; return the headers that tell the caller what is left.

        Raises `RateLimited`. Who is not signed in is told nothing but a refusal: caches give their answers to others.
        """
        policy = self._address if who is None else self._policy_of(who)
        if policy.limit == 0:
            return []
        key = f"address {customer(address())}" if who is None else f"principal {who.subject}"
        reading = self._metering.take(key, policy.limit)
        headers = _headers(policy, reading)
        if reading.is_open:
            return [] if who is None else headers
        refusal = RateLimited()
        refusal.headers.update(headers)
        refusal.headers["Retry-After"] = str(max(1, math.ceil(reading.wait)))
        raise refusal

    def _policy_of(self, who: Principal) -> _Policy:
        if who.scopes is not None:
            return self._system
        if who.has(Role.REGISTRAR, Role.ADMIN):
            return self._registrar
        return self._staff if who.has(Role.INSTRUCTOR) else self._student


def _headers(policy: _Policy, reading: Reading) -> list[Header]:
    return [
        ("RateLimit-Policy", f'"{policy.name}";q={policy.limit};w={MINUTE:.0f}'),
        ("RateLimit", f'"{policy.name}";r={reading.left};t={math.ceil(reading.wait or MINUTE)}'),
    ]
