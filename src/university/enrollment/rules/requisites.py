"""What the course module's judgement on requisites means for the request."""

from collections.abc import Iterator

from university.enrollment.rules.case import Case, Remedy, Violation, ask_consent
from university.enrollment.rules.facts import RequisiteAnswer, SectionFacts
from university.enrollment.rules.permits import CONSENT

_UNMET = {"UNMET": "requisites-unmet", "UNKNOWN": "requisites-unknown"}


def requisites_met(case: Case) -> Iterator[Violation]:
    """A course whose requisites are not met, or not known to be, is refused with the whole explanation.

    What only a consent meets is told as well: the permission that gives it is used.
    """
    for answer in case.requisites:
        facts = {"course": answer.course, "text": answer.text, "tree": answer.tree}
        if code := _UNMET.get(answer.apart_from_corequisites):
            yield Violation(code, facts, (*_consents(case, answer), *_ways(case, answer)))
        elif answer.rests_on_consent:
            yield Violation("requisites-unmet", {**facts, "because": CONSENT}, _permission(case, answer))


def corequisites_present(case: Case) -> Iterator[Violation]:
    """A course that must be taken together with another needs the other in the request or in the schedule."""
    for answer in case.requisites:
        if answer.missing_corequisites:
            facts = {"course": answer.course, "missing": list(answer.missing_corequisites)}
            remedies = tuple(Remedy("add-course", {"course": course}) for course in answer.missing_corequisites)
            yield Violation("corequisite-missing", facts, remedies)


def _consents(case: Case, answer: RequisiteAnswer) -> Iterator[Remedy]:
    """Yield the ways that are nothing but somebody's consent."""
    for way in answer.remedies:
        if len(way) == 1 and way[0].get("kind") == "consent":
            for section in _sections(case, answer)[:1]:
                yield ask_consent(section, CONSENT, str(way[0]["giver"]))


def _ways(case: Case, answer: RequisiteAnswer) -> tuple[Remedy, ...]:
    """Each remedy is one set of demands; where nothing a student does would help, the registrar can."""
    ways = tuple(
        Remedy("satisfy-requisites", {"course": answer.course, "demands": [dict(demand) for demand in way]})
        for way in answer.remedies
    )
    return ways or _permission(case, answer)


def _permission(case: Case, answer: RequisiteAnswer) -> tuple[Remedy, ...]:
    section = next(iter(_sections(case, answer)), None)
    return (case.ask_permission("requisites-unmet", section, course=answer.course),)


def _sections(case: Case, answer: RequisiteAnswer) -> list[SectionFacts]:
    return [section for section in case.wish if section.course.id == answer.course_id]
