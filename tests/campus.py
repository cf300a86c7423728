"""A small university to tell stories in: made through the modules' public APIs, one call a fact."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.house import REGISTRAR, House, Reply
from university.platform.security import Principal

MONDAY = {"component": "lecture", "days": ["mon"], "start": "10:00", "end": "11:30", "weeks": "all"}


def meeting(day: str, start: str, end: str, **facts: Any) -> dict[str, Any]:
    """Return a meeting of a lecture in all weeks."""
    return {"component": "lecture", "days": [day], "start": start, "end": end, "weeks": "all", **facts}


def a_student(student_id: str) -> Principal:
    """Return the identity of a student."""
    return Principal(f"student:{student_id}", frozenset({"student"}), student_id=student_id)


@dataclass
class Campus:
    """A house with course, student and enrollment, filled one fact at a time; ids come back."""

    house: House
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    offerings: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def made(self, module: str, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Create something as the registrar and return it."""
        reply = self.house.call(module, "POST", path, body, **options)
        assert reply.status == 201, reply.body
        made: dict[str, Any] = reply.json
        return made

    def term(self, code: str = "2027L", **facts: Any) -> dict[str, Any]:
        """Make a term that lies ahead."""
        known = self.house.call("course", "GET", f"/terms/{code}")
        if known.status == 200:
            return dict(known.json)
        dates = {"starts_on": "2027-10-04", "ends_on": "2028-01-30"}
        return self.made("course", "/terms", {"code": code, "title": f"Semester {code}", **dates, **facts})

    def course(self, code: str, **facts: Any) -> dict[str, Any]:
        """Make a course of five credits."""
        known = self.house.call("course", "GET", f"/courses/{code}")
        if known.status == 200:
            return dict(known.json)
        return self.made("course", "/courses", {"code": code, "title": f"Title of {code}", "ects": 5, **facts})

    def offering(self, code: str, term: str = "2027L", **facts: Any) -> dict[str, Any]:
        """Make, once, the offering of a course in a term."""
        if (code, term) not in self.offerings:
            wanted = {"course_id": self.course(code)["id"], "term_id": self.term(term)["id"], **facts}
            self.offerings[code, term] = self.made("course", "/offerings", wanted)
        return self.offerings[code, term]

    def section(self, code: str, number: str = "1", *, offering: dict[str, Any] | None = None, **facts: Any) -> str:
        """Make a section of 30 seats without time, and return its id."""
        wanted = {
            "offering_id": self.offering(code, **(offering or {}))["id"],
            "number": number,
            "component": "lecture",
            "capacity": 30,
            **facts,
        }
        section_id: str = self.made("course", "/sections", wanted)["id"]
        return section_id

    def student(self, **facts: Any) -> str:
        """Make an active student and return the id."""
        number = f"{200000 + next(self.numbers)}"
        named = {"number": number, "given_name": "Anna", "family_name": "Żak", "email": f"s{number}@example.edu"}
        student_id: str = self.made("student", "/students", {**named, **facts})["id"]
        return student_id

    def window(self, **facts: Any) -> dict[str, Any]:
        """Open registration for everybody, from an hour ago for a day."""
        now = datetime.now(UTC)
        wanted = {
            "term_id": self.term()["id"],
            "name": "Everybody",
            "opens_at": (now - timedelta(hours=1)).isoformat(),
            "closes_at": (now + timedelta(days=1)).isoformat(),
            **facts,
        }
        return self.made("enrollment", "/registration-windows", wanted)

    def completed(self, student: str, course: str, grade: str = "4.0", term: str = "2026Z") -> None:
        """Record a course taken to the end in an earlier term."""
        self.course(course)
        self.term(term, starts_on="2026-10-01", ends_on="2027-02-10")
        told = {"course": course, "term": term, "grade": grade}
        self.made("enrollment", f"/students/{student}/completed-courses", told)

    def enroll(self, student: str, *sections: str, who: Principal | None = None, **options: Any) -> Reply:
        """Ask for a bundle, as the student."""
        body = {"student_id": student, "section_ids": list(sections)}
        return self.house.call("enrollment", "POST", "/enrollments", body, who=who or a_student(student), **options)

    def request(self, student: str, *items: dict[str, Any], who: Principal | None = None, **facts: Any) -> Reply:
        """Ask for several changes of the term at once, as the student; headers go by `headers`."""
        headers = facts.pop("headers", None)
        body = {"student_id": student, "term_id": "2027L", "items": list(items), **facts}
        path = "/registration-requests"
        return self.house.call("enrollment", "POST", path, body, who=who or a_student(student), headers=headers)

    def drop(self, enrollment: str, who: Principal = REGISTRAR, **options: Any) -> Reply:
        """Give a place back."""
        return self.house.call("enrollment", "POST", f"/enrollments/{enrollment}/drop", who=who, **options)

    def seen(self, enrolled: Reply) -> dict[str, Any]:
        """Return an enrollment, as it is now, that an answer told of."""
        found: dict[str, Any] = self.house.call("enrollment", "GET", f"/enrollments/{enrolled.json['id']}").json
        return found

    def change(self, module: str, path: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Change a record, whatever its version."""
        reply = self.house.call(module, "PATCH", path, changes, headers={"If-Match": "*"})
        assert reply.status == 200, reply.body
        changed: dict[str, Any] = reply.json
        return changed


def adding(*sections: str) -> dict[str, Any]:
    """Return an item of a request that adds a bundle."""
    return {"action": "add", "section_ids": list(sections)}


def dropping(enrollment: str) -> dict[str, Any]:
    """Return an item of a request that gives a place back."""
    return {"action": "drop", "enrollment_id": enrollment}


def reasons(reply: Reply) -> list[list[str]]:
    """Return the codes of the violations of each item of a request."""
    assert reply.status == 200, reply.body
    return [[violation["code"] for violation in item["violations"]] for item in reply.json["items"]]


def codes(reply: Reply) -> list[str]:
    """Return the codes of a refusal's violations."""
    return [violation["code"] for violation in reply.json["violations"]]
