"""When registration is possible: windows and deadlines."""

from collections.abc import Iterator
from datetime import date

from university.enrollment.rules.case import Case, Remedy, Violation
from university.enrollment.rules.facts import SectionFacts, Window
from university.enrollment.rules.person import holds


def windows_for(case: Case) -> list[Window]:
    """Return the windows whose audience holds the student, open or not."""
    return [window for window in case.windows if case.standing.fits(window.audience) and case.earned >= window.min_ects]


def open_windows(case: Case) -> list[Window]:
    """Return the student's windows that are open now; opening counts, closing does not."""
    return [window for window in windows_for(case) if window.opens_at <= case.now < window.closes_at]


def window_open(case: Case) -> Iterator[Violation]:
    """Nobody registers outside a window of theirs."""
    fitting = windows_for(case)
    if open_windows(case):
        return
    coming = sorted((window for window in fitting if window.opens_at > case.now), key=lambda window: window.opens_at)
    if coming:
        opens_at = _stamp(coming[0])
        facts = {"window": coming[0].name, "opens_at": opens_at}
        yield Violation("window-not-open", facts, (Remedy("wait-until", {"at": opens_at}),))
    elif fitting:
        last = max(fitting, key=lambda window: window.closes_at)
        facts = {"window": last.name, "closed_at": last.closes_at.isoformat().replace("+00:00", "Z")}
        yield Violation("window-closed", facts, (case.ask_permission("window-closed"),))
    else:
        nothing = {"window": None, "opens_at": None}
        yield Violation("window-not-open", nothing, (case.ask_permission("window-not-open"),))


def add_in_time(case: Case) -> Iterator[Violation]:
    """The add deadline is the last day on which a section may be taken."""
    for section in case.wish:
        if case.today > section.deadlines.add_until:
            yield _passed(case, section, "add", section.deadlines.add_until)


def drop_in_time(case: Case) -> Iterator[Violation]:
    """The drop deadline is the last day on which a place may be given back without a mark."""
    for section in case.wish:
        if case.today > section.deadlines.drop_until:
            yield _passed(case, section, "drop", section.deadlines.drop_until)


def withdraw_in_time(case: Case) -> Iterator[Violation]:
    """Withdrawing leaves a mark, so it begins where dropping ends, and has a last day of its own."""
    droppable = [section for section in case.wish if case.today <= section.deadlines.drop_until]
    if case.wish and len(droppable) == len(case.wish):
        until = min(section.deadlines.drop_until for section in droppable)
        facts = {"course": case.wish[0].course.code, "until": str(until)}
        yield Violation("drop-possible", facts, (Remedy("drop-instead", {"course": case.wish[0].course.code}),))
    for section in case.wish:
        if case.today > section.deadlines.withdraw_until:
            yield _passed(case, section, "withdraw", section.deadlines.withdraw_until)


def may_withdraw(case: Case) -> list[Violation]:
    """Return everything that forbids withdrawing from the wish's sections."""
    return [*holds(case, "block-drop"), *withdraw_in_time(case)]


def may_drop(case: Case) -> list[Violation]:
    """Return everything that forbids giving the wish's sections back."""
    return [*holds(case, "block-drop"), *drop_in_time(case)]


def _passed(case: Case, section: SectionFacts, deadline: str, until: date) -> Violation:
    facts = {"deadline": deadline, "until": str(until), "course": section.course.code}
    return Violation("deadline-passed", facts, (case.ask_permission("deadline-passed", section),), section.id)


def _stamp(window: Window) -> str:
    return window.opens_at.isoformat().replace("+00:00", "Z")
