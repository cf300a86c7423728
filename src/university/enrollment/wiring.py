"""How the enrollment module is put together; all that an entrypoint may know of it."""

from injector import inject, provider, singleton

from university.enrollment import actors, api, events
from university.enrollment.api import Services
from university.enrollment.clients import CourseClient, StudentClient
from university.enrollment.imports import EnrollmentImports
from university.enrollment.imports.asking import Asking
from university.enrollment.imports.telling import EnrollmentExports
from university.enrollment.service.completing import Completing
from university.enrollment.service.dropping import Dropping
from university.enrollment.service.enrolling import Enrolling
from university.enrollment.service.hearing import Hearing
from university.enrollment.service.planning import Planning
from university.enrollment.service.reading import Reading
from university.enrollment.service.registering import Registering
from university.enrollment.service.requesting import Requesting
from university.enrollment.service.rosters import Rosters
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

    @singleton
    @provider
    def services(self, primary: Primary, neighbors: Neighbors, settings: Settings) -> Services:
        """Put the services together."""
        students, courses = StudentClient(neighbors["student"]), CourseClient(neighbors["course"])
        registering = Registering(primary, students, courses, settings.zone)
        requesting = Requesting(registering)
        return Services(
            Enrolling(registering),
            Dropping(primary, students, settings.zone),
            Reading(primary, students, courses),
            Windows(primary, courses),
            Completing(primary, students, courses),
            requesting,
            Planning(primary, students, courses, requesting),
            Rosters(primary, students, courses),
        )

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
