"""The whole of registration as one machine of steps."""

from tests.stateful.fate import Fate
from tests.stateful.office import Office
from tests.stateful.students import Students


class Registration(Students, Office, Fate):
    """Everything that may happen."""
