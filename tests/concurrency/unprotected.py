"""Run the university with the seats' protection taken out: no condition in the claim, no constraint behind it.

The race must oversell here; else it would prove nothing where the protection is in place.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from entrypoints.cli import main
from university.enrollment.models import Section
from university.enrollment.repository import claims
from university.enrollment.rules.facts import Seats, Standing


def claim_without_condition(
    session: Session, section_id: str, seats: Seats, standing: Standing, **_how: bool
) -> tuple[bool, int | None]:
    """Take a seat because the rules saw one a moment ago."""
    del seats, standing
    session.execute(update(Section).where(Section.id == section_id).values(taken=Section.taken + 1, overfull=1000))
    return True, None


if __name__ == "__main__":
    claims.claim = claim_without_condition
    main()
