"""Remove what has ended by itself."""

from datetime import timedelta

from university.gateway.repository import attempts, federated, meters, sign_ins
from university.gateway.service.metering import MINUTE, SOON
from university.platform import database
from university.platform.database import Primary
from university.platform.schedule import Chore

EVERY = timedelta(minutes=15)
"""The time between two rounds."""


def chore(primary: Primary) -> Chore:
    """Return the chore of forgetting who is no longer signed in."""
    return Chore("forget-sign-ins", EVERY, lambda: forget(primary))


def forget(primary: Primary) -> None:
    """Remove tokens and sessions that have expired, and what was counted and need not be remembered."""
    with primary.begin() as session:
        now = database.now(session)
        sign_ins.forget_ended(session, now)
        attempts.forget(session, now)
        meters.forget(session, MINUTE + SOON)
        federated.forget_states(session, now)
