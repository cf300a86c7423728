"""A request of several adds and drops: each item is judged on the schedule as it would be after the request."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from university.enrollment.rules.case import ACTIVE, Case, Violation, left_out
from university.enrollment.rules.facts import Place, Seats, SectionFacts
from university.enrollment.rules.judgement import judge
from university.enrollment.rules.timing import may_drop

Verdict = dict[int, list[Violation]]
"""What forbids each item, by its position; an empty list is a yes."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A place that the student gives back; `pools` are the sections whose seats become free, with their pools."""

    place: Place
    pools: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Request:
    """Items by position, and in `case` what bears on all of them: the schedule and the seats as they are before."""

    case: Case
    adds: Mapping[int, tuple[SectionFacts, ...]]
    drops: Mapping[int, Leaving]

    def after(self, items: Collection[int]) -> Case:
        """Return the schedule, and the seats that can be taken, as if these items were carried out."""
        left = {one.place.enrollment_id for item, one in self.drops.items() if item in items}
        stay = tuple(place for place in self.case.schedule if place.enrollment_id not in left)
        come = tuple(place for item, wish in self.adds.items() if item in items for place in _places(item, wish))
        freed = [one.pools for item, one in self.drops.items() if item in items]
        return replace(self.case, schedule=stay + come, seats=_freed(self.case.seats, freed))


Judge = Callable[[Request], Verdict]


def judge_together(request: Request) -> Verdict:
    """Judge every item as one of a request that is carried out whole or not at all."""
    after = request.after({*request.adds, *request.drops})
    leaving = {item: _judge_drop(request.case, item, one) for item, one in request.drops.items()}
    return _ordered(leaving | {item: _judge_add(request, after, item) for item in request.adds})


def judge_in_turn(request: Request) -> Verdict:
    """Judge as if what is forbidden were left out: drops first, whose room the adds may use, then each add in order."""
    verdict = {item: _judge_drop(request.case, item, one) for item, one in request.drops.items()}
    accepted = {item for item, violations in verdict.items() if not violations}
    for item in request.adds:
        verdict[item] = _judge_add(request, request.after(accepted), item)
        if not verdict[item]:
            accepted.add(item)
    return _ordered(verdict)


def _judge_add(request: Request, after: Case, item: int) -> list[Violation]:
    wish = request.adds[item]
    courses = {section.course.id for section in wish}
    return judge(
        replace(
            after,
            wish=wish,
            item=item if len(request.adds) + len(request.drops) > 1 else None,
            schedule=tuple(place for place in after.schedule if place.item != item),
            requisites=tuple(answer for answer in after.requisites if answer.course_id in courses),
        )
    )


def _judge_drop(case: Case, item: int, leaving: Leaving) -> list[Violation]:
    place = leaving.place
    if place.status not in ACTIVE:
        facts = {"course": place.course, "enrollment_id": place.enrollment_id, "status": place.status}
        return [Violation("not-enrolled", facts, (left_out(item, place.offering_id, place.course),))]
    return may_drop(replace(case, wish=place.sections))


def _places(item: int, wish: Iterable[SectionFacts]) -> list[Place]:
    """Return what an item brings into the schedule; a wish for several offerings brings a place in each."""
    bundles: dict[str, list[SectionFacts]] = {}
    for section in wish:
        bundles.setdefault(section.offering.id, []).append(section)
    return [_place(item, bundle) for bundle in bundles.values()]


def _place(item: int, bundle: list[SectionFacts]) -> Place:
    offering, course = bundle[0].offering, bundle[0].course
    return Place("", offering.id, course.id, course.code, "enrolled", offering.ects, tuple(bundle), item)


def _freed(seats: Mapping[str, Seats], leaving: Iterable[Mapping[str, int | None]]) -> Mapping[str, Seats]:
    freed = dict(seats)
    for pools in leaving:
        for section_id, pool in pools.items():
            if section_id in freed:
                freed[section_id] = freed[section_id].given_back(pool)
    return freed


def _ordered(verdict: Verdict) -> Verdict:
    return dict(sorted(verdict.items()))
