"""A term to enroll in, made through the API: sections of one credit each, and students who have signed in."""

import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bench.running import Running

TERM = "2027Z"
CAPACITY = 100_000
CREDITS = 300
"""Credits a student may take: the limit is judged, and stops nobody."""
CLIENTS = 4


@dataclass(frozen=True)
class Student:
    """A student, and the token of who has signed in."""

    id: str
    token: str


@dataclass(frozen=True)
class Term:
    """What there is to enroll in, and who may."""

    sections: list[str]
    students: list[Student]


def furnish(university: Running, sections: int, students: int, *, full: bool = False) -> Term:
    """Make a term with an open window, a section of each course, and students who are signed in.

    Where a full one is asked for, it is the last section, has one place, and the last student, who is added, takes it.
    """
    registrar = university.token_of("registrar")
    limits = {"max_ects": CREDITS}
    dates = {"starts_on": "2027-10-01", "ends_on": "2028-02-10"}
    make(university, "/terms", {"code": TERM, "title": "Autumn", **dates, **limits}, registrar)
    window = {"opens_at": "2000-01-01T00:00:00Z", "closes_at": "2100-01-01T00:00:00Z"}
    make(university, "/registration-windows", {"term_id": TERM, "name": "Everybody", **window}, registrar)
    with ThreadPoolExecutor(CLIENTS) as clients:
        made = list(clients.map(lambda number: _section(university, registrar, number, CAPACITY), range(sections)))
        people = list(clients.map(lambda number: _student(university, registrar, number), range(students + full)))
    if full:
        made.append(_section(university, registrar, sections, 1))
        make(university, "/enrollments", {"student_id": "me", "section_ids": [made[-1]]}, people[-1].token)
    return Term(made, people)


def make(university: Running, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Return what was created; end with the answer where it was not."""
    answer = university.ask("POST", path, body, token)
    if answer.status != HTTPStatus.CREATED:
        raise SystemExit(answer.data.decode())
    made: dict[str, Any] = answer.json()
    return made


def question(method: str, path: str, url: str, token: str = "", body: dict[str, Any] | None = None) -> bytes:
    """Return a whole request as it goes over the line."""
    content = b"" if body is None else msgspec.json.encode(body)
    head = f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
    head += f"Authorization: Bearer {token}\r\n" if token else ""
    head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
    return f"{head}\r\n".encode() + content


def _section(university: Running, registrar: str, number: int, capacity: int) -> str:
    course = make(university, "/courses", {"code": f"INF-{number}", "title": f"Course {number}", "ects": 1}, registrar)
    offering = make(university, "/offerings", {"term_id": TERM, "course_id": course["id"]}, registrar)
    section = {"offering_id": offering["id"], "number": "1", "component": "lecture", "capacity": capacity}
    made: str = make(university, "/sections", section, registrar)["id"]
    return made


def _student(university: Running, registrar: str, number: int) -> Student:
    name = f"{string.ascii_uppercase[number % 26]}owak {number}"
    person = {"number": f"{500_000 + number}", "given_name": "Anna", "family_name": name, "email": f"s{number}@x.edu"}
    student = make(university, "/students", person, registrar)
    return Student(student["id"], university.token_of(student["number"]))
