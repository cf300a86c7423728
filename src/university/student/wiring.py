"""How the student module is put together; all that an entrypoint may know of it."""

from datetime import timedelta

from injector import inject, provider, singleton

from university.platform.assembly import Neighbors
from university.platform.database import Primary, Replica
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.reconciliation import Kept
from university.platform.schedule import Chore
from university.platform.settings import Settings
from university.platform.wiring import Wiring
from university.student import actors, api, events
from university.student.imports import StudentImports
from university.student.service.feeding import FeedService
from university.student.service.mailing import Mailing
from university.student.service.notifying import NotificationService
from university.student.service.record import RecordService
from university.student.service.standing import StandingService
from university.student.service.students import StudentService

SEND_EVERY, FORGET_EVERY = timedelta(seconds=3), timedelta(days=1)


@inject
def _kept(neighbors: Neighbors) -> Kept:
    return actors.kept(neighbors["enrollment"], neighbors["course"])


def _chores(mailing: Mailing, settings: Settings) -> list[Chore]:
    if not settings.smtp_url:
        return []
    return [Chore("send-mails", SEND_EVERY, mailing.send), Chore("forget-mails", FORGET_EVERY, mailing.forget)]


class StudentWiring(Wiring):
    """The student module's face."""

    name = "student"
    neighbors = ("course", "enrollment")
    announces = {**events.ANNOUNCED, requested("student"): ImportRequested}  # noqa: RUF012 - a declaration
    reads = actors.READS
    routes = staticmethod(inject(api.routes))
    hearers = staticmethod(inject(actors.hearers))
    kept = staticmethod(_kept)
    chores = staticmethod(inject(_chores))

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

    @singleton
    @provider
    def feeds(self, primary: Primary, replica: Replica, records: RecordService, settings: Settings) -> FeedService:
        """Return what can be done with timetable feeds."""
        return FeedService(primary, replica, records, settings.zone)

    @singleton
    @provider
    def notifications(self, primary: Primary, replica: Replica) -> NotificationService:
        """Return what can be done with what students are told."""
        return NotificationService(primary, replica)

    @singleton
    @provider
    def mailing(self, primary: Primary, settings: Settings) -> Mailing:
        """Return what sends mails."""
        return Mailing(primary, settings)
