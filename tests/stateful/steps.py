"""The ground that all steps stand on: the world, what was asked so far, the books before and after, and their check."""

from collections import Counter
from itertools import chain, count
from typing import Any

from hypothesis import note, strategies as st
from hypothesis.control import currently_in_test_context
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.house import Reply
from tests.stateful import books, rest
from tests.stateful.books import Books, Place
from tests.stateful.deeds import Deeds
from tests.stateful.invariants import ALWAYS, Step
from tests.stateful.scenery import STUDENTS, WISHES
from tests.stateful.world import World

WHO = st.integers(0, STUDENTS - 1)
WHICH = st.integers(0, 15)
"""The how-manieth of what there is then, counted round and round."""


class Steps(RuleBasedStateMachine):
    """A run: what steps are made of, and what is checked after each of them."""

    world: World
    became: Counter[str]
    """Given by whoever runs it: where, and a count of why enrollments came to be what they were at the end."""

    @initialize(
        focus=st.lists(st.sampled_from(sorted(WISHES)), min_size=1, max_size=3, unique=True),
        crowd=st.lists(WHICH, min_size=3, max_size=9),
    )
    def begin(self, focus: list[str], crowd: list[int]) -> None:
        """Begin anew, with the few wishes that all have this time; a crowd comes before anything else happens."""
        self.world.begin_anew()
        self.focus, self.deeds = focus, Deeds()
        self.scenery = self.world.scenery
        self.books: Books = books.read(self.world.house)
        self.unsure: dict[str, Any] | None = None
        self.dies_at_once, self.keys = False, count()
        self.started = True
        for turn, wish in enumerate(crowd):
            self.seek(turn % STUDENTS, wish, waits=True)
            self.check()

    @invariant()
    def check(self) -> None:
        """Read the books anew, and compare them with what they were and with what was asked."""
        if not getattr(self, "started", False):
            return
        step = Step(self.scenery, self.deeds, self.books, books.read(self.world.house))
        if self.world.died and self.dies_at_once:
            assert step.before == step.after, "something is left of a transaction that was never committed"
        for holds in ALWAYS:
            holds(step)
        rest.newcomers_wait_their_turn(self.world, step)
        self.books, self.world.died = step.after, False

    def teardown(self) -> None:
        """Let everything come to rest, and look at what is left."""
        if getattr(self, "started", False):
            self.come_to_rest(newest_first=False)
            self.became.update(["runs", *chain.from_iterable(one.reasons for one in self.books.places.values())])

    @classmethod
    def told(cls) -> str:
        """Tell what happened in all runs."""
        return ", ".join(f"{count} {reason}" for reason, count in cls.became.most_common())

    def come_to_rest(self, *, newest_first: bool) -> None:
        """Let everything arrive and follow, then check what holds only then."""
        self.world.doom = None
        rest.settle(self.world, newest_first=newest_first, looks=self.deeds.clock_moved)
        self.deeds.clock_moved = False
        self.check()
        rest.nothing_is_left_undone(self.books, self.deeds.suspended)
        rest.no_seat_is_idle(self.world, self.books)
        rest.views_are_true(self.world)
        self.deeds.capacities.clear()

    def seek(self, who: int, wish: int, *, waits: bool) -> None:
        """Ask for a bundle, as a student."""
        body = {"student_id": self.student(who), "section_ids": self.sections(wish), "waitlist": waits}
        self.deeds.answer(self.ask("/enrollments", body, self.student(who)))

    def student(self, who: int) -> str:
        """Return the id of a student."""
        return self.scenery.students[who]

    def sections(self, wish: int) -> list[str]:
        """Return the sections of one of the wishes of this run."""
        return self.scenery.wish(self.focus[wish % len(self.focus)])

    def section(self, wish: int) -> str:
        """Return one of the sections that this run is about."""
        wanted = sorted({key for number in range(len(self.focus)) for key in self.sections(number)})
        return wanted[wish % len(wanted)]

    def place(self, which: int, *statuses: str, of: str | None = None) -> Place | None:
        """Return one of the places that have a status (none named: that stand), of a student or of all."""
        known = list(self.books.places.values()) if statuses else self.books.active()
        found = [one for one in known if (not statuses or one.status in statuses) and of in {None, one.student}]
        return found[which % len(found)] if found else None

    def has(self, *statuses: str) -> bool:
        """Tell whether there is a place that has a status; used for preconditions, so also before the beginning."""
        return getattr(self, "started", False) and self.place(0, *statuses) is not None

    def ask(self, path: str, body: Any, student: str | None, **options: Any) -> Reply:
        """Post to enrollment as a student, or as the registrar, with a key to ask again by; note the answer."""
        key = f"key-{next(self.keys)}"
        self.dies_at_once, doomed = self.world.doom == 0, self.world.doom is not None
        reply = self.world.ask("POST", path, body, student=student, headers={"Idempotency-Key": key}, **options)
        if doomed and self.world.died:
            self.unsure = {"path": path, "body": body, "student": student, "key": key, "done": not self.dies_at_once}
        self.tell(path, reply)
        return reply

    def tell(self, what: str, reply: Reply) -> None:
        """Note an answer for whoever reads a failing run; a fault of the program is one of the run."""
        told = reply.json if reply.body else {}
        code = told.get("code") or told.get("outcome") or told.get("status")
        if currently_in_test_context():
            note(f"  -> {what}: {reply.status} {code}")
        assert reply.status < 500 or self.world.died, f"{what}: {reply.status} {code}"
