"""The steps of the university: capacities, pools, canceled sections, standings, permissions, grades."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.house import Reply
from tests.stateful.scenery import TERM
from tests.stateful.steps import WHICH, WHO, Steps

ANYHOW = {"If-Match": "*"}
RULES = st.sampled_from(
    ["section-full", "section-full", "time-conflict", "credit-limit", "hold", "restricted", "requisites-unmet"]
)

MOST_CANCELED = 1


class Office(Steps):
    """What the registrar and teachers do."""

    @rule(wish=WHICH, capacity=st.integers(0, 3))
    def set_capacity(self, wish: int, capacity: int) -> None:
        """Raise or lower what a section has; enrollment hears of it later."""
        row = self.scenery.row(self.section(wish))
        self.deeds.capacities[row].add(capacity)
        self._change("course", f"/sections/{row}", {"capacity": capacity})

    @rule(wish=WHICH, seats=st.integers(0, 2), hours=st.sampled_from([None, 1, 30]))
    def keep_seats(self, wish: int, seats: int, hours: int | None) -> None:
        """Keep seats for a program, for a time, or release them."""
        until = None if hours is None else self.world.in_hours(hours)
        pool = {"seats": seats, "program": ["INF"], "stage": [], "group": [], "until": until}
        row = self.scenery.row(self.section(wish))
        self._change("course", f"/sections/{row}", {"reserved": [pool] if seats else []})

    @precondition(lambda self: self.may_cancel())
    @rule(wish=WHICH, move=st.booleans())
    def cancel_section(self, wish: int, move: bool) -> None:
        """Cancel a section, with or without moving its students; not many in one run."""
        self.deeds.canceled += 1
        path = f"/sections/{self.section(wish)}/cancel"
        self.tell(path, self.world.ask_module("course", "POST", path, {"move_students": move}))

    @rule(who=WHO, status=st.sampled_from(["suspended", "active"]))
    def set_status(self, who: int, status: str) -> None:
        """Suspend a student, or restore the rights."""
        student = self.student(who)
        if self._change("student", f"/students/{student}", {"status": status}).status == 200:
            (self.deeds.suspended.add if status == "suspended" else self.deeds.suspended.discard)(student)

    @precondition(lambda self: self.has("review"))
    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        """Let a place on review stand, when its student may register again."""
        place = self.place(which, "review")
        if place is not None and place.student not in self.deeds.suspended:
            self.deeds.answer(self.ask(f"/enrollments/{place.id}/confirm", None, None))

    @rule(who=WHO, lifts=st.booleans())
    def hold(self, who: int, lifts: bool) -> None:
        """Put a block on a student, or take one off."""
        student = self.student(who)
        if lifts and self.deeds.holds:
            student, hold = self.deeds.holds.pop(who % len(self.deeds.holds))
            reply = self.world.ask_module("student", "DELETE", f"/students/{student}/holds/{hold}")
        else:
            body = {"reason": "Fee.", "contact": "The office", "effects": ["block-add"]}
            reply = self.world.ask_module("student", "POST", f"/students/{student}/holds", body)
        self.tell("hold", reply)
        if reply.status == 201:
            self.deeds.holds.append((student, reply.json["id"]))

    @rule(who=WHO, wish=WHICH, rule_=RULES, whole=st.booleans())
    def permit(self, who: int, wish: int, rule_: str, whole: bool) -> None:
        """Give a student a permission, in a section or in the whole term."""
        scope = {"term_id": TERM} if whole else {"section_id": self.section(wish)}
        body = {"student_id": self.student(who), "rules": [rule_], "reason": "Agreed.", **scope}
        self.deeds.permitted[self.student(who)].add(rule_)
        reply = self.ask("/permissions", body, None)
        if reply.status == 201:
            self.deeds.permissions.append(reply.json["id"])

    @precondition(lambda self: self.known("permissions"))
    @rule(which=WHICH)
    def revoke(self, which: int) -> None:
        """Take a permission back."""
        if self.deeds.permissions:
            given = self.deeds.permissions.pop(which % len(self.deeds.permissions))
            self.tell("revoke", self._ask("DELETE", f"/permissions/{given}"))

    @precondition(lambda self: "by consent" in getattr(self, "focus", ()))
    @rule(who=WHO, wish=WHICH, grants=st.booleans())
    def consent(self, who: int, wish: int, grants: bool) -> None:
        """Let a student ask to be let in where only a consent lets one in, and answer."""
        student = self.student(who)
        asked = {"student_id": student, "section_id": self.section(wish), "rules": ["restricted"]}
        reply = self.ask("/consent-requests", asked, student)
        if reply.status == 201:
            answer = "grant" if grants else "deny"
            self.ask(f"/consent-requests/{reply.json['id']}/{answer}", {"reason": "As agreed."}, None)

    @precondition(lambda self: self.has("enrolled", "completed", "failed"))
    @rule(which=WHICH, passes=st.booleans())
    def grade(self, which: int, passes: bool) -> None:
        """Post a grade, or correct one."""
        place = self.place(which, "enrolled", "completed", "failed")
        if place is None:
            return
        self.deeds.graded.add(place.id)
        body = {"grade": "4.0" if passes else "2.0", "reason": "Points were added up wrongly."}
        reply = self._ask("PUT", f"/enrollments/{place.id}/grade", body)
        self.tell("grade", reply)
        self.deeds.answer(reply)

    @precondition(lambda self: getattr(self, "started", False) and self.books.broken)
    @rule(which=WHICH, keeps=st.booleans())
    def settle_broken(self, which: int, keeps: bool) -> None:
        """Decide on a place whose requisites are met no more."""
        if self.books.broken:
            broken = self.books.broken[which % len(self.books.broken)]
            body = {"decision": "keep" if keeps else "cancel", "reason": "As agreed."}
            self.ask(f"/broken-requisites/{broken}/settle", body, None)

    def may_cancel(self) -> bool:
        """Tell whether few enough sections were canceled that there is something left to register for."""
        return getattr(self, "started", False) and self.deeds.canceled < MOST_CANCELED

    def known(self, what: str) -> bool:
        """Tell whether there is something of a kind to take back."""
        return getattr(self, "started", False) and bool(getattr(self.deeds, what))

    def _change(self, module: str, path: str, body: Any) -> Reply:
        self.dies_at_once = False
        reply = self.world.ask_module(module, "PATCH", path, body, headers=ANYHOW)
        self.tell(path, reply)
        return reply

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        self.dies_at_once = self.world.doom == 0
        return self.world.ask(method, path, body, headers=ANYHOW if method == "PUT" else {})
