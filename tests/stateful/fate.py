"""The steps that nobody asks for: time passes, events arrive late, twice and in disorder, processes die."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.steps import Steps
from tests.stateful.world import FOLLOWING, LOOKING

LONGEST = timedelta(days=9)


class Fate(Steps):
    """What happens."""

    @rule(hours=st.sampled_from([1, 25, 31, 100]))
    def pass_time(self, hours: int) -> None:
        """Let windows open and close, offers and pools end, days of dropping pass."""
        if self.world.ahead < LONGEST:
            self.world.house.travel(timedelta(hours=hours))
            self.deeds.clock_moved = True

    @rule(positions=st.lists(st.integers(0, 30), min_size=1, max_size=4), again=st.booleans())
    def deliver(self, positions: list[int], again: bool) -> None:
        """Let some of the events on their way arrive, in the order drawn; some once more than once."""
        self.world.take_from_outboxes()
        waiting = list(self.world.broker.waiting)
        if waiting:
            self.dies_at_once = False
            self.world.deliver([waiting[one % len(waiting)] for one in positions], again=again)

    @rule(chore=st.sampled_from((*FOLLOWING, LOOKING)))
    def do_chore(self, chore: str) -> None:
        """Let a worker do what comes round."""
        self.dies_at_once = self.world.doom == 0
        self.world.do(chore)

    @rule(commits=st.integers(0, 3))
    def doom(self, commits: int) -> None:
        """Let the next process that does anything die after so many commits."""
        self.world.doom = commits

    @precondition(lambda self: getattr(self, "unsure", None) is not None)
    @rule()
    def ask_again(self) -> None:
        """Ask again what was never answered: what was done is told, and not done twice."""
        asked, self.unsure = self.unsure, None
        assert asked is not None
        self.world.doom = None
        told = {"Idempotency-Key": asked["key"]}
        reply = self.world.ask("POST", asked["path"], asked["body"], student=asked["student"], headers=told)
        self.tell("again", reply)
        if asked["done"]:
            assert reply.status in {200, 201}, "what was done is not told to who asks again"
        if asked["path"] == "/registration-requests":
            self.deeds.answer_each(reply)
        elif asked["path"].startswith("/enrollments"):
            self.deeds.answer(reply)

    @rule(newest_first=st.booleans())
    def rest(self, newest_first: bool) -> None:
        """Let everything come to rest."""
        self.come_to_rest(newest_first=newest_first)
