"""What the course module's judgement on requisites means for the request."""

from collections.abc import Iterator

from university.enrollment.rules.case import Case, Remedy, Violation
from university.enrollment.rules.facts import RequisiteAnswer

_UNMET = {"UNMET": "requisites-unmet", "UNKNOWN": "requisites-unknown"}


def requisites_met(case: Case) -> Iterator[Violation]:
    """A course whose requisites are not met, or not known to be, is refused with the whole explanation."""
    for answer in case.requisites:
        if code := _UNMET.get(answer.apart_from_corequisites):
            facts = {"course": answer.course, "text": answer.text, "tree": answer.tree}
            yield Violation(code, facts, _ways(answer))


def corequisites_present(case: Case) -> Iterator[Violation]:
    """A course that must be taken together with another needs the other in the request or in the schedule."""
    for answer in case.requisites:
        if answer.missing_corequisites:
            facts = {"course": answer.course, "missing": list(answer.missing_corequisites)}
            remedies = tuple(Remedy("add-course", {"course": course}) for course in answer.missing_corequisites)
            yield Violation("corequisite-missing", facts, remedies)


def _ways(answer: RequisiteAnswer) -> tuple[Remedy, ...]:
    """Each remedy is one set of demands; where nothing a student does would help, the registrar can."""
    ways = tuple(
        Remedy("satisfy-requisites", {"course": answer.course, "demands": [dict(demand) for demand in way]})
        for way in answer.remedies
    )
    return ways or (Remedy("ask-permission", {"rule": "requisites-unmet", "course": answer.course}),)
