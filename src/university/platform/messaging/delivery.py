"""Delivery inside one process: an event has arrived when every hearer's transaction has committed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row

from university.platform import telemetry
from university.platform.messaging import topology
from university.platform.messaging.inbox import CloudEvent

ATTEMPTS = 20
Deliver = Callable[[list[CloudEvent]], None]
_log = telemetry.log("relay")


class ByHand:
    """Hands events to the hearers of this process; the only one that looks into its outboxes."""

    shares = False

    def __init__(self, hearers: Mapping[str, Deliver], *, attempts: int = ATTEMPTS) -> None:
        self._hearers = hearers
        self.attempts = attempts

    def carry(self, rows: Sequence[Row[Any]]) -> dict[str, str]:
        """Hand each hearer its events; return what went wrong by event id."""
        batches: dict[str, list[CloudEvent]] = defaultdict(list)
        faults: dict[str, str] = {}
        for row in rows:
            try:
                event = msgspec.json.decode(row.body)
            except ValueError as error:
                faults[row.id] = repr(error)
                continue
            for name in topology.hearers(row.type):
                batches[name].append(event)
        for name, events in batches.items():
            if name in self._hearers:
                faults |= _hand(self._hearers[name], name, events)
        return faults

    def close(self) -> None:
        """Nothing was taken."""


def _hand(deliver: Deliver, name: str, events: list[CloudEvent]) -> dict[str, str]:
    """Hand over a batch, one by one when it fails as a whole, so that one bad event does not hold back the others."""
    try:
        deliver(events)
    except Exception as error:  # noqa: BLE001 - a hearer may fail in any way; the event waits for another try
        if len(events) == 1:
            _log.warning("event not applied", subscription=name, event_id=events[0]["id"], fault=repr(error))
            return {events[0]["id"]: repr(error)[:2000]}
        faults: dict[str, str] = {}
        for event in events:
            faults |= _hand(deliver, name, [event])
        return faults
    return {}
