"""What holds after every step, whatever happened: seats, hours, credits, bundles, queues, answers."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from tests.stateful.books import COUNTED, SEATED, Books, Place
from tests.stateful.deeds import ENDS, Deeds
from tests.stateful.scenery import HOURS, MAX_ECTS, MAX_WAITING_ECTS, WISHES, Scenery

BUNDLES = {frozenset(names) for name, names in WISHES.items() if name != "incomplete"}


@dataclass(frozen=True)
class Step:
    """The books before a step and after it, and what was asked so far."""

    scenery: Scenery
    deeds: Deeds
    before: Books
    after: Books

    def gained(self) -> list[tuple[Place, str]]:
        """Return the seats that somebody has since this step, with the place that each belongs to."""
        had = {(one.id, key) for one in self.before.places.values() if one.holds for key in one.seats}
        now = [(one, key) for one in self.after.places.values() if one.holds for key in one.seats]
        return [(one, key) for one, key in now if (one.id, key) not in had]


def seats_add_up(step: Step) -> None:
    """What the ledger counts are the places and entries that there are."""
    taken, held, waiting = Counter[str](), Counter[str](), Counter[str]()
    for place in step.after.places.values():
        rows = [step.scenery.row(key) for key in place.seats]
        taken.update(rows if place.status in SEATED else ())
        held.update(rows if place.status == "offered" else ())
    for entry, _ in step.after.waiters():
        waiting.update(step.scenery.row(key) for key in entry.wanted)
    for key, row in step.after.sections.items():
        counted = (row["taken"], row["held"], row["waiting"])
        assert counted == (taken[key], held[key], waiting[key]), f"{step.scenery.name(key)} is miscounted: {counted}"
        over = max(0, row["taken"] + row["held"] - row["capacity"]) if row["seats_of"] is None else 0
        assert row["overfull"] == over, f"{step.scenery.name(key)} is over-full by {over}, not {row['overfull']}"


def nobody_is_one_too_many(step: Step) -> None:
    """More than the capacity are only those who were there before it was lowered, and whom a permission let in."""
    permitted = Counter(step.scenery.row(key) for one, key in step.gained() if "permitted" in one.reasons)
    for key, row in step.after.sections.items():
        if row["seats_of"] is not None:
            continue
        seated, known = row["taken"] + row["held"], step.before.sections[key]
        most = max(row["capacity"], known["taken"] + known["held"] + permitted[key], *step.deeds.capacities[key], 0)
        assert seated <= most, f"{step.scenery.name(key)} has {seated} of {most}"


def one_place_a_class(step: Step) -> None:
    """Nobody stands twice in a class, under whichever code."""
    classes = {step.scenery.offerings["Y"]: step.scenery.offerings["X"]}
    stands = Counter((one.student, classes.get(one.offering, one.offering)) for one in step.after.active())
    assert all(count == 1 for count in stands.values()), f"twice in one class: {stands.most_common(1)}"


def nobody_is_in_two_rooms(step: Step) -> None:
    """No two sections of a student meet on the same day, but by permission; what is to be given back may."""
    for student in step.scenery.students:
        if step.deeds.may(student, "time-conflict"):
            continue
        for one, other in combinations([one for one in step.after.of(student) if one.status in COUNTED], 2):
            if not _is_instead(step, one, other) and not _is_instead(step, other, one):
                both = _days(step, one) & _days(step, other)
                assert not both, f"two sections on {both}"


def nobody_has_too_much(step: Step) -> None:
    """Credits stay within the limits of the term, and those waited for within their own."""
    for student in step.scenery.students:
        if step.deeds.may(student, "credit-limit"):
            continue
        places = step.after.of(student)
        counted = [one for one in places if one.status in COUNTED]
        going = [one for one in counted if any(_is_instead(step, other, one) for other in counted)]
        credits_ = sum(one.ects for one in counted) - sum(one.ects for one in going)
        assert credits_ <= MAX_ECTS, f"{credits_} credits"
        waited = sum(one.ects for one in places if one.status == "waitlisted")
        assert waited <= MAX_WAITING_ECTS, f"{waited} credits waited for"


def bundles_are_complete(step: Step) -> None:
    """Whoever stands, or waits, does so for one section of each component."""
    for place in step.after.active():
        assert _names(step, place.seats) in BUNDLES, f"a bundle of {_names(step, place.seats)}"
    for entry in step.after.entries.values():
        assert _names(step, entry.wanted) in BUNDLES, f"waits for {_names(step, entry.wanted)}"


def queues_are_of_who_waits(step: Step) -> None:
    """An entry belongs to a place that stands; who has neither a seat nor an entry does not wait."""
    for entry in step.after.entries.values():
        place = step.after.places[entry.enrollment]
        assert place.status in {"waitlisted", "offered", "enrolled", "review"}, f"an entry of one {place.status}"
        assert entry.instead_of != entry.enrollment
    for place in step.after.active():
        waits = place.id in step.after.entries
        assert waits or place.status in {"enrolled", "review"}, f"one {place.status} without an entry"
        assert (place.offer_expires_at is not None) == (place.status == "offered")


def answers_are_true(step: Step) -> None:
    """Every answered success is found in the record."""
    for key, statuses in step.deeds.answered.items():
        known = step.after.places.get(key)
        assert known is not None, f"an answered enrollment is lost: {statuses}"
        assert not set(statuses) - set(known.statuses), f"answered {statuses}, on record {known.statuses}"


def nothing_ends_by_itself(step: Step) -> None:
    """A place ends because somebody asked, or for one of few reasons; what ended does not come back."""
    for key, was in step.before.places.items():
        now = step.after.places.get(key)
        assert now is not None, "a place is gone"
        if was.status in {"dropped", "withdrawn", "canceled"}:
            assert now.status == was.status, f"{was.status} became {now.status}"
        elif now.status in {"dropped", "withdrawn", "canceled"} and now.reasons[-1] not in ENDS:
            assert key in step.deeds.left | step.deeds.swapped, f"{now.status} because of {now.reasons[-1]}"
        elif now.status in {"completed", "failed"}:
            assert key in step.deeds.graded, f"{now.status} without a grade"


def a_swap_leaves_no_less(step: Step) -> None:
    """Who gave a place for another has the other: it was got in the same moment."""
    gained = defaultdict(set)
    for place, _ in step.gained():
        gained[place.student].add(place.id)
    for key, was in step.before.places.items():
        now = step.after.places[key]
        if was.holds and not now.holds and key in step.deeds.swapped - step.deeds.left and now.reasons[-1] not in ENDS:
            assert gained[now.student] - {key}, "the old place is gone, and there is no new one"


def queues_go_in_order(step: Step) -> None:
    """Who came from a queue left nobody behind that wanted no more, unless that one was told why."""
    by_section: dict[str, set[str]] = defaultdict(set)
    for place, key in step.gained():
        by_section[place.id].add(key)
    for came, keys in by_section.items():
        place, entry = step.after.places[came], step.before.entries.get(came)
        pooled = any(place.seats[key] is not None for key in keys)
        if entry is None or pooled or place.reasons[-1] not in {"promoted", "offered"}:
            continue
        for other, _ in step.after.waiters():
            known = step.before.entries.get(other.enrollment)
            stayed = known is not None and known.key == other.key and other.queue == entry.queue
            if stayed and other.key < entry.key and step.after.lacking(other) <= keys:
                assert other.told, "overtaken in the queue without a reason"


ALWAYS: tuple[Callable[[Step], None], ...] = (
    seats_add_up,
    nobody_is_one_too_many,
    one_place_a_class,
    nobody_is_in_two_rooms,
    nobody_has_too_much,
    bundles_are_complete,
    queues_are_of_who_waits,
    answers_are_true,
    nothing_ends_by_itself,
    a_swap_leaves_no_less,
    queues_go_in_order,
)


def _names(step: Step, sections: "frozenset[str] | dict[str, int | None]") -> frozenset[str]:
    return frozenset(step.scenery.name(key) for key in sections)


def _days(step: Step, place: Place) -> set[str]:
    """Return the days on which a place's sections meet that are not canceled."""
    going = [key for key in place.seats if step.after.sections[key]["status"] != "canceled"]
    return {HOURS[name] for name in map(step.scenery.name, going) if name in HOURS}


def _is_instead(step: Step, new: Place, old: Place) -> bool:
    """Tell whether a seat is offered to somebody who would give this place for it."""
    entry = step.after.entries.get(new.id)
    return new.status == "offered" and entry is not None and entry.instead_of == old.id
