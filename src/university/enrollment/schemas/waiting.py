"""The JSON of queues."""

from marshmallow import fields

from university.enrollment.schemas import EnrollmentStatus
from university.platform.web.fields import Choice, Instant, Out, list_of
from university.platform.web.problems import ViolationOut

_ID = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"


class WaitingOut(Out):
    """Somebody who waits, or to whom a seat is offered."""

    enrollment_id = fields.String(required=True)
    student_id = fields.String(required=True)
    status = Choice(EnrollmentStatus, required=True, metadata={"description": "`enrolled`: waits for other sections."})
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "Null: a seat is offered."})
    section_ids = fields.List(fields.String(), required=True, metadata={"description": "The bundle waited for."})
    drop_enrollment_id = fields.String(required=True, allow_none=True, metadata={"description": "Given back for it."})
    precedence = fields.Boolean(required=True, metadata={"description": "Lost a place that the university canceled."})
    joined_at = Instant(required=True)
    offer_expires_at = Instant(required=True, allow_none=True)
    refusals = fields.List(
        fields.Nested(ViolationOut), required=True, metadata={"description": "Why it was passed over last."}
    )
    number = fields.String(required=True, allow_none=True)
    given_name = fields.String(required=True, allow_none=True)
    family_name = fields.String(required=True, allow_none=True)
    example = {
        "enrollment_id": _ID,
        "student_id": "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23",
        "status": "waitlisted",
        "position": 1,
        "section_ids": ["018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e22"],
        "drop_enrollment_id": None,
        "precedence": False,
        "joined_at": "2026-11-22T10:00:00Z",
        "offer_expires_at": None,
        "refusals": [],
        "number": "100001",
        "given_name": "Żaneta",
        "family_name": "Wiśniewska",
    }


WaitingList = list_of(WaitingOut)
