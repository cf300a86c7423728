"""Requests of several changes: judged together, carried out together, told item by item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from university.enrollment import texts
from university.enrollment.models import Enrollment
from university.enrollment.rules.case import Remedy, Violation, forbidden
from university.enrollment.service.errands import ACTIONS, Done, Errand
from university.enrollment.service.registering import Registering
from university.platform.idempotency import Once
from university.platform.security import Principal

ACCEPTED, PARTLY, REFUSED = "accepted", "partly", "refused"


@dataclass(frozen=True, slots=True)
class ToldItem:
    """What became of an item."""

    action: str
    outcome: str
    enrollment: Enrollment | None
    violations: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ToldRequest:
    """What became of a request."""

    id: str
    outcome: str
    items: list[ToldItem]


class _Unwritten(Exception):
    """Nothing is to be kept of the request."""

    def __init__(self, told: ToldRequest) -> None:
        super().__init__()
        self.told = told


class Requesting:
    """Carries out requests."""

    def __init__(self, registering: Registering) -> None:
        self._registering = registering

    def request(self, errand: Errand, who: Principal, once: Once) -> ToldRequest:
        """Return what became of each item; what is refused or a trial writes nothing and keeps no key.

        Raises what `Registering.carry_out` raises.
        """

        def conclude(done: Sequence[Done]) -> ToldRequest:
            told = _tell(errand, done)
            if errand.trial or told.outcome == REFUSED:
                raise _Unwritten(told)
            return told

        try:
            return self._registering.carry_out(errand, who, once, conclude)
        except _Unwritten as unwritten:
            return unwritten.told


def _tell(errand: Errand, done: Sequence[Done]) -> ToldRequest:
    refused = [forbidden(one.violations) for one in done]
    whole = all(refused) or (any(refused) and not errand.in_turn)
    outcome = REFUSED if whole and done else PARTLY if any(refused) else ACCEPTED
    return ToldRequest(errand.id or "", outcome, [_item(one, done) for one in done])


def _item(one: Done, done: Sequence[Done]) -> ToldItem:
    violations = [texts.tell(_now(violation, done)) for violation in one.violations]
    outcome = REFUSED if forbidden(one.violations) else ACCEPTED
    return ToldItem(ACTIONS[type(one.item)], outcome, one.enrollment, violations)


def _now(violation: Violation, done: Sequence[Done]) -> Violation:
    """Return a violation with remedies for now: an item that was carried out can be dropped, not left out any more."""
    return replace(violation, remedies=tuple(_dropped_instead(remedy, done) for remedy in violation.remedies))


def _dropped_instead(remedy: Remedy, done: Sequence[Done]) -> Remedy:
    made = done[remedy.params["item"]].enrollment if remedy.action == "remove-item" else None
    if made is None:
        return remedy
    return Remedy("drop-enrollment", {"enrollment_id": made.id, "course": made.course_code})
