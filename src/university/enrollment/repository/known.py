"""What the ledger knows of sections and pools, to be looked through."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from university.enrollment.models import SeatPool, Section
from university.enrollment.rules.facts import SectionFacts


def expired_pools(session: Session, now: datetime) -> list[str]:
    """Return the sections with a reserved pool whose date has passed and whose seats are not open yet."""
    due = select(SeatPool.section_id).where(~SeatPool.released, SeatPool.until <= now)
    return list(session.scalars(due.distinct().order_by(SeatPool.section_id)))


def sections_of(session: Session, offering_id: str) -> list[SectionFacts]:
    """Return the sections of an offering that the ledger knows, in order of number."""
    rows = session.scalars(select(Section.facts).where(Section.offering_id == offering_id))
    found = [msgspec.json.decode(facts, type=SectionFacts) for facts in rows]
    return sorted(found, key=lambda section: section.number)
