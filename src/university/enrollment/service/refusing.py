"""How registrations are refused as a whole: by rules, for want of a seat, for sections that nobody knows."""

from collections.abc import Sequence

from university.enrollment import texts
from university.enrollment.rules.case import Violation
from university.platform.errors import Conflict, Unavailable, Unprocessable
from university.platform.language import Words


class RegistrationRefused(Unprocessable):
    """Rules forbid the registration; `violations` tells every one of them with its remedies."""

    title = Words("The registration was refused.", "Zapis został odrzucony.")

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(violations=[texts.tell(violation) for violation in violations])


class SectionFull(Conflict):
    """There is no seat left, and that is the only reason."""

    title = Words("The section is full.", "Grupa jest pełna.")

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(violations=[texts.tell(violation) for violation in violations])


class SectionNotFound(Unprocessable):
    """Some of the sections asked for do not exist; `section_ids` lists them."""

    title = Words("There is no such section.", "Nie ma takiej grupy.")


class ScheduleMoving(Unavailable):
    """The student's schedule, or what was asked for, kept changing while this request was judged."""

    title = Words(
        "Your schedule, or what you ask for, is being changed at this moment.",
        "Twój plan albo to, o co prosisz, właśnie się zmienia.",
    )


class NotWaiting(Conflict):
    """The enrollment waits in no queue any more."""

    title = Words("This registration does not wait any more.", "Ten zapis już nie czeka w kolejce.")


class NotOffered(Conflict):
    """No seat is offered by this enrollment, or not any more."""

    title = Words("No seat is offered here any more.", "Miejsce nie jest tu już oferowane.")
