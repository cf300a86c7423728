"""What the student's week and credits allow: complete bundles, no clash on any date, no limit exceeded."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from university.enrollment.rules.case import Case, Remedy, Violation, left_out, remove, without
from university.enrollment.rules.facts import Occurrence, SectionFacts
from university.enrollment.rules.timing import open_windows


def bundle_complete(case: Case) -> Iterator[Violation]:
    """A bundle is one section of each required component, and no child without its parent."""
    chosen = {section.id for section in case.wish}
    for sections in _by_offering(case.wish):
        present = {section.component for section in sections}
        required = sections[0].offering.required_components
        for component in required:
            if component not in present:
                facts = {"course": sections[0].course.code, "component": component}
                yield Violation("bundle-incomplete", facts, _fill(case, sections, component))
        for section in sections:
            if section.parent_id is not None and section.parent_id not in chosen:
                facts = {"course": section.course.code, "section": section.number, "parent_id": section.parent_id}
                remedy = Remedy("add-section", {"section_id": section.parent_id, **_named(case, section.parent_id)})
                yield Violation("bundle-incomplete", facts, (remedy,), section.id)


def bundle_valid(case: Case) -> Iterator[Violation]:
    """A bundle belongs to one offering and has no component twice and none that the offering does not ask for."""
    offerings = _by_offering(case.wish)
    for sections in offerings[1:]:
        facts = {"because": "several-offerings", "courses": sorted({section.course.code for section in case.wish})}
        yield Violation("bundle-invalid", facts, tuple(remove(section) for section in sections))
    for sections in offerings:
        yield from _surplus(sections)


def no_time_conflict(case: Case) -> Iterator[Violation]:
    """No two sections meet at the same time on the same date; touching ends do not clash, nor do canceled sections."""
    for position, section in enumerate(case.wish):
        within = [(other, None) for other in case.wish[position + 1 :]]
        around = [(other, place) for place in case.counted() for other in place.meeting]
        met = [
            (*one, dates) for one in (*within, *around) if (dates := clashes(section.occurrences, one[0].occurrences))
        ]
        elsewhere = _elsewhere(case, section) if met else ()
        for other, place, dates in met:
            ways = (*elsewhere, without(place)) if place else elsewhere or (case.leave_out(section),)
            yield _clash(section, other, dates, ways)


def within_credit_limit(case: Case) -> Iterator[Violation]:
    """Credits after the request stay within the smallest limit of term, window and program."""
    limits = _limits(case)
    if not limits or not case.wish:
        return
    name, limit = min(limits.items(), key=lambda item: item[1])
    current = _exact(sum(place.ects for place in case.counted()))
    after = _exact(current + case.ects)
    if after > limit:
        facts = {"limit": limit, "limited_by": name, "current": current, "after": after}
        yield Violation("credit-limit", facts, _lighter(case, _exact(limit - case.ects)))


def clashes(one: Iterable[Occurrence], other: Iterable[Occurrence]) -> list[str]:
    """Return the dates on which two series of occurrences overlap, half-open."""
    mine, its = _by_date(tuple(one)), _by_date(tuple(other))
    return sorted(
        date
        for date in mine.keys() & its.keys()
        if any(a[1] < b[2] and b[1] < a[2] for a in mine[date] for b in its[date])
    )


@lru_cache(maxsize=4096)
def _by_date(series: tuple[Occurrence, ...]) -> dict[str, list[Occurrence]]:
    """Return occurrences by date; the same series is compared with many others in one request."""
    by_date: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in series:
        by_date[occurrence[0]].append(occurrence)
    return dict(by_date)


def _by_offering(sections: Iterable[SectionFacts]) -> list[list[SectionFacts]]:
    grouped: dict[str, list[SectionFacts]] = defaultdict(list)
    for section in sections:
        grouped[section.offering.id].append(section)
    return list(grouped.values())


def _surplus(sections: list[SectionFacts]) -> Iterator[Violation]:
    required = sections[0].offering.required_components
    parents = {section.parent_id for section in sections}
    by_component: dict[str, list[SectionFacts]] = defaultdict(list)
    for section in sections:
        if section.component in required:
            by_component[section.component].append(section)
        elif section.id not in parents:
            by_component["" if not required else section.component].append(section)
    for component, group in by_component.items():
        asked_for = not required or component in required
        if len(group) > asked_for:
            facts = {
                "because": "too-many" if asked_for else "not-required",
                "course": sections[0].course.code,
                "component": group[0].component,
            }
            yield Violation("bundle-invalid", facts, tuple(remove(section) for section in group))


def _fill(case: Case, sections: list[SectionFacts], component: str) -> tuple[Remedy, ...]:
    """Propose sections of the missing component that have room and clash with nothing; where none does, ask."""
    chosen = {section.id for section in case.wish}
    fitting = tuple(
        Remedy("add-section", {"section_id": other.id, "section": other.number, "component": component})
        for other in case.siblings
        if other.offering.id == sections[0].offering.id
        and other.component == component
        and (other.parent_id is None or other.parent_id in chosen)
        and case.has_room(other)
        and not _clashes_with_any(case, other, ignoring=None)
    )
    return fitting[:5] or (case.ask_permission("bundle-incomplete", sections[0], component=component),)


def _elsewhere(case: Case, section: SectionFacts) -> tuple[Remedy, ...]:
    return tuple(
        Remedy("choose-section", {"instead_of": section.id, "section_id": other.id, "section": other.number})
        for other in case.alternatives(section)
        if not _clashes_with_any(case, other, ignoring=section.id)
    )[:3]


def _clashes_with_any(case: Case, section: SectionFacts, ignoring: str | None) -> bool:
    others = [wished for wished in case.wish if wished.id != ignoring]
    others += [other for place in case.counted() for other in place.meeting]
    return any(clashes(section.occurrences, other.occurrences) for other in others)


def _clash(section: SectionFacts, other: SectionFacts, dates: list[str], remedies: tuple[Remedy, ...]) -> Violation:
    facts = {
        "course": section.course.code,
        "section": section.number,
        "with_section_id": other.id,
        "with_course": other.course.code,
        "with_section": other.number,
        "dates": dates,
    }
    return Violation("time-conflict", facts, remedies, section.id)


def _limits(case: Case) -> dict[str, float]:
    """Return the limits in force by what sets them; of several open windows the most generous counts."""
    limits = {"term": case.wish[0].term.max_ects if case.wish else None, "program": case.standing.max_ects}
    offered = [window.max_ects for window in open_windows(case)]
    if offered and None not in offered:
        limits["window"] = max(limit for limit in offered if limit is not None)
    return {name: limit for name, limit in limits.items() if limit is not None}


def _exact(credits_: float) -> float:
    """Return a sum of credits without the dust of binary fractions: 1.1 and 2.2 make 3.3."""
    return round(credits_, 6)


def _lighter(case: Case, room: float) -> tuple[Remedy, ...]:
    """Propose the single places whose absence makes enough room, the request's own items first, then the lightest."""
    current = sum(place.ects for place in case.counted())
    enough = [place for place in case.counted() if _exact(current - place.ects) <= room]
    enough.sort(key=lambda place: (place.item is None, place.ects))
    ways = [without(place, ects=place.ects) for place in enough[:3]]
    if case.item is not None and _exact(current - case.ects) <= room:
        ways.insert(0, left_out(case.item, case.wish[0].offering.id, case.wish[0].course.code))
    return (*ways, case.ask_permission("credit-limit"))


def _named(case: Case, section_id: str) -> dict[str, str]:
    return next(({"section": other.number} for other in case.siblings if other.id == section_id), {})
