"""Registration requests over HTTP."""

from typing import Any

from university.enrollment.clients import StudentNotFound
from university.enrollment.schemas.requesting import (
    RegistrationRequestIn,
    RegistrationRequestOut,
    RequestAction,
    RequestMode,
)
from university.enrollment.service import errands
from university.enrollment.service.access import EnrollmentNotFound, NotYours
from university.enrollment.service.errands import Errand, Item
from university.enrollment.service.refusing import ScheduleMoving, SectionNotFound
from university.enrollment.service.requesting import Requesting, ToldRequest
from university.platform.database import new_id
from university.platform.idempotency import Once
from university.platform.neighbors import NeighborUnavailable
from university.platform.security import Principal
from university.platform.web.routes import Routes

REFUSALS = (NotYours, StudentNotFound, SectionNotFound, ScheduleMoving, NeighborUnavailable)


def declare(routes: Routes, requesting: Requesting) -> None:
    """Declare the operation."""

    @routes.post(
        "/registration-requests",
        roles=("student", "registrar"),
        takes=RegistrationRequestIn,
        gives=RegistrationRequestOut,
        refuses=(*REFUSALS, EnrollmentNotFound),
    )
    def create_registration_request(body: dict[str, Any], who: Principal, once: Once) -> ToldRequest:
        """Add, drop, swap and change several courses of a term at once.

        Every item is judged by every rule on the schedule as it would be after the whole request: two adds that clash
        are told on both, drops leave time, credits and seats to adds, a corequisite may be another item. By
        `all_or_nothing` one refused item refuses the request; by `best_effort` each item that fits is carried out,
        drops first, then the rest in order. A swap, and a change of sections, leave nothing unless the new seats are
        had; with `waitlist` the wish waits for them. A refused request is a 200 too, and has changed nothing.
        """
        return requesting.request(_errand(body), who, once)


def _errand(body: dict[str, Any]) -> Errand:
    in_turn = body["mode"] is RequestMode.BEST_EFFORT
    items = tuple(map(_item, body["items"]))
    return Errand(body["student_id"], items, body["term_id"], in_turn, trial=body["dry_run"], id=new_id())


def _item(told: dict[str, Any]) -> Item:
    waits = told.get("waitlist", False)
    match told["action"]:
        case RequestAction.ADD:
            return errands.add(told["section_ids"], waits=waits)
        case RequestAction.SWAP:
            return errands.swap(told["drop_enrollment_id"], told["section_ids"], waits=waits)
        case RequestAction.CHANGE_SECTIONS:
            return errands.change(told["enrollment_id"], told["section_ids"], waits=waits)
        case _:
            return errands.drop(told["enrollment_id"])
