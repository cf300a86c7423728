"""The routes of the student module: parse, one call, present."""

from typing import Any

import msgspec

from university.platform.database import Primary
from university.platform.errors import invalid
from university.platform.language import Words
from university.platform.messaging.states import States, StatesWanted
from university.platform.paging import PageRequest
from university.platform.web import audit, exports as exporting, imports as importing, personal
from university.platform.web.app import Operations
from university.platform.web.fields import PageQuery
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import Routes
from university.student.api import feeds as feeding, notifications as notifying
from university.student.imports import StudentImports
from university.student.imports.telling import StudentExports
from university.student.models import Hold, RecognizedCredit, ScoredTest
from university.student.repository.personal import RECORDS
from university.student.rules.standing import Standing
from university.student.schemas.internal import NamedStudent, NamedStudents, StudentKeys, Verification
from university.student.schemas.record import (
    RecordedEnrollmentList,
    RecordQuery,
    TermQuery,
    TimetableOut,
    TranscriptOut,
)
from university.student.schemas.standing import (
    HoldIn,
    HoldList,
    HoldOut,
    RecognizedCreditIn,
    RecognizedCreditList,
    RecognizedCreditOut,
    StandingOut,
    TestScoreIn,
    TestScoreList,
    TestScoreOut,
    VerificationIn,
)
from university.student.schemas.students import (
    StudentIn,
    StudentList,
    StudentOut,
    StudentPatch,
    StudentQuery,
    StudentSearchIn,
)
from university.student.service import erasing
from university.student.service.access import NotYourOwnData, StudentNotFound
from university.student.service.feeding import FeedService
from university.student.service.notifying import NotificationService
from university.student.service.record import RecordService, TranscriptBlocked
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


def routes(
    primary: Primary,
    students: StudentService,
    standings: StandingService,
    records: RecordService,
    notifications: NotificationService,
    imports: StudentImports,
    feeds: FeedService,
) -> list[Operations]:
    """Return everything the module answers."""
    public = Routes("student", primary)
    _declare_students(public, students)
    _declare_holds(public, standings)
    _declare_credits(public, standings)
    _declare_scores(public, standings)
    _declare_record(public, records)
    feeding.declare(public, feeds)
    notifying.declare(public, notifications)
    audit.declare(public, primary, "student")
    importing.declare(public, imports, "student")
    exporting.declare(public, StudentExports(primary), "student")
    internal = _internal(students, standings)
    personal.declare(internal, primary, RECORDS, finish=erasing.pseudonymize, refuses=(erasing.StudentStillHere,))
    return [public, internal]


def _declare_students(routes: Routes, students: StudentService) -> None:
    @routes.get("/students", roles=REGISTRAR, query=StudentQuery, gives=StudentList)
    def list_students(query: dict[str, Any]) -> Any:
        """List students by number."""
        return students.page(query, _page(query))

    @routes.post("/students/search", roles=REGISTRAR, scope="read", takes=StudentSearchIn, gives=StudentList)
    def search_students(body: dict[str, Any]) -> Any:
        """Find students by name, number or id; what is looked for stays out of the address."""
        wanted = _page(body)
        return students.page(body, wanted)

    @routes.post(
        "/students",
        roles=REGISTRAR,
        takes=StudentIn,
        gives=StudentOut,
        status=201,
        location="/students/{id}",
        refuses=[StudentNumberTaken],
    )
    def create_student(body: dict[str, Any], once: Any) -> Any:
        """Enter a new student."""
        return students.create(body, once)

    @routes.get("/students/<key>", roles=OWN, gives=StudentOut, refuses=_UNSEEN)
    def get_student(key: str, who: Any) -> Any:
        """Get a student by id or number; `me` is the caller."""
        return students.find(key, who)

    @routes.patch(
        "/students/<key>",
        roles=REGISTRAR,
        takes=StudentPatch,
        gives=StudentOut,
        refuses=[StudentNotFound, StudentNumberTaken],
    )
    def change_student(key: str, body: dict[str, Any], if_match: Any) -> Any:
        """Change a student."""
        return students.change(key, body, if_match)


