"""The routes of the student module: parse, one call, present."""

from typing import Any

import msgspec

from university.platform.database import Primary
from university.platform.errors import invalid
from university.platform.language import Words
from university.platform.paging import PageRequest
from university.platform.web.app import Operations
from university.platform.web.fields import PageQuery
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import Routes
from university.student import schemas
from university.student.models import Hold, RecognizedCredit, ScoredTest
from university.student.rules.standing import Standing
from university.student.service.access import NotYourOwnData, StudentNotFound
from university.student.service.standing import (
    CourseAlreadyRecognized,
    HoldNotFound,
    RecognizedCreditNotFound,
    StandingService,
    TestScoreNotFound,
)
from university.student.service.students import StudentNumberTaken, StudentService

REGISTRAR = ("registrar",)
OWN = ("registrar", "student")
_UNSEEN = (NotYourOwnData, StudentNotFound)
_ONE_KIND = Words("Send exactly one of ids, external_keys and numbers.", "Podaj jedno z: ids, external_keys, numbers.")


def routes(primary: Primary, students: StudentService, standings: StandingService) -> list[Operations]:
    """Return everything the module answers."""
    public = Routes("student", primary)
    _declare_students(public, students)
    _declare_holds(public, standings)
    _declare_credits(public, standings)
    _declare_scores(public, standings)
    return [public, _internal(students, standings)]


def _declare_students(routes: Routes, students: StudentService) -> None:
    @routes.get("/students", roles=REGISTRAR, query=schemas.StudentQuery, gives=schemas.StudentList)
    def list_students(query: dict[str, Any]) -> Any:
        """List students by number."""
        return students.page(query, _page(query))

    @routes.post(
        "/students",
        roles=REGISTRAR,
        takes=schemas.StudentIn,
        gives=schemas.StudentOut,
        status=201,
        location="/students/{id}",
        refuses=[StudentNumberTaken],
    )
    def create_student(body: dict[str, Any], once: Any) -> Any:
        """Enter a new student."""
        return students.create(body, once)

    @routes.get("/students/<key>", roles=OWN, gives=schemas.StudentOut, refuses=_UNSEEN)
    def get_student(key: str, who: Any) -> Any:
        """Get a student by id or number; `me` is the caller."""
        return students.find(key, who)

    @routes.patch(
        "/students/<key>",
        roles=REGISTRAR,
        takes=schemas.StudentPatch,
        gives=schemas.StudentOut,
        refuses=[StudentNotFound, StudentNumberTaken],
    )
    def update_student(key: str, body: dict[str, Any], if_match: Any) -> Any:
        """Change a student."""
        return students.change(key, body, if_match)


def _declare_holds(routes: Routes, standings: StandingService) -> None:
    @routes.get("/students/<key>/holds", roles=OWN, query=PageQuery, gives=schemas.HoldList, refuses=_UNSEEN)
    def list_holds(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the holds of a student, oldest first."""
        return standings.page(Hold, key, who, _page(query))

    @routes.post(
        "/students/<key>/holds",
        roles=REGISTRAR,
        takes=schemas.HoldIn,
        gives=schemas.HoldOut,
        status=201,
        refuses=[StudentNotFound],
    )
    def place_hold(key: str, body: dict[str, Any], once: Any) -> Any:
        """Place a hold on a student."""
        return standings.place_hold(key, body, once)

    @routes.delete("/students/<key>/holds/<hold_id>", roles=REGISTRAR, refuses=[StudentNotFound, HoldNotFound])
    def lift_hold(key: str, hold_id: str) -> None:
        """Take a hold off a student."""
        standings.lift_hold(key, hold_id)

    @routes.post(
        "/students/<key>/verifications",
        roles=OWN,
        takes=schemas.VerificationIn,
        gives=schemas.StandingOut,
        refuses=_UNSEEN,
    )
    def verify_student(key: str, body: dict[str, Any], who: Any, once: Any) -> Any:  # noqa: ARG001 - the same for every term
        """Tell the standing of a student: whether it may register, and within which limits."""
        return standings.show(key, who, once)


def _declare_credits(routes: Routes, standings: StandingService) -> None:
    @routes.get(
        "/students/<key>/credits-recognized",
        roles=OWN,
        query=PageQuery,
        gives=schemas.RecognizedCreditList,
        refuses=_UNSEEN,
    )
    def list_recognized_credits(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the courses completed elsewhere that count for a student."""
        return standings.page(RecognizedCredit, key, who, _page(query))

    @routes.post(
        "/students/<key>/credits-recognized",
        roles=REGISTRAR,
        takes=schemas.RecognizedCreditIn,
        gives=schemas.RecognizedCreditOut,
        status=201,
        refuses=[StudentNotFound, CourseAlreadyRecognized],
    )
    def recognize_credit(key: str, body: dict[str, Any], once: Any) -> Any:
        """Recognize a course that a student completed elsewhere."""
        return standings.recognize_credit(key, body, once)

    @routes.delete(
        "/students/<key>/credits-recognized/<credit_id>",
        roles=REGISTRAR,
        refuses=[StudentNotFound, RecognizedCreditNotFound],
    )
    def withdraw_recognized_credit(key: str, credit_id: str) -> None:
        """Recognize a course no longer."""
        standings.withdraw_credit(key, credit_id)


def _declare_scores(routes: Routes, standings: StandingService) -> None:
    @routes.get("/students/<key>/test-scores", roles=OWN, query=PageQuery, gives=schemas.TestScoreList, refuses=_UNSEEN)
    def list_test_scores(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the test scores of a student, oldest first."""
        return standings.page(ScoredTest, key, who, _page(query))

    @routes.post(
        "/students/<key>/test-scores",
        roles=REGISTRAR,
        takes=schemas.TestScoreIn,
        gives=schemas.TestScoreOut,
        status=201,
        refuses=[StudentNotFound],
    )
    def record_test_score(key: str, body: dict[str, Any], once: Any) -> Any:
        """Record the score of a student's test."""
        return standings.record_score(key, body, once)

    @routes.delete(
        "/students/<key>/test-scores/<score_id>", roles=REGISTRAR, refuses=[StudentNotFound, TestScoreNotFound]
    )
    def strike_test_score(key: str, score_id: str) -> None:
        """Take back the score of a test."""
        standings.strike_score(key, score_id)


def _internal(students: StudentService, standings: StandingService) -> InternalRoutes:
    internal = InternalRoutes("student")

    @internal.post("/verifications", takes=schemas.Verification)
    def verify(body: schemas.Verification) -> Standing:
        return standings.verify(body.student_id)

    @internal.post("/students", takes=schemas.StudentKeys)
    def name_students(body: schemas.StudentKeys) -> schemas.NamedStudents:
        kind, keys = _keys(body)
        found = students.among(kind, keys)
        named = [msgspec.convert(student, schemas.NamedStudent, from_attributes=True) for student in found.students]
        return schemas.NamedStudents(named, found.unknown)

    return internal


def _keys(body: schemas.StudentKeys) -> tuple[str, list[str]]:
    given = {"id": body.ids, "external_key": body.external_keys, "number": body.numbers}
    asked = [(kind, keys) for kind, keys in given.items() if keys is not None]
    if len(asked) != 1:
        raise invalid("", _ONE_KIND)
    return asked[0]


def _page(query: dict[str, Any]) -> PageRequest:
    """Take what every list has out of a query, leaving the filters."""
    return PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
