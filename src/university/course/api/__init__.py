"""The operations of the course module: parse, one call, present."""

from university.course.api import (
    availability,
    checking,
    courses,
    instructors,
    neighbors,
    offerings,
    requisites,
    sections,
    terms,
)
from university.course.imports import CourseImports
from university.course.imports.telling import CourseExports
from university.course.repository.personal import RECORDS
from university.course.service.availability import Availabilities
from university.course.service.checking import Checks
from university.course.service.courses import Courses
from university.course.service.equivalences import Equivalences
from university.course.service.instructors import Instructors
from university.course.service.looking_up import LookingUp
from university.course.service.offerings import Offerings
from university.course.service.requisites import CourseRequisites
from university.course.service.sections import Sections
from university.course.service.terms import Terms
from university.platform.database import Primary, Replica
from university.platform.web import audit, exports as exporting, imports as importing, personal
from university.platform.web.app import Operations
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import Routes


def operations(primary: Primary, replica: Replica) -> list[Operations]:
    """Return the public and the internal operations, over these databases."""
    public, internal = Routes("course", primary), InternalRoutes("course")
    audit.declare(public, primary, "course")
    terms.declare(public, Terms(primary, replica))
    courses.declare(public, Courses(primary, replica), Equivalences(primary, replica))
    requisites.declare(public, CourseRequisites(primary, replica))
    instructors.declare(public, Instructors(primary, replica))
    offerings.declare(public, Offerings(primary, replica))
    sections.declare(public, Sections(primary, replica))
    availability.declare(public, Availabilities(primary, replica))
    checks = Checks(primary)
    checking.declare(public, checks)
    neighbors.declare(internal, checks, LookingUp(primary))
    personal.declare(internal, primary, RECORDS)
    importing.declare(public, CourseImports(primary), "course")
    exporting.declare(public, CourseExports(primary), "course")
    return [public, internal]
