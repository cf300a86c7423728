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
    """The clock, in UTC; the zone of dates and times of day; the release; whom one may sign in with."""

    now: datetime
    timezone: str
    version: str
    sign_in_with: str | None


class Telling:
    """Knows it."""

    def __init__(self, primary: Primary, timezone: str, sign_in_with: str | None) -> None:
        self._primary, self._timezone, self._version = primary, timezone, version()
        self._sign_in_with = sign_in_with

    def about(self) -> About:
        """Return it as of now."""
        with self._primary.read() as session:
            return About(database.now(session), self._timezone, self._version, self._sign_in_with)
