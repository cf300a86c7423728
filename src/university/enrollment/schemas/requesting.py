"""The JSON of registration requests: several adds and drops, and what became of each."""

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from university.enrollment.schemas import EnrollmentOut
from university.platform.web.fields import Choice, Flag, In, Key, Out
from university.platform.web.problems import ViolationOut

ITEMS, SECTIONS, IN_ALL = 30, 10, 100
"""Most items of a request or plan, most sections of an item, and most sections of all items."""
_SECTION = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e22"
_OFFERING = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e24"


class RequestMode(StrEnum):
    """Whether all items are carried out or none, or each that fits."""

    ALL_OR_NOTHING = "all_or_nothing"
    BEST_EFFORT = "best_effort"


class RequestAction(StrEnum):
    """What an item asks for."""

    ADD = "add"
    DROP = "drop"
    SWAP = "swap"
    CHANGE_SECTIONS = "change_sections"


class RequestOutcome(StrEnum):
    """What became of a request."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"


class RequestItemOutcome(StrEnum):
    """What became of an item."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


_NAMES = {
    RequestAction.ADD: {"section_ids"},
    RequestAction.DROP: {"enrollment_id"},
    RequestAction.SWAP: {"drop_enrollment_id", "section_ids"},
    RequestAction.CHANGE_SECTIONS: {"enrollment_id", "section_ids"},
}
"""What each action names, and nothing else; beside what it adds it may say whether to wait."""


class RequestItemIn(In):
    """One wish of a request.

    `add` names `section_ids` of one offering, `drop` an `enrollment_id`; `swap` gives `drop_enrollment_id` back for
    `section_ids`, and `change_sections` goes on with an `enrollment_id` in other `section_ids` of its offering. Nothing
    is left unless the new seats are had.
    """

    action = Choice(RequestAction, required=True)
    section_ids = fields.List(Key(), validate=validate.Length(min=1, max=SECTIONS))
    enrollment_id = Key()
    drop_enrollment_id = Key()
    waitlist = Flag(metadata={"description": "Wait when there is no seat; what would be left is kept until then."})

    @validates_schema(skip_on_field_errors=True)
    def _names_its_own(self, data: dict[str, Any], **_: Any) -> None:
        wanted = _NAMES[data["action"]]
        may = {*wanted, "waitlist"} if "section_ids" in wanted else wanted
        faults = {name: ["Unknown field."] for name in sorted(data.keys() - may - {"action"})}
        faults |= {name: ["Missing data for required field."] for name in sorted(wanted - data.keys())}
        if faults:
            raise ValidationError(faults)


def not_too_many(items: list[dict[str, Any]]) -> None:
    """Refuse more sections than are compared with one another in a moment."""
    if sum(len(item.get("section_ids", ())) for item in items) > IN_ALL:
        raise ValidationError(f"More than {IN_ALL} sections in all.")


class RegistrationRequestIn(In):
    """A student's wish for several changes of one term, judged and carried out together."""

    student_id = Key(required=True, metadata={"description": "Id or number of the student, or `me`."})
    term_id = Key(required=True, metadata={"description": "Id or code of the term."})
    mode = Choice(RequestMode, load_default=RequestMode.ALL_OR_NOTHING)
    dry_run = Flag(load_default=False, metadata={"description": "Judge only; nothing is written, no key is kept."})
    items = fields.List(
        fields.Nested(RequestItemIn), required=True, validate=[validate.Length(min=1, max=ITEMS), not_too_many]
    )
    example = {
        "student_id": "100001",
        "term_id": "2026Z",
        "items": [
            {"action": "add", "section_ids": [_SECTION]},
            {"action": "drop", "enrollment_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"},
        ],
    }


class RequestItemOut(Out):
    """What became of an item: `enrollment` is what it changed, nothing where nothing was written."""

    action = Choice(RequestAction, required=True)
    outcome = Choice(RequestItemOutcome, required=True)
    enrollment = fields.Nested(EnrollmentOut, required=True, allow_none=True)
    violations = fields.List(fields.Nested(ViolationOut), required=True)


class RegistrationRequestOut(Out):
    """What became of a request, its items in its own order; one that is refused has changed nothing."""

    id = fields.String(required=True, metadata={"description": "The `request_id` in the history of what it changed."})
    outcome = Choice(RequestOutcome, required=True)
    items = fields.List(fields.Nested(RequestItemOut), required=True)
    example = {
        "id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e30",
        "outcome": "refused",
        "items": [
            {
                "action": "add",
                "outcome": "refused",
                "enrollment": None,
                "violations": [
                    {
                        "code": "section-full",
                        "severity": "fatal",
                        "message": "MAT-101, section L1, is full.",
                        "section_id": _SECTION,
                        "params": {"course": "MAT-101", "section": "L1", "capacity": 30, "taken": 30, "reserved": []},
                        "remedies": [
                            {
                                "action": "remove-item",
                                "message": "Take MAT-101 out of this request.",
                                "params": {"item": 0, "offering_id": _OFFERING, "course": "MAT-101"},
                            }
                        ],
                    }
                ],
            }
        ],
    }
