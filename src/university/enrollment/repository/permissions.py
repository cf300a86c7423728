"""Permissions: given, found by those whom they concern, and used as often as they allow."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from university.enrollment.models import Permission, PermissionUse
from university.enrollment.rules import permits
from university.platform.database import is_id
from university.platform.paging import Page, PageRequest, fetch

ACTIVE, USED_UP, EXPIRED, REVOKED = "active", "used", "expired", "revoked"
STATES = (ACTIVE, USED_UP, EXPIRED, REVOKED)
"""What a permission is: revoked before expired, expired before used up."""

_OF_STUDENT = (
    select(Permission)
    .where(Permission.student_id == bindparam("student"), Permission.revoked_at.is_(None))
    .order_by(Permission.id)
    .execution_options(populate_existing=True)
)
_OF_STUDENT_IN_TERM = _OF_STUDENT.where(Permission.term_id == bindparam("term"))


def of_student(session: Session, student_id: str, term_id: str | None = None) -> tuple[permits.Permission, ...]:
    """Return the permissions of a student, of one term when asked, as the rules see them: those not revoked."""
    wanted = _OF_STUDENT if term_id is None else _OF_STUDENT_IN_TERM
    found = session.scalars(wanted, {"student": student_id, "term": term_id})
    return tuple(as_rule(row) for row in found)


def consents_of(session: Session, student_id: str) -> list[permits.Permission]:
    """Return the permissions of a student that are somebody's consent."""
    return [one for one in of_student(session, student_id) if one.givers]


def as_rule(row: Permission) -> permits.Permission:
    """Return a permission as the rules see it."""
    return permits.Permission(
        id=row.id,
        student_id=row.student_id,
        term_id=row.term_id,
        rules=tuple(row.rules),
        section_id=row.section_id,
        offering_id=row.offering_id,
        uses=row.uses,
        used=row.used,
        expires_at=row.expires_at,
        revoked=row.revoked_at is not None,
        consent=row.consent,
        covers=frozenset(use.enrollment_id for use in row.made),
    )


def students_let_in(session: Session, student_ids: Collection[str]) -> set[str]:
    """Return those of the students who may have a permission for full sections; how it fits is judged later."""
    query = select(Permission.student_id, Permission.rules).where(
        Permission.student_id.in_(student_ids), Permission.revoked_at.is_(None), Permission.used < Permission.uses
    )
    return {row.student_id for row in session.execute(query) if not permits.SEATED_BY.isdisjoint(row.rules)}


def use(session: Session, enrollment_id: str, rules: Mapping[str, Sequence[str]], now: datetime) -> bool:
    """Note that permissions were used for an enrollment, by the rules that each overrode; tell whether all stand.

    A use counts once an enrollment. Each is one conditional statement, so that no number of simultaneous requests uses
    a permission more often than it allows.
    """
    known = _uses_of(session, enrollment_id, rules)
    for permission_id in sorted(rules):
        if permission_id in known:
            made = known[permission_id]
            made.rules = [*made.rules, *(rule for rule in rules[permission_id] if rule not in made.rules)]
        elif not _take(session, permission_id, now):
            return False
        else:
            told = {"rules": list(rules[permission_id]), "at": now}
            session.add(PermissionUse(permission_id=permission_id, enrollment_id=enrollment_id, **told))
    session.flush()
    return True


def _take(session: Session, permission_id: str, now: datetime) -> bool:
    taken = session.scalar(
        update(Permission)
        .where(
            Permission.id == permission_id,
            Permission.used < Permission.uses,
            Permission.revoked_at.is_(None),
            Permission.expires_at.is_(None) | (Permission.expires_at > now),
        )
        .values(used=Permission.used + 1, version=Permission.version + 1)
        .returning(Permission.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def _uses_of(session: Session, enrollment_id: str, permission_ids: Collection[str]) -> dict[str, PermissionUse]:
    query = select(PermissionUse).where(
        PermissionUse.enrollment_id == enrollment_id, PermissionUse.permission_id.in_(permission_ids)
    )
    return {row.permission_id: row for row in session.scalars(query)}


def get(session: Session, permission_id: str, *, lock: bool = False) -> Permission | None:
    """Return a permission by id, locked until the transaction ends when asked."""
    if not is_id(permission_id):
        return None
    query = select(Permission).where(Permission.id == permission_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def state_of(row: Permission, now: datetime) -> str:
    """Return what a permission is now."""
    if row.revoked_at is not None:
        return REVOKED
    if row.expires_at is not None and row.expires_at <= now:
        return EXPIRED
    return USED_UP if row.used >= row.uses else ACTIVE


def page(session: Session, filters: dict[str, str], now: datetime, wanted: PageRequest) -> Page:
    """Return a page of permissions, oldest first; filters by `student_id`, `term_id`, `section_id`, `state`."""
    rest = dict(filters)
    state = rest.pop("state", None)
    if not all(is_id(value) for value in rest.values()):
        return Page([], None, 0 if wanted.total else None)
    query = select(Permission).filter_by(**rest)
    return fetch(session, query if state is None else query.where(_is(state, now)), [Permission.id], wanted)


def _is(state: str, now: datetime) -> ColumnElement[bool]:
    kept = Permission.revoked_at.is_(None)
    current = and_(kept, or_(Permission.expires_at.is_(None), Permission.expires_at > now))
    return {
        REVOKED: Permission.revoked_at.is_not(None),
        EXPIRED: and_(kept, Permission.expires_at <= now),
        USED_UP: and_(current, Permission.used >= Permission.uses),
        ACTIVE: and_(current, Permission.used < Permission.uses),
    }[state]
