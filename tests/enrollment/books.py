"""The ledger of seats on its own: sections as the neighbor tells them, seats taken and given back."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from tests.enrollment.cases import section
from university.enrollment.models import Section
from university.enrollment.repository import claims, ledger
from university.enrollment.rules.facts import Seats, SectionFacts, Standing
from university.platform.database import Primary, new_id, now

ANN = Standing("ann", 1, "active", "INF", 2, groups=("erasmus",))
BOB = Standing("bob", 1, "active", "MAT", 1)


def told(**facts: Any) -> SectionFacts:
    key = facts.pop("id", new_id())
    made = section(key, **facts)
    return replace(
        made,
        offering=replace(made.offering, id=new_id()),
        term=replace(made.term, id=new_id()),
        course=replace(made.course, id=new_id()),
    )


def remember(primary: Primary, *sections: SectionFacts) -> None:
    with primary.begin() as session:
        ledger.refresh(session, sections, now(session))


def seats(primary: Primary, one: SectionFacts) -> Seats:
    with primary.read() as session:
        return ledger.seats_of(session, [one.id])[one.id]


def claim(
    primary: Primary, one: SectionFacts, standing: Standing = BOB, *, queued: bool = False
) -> tuple[bool, int | None]:
    with primary.begin() as session:
        ledger.release_expired(session, [one.id], now(session))
        return claims.claim(session, one.id, ledger.seats_of(session, [one.id])[one.id], standing, queued=queued)


def release(primary: Primary, one: SectionFacts, pool: int | None = None) -> None:
    with primary.begin() as session:
        claims.release(session, one.id, pool)


def overfull(primary: Primary, one: SectionFacts) -> int:
    with primary.read() as session:
        return session.scalars(select(Section.overfull).where(Section.id == one.id)).one()
