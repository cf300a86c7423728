"""A university in which everything that a neighbor may tell is there to be told, and every question is overheard."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.campus import Campus, meeting
from tests.contract.exchanges import Documents, Exchange, Overheard, Understood
from tests.house import House
from university.enrollment.clients import CourseClient, StudentClient
from university.gateway.clients import SERVICE_NAME, People
from university.platform.errors import Refusal
from university.platform.neighbors import Neighborhood
from university.platform.security import Keyring

CALENDAR = [
    {"date": "2027-11-11", "off": True},
    {"date": "2028-01-27", "runs_as": "mon", "parity": "odd", "from": "14:00"},
]
MEETING = {"component": "lecture", "start": "18:00", "end": "19:00", "dates": ["2027-12-01"]}
RESERVED = {"seats": 2, "stage": [1], "group": ["erasmus"]}
RESTRICTION = {"level": ["first"], "group": ["erasmus"], "consent": "instructor"}


class UnderstoodPeople(People):
    """People, remembering which view of each answer the gateway has."""

    def __init__(self, neighborhood: Neighborhood, keyring: Keyring) -> None:
        super().__init__(neighborhood, keyring)
        self._students = self.neighbor = Understood("student", SERVICE_NAME, neighborhood, keyring)

    def _public(self, kind: type[Any], module: str, target: str, fault: Refusal | None = None) -> Any:
        self.neighbor.views.append((module, "GET", f"/api/v1{target}", kind))
        return super()._public(kind, module, target, fault)


@dataclass
class Town:
    """A university in which everything that a neighbor may tell is there to be told."""

    house: House
    heard: Overheard
    campus: Campus = field(init=False)

    def __post_init__(self) -> None:
        self.campus = Campus(self.house)
        self.campus.window()
        self.number = "300001"
        self.teacher = self.campus.made(
            "course", "/instructors", {"number": "P1", "given_name": "Ewa", "family_name": "Żak"}
        )["id"]
        self.campus.change("course", "/terms/2027L", {"calendar": CALENDAR})
        self.campus.course("A-1", requisites="MATH-1 OR STAGE >= 2", title_en="A one", level="first", max_attempts=3)
        self.course = self.campus.course("A-1")["id"]
        self.student = self._student()
        self.section = self._section()
        self.campus.offering("B-1", cross_listed_with=self.campus.offering("A-1")["id"])
        self.campus.section("B-1", capacity=None, shares_seats_with=self.section)
        self.campus.section("A-9", meetings=[MEETING], reserved=[RESERVED], restrictions=[RESTRICTION])
        self.campus.completed(self.student, "MATH-1")
        assert self.campus.enroll(self.student, self.section).status == 201
        self.house.drain()

    def _student(self) -> str:
        student = self.campus.student(number=self.number, program="INF", stage=2, groups=["erasmus"], max_ects=40)
        hold = {
            "reason": "A book",
            "contact": "library@example.edu",
            "effects": ["block-drop"],
            "ends_on": "2099-01-31",
        }
        self.campus.made("student", f"/students/{student}/holds", hold)
        self.campus.made("student", f"/students/{student}/test-scores", {"name": "B2", "score": 80})
        credit = {"course": "PHYS-1", "grade": "4.0", "ects": 5, "term": "2025Z"}
        self.campus.made("student", f"/students/{student}/credits-recognized", credit)
        return student

    def _section(self) -> str:
        return self.campus.section(
            "A-1",
            meetings=[meeting("mon", "10:00", "12:00")],
            reserved=[{"seats": 2, "program": ["INF"], "until": "2027-10-05T00:00:00Z"}],
            restrictions=[{"program": ["INF"]}],
            instructors=[self.teacher],
        )

    @cached_property
    def neighbors(self) -> dict[str, Understood]:
        return {name: Understood(name, "enrollment", self.heard, self.house.keyring) for name in ("student", "course")}

    @cached_property
    def students(self) -> StudentClient:
        return StudentClient(self.neighbors["student"])

    @cached_property
    def courses(self) -> CourseClient:
        return CourseClient(self.neighbors["course"])

    @cached_property
    def people(self) -> UnderstoodPeople:
        return UnderstoodPeople(self.heard, self.house.keyring)

    def documented(self, exchange: Exchange) -> str:
        """Return which operation of which module an exchange is of."""
        found = Documents(self.house).of(exchange.module, exchange.method, exchange.target)
        return f"{exchange.module} {found.operation['operationId']}"

    def faults(self, exchanges: list[Exchange]) -> list[str]:
        """Return what the documents do not allow of exchanges."""
        documents = Documents(self.house)
        return [
            f"{one.method} {one.target}: {fault}"
            for one in exchanges
            for fault in documents.of(one.module, one.method, one.target).faults(one)
        ]

    def exchanged(self, ask: Callable[["Town"], object]) -> list[Exchange]:
        """Return what is exchanged while something is asked; the answer must be of use."""
        self.heard.exchanges.clear()
        assert ask(self)
        return list(self.heard.exchanges)
