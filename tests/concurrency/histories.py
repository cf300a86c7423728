"""Histories of students who enroll, drop and look at rosters at once, as the enrollment module answered them."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

from tests.campus import Campus, a_student, codes
from tests.concurrency.linearizability import (
    Already,
    Answer,
    Dropped,
    Enrolled,
    Full,
    NotEnrolled,
    Operation,
    Roster,
)
from tests.house import Reply

THREADS, CALLS = 6, 9
"""How many ask at once, and how often each."""
STUDENTS = 8
SEATS = (2, 3)
"""The capacity of each section of a history."""


@dataclass
class Scene:
    """Two small sections and the students who want them; remembers the last enrollment each was told of."""

    campus: Campus
    seed: int
    capacities: dict[str, int] = field(default_factory=dict)
    students: list[str] = field(default_factory=list)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for position, seats in enumerate(SEATS):
            self.capacities[self.campus.section(f"H-{self.seed}-{position}", capacity=seats)] = seats
        self.students = [self.campus.student() for _ in range(STUDENTS)]

    def played(self) -> list[Operation]:
        """Let all threads ask at once; return every call that had an effect or told something."""
        start = Barrier(THREADS)

        def play(thread: int) -> list[Operation]:
            dice = random.Random(f"{self.seed}-{thread}")
            start.wait()
            calls = [self._call(dice) for _ in range(CALLS)]
            return [call for call in calls if call is not None]

        with ThreadPoolExecutor(THREADS) as threads:
            return [call for calls in threads.map(play, range(THREADS)) for call in calls]

    def _call(self, dice: random.Random) -> Operation | None:
        section, student = dice.choice(list(self.capacities)), dice.choice(self.students)
        kind = dice.choices(("enroll", "drop", "look"), (5, 4, 2))[0]
        place = self.places.get((student, section))
        began = time.perf_counter_ns()
        if kind == "look":
            answer: Answer | None = self._look(section)
        elif kind == "drop" and place is not None:
            answer = self._drop(student, place)
        else:
            answer = self._enroll(student, section)
        ended = time.perf_counter_ns()
        if isinstance(answer, Enrolled):
            self.places[student, section] = answer.enrollment
        return Operation(began, ended, section, answer) if answer is not None else None

    def _enroll(self, student: str, section: str) -> Answer | None:
        reply = self.campus.enroll(student, section)
        match reply.status, reply.json.get("code"):
            case 201, _:
                return Enrolled(student, reply.json["id"])
            case 409, "section-full":
                return Full(student)
            case 422, "registration-refused" if "already-enrolled" in codes(reply):
                return Already(student)
            case _:
                return _nothing(reply)

    def _drop(self, student: str, place: str) -> Answer | None:
        reply = self.campus.drop(place, who=a_student(student))
        match reply.status, reply.json.get("code"):
            case 200, _:
                return Dropped(student, place)
            case 409, "not-enrolled":
                return NotEnrolled(student, place)
            case _:
                return _nothing(reply)

    def _look(self, section: str) -> Answer:
        reply = self.campus.house.call("enrollment", "GET", f"/enrollments?section_id={section}&status=enrolled")
        assert (reply.status, reply.json["next"]) == (200, None)
        return Roster(frozenset(one["id"] for one in reply.json["items"]))


def _nothing(reply: Reply) -> Answer | None:
    """Leave out of the history a call that gave up waiting: as the answer says, nothing was changed."""
    assert reply.status == 503, reply
    assert reply.json["code"] in {"schedule-moving", "database-busy"}, reply
    return None
