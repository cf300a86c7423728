"""What was asked and answered so far: by it an invariant tells an allowed change from one that nobody asked for."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.house import Reply

ENDS = {
    "offer-expired": "offers end by themselves",
    "section-canceled": "the university canceled it",
    "requisites-canceled": "the registrar decided",
}
"""Why a place may end that nobody asked to end."""


@dataclass
class Deeds:
    """Enrollments that somebody asked to leave, or to swap for others; what was answered; who may do more than others.

    `capacities` are all that a row of the ledger was told since the last rest; `permitted` are rules by student.
    """

    left: set[str] = field(default_factory=set)
    swapped: set[str] = field(default_factory=set)
    answered: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    permitted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    capacities: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    suspended: set[str] = field(default_factory=set)
    graded: set[str] = field(default_factory=set)
    holds: list[tuple[str, str]] = field(default_factory=list)
    permissions: list[str] = field(default_factory=list)
    canceled: int = 0
    clock_moved: bool = False

    def answer(self, reply: Reply) -> None:
        """Take down the enrollment that an answer tells of, if it tells of any."""
        if reply.status in {200, 201}:
            self.tell(reply.json)

    def answer_each(self, reply: Reply) -> None:
        """Take down the enrollments that the answer to a request tells of."""
        if reply.status == 200 and not reply.json.get("dry_run"):
            for item in reply.json["items"]:
                if item["enrollment"] is not None:
                    self.tell(item["enrollment"])

    def tell(self, enrollment: dict[str, str]) -> None:
        """Take down one enrollment as it was told."""
        self.answered[enrollment["id"]].append(enrollment["status"])

    def may(self, student: str, rule: str) -> bool:
        """Tell whether a student was ever permitted to break a rule."""
        return rule in self.permitted[student]
