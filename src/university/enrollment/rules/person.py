"""What the student's own standing forbids: status, holds, restrictions, repeats."""

from collections.abc import Iterator

from university.enrollment.rules.case import ACTIVE, Case, Remedy, Violation, ask_consent, without
from university.enrollment.rules.facts import Attempt, Audience, Course, SectionFacts, Standing


def active(case: Case) -> Iterator[Violation]:
    """Only active students register."""
    if case.standing.status != "active":
        yield Violation(
            "student-not-active", {"status": case.standing.status}, (Remedy("become-active", {"status": "active"}),)
        )


def no_hold(case: Case) -> Iterator[Violation]:
    """A hold that blocks adding stands in the way; its owner can lift it."""
    return holds(case, "block-add")


def holds(case: Case, effect: str) -> Iterator[Violation]:
    """Yield a violation for each hold that has an effect today."""
    for hold in case.standing.holds:
        if hold.blocks(effect, case.today):
            facts = {"hold_id": hold.id, "reason": hold.reason, "contact": hold.contact, "ends_on": _day(hold.ends_on)}
            yield Violation("hold", facts, (Remedy("lift-hold", {"hold_id": hold.id, "contact": hold.contact}),))


def admitted(case: Case) -> Iterator[Violation]:
    """Every restriction of the offering and of the section must admit the student."""
    for section in case.fresh:
        for audience in dict.fromkeys(section.restrictions):
            unmet = _unmet(audience, case.standing)
            if unmet:
                yield Violation(
                    "restricted",
                    {"course": section.course.code, "section": section.number, **unmet},
                    _ways_in(case, section, audience),
                    section.id,
                )


def not_enrolled_already(case: Case) -> Iterator[Violation]:
    """One standing enrollment an offering, and in all that are listed together with it."""
    wished = {section.offering.queue for section in case.wish}
    for place in case.schedule:
        if place.queue in wished and place.status in ACTIVE:
            facts: dict[str, object] = {"course": place.course}
            if place.item is None:
                facts |= {"enrollment_id": place.enrollment_id, "status": place.status}
            else:
                facts |= {"because": "asked-twice", "with_item": place.item}
            yield Violation("already-enrolled", facts, (without(place),))


def may_repeat(case: Case) -> Iterator[Violation]:
    """A course passed before is not taken again, and a failed one only so many times."""
    for course in {section.course.id: section.course for section in case.wish}.values():
        taken = _attempts_at(case, course)
        passed = [attempt for attempt in taken if attempt.passed]
        facts = {"course": course.code, "attempts": len(taken), "max_attempts": course.max_attempts}
        permission = (case.ask_permission("repeat-not-allowed", course=course.code),)
        if passed and not course.repeatable:
            facts |= {"because": "passed", "passed": passed[0].course, "grade": passed[0].grade}
            yield Violation("repeat-not-allowed", facts, permission)
        elif course.max_attempts is not None and len(taken) >= course.max_attempts:
            yield Violation("repeat-not-allowed", {**facts, "because": "attempts"}, permission)


def _attempts_at(case: Case, course: Course) -> list[Attempt]:
    """Return the attempts at a course and at what counts for it; what was recognized is known by its code only."""
    ids = {course.id, *course.equivalents}
    codes = {course.code}.union(*(answer.equivalents for answer in case.requisites if answer.course_id == course.id))
    return [one for one in case.attempts if (one.course_id in ids if one.course_id else one.course in codes)]


def _unmet(audience: Audience, standing: Standing) -> dict[str, object]:
    unmet: dict[str, object] = {}
    if audience.program and standing.program not in audience.program:
        unmet["program"] = list(audience.program)
    if audience.stage and standing.stage not in audience.stage:
        unmet["stage"] = list(audience.stage)
    if audience.group and set(standing.groups).isdisjoint(audience.group):
        unmet["group"] = list(audience.group)
    if audience.level and standing.level not in audience.level:
        unmet["level"] = list(audience.level)
    if audience.consent:
        unmet["consent"] = audience.consent
    return unmet


def _ways_in(case: Case, section: SectionFacts, audience: Audience) -> tuple[Remedy, ...]:
    open_to_me = [
        _choose(section, other)
        for other in case.alternatives(section)
        if not any(_unmet(restriction, case.standing) for restriction in other.restrictions)
    ]
    return (*open_to_me[:3], ask_consent(section, "restricted", audience.consent or "registrar"))


def _choose(section: SectionFacts, other: SectionFacts) -> Remedy:
    return Remedy("choose-section", {"instead_of": section.id, "section_id": other.id, "section": other.number})


def _day(day: object) -> str | None:
    return str(day) if day else None
