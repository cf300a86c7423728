"""The JSON of permissions, of requests for consent, and of a term's policy."""

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from university.enrollment.repository.permissions import STATES
from university.enrollment.rules.permits import NEVER_OFF, OFF, SOFTENED
from university.platform.web.fields import Choice, In, Instant, Key, Number, Out, PageQuery, Text, Whole, list_of

USES, REASON = 100, 500
_ID, _SECTION = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e41", "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e22"
_STUDENT, _TERM = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e23", "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e25"
_OFFERING = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e24"
_SCOPES = ("section_id", "offering_id", "term_id")
_NAMES = {"description": "Codes of violations, or `consent` for what requisites call so."}


class Named(StrEnum):
    """What a permission may name, and a student ask for."""

    HOLD = "hold"
    WINDOW_NOT_OPEN = "window-not-open"
    WINDOW_CLOSED = "window-closed"
    DEADLINE_PASSED = "deadline-passed"
    REQUISITES_UNMET = "requisites-unmet"
    REQUISITES_UNKNOWN = "requisites-unknown"
    COREQUISITE_MISSING = "corequisite-missing"
    RESTRICTED = "restricted"
    REPEAT_NOT_ALLOWED = "repeat-not-allowed"
    TIME_CONFLICT = "time-conflict"
    CREDIT_LIMIT = "credit-limit"
    BUNDLE_INCOMPLETE = "bundle-incomplete"
    SECTION_FULL = "section-full"
    SECTION_CLOSED = "section-closed"
    CONSENT = "consent"


class AskedOf(StrEnum):
    """Whom a student asks."""

    INSTRUCTOR = "instructor"
    DEPARTMENT = "department"
    REGISTRAR = "registrar"


class ConsentStatus(StrEnum):
    """What became of a request for consent."""

    PENDING = "pending"
    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class PermissionState(StrEnum):
    """What a permission is."""

    ACTIVE = "active"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Severity(StrEnum):
    """How a term takes a rule."""

    FATAL = "fatal"
    WARNING = "warning"
    OFF = "off"


def _rules() -> fields.Field[Any]:
    once = validate.Length(min=1, max=len(Named))
    return fields.List(Choice(Named), required=True, validate=[once, _each_once], metadata=_NAMES)


def _each_once(values: list[Any]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("Named twice.")


class PermissionTermsIn(In):
    """How often a permission may be used, until when, and why it is given."""

    uses = Whole(1, USES, load_default=1, metadata={"description": "For how many enrollments."})
    expires_at = Instant(load_default=None, allow_none=True)
    reason = Text(REASON, required=True, multiline=True, metadata={"description": "The student is told."})
    example = {"reason": "Agreed after the placement test."}


class PermissionIn(PermissionTermsIn):
    """An override of named rules for a student, in exactly one of a section, an offering and a term."""

    student_id = Key(required=True, metadata={"description": "Id or number of the student."})
    section_id = Key()
    offering_id = Key()
    term_id = Key(metadata={"description": "Id or code of the term."})
    rules = _rules()
    example = {
        "student_id": "100001",
        "term_id": "2026Z",
        "rules": ["credit-limit"],
        "reason": "Finishes this year.",
    }

    @validates_schema(skip_on_field_errors=True)
    def _holds_in_one_thing(self, data: dict[str, Any], **_: Any) -> None:
        named = [name for name in _SCOPES if name in data]
        if len(named) != 1:
            raise ValidationError({name: ["Name exactly one scope."] for name in named or _SCOPES})


class PersonOut(Out):
    """Who a student is."""

    id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    given_name = fields.String(required=True, allow_none=True)
    family_name = fields.String(required=True, allow_none=True)


_WHO = {"description": "Not told to the student; nobody who is recorded no more."}
_PERSON = {"id": _STUDENT, "number": "100001", "given_name": "Anna", "family_name": "Żak"}


class PermissionUseOut(Out):
    """An enrollment that a permission was used for, and the rules that it overrode there."""

    enrollment_id = fields.String(required=True)
    rules = fields.List(fields.String(), required=True)
    at = Instant(required=True)


class PermissionOut(Out):
    """A permission: in a section, an offering, or where neither is named in the whole term."""

    id = fields.String(required=True)
    student_id = fields.String(required=True)
    student = fields.Nested(PersonOut, required=True, allow_none=True, metadata=_WHO)
    section_id = fields.String(required=True, allow_none=True)
    offering_id = fields.String(required=True, allow_none=True)
    term_id = fields.String(required=True, metadata={"description": "The term in which it holds."})
    course_code = fields.String(required=True, allow_none=True)
    section_number = fields.String(required=True, allow_none=True)
    rules = fields.List(Choice(Named), required=True)
    consent = Choice(AskedOf, required=True, allow_none=True, metadata={"description": "Whose consent it is."})
    state = Choice(PermissionState, required=True)
    uses = fields.Integer(required=True)
    used = fields.Integer(required=True)
    used_for = fields.List(fields.Nested(PermissionUseOut), required=True, attribute="made")
    expires_at = Instant(required=True, allow_none=True)
    reason = fields.String(required=True)
    issued_by = fields.String(required=True)
    issued_at = Instant(required=True)
    revoked_by = fields.String(required=True, allow_none=True)
    revoked_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)
    example = {
        "id": _ID,
        "student_id": _STUDENT,
        "student": _PERSON,
        "section_id": None,
        "offering_id": None,
        "term_id": _TERM,
        "course_code": None,
        "section_number": None,
        "rules": ["credit-limit"],
        "consent": None,
        "state": "active",
        "uses": 1,
        "used": 0,
        "used_for": [],
        "expires_at": None,
        "reason": "Finishes this year.",
        "issued_by": "registrar",
        "issued_at": "2026-11-22T10:00:00Z",
        "revoked_by": None,
        "revoked_at": None,
        "version": 1,
    }


