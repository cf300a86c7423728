"""The enrollment module over HTTP."""

from dataclasses import dataclass
from typing import Any

from university.enrollment.api import (
    consenting,
    grading,
    permitting,
    planning,
    requesting,
    requisites,
    rosters,
    waiting,
)
from university.enrollment.clients import StudentNotFound, TermNotFound
from university.enrollment.imports import EnrollmentImports
from university.enrollment.imports.telling import EnrollmentExports
from university.enrollment.models import Enrollment, RegistrationWindow
from university.enrollment.repository.personal import RECORDS
from university.enrollment.schemas import (
    CompletedCourseIn,
    EnrollmentIn,
    EnrollmentList,
    EnrollmentOut,
    EnrollmentQuery,
    HistoryOut,
    WindowIn,
    WindowList,
    WindowOut,
    WindowPatch,
    WindowQuery,
)
from university.enrollment.service import access
from university.enrollment.service.access import EnrollmentNotFound, NotYours
from university.enrollment.service.breaking import Breaking
from university.enrollment.service.completing import CompletedCourse, Completing, CourseAlreadyRecorded, CourseNotFound
from university.enrollment.service.consenting import Consenting
from university.enrollment.service.dropping import Dropping, NotEnrolled, NotOnReview
from university.enrollment.service.enrolling import Enrolling, Wish
from university.enrollment.service.grading import Grading
from university.enrollment.service.permitting import Permitting
from university.enrollment.service.planning import Planning
from university.enrollment.service.policies import Policies
from university.enrollment.service.reading import Reading
from university.enrollment.service.refusing import (
    NotOffered,
    RegistrationRefused,
    ScheduleMoving,
    SectionFull,
    SectionNotFound,
)
from university.enrollment.service.requesting import Requesting
from university.enrollment.service.rosters import Rosters
from university.enrollment.service.telling import Telling
from university.enrollment.service.waitlists import Waitlists
from university.enrollment.service.windows import WindowNotFound, Windows
from university.platform.conditions import IfMatch
from university.platform.database import Primary
from university.platform.idempotency import Once
from university.platform.messaging.states import Announcements, AnnouncementsWanted, States, StatesWanted
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web import audit, exports as exporting, imports as importing, personal
from university.platform.web.app import Operations
from university.platform.web.fields import PageQuery
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import SIGNED_IN, Routes

_REFUSALS = (RegistrationRefused, SectionFull, SectionNotFound, StudentNotFound, ScheduleMoving, NeighborUnavailable)
_LEAVING = (
    EnrollmentNotFound,
    NotEnrolled,
    RegistrationRefused,
    StudentNotFound,
    ScheduleMoving,
    NotYours,
    NeighborUnavailable,
)
_ACTING = ("student", "registrar")
_SEEING = ("student", "instructor", "registrar")


@dataclass(frozen=True, slots=True)
class Services:
    """What the operations call."""

    enrolling: Enrolling
    dropping: Dropping
    reading: Reading
    windows: Windows
    completing: Completing
    requesting: Requesting
    planning: Planning
    rosters: Rosters
    waitlists: Waitlists
    grading: Grading
    breaking: Breaking
    permitting: Permitting
    consenting: Consenting
    policies: Policies


def routes(
    services: Services, imports: EnrollmentImports, exports: EnrollmentExports, primary: Primary
) -> list[Operations]:
    """Return the module's operations."""
    declared = Routes("enrollment", primary)
    _enrollments(declared, services)
    _leaving(declared, services.dropping)
    _reading(declared, services.reading)
    _completed(declared, services.completing)
    _windows(declared, services.windows)
    _one_window(declared, services.windows)
    requesting.declare(declared, services.requesting)
    planning.declare(declared, services.planning)
    rosters.declare(declared, services.rosters)
    waiting.declare(declared, services.waitlists)
    grading.declare(declared, services.grading)
    requisites.declare(declared, services.breaking)
    permitting.declare(declared, services.permitting, services.policies)
    consenting.declare(declared, services.consenting)
    audit.declare(declared, primary, "enrollment")
    importing.declare(declared, imports, "enrollment")
    exporting.declare(declared, exports, "enrollment")
    internal = _internal(Telling(primary))
    personal.declare(internal, primary, RECORDS)
    return [declared, internal]


def _enrollments(routes: Routes, services: Services) -> None:
    @routes.post(
        "/enrollments",
        roles=_ACTING,
        takes=EnrollmentIn,
        gives=EnrollmentOut,
        status=201,
        location="/enrollments/{id}",
        refuses=(*_REFUSALS, NotYours),
    )
    def create_enrollment(body: dict[str, Any], who: Principal, once: Once) -> Enrollment:
        """Register a student for a bundle of sections, or let them wait in its queue when there is no seat.

        Every rule is judged; a refusal lists all violations, each with the changes that would satisfy it.
        """
        sections, instead_of = tuple(body["section_ids"]), body.get("drop_enrollment_id")
        wish = Wish(body["student_id"], sections, body["waitlist"], instead_of)
        return services.enrolling.enroll(wish, who, once)


