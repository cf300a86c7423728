"""What the door says when a request goes no further, or when what is behind it does not answer."""

from collections.abc import Iterable

from university.platform.deadline import DeadlineExceeded
from university.platform.errors import Refusal, Unavailable
from university.platform.language import Words
from university.platform.neighbors import NeighborBroken, NeighborLate, NeighborUnavailable, NeighborUnreached
from university.platform.transport.exchange import READS, Fault, TooLate

_UNKNOWN_OUTCOME = Words(
    "It is not known whether it was done; ask again, with the same Idempotency-Key if you sent one.",
    "Nie wiadomo, czy to wykonano; ponów żądanie z tym samym Idempotency-Key, jeśli został podany.",
)
_NOTHING_DONE = Words("Nothing was done; ask again.", "Niczego nie zrobiono; ponów żądanie.")


class MethodNotAllowed(Refusal):
    """The address does not take this method."""

    status = 405
    title = Words("This address does not take this method.", "Ten adres nie obsługuje tej metody.")

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.headers["Allow"] = ", ".join(sorted(allowed))


class GatewayBusy(Unavailable):
    """Too many long bodies are on their way in; nothing of this one was passed on."""

    title = Words("Too many are sending at once.", "Zbyt wielu wysyła naraz.")


class ServiceBusy(Unavailable):
    """The part of the university that answers here has its hands full; nothing was passed on."""

    title = Words(
        "This part of the university is busy; nothing was done.", "Ta część systemu jest zajęta; niczego nie zrobiono."
    )


class ServiceUnavailable(Unavailable):
    """The part of the university that answers here cannot be reached."""

    title = Words("This part of the university does not answer right now.", "Ta część systemu chwilowo nie odpowiada.")


class BadGateway(Unavailable):
    """The part of the university that answers here said nothing sensible, or broke off."""

    status = 502
    title = Words("A part of the university broke off its answer.", "Część systemu urwała odpowiedź.")


class GatewayTimeout(Unavailable):
    """The part of the university that answers here took longer than a request may take."""

    status = 504
    title = Words("This took too long.", "Trwało to zbyt długo.")


def as_seen_outside(error: NeighborUnavailable | DeadlineExceeded | Fault, method: str) -> Unavailable:
    """Return how a failure behind the door is told: what kind it is, and whether something may have been done."""
    outcome = None if method in READS else _UNKNOWN_OUTCOME
    if isinstance(error, NeighborLate | DeadlineExceeded | TooLate):
        return GatewayTimeout(outcome)
    if isinstance(error, NeighborBroken | Fault):
        return BadGateway(outcome)
    if not isinstance(error, NeighborUnreached):
        return ServiceUnavailable(outcome)
    told = ServiceUnavailable(None if method in READS else _NOTHING_DONE)
    told.headers.update(error.headers)
    return told
