"""Giving a place back waits for no neighbor that fails; who waits for the place gets it once the neighbor is back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.campus import dropping
from tests.faults.test_neighbors import FAULTS, NEIGHBOR, REQUEST
from tests.faults.town import Town, town
from university.enrollment.service.promoting import LATER
from university.platform.messaging.delivery import ByHand
from university.platform.messaging.relay import Relay
from university.platform.settings import Settings

SOME = ("refuses", "is silent", "says 500", "breaks off")
"""What a neighbor does here: nothing, nothing in time, something wrong, or half of it."""
LEAVING = ("drop", "request", "withdraw")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Town]:
    with town(Settings(data_dir=tmp_path, request_timeout=REQUEST, neighbor_timeout=NEIGHBOR)) as one:
        yield one


def deliver(opened: Town) -> None:
    """Carry every event from each house to those that hear it."""
    hearers = {name: hearer for house in opened.houses.values() for name, hearer in house.hearers().items()}
    relays = [
        Relay(module.primary, ByHand(hearers)) for house in opened.houses.values() for module in house.modules.values()
    ]
    while sum(relay.deliver() for relay in relays):
        continue


def full(opened: Town, **facts: Any) -> tuple[str, str, str]:
    """Fill a section of one seat and let somebody wait; return the holder's number, and both enrollments."""
    opened.campus.term(**facts)
    opened.campus.window()
    section = opened.campus.section("A-1", capacity=1)
    holder, waiting = opened.campus.student(number="777777"), opened.campus.student(number="777778")
    held = opened.campus.enroll(holder, section)
    assert held.status == 201, held.body
    body = {"student_id": waiting, "section_ids": [section], "waitlist": True}
    waits = opened.campus.house.call("enrollment", "POST", "/enrollments", body)
    assert waits.json["status"] == "waitlisted"
    deliver(opened)
    return "777777", held.json["id"], waits.json["id"]


def status(opened: Town, enrollment: str) -> str:
    return str(opened.campus.house.call("enrollment", "GET", f"/enrollments/{enrollment}").json["status"])


def finish(opened: Town) -> None:
    """Let the worker go through the queues that are due by now."""
    opened.houses["enrollment"].modules["enrollment"].primary.ahead += LATER * 2
    opened.houses["enrollment"].chores("go-through-queues")


@pytest.mark.parametrize("neighbor", ["course", "student"])
@pytest.mark.parametrize("it", SOME)
def test_a_drop_is_carried_out_at_once_and_the_promotion_follows(it: str, neighbor: str, opened: Town) -> None:
    number, held, waits = full(opened)
    opened.sign_in(number)

    with opened.wires[f"enrollment-{neighbor}"].spoiled(FAULTS[it]):
        reply = opened.ask("POST", f"/enrollments/{held}/drop")
        assert (reply.status, reply.json()["status"]) == (200, "dropped")
        assert status(opened, waits) == "waitlisted"
        finish(opened)
        assert status(opened, waits) == "waitlisted"

    finish(opened)
    assert status(opened, waits) == "enrolled"


@pytest.mark.parametrize("how", LEAVING)
def test_no_way_of_leaving_is_kept_by_a_student_module_that_is_away(how: str, opened: Town) -> None:
    number, held, waits = full(opened, **({"drop_until": "2026-10-01"} if how == "withdraw" else {}))
    opened.sign_in(number)
    asked: dict[str, tuple[str, Any]] = {
        "drop": (f"/enrollments/{held}/drop", None),
        "withdraw": (f"/enrollments/{held}/withdraw", None),
        "request": ("/registration-requests", {"student_id": "me", "term_id": "2027L", "items": [dropping(held)]}),
    }

    with opened.wires["enrollment-student"].spoiled(FAULTS["refuses"]):
        reply = opened.ask("POST", *asked[how])
        assert reply.status == 200, reply.data

    finish(opened)
    assert (status(opened, held), status(opened, waits)) == (
        "withdrawn" if how == "withdraw" else "dropped",
        "enrolled",
    )
