"""What holds once everything has arrived and no chore finds anything to do; and that newcomers overtake nobody."""

from typing import Any

from tests.house import Reply
from tests.reconciliation.views import clean, reconcile
from tests.stateful import books
from tests.stateful.books import Books, Entry, Place
from tests.stateful.invariants import Step
from tests.stateful.scenery import TERM
from tests.stateful.world import FOLLOWING, LATER, LOOKING, World

ROUNDS = 30
FULL = "section-full"


def settle(world: World, *, newest_first: bool, looks: bool) -> None:
    """Let everything arrive and follow, until nothing more happens; `looks` when time alone may have changed things."""
    if looks:
        world.do(LOOKING)
    for _ in range(ROUNDS):
        world.take_from_outboxes()
        some = list(world.broker.waiting)
        world.deliver(some[::-1] if newest_first else some)
        if world.do(*FOLLOWING) or some:
            continue
        if not books.read(world.house).due:
            return
        world.house.travel(LATER)
    raise AssertionError("it never comes to rest")


def tried(world: World, entry: Entry, place: Place) -> set[str]:
    """Return what would stand in the way of who waits, asked as a fresh request that nothing is written of."""
    items: list[dict[str, Any]]
    sections = sorted(entry.wanted)
    if place.status != "waitlisted":
        items = [{"action": "change_sections", "enrollment_id": place.id, "section_ids": sections}]
    else:
        items = [{"action": "drop", "enrollment_id": place.id}, {"action": "add", "section_ids": sections}]
        old = books.read(world.house).places.get(entry.instead_of or "")
        if old is not None and old.status in {"enrolled", "review"}:
            items[1] = {"action": "swap", "drop_enrollment_id": old.id, "section_ids": sections}
    body = {"student_id": place.student, "term_id": TERM, "items": items, "dry_run": True}
    reply: Reply = world.ask("POST", "/registration-requests", body, student=place.student)
    assert reply.status == 200, reply.body
    told = reply.json["items"][-1]["violations"]
    return {one["code"] for one in told if one["severity"] == "fatal"}


def no_seat_is_idle(world: World, seen: Books) -> None:
    """No seat is free, or kept free, that somebody who waits may have."""
    for row in seen.sections.values():
        kept = row["queue_first"] and row["waiting"] and row["seats_of"] is None
        assert not kept or seen.free(row["id"]) <= 0, f"{world.scenery.name(row['id'])} is kept for nobody"
    for entry, place in seen.waiters():
        needed = {world.scenery.row(key) for key in seen.lacking(entry)}
        names = sorted(world.scenery.name(key) for key in entry.wanted)
        assert tried(world, entry, place), f"{names} has a seat for who waits: {[seen.free(row) for row in needed]}"


def nothing_is_left_undone(seen: Books, suspended: set[str]) -> None:
    """Places in canceled sections are settled, offers that ended are over, places of the suspended are on review."""
    for place in seen.active():
        assert all(seen.sections[key]["status"] != "canceled" for key in place.seats), "stands in a canceled section"
        assert place.student not in suspended or place.status != "enrolled", "a suspended student's place stands"


def views_are_true(world: World) -> None:
    """What course and student show is what enrollment knows."""
    found = reconcile(world.house, repair=False)
    wrong = {name: dict(one.wrong) for name, one in found.items() if one.wrong or one.left}
    assert clean(found), f"views differ: {wrong}"


def newcomers_wait_their_turn(world: World, step: Step) -> None:
    """A seat that somebody waits for, and may have, is not had by who just comes.

    Somebody passed over was told why, and then what is free is anybody's until the reason is heard to be gone.
    """
    for place, key in step.gained():
        if place.reasons[-1] not in {"enrolled", "changed"} or place.seats[key] is not None:
            continue
        row = world.scenery.row(key)
        for entry, other in step.after.waiters():
            known = step.before.entries.get(other.id)
            waited = known is not None and known.key == entry.key and not entry.told and not known.told
            if waited and {world.scenery.row(one) for one in step.after.lacking(entry)} == {row}:
                assert tried(world, entry, other) != {FULL}, f"{world.scenery.name(key)}: a newcomer came first"
