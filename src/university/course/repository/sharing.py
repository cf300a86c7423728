"""Sections that share seats: a host and those of cross-listed offerings that have its seats and no others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from university.course.models import Availability, Offering, Section
from university.course.repository.keys import chunks
from university.course.repository.reading import by_ids

OF_HOST = ("capacity", "waitlist_capacity", "reserved")
"""What a section that shares seats has of its host."""


_SHARED = Section.__table__.c.shares_seats_with
_read_sharing = by_ids(_SHARED, lambda lean: select(lean(_SHARED)))


def share(session: Session, offering_id: str) -> bool:
    """Tell whether a section of an offering shares seats with a section of another."""
    query = select(Section.id).where(Section.offering_id == offering_id, Section.shares_seats_with.is_not(None))
    return session.scalar(query.limit(1)) is not None


def has_secondary(session: Session, offering_id: str) -> bool:
    """Tell whether another offering is cross-listed with this one."""
    query = select(Offering.id).where(Offering.cross_listed_with == offering_id)
    return session.scalar(query.limit(1)) is not None


def guests(session: Session, host_ids: Iterable[str]) -> list[Section]:
    """Return the sections that share the seats of hosts, by id, kept from others until the transaction ends."""
    found: list[Section] = []
    for some in chunks(list(host_ids)):
        query = select(Section).where(Section.shares_seats_with.in_(some)).order_by(Section.id)
        found += session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return found


def follow(session: Session, host_ids: Iterable[str]) -> list[str]:
    """Give the sections that share the seats of hosts the limits that these have now; return their ids."""
    ids = []
    for guest in guests(session, host_ids):
        host = session.get_one(Section, guest.shares_seats_with)
        for name in OF_HOST:
            setattr(guest, name, getattr(host, name))
        ids.append(guest.id)
    session.flush()
    return ids


def group_of(session: Session, section_ids: Collection[str]) -> list[str]:
    """Return the other sections that share seats with any of these."""
    found: set[str] = set()
    for some in chunks(list(section_ids)):
        above = select(Section.shares_seats_with).where(Section.id.in_(some), Section.shares_seats_with.is_not(None))
        hosts = [*some, *session.scalars(above.distinct())]
        found.update(session.scalars(select(Section.id).where(Section.shares_seats_with.in_(hosts))))
        found.update(hosts[len(some) :])
    return sorted(found.difference(section_ids))


def together(session: Session, sections: Sequence[Any]) -> Mapping[str, Row[Any]]:
    """Return how many seats are `taken`, `held` and waited for in all of a group, by each of its sections given."""
    hosts = {row.id: row.shares_seats_with or row.id for row in sections}
    sums: dict[str, Row[Any]] = {}
    with_guests = {row.shares_seats_with for row in _read_sharing(session, set(hosts.values()))}
    for some in chunks(sorted(with_guests)):
        sums |= {row.host: row for row in session.execute(_sums(some))}
    return {one: sums[host] for one, host in hosts.items() if host in sums}


def _sums(hosts: Sequence[str]) -> Any:
    host = func.coalesce(Section.shares_seats_with, Section.id).label("host")
    counts = (func.sum(getattr(Availability, kind)).label(kind) for kind in ("taken", "held", "waiting"))
    inside = or_(Section.shares_seats_with.in_(hosts), Section.id.in_(hosts))
    return select(host, *counts).join(Availability).where(inside).group_by(host)
