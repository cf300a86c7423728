"""Tell what everybody may know of the university itself."""

import importlib.metadata
from dataclasses import dataclass
from datetime import datetime

from university.platform import database
from university.platform.database import Primary


def version() -> str:
    """Return the release that runs."""
    return importlib.metadata.version("university")


@dataclass(frozen=True, slots=True)
class About:
    """The clock, in UTC; the zone of dates and times of day; the release."""

    now: datetime
    timezone: str
    version: str


class Telling:
    """Knows it."""

    def __init__(self, primary: Primary, timezone: str) -> None:
        self._primary, self._timezone, self._version = primary, timezone, version()

    def about(self) -> About:
        """Return it as of now."""
        with self._primary.read() as session:
            return About(database.now(session), self._timezone, self._version)
