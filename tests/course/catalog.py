"""A catalog to try things on: the course module in a house, and the words by which a test fills it."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.house import REGISTRAR, House, Reply
from university.platform.security import Principal

ANY = {"If-Match": "*"}
TUESDAYS = {"days": ["tue"], "start": "14:00", "end": "15:30", "room": "A-1", "weeks": "all"}
STUDENT = Principal("s1", frozenset({"student"}), student_id="01920000-0000-7000-8000-00000000000a")
Told = dict[str, Any]


@dataclass
class Catalog:
    """Asks the course module; what creates something returns it and fails the test when it is refused."""

    house: House
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: Principal | None = REGISTRAR,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        return self.house.call("course", method, path, body, who=who, headers=headers)

    def get(self, path: str, **headers: str) -> Any:
        reply = self.ask("GET", path, who=None, headers=headers)
        assert reply.status == 200, reply.body
        return reply.json

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        return self.ask("POST", path, body, headers=headers)

    def patch(self, path: str, body: Any, if_match: str = "*") -> Reply:
        return self.ask("PATCH", path, body, headers={"If-Match": if_match})

    def put(self, path: str, body: Any, if_match: str = "*") -> Reply:
        return self.ask("PUT", path, body, headers={"If-Match": if_match})

    def term(self, **fields: Any) -> Told:
        term = {"code": "2026Z", "title": "Zima", "starts_on": "2026-10-01", "ends_on": "2027-02-14"}
        return self._created("/terms", {**term, **fields})

    def course(self, code: str | None = None, **fields: Any) -> Told:
        course = {"code": code or f"C-{next(self.counter)}", "title": "Kurs", "ects": 5}
        return self._created("/courses", {**course, **fields})

    def instructor(self, **fields: Any) -> Told:
        instructor = {"number": f"P-{next(self.counter)}", "given_name": "Jan", "family_name": "Nowak"}
        return self._created("/instructors", {**instructor, **fields})

    def offering(self, **fields: Any) -> Told:
        """Offer a course in a term; both are created unless they are named."""
        offering = dict(fields)
        if "course_id" not in offering:
            offering["course_id"] = self.course()["id"]
        if "term_id" not in offering:
            offering["term_id"] = self.term(code=f"T-{next(self.counter)}")["id"]
        return self._created("/offerings", offering)

    def section(self, **fields: Any) -> Told:
        """Open a section; of a new offering unless one is named."""
        section = {"number": f"{next(self.counter)}", "component": "lecture", "capacity": 30, **fields}
        if "offering_id" not in section:
            section["offering_id"] = self.offering()["id"]
        return self._created("/sections", section)

    def news(self, prefix: str = "course") -> list[tuple[str, int]]:
        """Return the announced events as (type without `university.`, version)."""
        return [
            (event["type"].removeprefix("university."), event["aggregateversion"])
            for event in self.house.announced("course", prefix)
        ]

    def facts(self, section_id: str) -> Told:
        """Return the last announced facts of a section."""
        events = self.house.announced("course", "course.section")
        found: Told = [event["data"] for event in events if event["subject"] == section_id][-1]
        return found

    def found(self, query: str) -> list[str]:
        """Return the codes of the courses whose offerings a query finds."""
        return [item["course"]["code"] for item in self.get(f"/offerings?{query}")["items"]]

    def _created(self, path: str, body: Told) -> Told:
        reply = self.post(path, body)
        assert reply.status == 201, reply.body
        created: Told = reply.json
        return created


def faulty(reply: Reply) -> list[str]:
    """Return the fields that a refusal names."""
    assert reply.status == 422, reply.body
    return [fault["field"] for fault in reply.json["errors"]]


def refusal(reply: Reply) -> tuple[int, str]:
    """Return the status and code of a refusal."""
    assert reply.headers["Content-Type"] == "application/problem+json"
    return reply.status, reply.json["code"]
