"""How the student module is put together; all that an entrypoint may know of it."""

from injector import inject, provider, singleton

from university.platform.assembly import Neighbors
from university.platform.database import Primary, Replica
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.reconciliation import Kept
from university.platform.settings import Settings
from university.platform.wiring import Wiring
from university.student import actors, api, events
from university.student.imports import StudentImports
from university.student.service.record import RecordService
from university.student.service.standing import StandingService
from university.student.service.students import StudentService


@inject
def _kept(neighbors: Neighbors) -> Kept:
    return actors.kept(neighbors["enrollment"], neighbors["course"])


class StudentWiring(Wiring):
    """The student module's face."""

    name = "student"
    neighbors = ("course", "enrollment")
    announces = {**events.ANNOUNCED, requested("student"): ImportRequested}  # noqa: RUF012 - a declaration
    reads = actors.READS
    routes = staticmethod(inject(api.routes))
    hearers = staticmethod(inject(actors.hearers))
    kept = staticmethod(_kept)

    @singleton
    @provider
    def students(self, primary: Primary, replica: Replica) -> StudentService:
        """Return what can be done with students."""
        return StudentService(primary, replica)

    @singleton
    @provider
    def standings(self, primary: Primary, replica: Replica, settings: Settings) -> StandingService:
        """Return what can be done with their standing."""
        return StandingService(primary, replica, settings.zone)

    @singleton
    @provider
    def imports(self, primary: Primary) -> StudentImports:
        """Return the imports of students."""
        return StudentImports(primary)

    @singleton
    @provider
    def records(self, primary: Primary, replica: Replica, settings: Settings) -> RecordService:
        """Return what can be read in the study record."""
        return RecordService(primary, replica, settings.zone)
