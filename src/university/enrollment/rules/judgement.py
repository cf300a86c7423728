"""All rules together: every reason is told at once, in a stable order."""

from collections.abc import Callable, Iterator, Sequence

from university.enrollment.rules.case import Case, Violation
from university.enrollment.rules.person import active, admitted, may_repeat, no_hold, not_enrolled_already
from university.enrollment.rules.requisites import corequisites_present, requisites_met
from university.enrollment.rules.schedule import bundle_complete, bundle_valid, no_time_conflict, within_credit_limit
from university.enrollment.rules.seats import seat_left, section_open, within_waiting_limit
from university.enrollment.rules.timing import add_in_time, window_open

Rule = Callable[[Case], Iterator[Violation]]

RULES: tuple[Rule, ...] = (
    active,
    no_hold,
    window_open,
    add_in_time,
    section_open,
    bundle_complete,
    bundle_valid,
    admitted,
    not_enrolled_already,
    may_repeat,
    requisites_met,
    corequisites_present,
    no_time_conflict,
    within_credit_limit,
    within_waiting_limit,
    seat_left,
)
MOVING: tuple[Rule, ...] = (section_open, bundle_complete, bundle_valid, no_time_conflict, seat_left)
"""What still binds the university when it moves a student out of a section that it canceled."""


def judge(case: Case, rules: Sequence[Rule] = RULES) -> list[Violation]:
    """Return every violation; nothing that is fatal is a yes."""
    return [violation for rule in rules for violation in rule(case)]
