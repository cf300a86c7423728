"""A crowded term in which one thing after another is done, and what that took of the databases."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

import psycopg

from tests.campus import Campus, a_student
from tests.house import NOBODY, Reply
from tests.plans.crowd import Pattern
from tests.plans.watching import Scan, Watch, scans
from university.platform.security import Principal

DONE = Reply(204, {}, b"")


@dataclass
class Term:
    """A campus with its crowd."""

    campus: Campus
    pattern: Pattern
    watch: Watch
    server: "psycopg.Connection[Any]"
    seen: int = field(default=0)

    def scans_of(self, deeds: Iterable[Callable[[], Reply]]) -> list[Scan]:
        """Return what the statements of deeds looked into; what was prepared for them is left out."""
        found: list[Scan] = []
        for deed in deeds:
            with self.watch.watched() as plans:
                reply = deed()
            assert reply.status in {200, 201, 204, 409, 422}, reply.body
            found += (scan for plan in plans for scan in scans(plan))
        return found

    def new(self, what: str) -> str:
        """Return the code of a course that there is not yet."""
        return f"{what}-{next(self.campus.numbers)}"

    def somebody(self, number: int) -> str:
        """Return the id of one of the crowd."""
        return str(uuid.UUID(md5(f"student{number}".encode(), usedforsecurity=False).hexdigest()))

    def wait(self, student: str, section: str) -> Reply:
        """Ask for a section, and to wait for it when it is full."""
        body = {"student_id": student, "section_ids": [section], "waitlist": True}
        return self.campus.house.call("enrollment", "POST", "/enrollments", body, who=a_student(student))

    def reading(self, module: str, path: str, who: Principal | None) -> Callable[[], Reply]:
        """Return the deed of reading something, which must be there."""

        def read() -> Reply:
            reply = self.campus.house.call(module, "GET", path, who=who)
            assert reply.status == 200, (path, reply.body)
            return reply

        return read

    def later(self, do: Callable[[], object]) -> Callable[[], Reply]:
        """Return the deed of doing something that nobody answers."""

        def done() -> Reply:
            do()
            return DONE

        return done

    def newer_seats(self) -> Reply:
        """Ask what seats have changed since it was asked before."""
        path = f"/availability?term=2027L&after={self.seen}"
        reply = self.campus.house.call("course", "GET", path, who=NOBODY)
        self.seen = reply.json["version"]
        return reply
