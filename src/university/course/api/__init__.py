"""The operations of the course module: parse, one call, present."""

from university.course.api import terms
from university.course.service.terms import Terms
from university.platform.database import Primary, Replica
from university.platform.web.app import Operations
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import Routes


def blueprints(primary: Primary, replica: Replica) -> list[Operations]:
    """Return the public and the internal operations, over these databases."""
    public, internal = Routes("course", primary), InternalRoutes("course")
    terms.declare(public, internal, Terms(primary, replica))
    return [public, internal]
