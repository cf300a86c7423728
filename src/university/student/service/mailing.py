"""Notifications go out by e-mail: each at least once, by one sender at a time, tried again while that may help."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.settings import Settings
from university.student.repository import mails
from university.student.repository.mails import Taken
from university.student.rules import mailing as rules
from university.student.rules.words import Language
from university.student.service.letters import Letter, Stationery, Unwritable
from university.student.service.post import Broken, Line, Refused, Server, Unreachable

ROUND = 2.5
"""Seconds after which a round begins no further mail: whoever ends waits for it to end, and so cuts no mail in two."""
LEASE = timedelta(minutes=5)
"""For how long a mail is its sender's: longer than all steps of sending one, each at its timeout."""
KEPT = timedelta(days=30)
"""How long it is remembered what became of a mail."""
_log = telemetry.log("mail")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: the mail went, will be tried after a pause, or is given up."""

    mail: Taken
    fault: str | None = None
    pause: timedelta | None = None
    broken: bool = False
    """The connection is of no more use."""

    @property
    def is_sent(self) -> bool:
        """Whether the server has taken the mail."""
        return self.fault is None


class Mailing:
    """Sends what waits; any number may at once, and each mail is one's only."""

    def __init__(self, primary: Primary, settings: Settings) -> None:
        self._primary = primary
        self._server = Server.of(settings.smtp_url) if settings.smtp_url else None
        self._stationery = Stationery(settings.mail_from, settings.public_url)

    def send(self) -> int:
        """Send what is due, beginning mails for some seconds at most; return how many went out.

        Without a server that lets us in everything stays as it was.
        """
        if self._server is None or not self._is_due():
            return 0
        until, sent = time.monotonic() + ROUND, 0
        try:
            while True:
                with self._server.open(self._stationery.address) as line:
                    carried, is_all = self._carry(line, until)
                sent += carried
                # Some servers take so many mails by one connection and then hang up: a new one goes on.
                if is_all or not carried:
                    return sent
        except Unreachable as fault:
            _log.warning("mail server not reached", fault=str(fault))
            return sent

    def forget(self) -> int:
        """Forget mails that were settled long ago; return how many."""
        forgotten = 0
        while True:
            with self._primary.begin() as session:
                some = mails.forget(session, database.now(session) - KEPT)
            forgotten += some
            if some < mails.STEP:
                return forgotten

    def _is_due(self) -> bool:
        with self._primary.read() as session:
            return mails.is_due(session)

    def _carry(self, line: Line, until: float) -> tuple[int, bool]:
        """Send by one connection until it ends; return how many went, and whether that was all for now."""
        sent, outcome = 0, None
        while True:
            with self._primary.begin() as session:
                if outcome is not None:
                    _settle(session, outcome)
                goes_on = time.monotonic() < until and not (outcome and outcome.broken)
                taken = mails.take(session, LEASE) if goes_on else None
                moment = database.now(session)
            if taken is None:
                return sent, not (outcome and outcome.broken)
            outcome = self._tried(line, taken, moment)
            sent += outcome.is_sent

    def _tried(self, line: Line, taken: Taken, now: datetime) -> Outcome:
        if taken.wanted is False:
            return Outcome(taken, "not wanted")
        if rules.is_too_late(taken.attempts, taken.made_at, now):
            return Outcome(taken, "too late")
        pause = rules.pause_after(taken.attempts, taken.made_at, now)
        try:
            line.send(self._stationery.written(_letter(taken), now), taken.address)
        except Unwritable:
            return Outcome(taken, "cannot be written")
        except Refused as refusal:
            return Outcome(taken, refusal.fault, None if refusal.for_good else pause)
        except Broken as fault:
            return Outcome(taken, str(fault), pause, broken=True)
        return Outcome(taken)


def _letter(taken: Taken) -> Letter:
    return Letter(
        taken.notification_id,
        f"{taken.given_name} {taken.family_name}",
        taken.address,
        Language(taken.language or Language.PL),
        taken.title,
        taken.body,
    )


def _settle(session: Session, outcome: Outcome) -> None:
    """Write down what became of an attempt; the log tells which notification it was, and not whose."""
    mail, fault = outcome.mail, outcome.fault
    if fault is None:
        mails.sent(session, mail)
    elif outcome.pause is None:
        mails.give_up(session, mail, fault)
        if mail.wanted is not False:
            _log.warning("mail given up", notification_id=mail.notification_id, fault=fault)
    else:
        mails.put_off(session, mail, outcome.pause, fault)
        _log.info("mail put off", notification_id=mail.notification_id, fault=fault, attempts=mail.attempts)
