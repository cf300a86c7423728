"""The steps of students: they ask for seats, wait, swap, take and leave what is offered, drop, withdraw."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.scenery import TERM
from tests.stateful.steps import WHICH, WHO, Steps

ITEMS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "drop", "swap", "change_sections"]), WHICH, WHICH, st.booleans()),
    min_size=1,
    max_size=3,
)
MODES = st.sampled_from(["all_or_nothing", "best_effort"])

DROPPING = timedelta(days=4)
"""How long a place can be dropped; afterwards one withdraws."""


class Students(Steps):
    """What students do."""

    @rule(who=WHO, wish=WHICH)
    def enroll(self, who: int, wish: int) -> None:
        """Ask for a bundle, and not for a queue."""
        self.seek(who, wish, waits=False)

    @rule(who=WHO, wish=WHICH)
    def wait(self, who: int, wish: int) -> None:
        """Ask for a bundle, and wait for it if need be."""
        self.seek(who, wish, waits=True)

    @precondition(lambda self: self.has())
    @rule(who=WHO, wish=WHICH, old=WHICH, waits=st.booleans())
    def enroll_instead(self, who: int, wish: int, old: int, waits: bool) -> None:
        """Ask for a bundle instead of a place that is given back for it."""
        place = self.place(old, of=self.student(who))
        if place is None:
            return
        body = {"student_id": self.student(who), "section_ids": self.sections(wish), "waitlist": waits}
        self.deeds.swapped.add(place.id)
        self.deeds.answer(self.ask("/enrollments", {**body, "drop_enrollment_id": place.id}, self.student(who)))

    @rule(who=WHO, items=ITEMS, mode=MODES, dry_run=st.sampled_from([False, False, True]))
    def request(self, who: int, items: list[tuple[str, int, int, bool]], mode: str, dry_run: bool) -> None:
        """Ask for several changes at once; a trial changes nothing."""
        wanted = [one for one in (self._item(self.student(who), *item) for item in items) if one]
        if not wanted:
            return
        body = {"student_id": self.student(who), "term_id": TERM, "items": wanted, "mode": mode, "dry_run": dry_run}
        reply = self.ask("/registration-requests", body, self.student(who))
        if dry_run:
            assert reply.status != 200 or all(item["enrollment"] is None for item in reply.json["items"])
        self.deeds.answer_each(reply)

    def _item(self, student: str, action: str, wish: int, old: int, waits: bool) -> dict[str, Any] | None:
        """Return an item of a request, or None where the student has nothing that it could be about."""
        sections = {"action": action, "section_ids": self.sections(wish), "waitlist": waits}
        place = self.place(old, of=student)
        if action == "add":
            return sections
        if place is None:
            return None
        if action == "swap":
            self.deeds.swapped.add(place.id)
            return {**sections, "drop_enrollment_id": place.id}
        if action == "change_sections":
            return {**sections, "enrollment_id": place.id}
        self.deeds.left.add(place.id)
        return {"action": action, "enrollment_id": place.id}

    @precondition(lambda self: self.has("enrolled", "review"))
    @rule(which=WHICH)
    def drop(self, which: int) -> None:
        """Give a place back."""
        self._leave(which, "drop", "enrolled", "review")

    @precondition(lambda self: self.has("waitlisted"))
    @rule(which=WHICH)
    def take_back_a_wait(self, which: int) -> None:
        """Leave a queue."""
        self._leave(which, "drop", "waitlisted")

    @precondition(lambda self: self.has("enrolled", "review") and self.world.ahead > DROPPING)
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """Leave a course when it is too late to drop it."""
        self._leave(which, "withdraw", "enrolled", "review")

    @precondition(lambda self: self.has("offered"))
    @rule(which=WHICH)
    def decline(self, which: int) -> None:
        """Leave an offered seat to the next one."""
        self._leave(which, "decline", "offered")

    @precondition(lambda self: self.has("offered"))
    @rule(which=WHICH)
    def accept(self, which: int) -> None:
        """Take an offered seat."""
        place = self.place(which, "offered")
        if place is not None:
            self.deeds.answer(self.ask(f"/enrollments/{place.id}/accept", None, place.student))

    def _leave(self, which: int, how: str, *statuses: str) -> None:
        place = self.place(which, *statuses)
        if place is not None:
            self.deeds.left.add(place.id)
            self.deeds.answer(self.ask(f"/enrollments/{place.id}/{how}", None, place.student))
