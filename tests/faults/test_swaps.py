"""`kill -9` in the middle of a swap, and of a promotion that swaps: one seat stays, the old one or the new one."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.faults.heard import wait_until_heard
from tests.faults.test_kills import DOOMED
from tests.process import Running, filled, university
from university.platform.settings import Settings

RELEASED = "UPDATE enrollment.section SET taken=(enrollment.section.taken - "
CLAIMED = "UPDATE enrollment.section SET taken=(enrollment.section.taken + "
POINTS = {
    "before the old seat is given back": f"before {RELEASED}",
    "after the old seat is given back": f"after {RELEASED}",
    "before the new seat is claimed": f"before {CLAIMED}",
    "after the new seat is claimed": f"after {CLAIMED}",
    "after both are announced": "after INSERT INTO enrollment.outbox",
    "after the commit, before the answer": f"committed {CLAIMED}",
}
PATIENCE = 60.0
"""Seconds in which workers have finished what was interrupted."""


@dataclass(frozen=True)
class Trade:
    """Somebody has a place in one section and wants another, of which somebody else has the only seat."""

    folder: Path
    student_id: str
    number: str
    had: str
    old: str
    wanted: str
    holder: str
    holds: str


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Trade:
    folder = tmp_path_factory.mktemp("trade")
    with filled(Settings(data_dir=folder)) as campus:
        campus.window()
        had, wanted = campus.section("A-1", capacity=1), campus.section("B-1", capacity=1)
        student, other = campus.student(number="300001"), campus.student(number="300002")
        old, holds = campus.enroll(student, had), campus.enroll(other, wanted)
        assert (old.status, holds.status) == (201, 201)
    return Trade(folder, student, "300001", had, old.json["id"], wanted, "300002", holds.json["id"])


@pytest.fixture
def copied(trade: Trade, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trade.folder, tmp_path / "data"))


def swap(running: Running, trade: Trade, *, waitlist: bool = False) -> urllib3.BaseHTTPResponse:
    item: dict[str, Any] = {"action": "swap", "drop_enrollment_id": trade.old, "section_ids": [trade.wanted]}
    body = {"student_id": trade.student_id, "term_id": "2027L", "items": [{**item, "waitlist": waitlist}]}
    return running.ask("POST", "/registration-requests", body, **{"Idempotency-Key": f"the-only-swap-{waitlist}"})


def places(running: Running, trade: Trade) -> list[str]:
    """Return the sections in which the student has a seat."""
    path = f"/enrollments?student_id={trade.student_id}&status=enrolled"
    return [key for one in running.ask("GET", path).json()["items"] for key in one["section_ids"]]


def seats(running: Running, trade: Trade) -> dict[str, int]:
    """Return the seats that course's view counts as taken, once everybody has heard everything."""
    wait_until_heard(running.log.parent)
    told = running.ask("GET", "/availability?term=2027L&after=0").json()["sections"]
    return {one["id"]: one["taken"] for one in told if one["id"] in {trade.had, trade.wanted}}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_swap_ends_with_the_old_seat_or_the_new_one(point: str, trade: Trade, copied: Path) -> None:
    with university(copied) as before:
        before.sign_in(trade.holder)
        assert before.ask("POST", f"/enrollments/{trade.holds}/drop").status == 200
    with university(copied, DOOMED, UNIVERSITY_TEST_DOOM=POINTS[point]) as doomed:
        doomed.sign_in(trade.number)
        with pytest.raises(urllib3.exceptions.HTTPError):
            swap(doomed, trade)
        assert doomed.died()

    with university(copied) as revived:
        revived.sign_in(trade.number)
        done = point == "after the commit, before the answer"
        assert places(revived, trade) == [trade.wanted if done else trade.had]
        assert swap(revived, trade).json()["outcome"] == "accepted"
        assert places(revived, trade) == [trade.wanted]
        revived.sign_in("registrar")
        assert seats(revived, trade) == {trade.had: 0, trade.wanted: 1}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_promotion_that_swaps_is_made_whole_by_a_worker(point: str, trade: Trade, copied: Path) -> None:
    """The call that frees the seat dies: before its own commit nothing happened, after it the worker goes on."""
    with university(copied) as before:
        before.sign_in(trade.number)
        assert swap(before, trade, waitlist=True).json()["outcome"] == "accepted"
    with university(copied, DOOMED, UNIVERSITY_TEST_DOOM=POINTS[point]) as doomed:
        doomed.sign_in(trade.holder)
        with pytest.raises(urllib3.exceptions.HTTPError):
            doomed.ask("POST", f"/enrollments/{trade.holds}/drop", **{"Idempotency-Key": "the-only-drop"})
        assert doomed.died()

    with university(copied) as revived:
        revived.sign_in(trade.number)
        assert len(places(revived, trade)) == 1
        revived.sign_in(trade.holder)
        assert (
            revived.ask("POST", f"/enrollments/{trade.holds}/drop", **{"Idempotency-Key": "the-only-drop"}).status
            == 200
        )
        revived.sign_in(trade.number)
        deadline = time.monotonic() + PATIENCE
        while places(revived, trade) != [trade.wanted] and time.monotonic() < deadline:
            assert len(places(revived, trade)) == 1
            time.sleep(0.1)
        assert places(revived, trade) == [trade.wanted]
        revived.sign_in("registrar")
        assert seats(revived, trade) == {trade.had: 0, trade.wanted: 1}
