"""How the enrollment module is put together; all that an entrypoint may know of it."""

from injector import inject, provider, singleton

from university.enrollment import actors, api, events
from university.enrollment.api import Services
from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.imports import EnrollmentImports
from university.enrollment.imports.asking import Asking
from university.enrollment.imports.telling import EnrollmentExports
from university.enrollment.service.breaking import Breaking
from university.enrollment.service.canceling import Canceling
from university.enrollment.service.completing import Completing
from university.enrollment.service.consenting import Consenting
from university.enrollment.service.dropping import Dropping
from university.enrollment.service.enrolling import Enrolling
from university.enrollment.service.grading import Grading
from university.enrollment.service.hearing import Hearing
from university.enrollment.service.permitting import Permitting
from university.enrollment.service.planning import Planning
from university.enrollment.service.policies import Policies
from university.enrollment.service.promoting import Promoting
from university.enrollment.service.reading import Reading
from university.enrollment.service.rechecking import Rechecking
from university.enrollment.service.registering import Registering
from university.enrollment.service.requesting import Requesting
from university.enrollment.service.rosters import Rosters
from university.enrollment.service.waitlists import Waitlists
from university.enrollment.service.windows import Windows
from university.platform.assembly import Neighbors
from university.platform.database import Primary
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.reconciliation import Kept
from university.platform.settings import Settings
from university.platform.wiring import Wiring


@inject
def _kept(hearing: Hearing, neighbors: Neighbors) -> Kept:
    return actors.kept(hearing, neighbors["course"], neighbors["student"])


class EnrollmentWiring(Wiring):
    """Enrollment and its two neighbors."""

    name = "enrollment"
    announces = {**events.ANNOUNCED, requested("enrollment"): ImportRequested}  # noqa: RUF012 - a declaration
    reads = actors.READS
    neighbors = ("course", "student")
    routes = staticmethod(inject(api.routes))
    hearers = staticmethod(inject(actors.hearers))
    kept = staticmethod(_kept)
    chores = staticmethod(inject(actors.chores))

    @singleton
    @provider
    def registering(self, primary: Primary, neighbors: Neighbors, settings: Settings) -> Registering:
        """Put together what carries out requests."""
        students, courses = StudentClient(neighbors["student"]), CourseClient(neighbors["course"])
        return Registering(primary, students, courses, settings.zone)

    @singleton
    @provider
    def promoting(self, primary: Primary, registering: Registering) -> Promoting:
        """Put together what goes through queues; whatever is carried out tells it which turned."""
        promoting = Promoting(primary, registering)
        registering.when_turned = promoting.at_once
        return promoting

    @singleton
    @provider
    def windows(self, primary: Primary, neighbors: Neighbors, settings: Settings) -> Windows:
        """Put together what keeps registration windows."""
        return Windows(primary, CourseClient(neighbors["course"]), settings.zone)

    @singleton
    @provider
    def services(
        self,
        primary: Primary,
        neighbors: Neighbors,
        registering: Registering,
        promoting: Promoting,
        rechecking: Rechecking,
        windows: Windows,
    ) -> Services:
        """Put the services together."""
        students, courses = StudentClient(neighbors["student"]), CourseClient(neighbors["course"])
        requesting = Requesting(registering)
        permitting = Permitting(primary, students, courses, registering)
        return Services(
            Enrolling(registering),
            Dropping(primary, registering),
            Reading(primary, students, courses),
            windows,
            Completing(primary, students, courses),
            requesting,
            Planning(primary, students, courses, requesting),
            Rosters(primary, students, courses),
            Waitlists(primary, students, courses),
            Grading(primary, students, courses, rechecking),
            Breaking(primary, students, courses, promoting),
            permitting,
            Consenting(primary, students, courses, permitting, registering),
            Policies(primary, courses, registering),
        )

    @singleton
    @provider
    def rechecking(self, primary: Primary, neighbors: Neighbors) -> Rechecking:
        """Put together what judges requisites anew."""
        return Rechecking(primary, StudentClient(neighbors["student"]), CourseClient(neighbors["course"]))

    @singleton
    @provider
    def canceling(self, primary: Primary, registering: Registering, settings: Settings) -> Canceling:
        """Put together what settles places in canceled sections."""
        return Canceling(primary, registering, settings.zone)

    @singleton
    @provider
    def imports(self, primary: Primary, neighbors: Neighbors) -> EnrollmentImports:
        """Put together what imports enrollments."""
        return EnrollmentImports(
            primary, Asking(CourseClient(neighbors["course"]), StudentClient(neighbors["student"]))
        )

    @singleton
    @provider
    def exports(self, primary: Primary, neighbors: Neighbors) -> EnrollmentExports:
        """Put together what exports enrollments."""
        return EnrollmentExports(primary, StudentClient(neighbors["student"]))

    @singleton
    @provider
    def hearing(self, primary: Primary, settings: Settings) -> Hearing:
        """Put together what hears the neighbors."""
        return Hearing(primary, settings.zone)
