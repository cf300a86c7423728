"""All that the university keeps about a student: told in one file, and taken away for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from university.gateway.clients import SERVICE_NAME
from university.gateway.models import AccessToken, Account
from university.gateway.rules import Role
from university.gateway.service.signing_in import SigningIn
from university.platform import auditing, database, language
from university.platform.database import Primary
from university.platform.errors import Conflict, Denied, NotFound
from university.platform.idempotency import Once
from university.platform.language import Words
from university.platform.neighbors import Neighbor, Neighborhood, NeighborRefused, NeighborUnavailable
from university.platform.personal import GONE, Erased, Keeping, PersonalData, Records, StudentNamed
from university.platform.security import GATEWAY, Keyring, Principal

OTHERS = ("enrollment", "course", "student")
"""In the order of an erasure: the student's record comes last, so that what broke off can be asked for again."""
_STUDYING = ("active", "on-leave", "suspended")
_OVER = "until it is over"
RECORDS = Records(
    GATEWAY,
    Keeping("access_token", "tokens and sessions, with a name", _OVER, "student_id", hidden=("digest",), erased=GONE),
    Keeping(
        "refresh_token", "what tokens are renewed by", _OVER, "sign_in_id", "sign_in", ("digest", "salt"), erased=GONE
    ),
    Keeping(
        "activation",
        "codes to set a password by",
        "until one is used",
        "account_id",
        "account",
        ("digest",),
        erased=GONE,
    ),
    Keeping("sign_in", "who is signed in, with a name", _OVER, "student_id", erased=GONE),
    Keeping("account", "who signs in, with a name", "for good", "student_id", hidden=("password_hash",), erased=GONE),
    Keeping("integration", "systems that call by themselves", "until they are removed"),
    Keeping("integration_secret", "their secrets, as digests", "until they end"),
    Keeping("integration_token", "their tokens, as digests", _OVER),
    Keeping("used_state", "sign-ins that came back from the provider, as digests", "for ten minutes"),
    Keeping("share", "how much callers asked for, by digests", "minutes"),
    Keeping("attempts", "failed sign-ins, by digests", "until they are an hour old"),
)


class StudentNotFound(NotFound):
    """No student has this id or number."""

    title = Words("There is no such student.", "Nie ma takiego studenta.")


class NotYourOwnData(Denied):
    """A student asks about somebody else; whether that somebody exists is not told."""

    title = Words("You may only see your own data.", "Możesz oglądać tylko własne dane.")


class StudentStillHere(Conflict):
    """Somebody who has not left cannot be erased: the university would not know whom it teaches."""

    title = Words(
        "This student has not left; enter that they graduated or withdrew first.",
        "Ta osoba nadal studiuje; najpierw odnotuj ukończenie studiów lub rezygnację.",
    )


class StaffAccount(Conflict):
    """The student signs in as staff as well."""

    title = Words(
        "This student has an account with other roles; remove it first.",
        "Ta osoba ma konto z innymi rolami; najpierw usuń je.",
    )


@dataclass(frozen=True, slots=True)
class Export:
    """Everything about a student: rows by module and table."""

    student_id: str
    made_at: datetime
    modules: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a student was erased, and how many rows of each module that took."""

    student_id: str
    erased_at: datetime
    rows: Mapping[str, int]


class _Known(msgspec.Struct):
    """What the student module tells of a student to whoever may see one."""

    id: str
    status: str


class Privacy:
    """Gathers from every module what it keeps about a student, and has it forgotten."""

    def __init__(self, primary: Primary, neighborhood: Neighborhood, keyring: Keyring, signing_in: SigningIn) -> None:
        self._primary, self._neighborhood, self._keyring = primary, neighborhood, keyring
        self._signing_in = signing_in
        self._others = {name: Neighbor(name, SERVICE_NAME, neighborhood, keyring) for name in OTHERS}

    def export(self, key: str, who: Principal) -> Export:
        """Return everything; raise `StudentNotFound`, `NotYourOwnData`, `NeighborUnavailable`."""
        student = self._student(key, who)
        asked = StudentNamed(student.id)
        told = {
            name: other.learn(PersonalData, "POST", "/internal/personal-data", asked).tables
            for name, other in self._others.items()
        }
        with self._primary.read() as session:
            told[GATEWAY] = RECORDS.of(session, student.id).tables
            return Export(student.id, database.now(session), {name: told[name] for name in sorted(told)})

    def erase(self, key: str, who: Principal, once: Once) -> Erasure:
        """Take away what says who a student is, everywhere; what broke off is finished by asking again.

        Raises `StudentStillHere`, `StaffAccount`, and as `export` does.
        """
        student = self._student(key, who)
        if student.status in _STUDYING:
            raise StudentStillHere
        rows = {GATEWAY: self._erase_accounts(student.id)}
        for name, other in self._others.items():
            rows[name] = self._erase_at(other, student.id)
        with once.begin(self._primary) as session:
            auditing.about(student.id)
            return once.keep(session, Erasure(student.id, database.now(session), rows))

    def _student(self, key: str, who: Principal) -> _Known:
        """Return the student if the caller may see one by this key, as the student module decides."""
        headers = {
            "Authorization": f"Bearer {self._keyring.sign(GATEWAY, 'student', who)}",
            "Accept-Language": language.chosen(),
        }
        answer = self._neighborhood.send("student", "GET", f"/api/v1/students/{quote(key, safe='')}", headers)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise StudentNotFound
        if answer.status == HTTPStatus.FORBIDDEN:
            raise NotYourOwnData
        if answer.status != HTTPStatus.OK:
            raise NeighborUnavailable(f"student answered {answer.status}")
        known = msgspec.json.decode(answer.body, type=_Known)
        auditing.about(known.id)
        return known

    def _erase_accounts(self, student_id: str) -> int:
        with self._primary.begin() as session:
            _refuse_staff(session, student_id)
            digests = list(session.scalars(select(AccessToken.digest).where(AccessToken.student_id == student_id)))
            rows = RECORDS.erase(session, student_id)
        self._signing_in.forget(digests)
        return rows

    def _erase_at(self, other: Neighbor, student_id: str) -> int:
        try:
            return other.learn(Erased, "POST", "/internal/erasures", StudentNamed(student_id)).rows
        except NeighborRefused as refusal:
            if refusal.said == "student-still-here":
                raise StudentStillHere from refusal
            raise


def _refuse_staff(session: Session, student_id: str) -> None:
    roles = session.scalars(select(Account.roles).where(Account.student_id == student_id))
    if any(set(held) - {Role.STUDENT} for held in roles):
        raise StaffAccount
