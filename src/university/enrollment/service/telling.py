"""What enrollment tells its neighbors of enrollments, for views to be compared with and renewed from."""

from collections.abc import Collection

from university.enrollment.repository import told
from university.platform.database import Primary
from university.platform.messaging import states
from university.platform.messaging.states import Announcements, States, StatesWanted

KIND = "enrollment"


class Telling:
    """Tells enrollments as they stand; from the primary, because it is the truth that views are judged by."""

    def __init__(self, primary: Primary) -> None:
        self._primary = primary

    def states(self, wanted: StatesWanted) -> States:
        """Return enrollments as their events would tell them now."""
        return states.tell(self._primary, {KIND: told.states}, wanted)

    def announced(self, enrollment_ids: Collection[str]) -> Announcements:
        """Return what became of the last news of each enrollment."""
        with self._primary.read() as session:
            return Announcements(told.announced(session, enrollment_ids))
