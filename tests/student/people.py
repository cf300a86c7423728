"""The people of the tests, and short ways to enter them."""

from typing import Any

from tests.house import House
from university.platform.security import Principal

INSTRUCTOR = Principal("instructor", frozenset({"instructor"}), instructor_id="01986c3a-5b7e-7c4d-9a51-2f64d1c7b0ff")
ADMIN = Principal("admin", frozenset({"admin"}))
SERVICE = Principal("tests", frozenset({"service"}))
NOWHERE = "01986c3a-5b7e-7c4d-9a51-2f64d1c7bfff"
"""An id that nothing has."""
ZOFIA = {"number": "100001", "given_name": "Zofia", "family_name": "Żółć", "email": "zofia@example.edu"}
PIOTR = {"number": "100002", "given_name": "Piotr", "family_name": "Nowak-Kowalski", "email": "piotr@example.edu"}
HOLD = {"reason": "Library fee", "contact": "library@example.edu", "effects": ["block-add"]}
CREDIT = {"course": "MATH-101", "ects": 6}
SCORE = {"name": "TOEFL", "score": 101}


def enter(house: House, person: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Enter a student; return the answer."""
    reply = house.call("student", "POST", "/students", {**person, **more})
    assert reply.status == 201, reply.json
    told: dict[str, Any] = reply.json
    return told


def place_hold(house: House, number: str, **more: Any) -> dict[str, Any]:
    """Place a hold on a student; return the answer."""
    reply = house.call("student", "POST", f"/students/{number}/holds", {**HOLD, **more})
    assert reply.status == 201, reply.json
    told: dict[str, Any] = reply.json
    return told


def themself(student: dict[str, Any]) -> Principal:
    """Return a student as the caller."""
    return Principal(student["number"], frozenset({"student"}), student_id=student["id"])
