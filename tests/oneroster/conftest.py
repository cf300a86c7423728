"""The small university's files, and a house that takes them in."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.house import House, multipart
from tests.oneroster.files import Files
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.student.wiring import StudentWiring

PARTS = {"courses": "course", "students": "student", "enrollments": "enrollment"}


@dataclass(frozen=True)
class Registry:
    """The three modules, and their imports as a registrar drives them."""

    house: House

    def job(self, part: str, content: bytes, *, dry_run: bool = False) -> dict[str, Any]:
        """Import a part and return how it ended."""
        body, headers = multipart(content)
        path = f"/{part}/imports" + ("?dry_run=true" if dry_run else "")
        reply = self.house.call(PARTS[part], "POST", path, body, headers=headers)
        assert reply.status == 202, reply.body
        self.house.drain()
        ended: dict[str, Any] = self.get(part, f"/{part}/imports/{reply.json['id']}")
        return ended

    def take_in(self, content: bytes, *, dry_run: bool = False) -> dict[str, tuple[int, int, int]]:
        """Import all parts in order; return what each created, updated and removed."""
        done = {part: self.job(part, content, dry_run=dry_run) for part in PARTS}
        assert {part: job["errors"] for part, job in done.items() if job["errors"]} == {}
        return {part: (job["created"], job["updated"], job["removed"]) for part, job in done.items()}

    def get(self, part: str, path: str) -> Any:
        reply = self.house.call(PARTS[part], "GET", path)
        assert reply.status == 200, reply.body
        return reply.json

    def found(self, words: str) -> list[str]:
        """Return the numbers of the students who are found by words."""
        reply = self.house.call("student", "POST", "/students/search", {"q": words})
        assert reply.status == 200, reply.body
        return [student["number"] for student in reply.json["items"]]

    def exported(self) -> dict[str, list[dict[str, str]]]:
        """Return every row of every table that the parts tell, by key."""
        told: dict[str, list[dict[str, str]]] = {}
        for part, tables in TABLES.items():
            for table in tables:
                rows = self.get(part, f"/{part}/exports/{table}?limit=200")["items"]
                told.setdefault(table, []).extend(row["cells"] for row in rows)
        return {table: sorted(rows, key=lambda row: row["sourcedId"]) for table, rows in told.items()}

    def announced(self) -> int:
        """Count the events that say something about the university, not about the imports."""
        return sum(
            not event["type"].startswith("university.import.")
            for module in PARTS.values()
            for event in self.house.announced(module)
        )


TABLES = {
    "courses": ("academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments"),
    "students": ("users", "roles"),
    "enrollments": ("enrollments",),
}


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def registry(house: House) -> Registry:
    return Registry(house.open(CourseWiring(), StudentWiring(), EnrollmentWiring()))
