"""A request of several changes: each item is judged on the schedule as it would be after the request."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from university.enrollment.rules.case import ACTIVE, PLACED, Case, Violation, forbidden, left_out, without
from university.enrollment.rules.facts import Place, Seats, SectionFacts
from university.enrollment.rules.judgement import MOVING, RULES, judge
from university.enrollment.rules.overriding import gets_in, used, weigh
from university.enrollment.rules.timing import may_drop, may_withdraw

Verdict = dict[int, list[Violation]]
"""What is told of each item, by its position; nothing that is fatal is a yes."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A place that the student leaves; `pools` are the sections whose seats become free, with their pools.

    Seats that were only `held`, for an offer, are not taken. Who withdraws leaves a mark, so other deadlines count.
    """

    place: Place
    pools: Mapping[str, int | None]
    held: bool = False
    withdraws: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Items by position, and in `case` what bears on all of them: the schedule and the seats as they are before.

    An item may add, drop, or do both at once (a swap). `stays` are enrollments that go on with what their item adds: a
    change of sections, a place in the queue that becomes a seat. Items of `waits` take a place in the queue where there
    is no seat; those of `queued` come from it, so that what is held for it is theirs; those of `offers` are offered a
    seat, and leave nothing until they accept it. Those of `moves` are the university's own, for a section it canceled.
    """

    case: Case
    adds: Mapping[int, tuple[SectionFacts, ...]]
    drops: Mapping[int, Leaving]
    stays: Mapping[int, Leaving] = field(default_factory=dict)
    waits: frozenset[int] = frozenset()
    queued: frozenset[int] = frozenset()
    offers: frozenset[int] = frozenset()
    moves: frozenset[int] = frozenset()

    @property
    def items(self) -> tuple[int, ...]:
        """The positions in order."""
        return tuple(sorted({*self.adds, *self.drops}))

    def has_to_wait(self, item: int) -> bool:
        """Tell whether an item takes a place in the queue, because there is no seat."""
        if item not in self.waits:
            return False
        alone = self._alone(item)
        return alone.waits and not alone.has_seats()

    def leaving(self, items: Collection[int]) -> list[Leaving]:
        """Return the places that are left when these items are carried out; who has to wait leaves nothing yet."""
        moving = {item for item in items if item not in self.offers and not self.has_to_wait(item)}
        return [one for item in sorted(moving) for one in self._left_by(item)]

    def after(self, items: Collection[int]) -> Case:
        """Return the schedule, and the seats that can be taken, as if these items were carried out."""
        left = self.leaving(items)
        come = (
            place
            for item, wish in self.adds.items()
            if item in items
            for place in _places(item, wish, "waitlisted" if self.has_to_wait(item) else "enrolled")
        )
        return replace(self.case, schedule=(*_without(self.case.schedule, left), *come), seats=self._freed(left))

    def case_of(self, after: Case, item: int) -> Case:
        """Return the case of what an item adds, given the schedule and the seats after the request."""
        wish = self.adds[item]
        courses = {section.course.id for section in wish}
        others = tuple(place for place in after.schedule if place.item != item)
        return replace(
            self._alone(item),
            item=item if len(self.items) > 1 else None,
            schedule=_without(others, self._left_by(item)),
            requisites=tuple(answer for answer in after.requisites if answer.course_id in courses),
            seats=self._own(item, after.seats),
        )

    def _left_by(self, item: int) -> list[Leaving]:
        return [left[item] for left in (self.drops, self.stays) if item in left]

    def _alone(self, item: int) -> Case:
        """Return the case of what an item adds as if it were the only one."""
        kept = frozenset(self.stays[item].pools) if item in self.stays else frozenset()
        seats = self._own(item, self._freed(self._left_by(item)))
        stays = self.stays[item].place.enrollment_id if item in self.stays else None
        wish, waits = self.adds[item], item in self.waits
        alone = replace(self.case, wish=wish, kept=kept, seats=seats, enrollment_id=stays, waits=waits)
        return replace(alone, waits=False) if alone.waits and gets_in(alone) else alone

    def _freed(self, leaving: Iterable[Leaving]) -> Mapping[str, Seats]:
        freed = dict(self.case.seats)
        for one in leaving:
            accepted = one.held and any(one is stays for stays in self.stays.values())
            rows = {section.id: section.row for section in one.place.sections}
            for left, pool in one.pools.items():
                row = rows.get(left, left)
                for section_id, seats in freed.items():
                    if row == (seats.row or section_id):
                        freed[section_id] = seats.given_back(pool, held=one.held, accepted=accepted)
        return freed

    def _own(self, item: int, seats: Mapping[str, Seats]) -> Mapping[str, Seats]:
        """Return the seats as they are to an item: what is held for the queue is free to who comes from it."""
        if item not in self.queued:
            return seats
        return {section_id: one.in_queue() for section_id, one in seats.items()}


