"""What a term's severities and a student's permissions make of violations; what is structural stays in the way."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from university.enrollment.rules.case import Case, Violation
from university.enrollment.rules.facts import Policy
from university.enrollment.rules.permits import (
    CONSENT,
    FATAL,
    NEVER_OFF,
    OFF,
    OVERRIDABLE,
    PERMITTED,
    SEATED_BY,
    SOFTENED,
    WARNING,
    Permission,
)
from university.enrollment.rules.seats import seat_left, section_open

_FOREVER = datetime.max.replace(tzinfo=UTC)
_MISSING_PARENT = "parent_id"


def weigh(
    case: Case, violations: Iterable[Violation], spent: Mapping[str, int] | None = None, chosen: Collection[str] = ()
) -> list[Violation]:
    """Return violations as the term takes them, and those permitted that a permission of the student names.

    A permission is used once an enrollment, however many violations it overrides; `spent` counts the uses by other
    items of the request, and `chosen` are those that this one uses anyway. Of several the one used already comes first,
    then the narrowest, then what expires first.
    """
    taken = set(chosen)
    weighed = []
    for violation in _taken_by(case.policy, violations):
        permission = _permission_for(case, violation, taken, spent or {})
        if permission is None:
            weighed.append(violation)
        else:
            taken.add(permission.id)
            weighed.append(replace(violation, severity=PERMITTED, permission_id=permission.id, remedies=()))
    return weighed


def used(violations: Iterable[Violation]) -> dict[str, list[str]]:
    """Return the rules that were overridden, by permission."""
    rules: dict[str, list[str]] = {}
    for violation in violations:
        if violation.permission_id is not None:
            named = rules.setdefault(violation.permission_id, [])
            named += [violation.code] if violation.code not in named else []
    return rules


def gets_in(case: Case) -> bool:
    """Tell whether permissions give the student all the seats that are lacking; then there is nothing to wait for."""
    at_once = replace(case, waits=False)
    lacking = [*section_open(at_once), *seat_left(at_once)]
    return bool(lacking) and all(violation.severity == PERMITTED for violation in weigh(at_once, lacking))


def beyond_capacity(violations: Iterable[Violation]) -> set[str]:
    """Return the sections in which a permission gives a seat, whatever their capacity and whoever waits."""
    return {one.section_id for one in violations if one.permission_id and one.section_id and one.code in SEATED_BY}


def may_be_overridden(violation: Violation) -> bool:
    """Tell whether anything can allow it; a section that belongs to another is not taken without that."""
    return violation.code in OVERRIDABLE and _MISSING_PARENT not in violation.params


def _taken_by(policy: Policy, violations: Iterable[Violation]) -> Iterator[Violation]:
    for violation in violations:
        softened = violation.code in SOFTENED and may_be_overridden(violation)
        severity = policy.severities.get(violation.code, FATAL) if softened else FATAL
        if violation.severity != FATAL or severity == FATAL:
            yield violation
        elif severity == WARNING or (severity == OFF and violation.code in NEVER_OFF):
            yield replace(violation, severity=WARNING)


def _permission_for(
    case: Case, violation: Violation, chosen: Collection[str], spent: Mapping[str, int]
) -> Permission | None:
    if violation.severity != FATAL or not may_be_overridden(violation):
        return None
    fitting = [
        one
        for one in case.permissions
        if one.student_id == case.standing.student_id
        and one.stands(case.now)
        and _names(one, violation)
        and _holds_for(one, case, violation)
        and (_is_used_already(one, case, chosen) or one.used + spent.get(one.id, 0) < one.uses)
    ]
    return min(
        fitting,
        key=lambda one: (not _is_used_already(one, case, chosen), one.breadth, one.expires_at or _FOREVER, one.id),
        default=None,
    )


def _is_used_already(permission: Permission, case: Case, chosen: Collection[str]) -> bool:
    return permission.id in chosen or (case.enrollment_id is not None and case.enrollment_id in permission.covers)


def _names(permission: Permission, violation: Violation) -> bool:
    """Tell whether a permission names the rule; a requisite that rests on consent is met by the consent, too."""
    by_consent = violation.params.get("because") == CONSENT
    return violation.code in permission.rules or (by_consent and bool(permission.givers))


def _holds_for(permission: Permission, case: Case, violation: Violation) -> bool:
    """Tell whether the violation is about what the permission holds in; all of a case is in one term."""
    about = [section for section in case.wish if violation.section_id == section.id] or case.wish
    parts = {key for section in about for key in (section.id, section.offering.id)}
    return permission.breadth > 1 or permission.within in parts
