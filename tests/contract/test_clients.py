"""Each client asks its neighbor for real: the question is one that the neighbor documents, and so is the answer."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.campus import meeting
from tests.contract.exchanges import Documents
from tests.contract.town import Town
from university.enrollment import clients as of_enrollment
from university.enrollment.clients import OfferingNotFound, StudentNotFound, TermNotFound
from university.gateway import clients as of_gateway
from university.platform.errors import Refusal
from university.platform.neighbors import Neighbor, Neighborhood
from university.platform.transport.exchange import Answer

FILES = {Path(str(file.__file__)): file for file in (of_enrollment, of_gateway)}
"""Every `clients.py`."""
OUTSIDE = {"provider.py", "id_tokens.py"}
"""Those who ask somebody outside of the university, who has no document here."""
JSON, PROBLEM = [("Content-Type", "application/json")], [("Content-Type", "application/problem+json")]
NOBODY = "01986c3a-5b7e-7c4d-9a51-2f64d1c7b0ff"


ASKED: dict[str, Callable[[Town], object]] = {
    "StudentClient.verify": lambda town: town.students.verify(town.number),
    "StudentClient.by_keys": lambda town: town.students.by_keys([town.student, "unknown"]),
    "StudentClient.by_ids": lambda town: town.students.by_ids([town.student, NOBODY]),
    "StudentClient.people": lambda town: town.students.people([town.student, NOBODY]),
    "CourseClient.check_requisites": lambda town: town.courses.check_requisites([town.section, NOBODY], {}),
    "CourseClient.term": lambda town: town.courses.term("2027L"),
    "CourseClient.offering": lambda town: town.courses.offering(town.campus.offering("A-1")["id"]),
    "CourseClient.courses_by_ids": lambda town: town.courses.courses_by_ids([town.course, NOBODY]),
    "CourseClient.courses": lambda town: town.courses.courses(["A-1", "unknown"]),
    "CourseClient.sections_by_keys": lambda town: town.courses.sections_by_keys([town.section, "unknown"]),
    "CourseClient.sections_by_ids": lambda town: town.courses.sections_by_ids([town.section, NOBODY]),
    "People.student_numbered": lambda town: town.people.student_numbered(town.number),
    "People.student_with_id": lambda town: town.people.student_with_id(town.student),
    "People.first_student": lambda town: town.people.first_student(),
    "People.first_instructor": lambda town: town.people.first_instructor(),
    "People.instructor": lambda town: town.people.instructor("P1"),
    "People.students": lambda town: town.people.students(None),
    "People.instructors": lambda town: town.people.instructors(None),
}
REFUSED: dict[str, tuple[Callable[[Town], object], type[Refusal]]] = {
    "student-not-found": (lambda town: town.students.verify(NOBODY), StudentNotFound),
    "offering-not-found": (lambda town: town.courses.offering(NOBODY), OfferingNotFound),
    "term-not-found": (lambda town: town.courses.term("1999Z"), TermNotFound),
}
"""The codes that clients expect: how each is brought about, and what the client makes of it."""


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_question_and_its_answer_are_documented(town: Town, ask: Callable[[Town], object]) -> None:
    exchanges = town.exchanged(ask)

    assert exchanges
    assert town.faults(exchanges) == []


def test_every_way_of_asking_is_tried() -> None:
    ways = {
        f"{name}.{method}"
        for file in FILES.values()
        for name, kind in inspect.getmembers(file, inspect.isclass)
        if kind.__module__ == file.__name__ and asks(kind)
        for method in vars(kind)
        if not method.startswith("_")
    }

    assert set(ASKED) == ways


def test_no_file_of_clients_is_forgotten() -> None:
    modules = next(iter(FILES)).parents[1]

    found = {*modules.glob("*/clients.py"), *modules.glob("*/clients/**/*.py")}
    assert set(FILES) == {file for file in found if file.name not in OUTSIDE}


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_that_is_expected_is_documented(town: Town, code: str) -> None:
    ask, refusal = REFUSED[code]
    town.heard.exchanges.clear()

    with pytest.raises(refusal):
        ask(town)
    (exchange,) = town.heard.exchanges
    assert exchange.code == code
    assert town.faults([exchange]) == []


def test_every_refusal_that_is_expected_is_tried() -> None:
    expected = {code for file in FILES for code in re.findall(r'\.said == "([a-z-]+)"', file.read_text("utf-8"))}

    assert expected == set(REFUSED)


def test_the_questions_of_a_registration_are_documented(town: Town) -> None:
    section = town.campus.section("A-2", meetings=[meeting("tue", "10:00", "12:00")])
    exchanges = town.exchanged(lambda town: town.campus.enroll(town.student, section).status == 201)
    asked = [exchange for exchange in exchanges if exchange.target.startswith("/internal")]

    assert {exchange.module for exchange in asked} == {"course", "student"}
    assert town.faults(asked) == []


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_whatever_a_neighbor_may_answer_is_understood(town: Town, ask: Callable[[Town], object]) -> None:
    seen = [*town.neighbors.values(), town.people.neighbor]
    for neighbor in seen:
        neighbor.views.clear()
    exchanges = town.exchanged(ask)
    views = [view for neighbor in seen for view in neighbor.views]

    assert len(views) == len(exchanges)
    documents = Documents(town.house)
    for module, method, target, kind in views:
        assert documents.of(module, method, target).view(kind) == []


BESIDE: dict[str, tuple[dict[str, Any], str]] = {
    "a field that is missing": ({"answer": Answer(200, JSON, b'{"students":[]}')}, "is a required property"),
    "a field of another type": ({"answer": Answer(200, JSON, b'{"students":1,"unknown":[]}')}, "is not of type"),
    "a code": ({"answer": Answer(404, PROBLEM, b'{"code":"gone"}')}, "never answers 404"),
    "a kind of answer": ({"answer": Answer(200, [("Content-Type", "text/html")], b"")}, "never answers so"),
    "a question": ({"body": b'{"ids":["' + b'","'.join([b"x"] * 501) + b'"]}'}, "is not valid under any"),
    "no question": ({"body": b""}, "is not of type"),
    "a filter": ({"target": "/internal/students?after=1"}, "takes no after"),
}


@pytest.mark.parametrize(("other", "fault"), BESIDE.values(), ids=BESIDE)
def test_an_exchange_beside_the_document_is_found(town: Town, other: dict[str, Any], fault: str) -> None:
    (exchange,) = town.exchanged(ASKED["StudentClient.by_ids"])

    assert any(fault in one for one in town.faults([replace(exchange, **other)]))


def test_an_operation_that_no_document_has_is_found(town: Town) -> None:
    with pytest.raises(LookupError, match="documents no DELETE"):
        Documents(town.house).of("student", "DELETE", "/internal/students")


@dataclass(frozen=True)
class Nicknamed:
    """A view of a student that wants to know more than is told."""

    id: int
    nickname: str
    number: str = ""
    stage: int = 1


@dataclass(frozen=True)
class Nicknames:
    """The same of many."""

    students: list[Nicknamed]


def test_a_view_that_wants_other_than_what_is_told_is_found(town: Town) -> None:
    students = Documents(town.house).of("student", "POST", "/internal/students")

    assert {one.place: one.what for one in students.view(Nicknames)} == {
        "Nicknamed.id": "may be string, not integer",
        "Nicknamed.nickname": "is required, not known",
        "Nicknamed.stage": "may be null, not integer",
    }


def asks(kind: type[Any]) -> bool:
    """Tell whether a class asks neighbors."""
    taken = inspect.signature(kind).parameters.values()
    return any(one.annotation in (Neighbor, Neighborhood) for one in taken)
