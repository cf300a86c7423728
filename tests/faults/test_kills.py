"""`kill -9` at every point of the enrollment handler and of the delivery: nothing lost, nothing twice."""

from pathlib import Path

import pytest
import urllib3

from tests.faults.conftest import Prepared
from tests.faults.heard import wait_until_heard
from tests.process import Running, university

DOOMED = "tests.faults.doomed"
HANDLER = {
    "before the student is locked": "before INSERT INTO enrollment.student_term",
    "after the seat is claimed": "after UPDATE enrollment.section SET taken",
    "after the enrollment is written": "after INSERT INTO enrollment.enrollment (",
    "after the event is announced": "after INSERT INTO enrollment.outbox",
    "after the answer is kept, before the commit": "after UPDATE enrollment.idempotency_key",
    "after the commit, before the answer": "committed UPDATE enrollment.idempotency_key",
}
DELIVERY = {
    "before course hears": "before INSERT INTO course.inbox",
    "after course counted, before its commit": "after INSERT INTO course.inbox",
    "after course committed": "committed INSERT INTO course.inbox",
    "after student recorded, before its commit": "after INSERT INTO student.inbox",
    "after both committed, before the mark": "before UPDATE enrollment.outbox SET status",
    "after the mark": "committed UPDATE enrollment.outbox SET status",
}


def enroll(running: Running, prepared: Prepared) -> urllib3.BaseHTTPResponse:
    body = {"student_id": prepared.student_id, "section_ids": [prepared.section_id]}
    return running.ask("POST", "/enrollments", body, **{"Idempotency-Key": "the-only-wish"})


def views(running: Running, prepared: Prepared) -> tuple[int, list[str]]:
    """Return what course counts as taken and what student has recorded."""
    seats = running.ask("GET", "/availability?term=2027L&after=0").json()["sections"]
    taken = next((one["taken"] for one in seats if one["id"] == prepared.section_id), 0)
    recorded = running.ask("GET", f"/students/{prepared.student_id}/enrollments?term=2027L").json()["items"]
    return taken, [one["status"] for one in recorded]


def settled(running: Running, prepared: Prepared) -> tuple[int, list[str]]:
    """Return the views once everybody has heard everything, in this life of the university or in one before."""
    wait_until_heard(running.log.parent)
    return views(running, prepared)


def truth(running: Running, prepared: Prepared) -> list[str]:
    found = running.ask("GET", f"/enrollments?section_id={prepared.section_id}").json()["items"]
    return [one["status"] for one in found]


@pytest.mark.parametrize("point", HANDLER)
def test_a_killed_enrollment_is_whole_or_not_there_and_its_key_finishes_it(
    point: str, prepared: Prepared, copied: Path
) -> None:
    with university(copied, DOOMED, UNIVERSITY_TEST_DOOM=HANDLER[point]) as doomed:
        doomed.sign_in(prepared.number)
        with pytest.raises(urllib3.exceptions.HTTPError):
            enroll(doomed, prepared)
        assert doomed.died()
    with university(copied) as revived:
        revived.sign_in("registrar")
        assert truth(revived, prepared) == (["enrolled"] if point == "after the commit, before the answer" else [])
        revived.sign_in(prepared.number)
        first, second = enroll(revived, prepared), enroll(revived, prepared)
        assert (first.status, first.data) == (201, second.data)
        revived.sign_in("registrar")
        assert truth(revived, prepared) == ["enrolled"]
        assert settled(revived, prepared) == (1, ["enrolled"])


@pytest.mark.parametrize("point", DELIVERY)
def test_a_killed_delivery_goes_on_and_nothing_is_applied_twice(point: str, prepared: Prepared, copied: Path) -> None:
    with university(copied, DOOMED, UNIVERSITY_TEST_DOOM=DELIVERY[point]) as doomed:
        doomed.sign_in(prepared.number)
        acknowledged = _acknowledged(doomed, prepared)
        assert doomed.died()
    with university(copied) as revived:
        revived.sign_in(prepared.number)
        again = enroll(revived, prepared)
        assert again.status == 201
        assert acknowledged in (None, again.data)
        revived.sign_in("registrar")
        assert truth(revived, prepared) == ["enrolled"]
        assert settled(revived, prepared) == (1, ["enrolled"])


def _acknowledged(doomed: Running, prepared: Prepared) -> bytes | None:
    """Return the answer when it came before the end did."""
    try:
        reply = enroll(doomed, prepared)
    except urllib3.exceptions.HTTPError:
        return None
    assert reply.status == 201, reply.data
    return reply.data
