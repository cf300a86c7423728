"""The registrar's office of a running university: makes facts and asks questions through the gateway."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from itertools import count
from typing import Any, NamedTuple

from tests.house import Reply, multipart
from tests.oneroster.files import Files
from tests.system.client import System

API = "/api/v1"
NOBODY_HAS = "018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e21"
ANYHOW = {"If-Match": "*"}
OURS = {"X-CSRF": "1"}
"""What a page's own script sends with every change."""
ENDED = ("invalid-token", "invalid-session")
PASSWORD = "correct horse battery"
POLISH = {"Accept-Language": "pl"}
_KEYS = re.compile(
    r'((?<=Id": ")(?:year|term|past)|(?<=Ids": ")(?:term|past)|'
    r"\b(?:c-(?:mat|inf|alg|lin)|INF-1|MAT-\d|202[67]Z|k-\w+|u-\w+|t-\d|e-\w+|10000\d|P\d))(?![\w-])"
)


class Student(NamedTuple):
    """A student: the id, and the number that is the name to sign in with."""

    id: str
    number: str


@dataclass
class Office:
    """A registrar who names everything after a mark, so that stories do not meet; ids come back."""

    system: System
    mark: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    _made: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, *, who: str | None = "registrar", **headers: str) -> Reply:
        """Ask as a role, as a student by number, as an account by name, or as nobody; `/terms` is `/api/v1/terms`."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.system.ask(method, API + path, body, token=self.token(who), headers=told)

    def get(self, path: str, who: str | None = "registrar") -> Any:
        """Return what is told at an address."""
        reply = self.ask("GET", path, who=who)
        assert reply.status == 200, reply.body
        return reply.json

    def found(self, path: str, who: str | None = "registrar", **wanted: Any) -> Any:
        """Return what a search finds."""
        reply = self.ask("POST", path, wanted, who=who)
        assert reply.status == 200, reply.body
        return reply.json

    def eventually(self, path: str, holds: Callable[[Any], bool], who: str | None = "registrar") -> Any:
        """Return what is told at an address once it is as expected."""
        reply = self.system.until(lambda told: holds(told.json), "GET", API + path, token=self.token(who))
        assert holds(reply.json), reply.body
        return reply.json

    def settle(self, path: str, holds: Callable[[Any], bool], who: str) -> None:
        """Wait until what is told at an address is as expected; what else it tells may be so or otherwise."""
        self.system.settle(lambda reply: holds(reply.json), API + path, self.token(who))

    def made(self, path: str, body: Mapping[str, Any], who: str = "registrar") -> dict[str, Any]:
        """Create something and return it."""
        reply = self.ask("POST", path, body, who=who)
        assert reply.status == 201, reply.body
        made: dict[str, Any] = reply.json
        return made

    def change(self, path: str, **changes: Any) -> dict[str, Any]:
        """Change a record, whatever its version."""
        reply = self.system.ask("PATCH", API + path, changes, token=self.token("registrar"), headers=ANYHOW)
        assert reply.status == 200, reply.body
        changed: dict[str, Any] = reply.json
        return changed

    def token(self, who: str | None) -> str | None:
        """Return the token of a role's demo account, or of anybody whose password is `demo`."""
        if who is None:
            return None
        if who in self.system.accounts:
            return self.system.token(who)
        return self._tokens.get(who) or self.sign_in(who, "demo")

    def sign_in(self, username: str, password: str) -> str:
        """Sign somebody in, and remember it."""
        reply = self.system.ask("POST", f"{API}/auth/token", {"username": username, "password": password})
        assert reply.status == 200, reply.body
        token: str = reply.json["access_token"]
        self._tokens[username] = token
        return token

    def account(self, *roles: str, **facts: Any) -> str:
        """Make an account, sign it in by `PASSWORD`, and return its username."""
        username = f"u{next(self.numbers)}.{self.mark.lower()}"
        told = {"username": username, "password": PASSWORD, "name": "Ewa Lis", "roles": list(roles)}
        self.made("/accounts", {**told, **facts}, who="admin")
        self.sign_in(username, PASSWORD)
        return username

    def browser(self, username: str, password: str) -> dict[str, str]:
        """Sign somebody in as a browser, and return the headers it sends with everything from then on."""
        body = {"username": username, "password": password}
        reply = self.system.ask("POST", f"{API}/auth/session", body, headers=OURS)
        assert reply.status == 204, reply.body
        return {**OURS, "Cookie": cookie(reply)}

    def over(self, **shown: Any) -> tuple[int, str]:
        """Return how a token or a session is refused that has ended.

        Other gateways may know it for seconds yet, and tell meanwhile that they know nobody by it.
        """
        reply = self.system.until(lambda told: told.json.get("code") in ENDED, "GET", f"{API}/auth/me", **shown)
        return refusal(reply)

    def named(self, code: str) -> str:
        """Return a code of this story's own."""
        return f"{code}-{self.mark}"

    def term(self, code: str = "2027L", *, opened: bool = True, **facts: Any) -> dict[str, Any]:
        """Make, once, a term that lies ahead and whose registration is open to everybody."""
        if ("term", code) not in self._made:
            dates = {"starts_on": "2027-10-04", "ends_on": "2028-01-30", "title": f"Semester {code}"}
            self._made["term", code] = self.made("/terms", {"code": self.named(code), **dates, **facts})
            if opened:
                self.window(term_id=self.named(code))
        return self._made["term", code]

    def course(self, code: str, **facts: Any) -> dict[str, Any]:
        """Make, once, a course of five credits."""
        if ("course", code) not in self._made:
            told = {"code": self.named(code), "title": f"Title of {code}", "ects": 5, **facts}
            self._made["course", code] = self.made("/courses", told)
        return self._made["course", code]

    def offering(self, code: str, term: str = "2027L", **facts: Any) -> dict[str, Any]:
        """Make, once, the offering of a course in a term."""
        if (term, code) not in self._made:
            told = {"course_id": self.course(code)["id"], "term_id": self.term(term)["id"], **facts}
            self._made[term, code] = self.made("/offerings", told)
        return self._made[term, code]

    def section(self, code: str, number: str = "1", *, offering: Mapping[str, Any] | None = None, **facts: Any) -> str:
        """Make a section of 30 seats without time, and return its id."""
        offered = self.offering(code, **(offering or {}))["id"]
        seats = {"offering_id": offered, "number": number, "component": "lecture", "capacity": 30}
        section_id: str = self.made("/sections", {**seats, **facts})["id"]
        return section_id

    def student(self, **facts: Any) -> Student:
        """Make an active student."""
        number = f"{self.mark}{next(self.numbers)}"
        named = {"number": number, "given_name": "Anna", "family_name": "Żak", "email": f"s{number}@example.edu"}
        return Student(self.made("/students", {**named, **facts})["id"], number)

    def window(self, **facts: Any) -> dict[str, Any]:
        """Open registration for everybody, from an hour ago for a day."""
        now = datetime.now(UTC)
        hours = {"opens_at": (now - timedelta(hours=1)).isoformat(), "closes_at": (now + timedelta(days=1)).isoformat()}
        return self.made("/registration-windows", {"name": "Everybody", **hours, **facts})

    def completed(self, student: Student, code: str, grade: str = "4.0") -> None:
        """Record a course taken to the end in an earlier term."""
        self.course(code)
        self.term("2026Z", opened=False, starts_on="2026-10-01", ends_on="2027-02-10")
        told = {"course": self.named(code), "term": self.named("2026Z"), "grade": grade}
        self.made(f"/students/{student.id}/completed-courses", told)

    def enroll(self, student: Student, *sections: str, who: str | None = None, **headers: str) -> Reply:
        """Ask for a bundle, as the student."""
        wish = {"student_id": student.id, "section_ids": list(sections)}
        return self.ask("POST", "/enrollments", wish, who=who or student.number, **headers)

    def enrolled(self, student: Student, *sections: str) -> str:
        """Give the student a place and return the enrollment's id."""
        reply = self.enroll(student, *sections)
        assert reply.status == 201, reply.body
        enrollment: str = reply.json["id"]
        return enrollment

    def drop(self, enrollment: str, who: str = "registrar", **headers: str) -> Reply:
        """Give a place back."""
        return self.ask("POST", f"/enrollments/{enrollment}/drop", who=who, **headers)

    def seats(self, section: str, **expected: int) -> dict[str, Any]:
        """Return a section's availability once the feed tells it so."""
        path = f"/availability?term={self.named('2027L')}"

        def found(feed: Any) -> dict[str, Any]:
            return next((one for one in feed["sections"] if one["id"] == section), {})

        return found(self.eventually(path, lambda feed: expected.items() <= found(feed).items(), who=None))

    def imported(self, part: str, content: bytes, *, dry_run: bool = False) -> dict[str, Any]:
        """Import a part of a zip and return how it ended."""
        body, kind = multipart(content)
        path = f"/{part}/imports" + ("?dry_run=true" if dry_run else "")
        reply = self.system.ask("POST", API + path, body, token=self.token("registrar"), headers=kind)
        assert reply.status == 202, reply.body
        ended: dict[str, Any] = self.eventually(
            f"/{part}/imports/{reply.json['id']}", lambda job: job["state"] in {"done", "failed"}
        )
        return ended

    def files(self) -> Files:
        """Return a small university's files, with codes, numbers and keys of this story's own."""
        files = Files()
        files.tables = json.loads(_KEYS.sub(rf"\1-{self.mark}", json.dumps(files.tables)))
        return files


def meeting(day: str, start: str, end: str, **facts: Any) -> dict[str, Any]:
    """Return a meeting of a lecture in all weeks."""
    return {"component": "lecture", "days": [day], "start": start, "end": end, "weeks": "all", **facts}


def cookie(reply: Reply) -> str:
    """Return what a browser sends after this answer."""
    (morsel,) = SimpleCookie(reply.headers["Set-Cookie"]).values()
    return f"{morsel.key}={morsel.value}"


def refusal(reply: Reply) -> tuple[int, str]:
    """Return status and code of a problem."""
    return reply.status, reply.json["code"]


def codes(reply: Reply) -> list[str]:
    """Return the codes of a refusal's violations."""
    return [violation["code"] for violation in reply.json["violations"]]


def actions(violation: Mapping[str, Any]) -> list[str]:
    """Return what a violation's remedies ask for."""
    return [remedy["action"] for remedy in violation["remedies"]]


def faulty(reply: Reply) -> list[str]:
    """Return the faulty fields of a refused request."""
    assert refusal(reply) == (422, "invalid-request"), reply.body
    return [fault["field"] for fault in reply.json["errors"]]
