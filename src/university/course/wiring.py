"""The course module's face to the entrypoints."""

from injector import inject

from university.course import actors, api, events
from university.course.imports import CourseImports
from university.platform import wiring
from university.platform.assembly import Neighbors
from university.platform.database import Primary, Replica
from university.platform.imports import ImportRequested, requested
from university.platform.messaging.broker import Hearer
from university.platform.messaging.reconciliation import Kept
from university.platform.web.app import Operations


@inject
def _routes(primary: Primary, replica: Replica) -> list[Operations]:
    return api.operations(primary, replica)


@inject
def _hearers(primary: Primary, replica: Replica) -> dict[str, Hearer]:
    return {**actors.hearers(primary, replica), "course.imports": CourseImports(primary).hear}


@inject
def _kept(neighbors: Neighbors) -> Kept:
    return actors.kept(neighbors["enrollment"])


class CourseWiring(wiring.Wiring):
    """The catalog: terms, courses, offerings, sections, availability."""

    name = "course"
    neighbors = ("enrollment",)
    announces = {**events.ANNOUNCED, requested("course"): ImportRequested}  # noqa: RUF012 - a declaration
    reads = actors.READS
    routes = staticmethod(_routes)
    hearers = staticmethod(_hearers)
    kept = staticmethod(_kept)