Judge = Callable[[Request], Verdict]


def judge_together(request: Request) -> Verdict:
    """Judge every item as one of a request that is carried out whole or not at all."""
    after, verdict, spent = request.after(request.items), Verdict(), Counter[str]()
    for item in request.items:
        verdict[item] = _judge(request, after, item, spent)
        spent.update(used(verdict[item]).keys())
    return verdict


def judge_in_turn(request: Request) -> Verdict:
    """Judge as if what is forbidden were left out: drops first, whose room the adds may use, then each add in order."""
    verdict, accepted, spent = Verdict(), set[int](), Counter[str]()
    for item in (*(item for item in request.items if item not in request.adds), *request.adds):
        verdict[item] = _judge(request, request.after({*accepted, item}), item, spent)
        if not forbidden(verdict[item]):
            accepted.add(item)
            spent.update(used(verdict[item]).keys())
    return dict(sorted(verdict.items()))


def _judge(request: Request, after: Case, item: int, spent: Mapping[str, int]) -> list[Violation]:
    told: list[Violation] = []
    if item in request.drops:
        leaving = request.drops[item]
        case = replace(request.case, wish=leaving.place.sections, enrollment_id=leaving.place.enrollment_id)
        told += weigh(case, _judge_drop(case, item, leaving), spent)
    if item in request.stays and item not in request.queued:
        told += _gone(item, request.stays[item].place, PLACED)
    if item in request.adds:
        case = request.case_of(after, item)
        told += weigh(case, judge(case, MOVING if item in request.moves else RULES), spent, used(told))
        told += _stands_meanwhile(request, item)
    return told


def _stands_meanwhile(request: Request, item: int) -> list[Violation]:
    """Return what is told of who would wait for the very class in which the place stands that is given back for it."""
    leaving, wish = request.drops.get(item), request.adds[item]
    if leaving is None or item in request.stays or leaving.place.queue != wish[0].offering.queue:
        return []
    if not request.has_to_wait(item):
        return []
    place = leaving.place
    facts = {"course": place.course, "enrollment_id": place.enrollment_id, "status": place.status}
    return [Violation("already-enrolled", facts, (without(place),))]


def _judge_drop(case: Case, item: int, leaving: Leaving) -> list[Violation]:
    """Judge a drop, whose sections are the wish of the case."""
    if gone := _gone(item, leaving.place, PLACED if leaving.withdraws else ACTIVE):
        return gone
    return (may_withdraw if leaving.withdraws else may_drop)(case)


def _gone(item: int, place: Place, needed: Collection[str]) -> list[Violation]:
    """Return what is told of a place that does not stand as it needs to."""
    if place.status in needed:
        return []
    facts = {"course": place.course, "enrollment_id": place.enrollment_id, "status": place.status}
    return [Violation("not-enrolled", facts, (left_out(item, place.offering_id, place.course),))]


def _places(item: int, wish: Iterable[SectionFacts], status: str) -> list[Place]:
    """Return what an item brings into the schedule; a wish for several offerings brings a place in each."""
    bundles: dict[str, list[SectionFacts]] = {}
    for section in wish:
        bundles.setdefault(section.offering.id, []).append(section)
    return [_place(item, bundle, status) for bundle in bundles.values()]


def _place(item: int, bundle: list[SectionFacts], status: str) -> Place:
    offering, course = bundle[0].offering, bundle[0].course
    return Place("", offering.id, course.id, course.code, status, offering.ects, tuple(bundle), item)


def _without(schedule: Iterable[Place], leaving: Iterable[Leaving]) -> tuple[Place, ...]:
    gone = {one.place.enrollment_id for one in leaving}
    return tuple(place for place in schedule if not place.enrollment_id or place.enrollment_id not in gone)