def _declare_holds(routes: Routes, standings: StandingService) -> None:
    @routes.get("/students/<key>/holds", roles=OWN, query=PageQuery, gives=HoldList, refuses=_UNSEEN)
    def list_holds(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the holds of a student, oldest first."""
        return standings.page(Hold, key, who, _page(query))

    @routes.post(
        "/students/<key>/holds",
        roles=REGISTRAR,
        takes=HoldIn,
        gives=HoldOut,
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
        scope="read",
        takes=VerificationIn,
        gives=StandingOut,
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
        gives=RecognizedCreditList,
        refuses=_UNSEEN,
    )
    def list_recognized_credits(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the courses completed elsewhere that count for a student."""
        return standings.page(RecognizedCredit, key, who, _page(query))

    @routes.post(
        "/students/<key>/credits-recognized",
        roles=REGISTRAR,
        takes=RecognizedCreditIn,
        gives=RecognizedCreditOut,
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
    @routes.get("/students/<key>/test-scores", roles=OWN, query=PageQuery, gives=TestScoreList, refuses=_UNSEEN)
    def list_test_scores(key: str, query: dict[str, Any], who: Any) -> Any:
        """List the test scores of a student, oldest first."""
        return standings.page(ScoredTest, key, who, _page(query))

    @routes.post(
        "/students/<key>/test-scores",
        roles=REGISTRAR,
        takes=TestScoreIn,
        gives=TestScoreOut,
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


def _declare_record(routes: Routes, records: RecordService) -> None:
    @routes.get(
        "/students/<key>/enrollments", roles=OWN, query=RecordQuery, gives=RecordedEnrollmentList, refuses=_UNSEEN
    )
    def list_recorded_enrollments(key: str, query: dict[str, Any], who: Any) -> Any:
        """List a student's enrollments as the study record has them, oldest first."""
        wanted = _page(query)
        return records.page(key, who, query.get("term"), wanted)

    @routes.get("/students/<key>/timetable", roles=OWN, query=TermQuery, gives=TimetableOut, refuses=_UNSEEN)
    def get_timetable(key: str, query: dict[str, Any], who: Any) -> Any:
        """Get when and where a student meets: weekly rules, and concrete dates."""
        return records.timetable(key, who, query.get("term"))

    @routes.get("/students/<key>/transcript", roles=OWN, gives=TranscriptOut, refuses=[*_UNSEEN, TranscriptBlocked])
    def get_transcript(key: str, who: Any) -> Any:
        """Get a student's transcript: terms, courses, grades, credits and averages."""
        return records.transcript(key, who)


def _internal(students: StudentService, standings: StandingService) -> InternalRoutes:
    internal = InternalRoutes("student")

    @internal.post("/verifications", takes=Verification, refuses=(StudentNotFound,))
    def verify(body: Verification) -> Standing:
        """Tell the standing of a student, by id or number."""
        return standings.verify(body.student_id)

    @internal.post("/students", takes=StudentKeys)
    def name_students(body: StudentKeys) -> NamedStudents:
        """Tell who the students of these keys are."""
        kind, keys = _keys(body)
        found = students.among(kind, keys)
        named = [msgspec.convert(student, NamedStudent, from_attributes=True) for student in found.students]
        return NamedStudents(named, found.unknown)

    @internal.post("/states", takes=StatesWanted)
    def tell_states(wanted: StatesWanted) -> States:
        """Tell students as they stand now, as the events that would announce them."""
        return students.states(wanted)

    return internal


def _keys(body: StudentKeys) -> tuple[str, list[str]]:
    given = {"id": body.ids, "external_key": body.external_keys, "number": body.numbers}
    asked = [(kind, keys) for kind, keys in given.items() if keys is not None]
    if len(asked) != 1:
        raise invalid("", _ONE_KIND)
    return asked[0]


def _page(query: dict[str, Any]) -> PageRequest:
    """Take what every list has out of a query, leaving the filters."""
    return PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