class PermissionQuery(PageQuery):
    """Filters of the list of permissions."""

    student_id = Key(metadata={"description": "Id or number of the student, or `me`."})
    term = Key(metadata={"description": "Id or code of the term."})
    section_id = Key()
    state = fields.String(validate=validate.OneOf(STATES))


class ConsentRequestIn(In):
    """What a student asks to be allowed in a section, and of whom."""

    student_id = Key(required=True, metadata={"description": "Id or number of the student, or `me`."})
    section_id = Key(required=True)
    rules = _rules()
    asked_of = Choice(
        AskedOf,
        load_default=None,
        allow_none=True,
        metadata={"description": "Without: whom the section's restriction names, else who may decide on the rules."},
    )
    message = Text(REASON, least=0, multiline=True, load_default="")
    example = {
        "student_id": "me",
        "section_id": _SECTION,
        "rules": ["restricted"],
        "message": "I have taken a course like this one abroad.",
    }


class ConsentRequestOut(Out):
    """A request for consent, and what was answered."""

    id = fields.String(required=True)
    student_id = fields.String(required=True)
    student = fields.Nested(PersonOut, required=True, allow_none=True, metadata=_WHO)
    section_id = fields.String(required=True)
    offering_id = fields.String(required=True)
    term_id = fields.String(required=True)
    course_code = fields.String(required=True)
    section_number = fields.String(required=True)
    rules = fields.List(Choice(Named), required=True)
    asked_of = Choice(AskedOf, required=True)
    message = fields.String(required=True)
    status = Choice(ConsentStatus, required=True)
    created_at = Instant(required=True)
    answered_by = fields.String(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    permission_id = fields.String(required=True, allow_none=True, metadata={"description": "What a grant gave."})
    version = fields.Integer(required=True)
    example = {
        "id": _ID,
        "student_id": _STUDENT,
        "student": _PERSON,
        "section_id": _SECTION,
        "offering_id": _OFFERING,
        "term_id": _TERM,
        "course_code": "MAT-101",
        "section_number": "L1",
        "rules": ["restricted"],
        "asked_of": "instructor",
        "message": "I have taken a course like this one abroad.",
        "status": "pending",
        "created_at": "2026-11-22T10:00:00Z",
        "answered_by": None,
        "answered_at": None,
        "answer": None,
        "permission_id": None,
        "version": 1,
    }


class ConsentRequestQuery(PageQuery):
    """Filters of the list of requests for consent."""

    student_id = Key(metadata={"description": "Id or number of the student, or `me`."})
    term = Key(metadata={"description": "Id or code of the term."})
    section_id = Key()
    status = fields.String(validate=validate.OneOf([one.value for one in ConsentStatus]))
    asked_of = fields.String(validate=validate.OneOf([one.value for one in AskedOf]))


class ConsentDenialIn(In):
    """Why a request for consent is denied."""

    reason = Text(REASON, required=True, multiline=True, metadata={"description": "The student is told."})
    example = {"reason": "The laboratory has no more places at its benches."}


class PolicyIn(In):
    """How a term takes the rules; those not named are `fatal`."""

    severities = fields.Dict(
        keys=fields.String(validate=validate.OneOf(SOFTENED)), values=Choice(Severity), required=True
    )
    max_waiting_ects = Number(
        0, 1000, required=True, allow_none=True, metadata={"description": "Credits that one may wait for in the term."}
    )
    offer_hours = Whole(1, 720, required=True, metadata={"description": "How long an offered seat is held."})
    example = {"severities": {"time-conflict": "warning"}, "max_waiting_ects": 30, "offer_hours": 24}

    @validates_schema(skip_on_field_errors=True)
    def _tells_what_is_unknown(self, data: dict[str, Any], **_: Any) -> None:
        silent = [rule for rule in NEVER_OFF if data["severities"].get(rule) == OFF]
        if silent:
            raise ValidationError({f"severities.{rule}": ["May be fatal or warning."] for rule in silent})


class PolicyOut(Out):
    """How a term takes the rules; of version 0 where nobody has decided."""

    term_id = fields.String(required=True)
    severities = fields.Dict(keys=fields.String(), values=Choice(Severity), required=True)
    max_waiting_ects = Number(0, 1000, required=True, allow_none=True)
    offer_hours = fields.Integer(required=True)
    version = fields.Integer(required=True)
    example = {
        "term_id": _TERM,
        "severities": {"time-conflict": "warning"},
        "max_waiting_ects": 30,
        "offer_hours": 24,
        "version": 1,
    }


PermissionList = list_of(PermissionOut)
ConsentRequestList = list_of(ConsentRequestOut)
