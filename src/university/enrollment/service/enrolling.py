"""Enrolling in one bundle of sections: a registration of a single item, refused as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from university.enrollment.models import Enrollment
from university.enrollment.rules.case import Violation
from university.enrollment.service import errands
from university.enrollment.service.errands import Done, Errand, Item
from university.enrollment.service.refusing import RegistrationRefused, SectionFull
from university.enrollment.service.registering import Registering
from university.platform.idempotency import Once
from university.platform.security import Principal


@dataclass(frozen=True, slots=True)
class Wish:
    """What a student asks for: one bundle of sections, perhaps instead of a place that is given back for it."""

    student: str
    section_ids: tuple[str, ...]
    waitlist: bool = False
    instead_of: str | None = None


class Enrolling:
    """Gives students their places."""

    def __init__(self, registering: Registering) -> None:
        self._registering = registering

    def enroll(self, wish: Wish, who: Principal, once: Once) -> Enrollment:
        """Give the student a place, or refuse with every reason.

        Raises `RegistrationRefused`, `SectionFull`, `SectionNotFound`, `StudentNotFound`, `NotYours`, and
        `NeighborUnavailable` when a neighbor does not answer; then nothing was written.
        """

        def conclude(done: Sequence[Done]) -> Enrollment:
            (only,) = done
            if only.enrollment is None:
                raise _refusal(only.violations, wish)
            return only.enrollment

        if wish.instead_of is None:
            item: Item = errands.add(wish.section_ids, waits=wish.waitlist)
        else:
            item = errands.swap(wish.instead_of, wish.section_ids, waits=wish.waitlist)
        errand = Errand(wish.student, (item,))
        return self._registering.carry_out(errand, who, once, conclude)


def _refusal(violations: Sequence[Violation], wish: Wish) -> Exception:
    only_full = all(one.code == "section-full" for one in violations if one.severity == "fatal")
    return SectionFull(violations) if only_full and not wish.waitlist else RegistrationRefused(violations)