def _leaving(routes: Routes, dropping: Dropping) -> None:
    @routes.post(
        "/enrollments/<enrollment_id>/drop",
        roles=_ACTING,
        gives=EnrollmentOut,
        refuses=_LEAVING,
    )
    def drop_enrollment(enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Give a place back, or leave the queue."""
        return dropping.drop(enrollment_id, who, once)

    @routes.post("/enrollments/<enrollment_id>/withdraw", roles=_ACTING, gives=EnrollmentOut, refuses=_LEAVING)
    def withdraw_enrollment(enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Leave a course after the days of dropping; it stays in the record with a mark."""
        return dropping.withdraw(enrollment_id, who, once)

    @routes.post(
        "/enrollments/<enrollment_id>/accept", roles=_ACTING, gives=EnrollmentOut, refuses=(*_LEAVING, NotOffered)
    )
    def accept_enrollment(enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Take the seat that is offered; every rule is judged once more."""
        return dropping.accept(enrollment_id, who, once)

    @routes.post(
        "/enrollments/<enrollment_id>/decline", roles=_ACTING, gives=EnrollmentOut, refuses=(*_LEAVING, NotOffered)
    )
    def decline_enrollment(enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Leave the seat that is offered to the next one, and the queue."""
        return dropping.decline(enrollment_id, who, once)

    @routes.post(
        "/enrollments/<enrollment_id>/confirm",
        roles=("registrar",),
        gives=EnrollmentOut,
        refuses=(EnrollmentNotFound, NotOnReview),
    )
    def confirm_enrollment(enrollment_id: str, who: Principal, once: Once) -> Enrollment:
        """Let an enrollment on review stand."""
        return dropping.confirm(enrollment_id, who, once)


def _reading(routes: Routes, reading: Reading) -> None:
    @routes.get(
        "/enrollments",
        roles=_SEEING,
        query=EnrollmentQuery,
        gives=EnrollmentList,
        refuses=(NotYours, TermNotFound, NeighborUnavailable),
    )
    def list_enrollments(query: dict[str, Any], who: Principal) -> Page:
        """List enrollments: one's own, those of one's sections, or all."""
        wanted = PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
        return reading.page(query, wanted, who)

    @routes.get(
        "/enrollments/<enrollment_id>", roles=_SEEING, gives=EnrollmentOut, refuses=(EnrollmentNotFound, NotYours)
    )
    def get_enrollment(enrollment_id: str, who: Principal) -> Enrollment:
        """Show an enrollment."""
        return reading.get(enrollment_id, who)

    @routes.get(
        "/enrollments/<enrollment_id>/history",
        roles=_SEEING,
        gives=HistoryOut,
        refuses=(EnrollmentNotFound, NotYours),
    )
    def get_enrollment_history(enrollment_id: str, who: Principal) -> dict[str, Any]:
        """Show what became of an enrollment, oldest first."""
        return {"items": reading.history(enrollment_id, who)}


def _completed(routes: Routes, completing: Completing) -> None:
    @routes.post(
        "/students/<key>/completed-courses",
        roles=("registrar",),
        takes=CompletedCourseIn,
        gives=EnrollmentOut,
        status=201,
        location="/enrollments/{id}",
        refuses=(access.StudentNotFound, CourseNotFound, CourseAlreadyRecorded, TermNotFound, NeighborUnavailable),
    )
    def record_completed_course(key: str, body: dict[str, Any], who: Principal, once: Once) -> Enrollment:
        """Record a course that a student (an id or a number) has taken to the end."""
        return completing.record(key, CompletedCourse(**body), who, once)

    @routes.get(
        "/students/<key>/completed-courses",
        roles=_ACTING,
        query=PageQuery,
        gives=EnrollmentList,
        refuses=(access.StudentNotFound, NotYours, NeighborUnavailable),
    )
    def list_completed_courses(key: str, query: dict[str, Any], who: Principal) -> Page:
        """List the courses that a student has taken to the end; `me` is the caller."""
        return completing.page(key, PageRequest(query["limit"], query.get("cursor"), query["total"]), who)


def _windows(routes: Routes, windows: Windows) -> None:
    @routes.get(
        "/registration-windows",
        roles=(SIGNED_IN,),
        query=WindowQuery,
        gives=WindowList,
        refuses=(TermNotFound, NeighborUnavailable),
    )
    def list_registration_windows(query: dict[str, Any]) -> Page:
        """List registration windows in order of opening."""
        return windows.page(query.get("term"), PageRequest(query["limit"], query.get("cursor"), query["total"]))

    @routes.post(
        "/registration-windows",
        roles=("registrar",),
        takes=WindowIn,
        gives=WindowOut,
        status=201,
        location="/registration-windows/{id}",
        refuses=(TermNotFound, NeighborUnavailable),
    )
    def create_registration_window(body: dict[str, Any], once: Once) -> RegistrationWindow:
        """Open registration for an audience."""
        return windows.create(body, once)


def _one_window(routes: Routes, windows: Windows) -> None:
    @routes.get("/registration-windows/<window_id>", roles=(SIGNED_IN,), gives=WindowOut, refuses=(WindowNotFound,))
    def get_registration_window(window_id: str) -> RegistrationWindow:
        """Show a registration window."""
        return windows.get(window_id)

    @routes.patch(
        "/registration-windows/<window_id>",
        roles=("registrar",),
        takes=WindowPatch,
        gives=WindowOut,
        refuses=(WindowNotFound,),
    )
    def change_registration_window(window_id: str, body: dict[str, Any], if_match: IfMatch) -> RegistrationWindow:
        """Change a registration window."""
        return windows.change(window_id, body, if_match)

    @routes.delete("/registration-windows/<window_id>", roles=("registrar",), refuses=(WindowNotFound,))
    def delete_registration_window(window_id: str) -> None:
        """Remove a registration window."""
        windows.remove(window_id)


def _internal(telling: Telling) -> InternalRoutes:
    internal = InternalRoutes("enrollment")

    @internal.post("/states", takes=StatesWanted)
    def tell_states(wanted: StatesWanted) -> States:
        """Tell enrollments as they stand now, as the events that would announce them."""
        return telling.states(wanted)

    @internal.post("/announcements", takes=AnnouncementsWanted)
    def tell_announcements(wanted: AnnouncementsWanted) -> Announcements:
        """Tell what became of the last news of enrollments."""
        return telling.announced(wanted.ids)

    return internal
