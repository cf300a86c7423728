"""How a term takes the rules: the registrar decides, everybody may look."""

from typing import Any

from university.enrollment.clients import CourseClient
from university.enrollment.models import RegistrationPolicy
from university.enrollment.repository import policies, waiting
from university.enrollment.service.registering import Registering
from university.platform.conditions import IfMatch
from university.platform.database import Primary


class Policies:
    """Keeps what was decided for each term."""

    def __init__(self, primary: Primary, courses: CourseClient, registering: Registering) -> None:
        self._primary, self._courses, self._registering = primary, courses, registering

    def get(self, term: str) -> RegistrationPolicy:
        """Return the policy of a term by id or code, of version 0 when nobody has decided; raise `TermNotFound`."""
        term_id = self._courses.term(term).id
        with self._primary.read() as session:
            return policies.get(session, term_id)

    def replace(self, term: str, told: dict[str, Any], if_match: IfMatch) -> RegistrationPolicy:
        """Decide anew; whoever waits in the term is tried again. Raises `TermNotFound`, `StaleVersion`."""
        term_id = self._courses.term(term).id
        with self._primary.begin() as session:
            policy = policies.locked(session, term_id)
            if_match.check(policy.version)
            for name, value in told.items():
                setattr(policy, name, value)
            policy.version += 1
            session.flush()
            waiting.turn_for_term(session, term_id)
            turned = waiting.turned(session)
        self._registering.when_turned(turned)
        return policy
