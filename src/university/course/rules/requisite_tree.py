"""What a requisite is: a tree of demands joined by all, any, not and n-of."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Timing(StrEnum):
    """When a demanded course may be taken, where having completed it is not the only way."""

    IN_PROGRESS = "in-progress"
    CONCURRENT = "concurrent"
    WITH = "with"


class Consenter(StrEnum):
    """Who may give a consent."""

    INSTRUCTOR = "instructor"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class NOf:
    """At least `n` of the items, where 1 <= n <= their number."""

    n: int
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    item: "Node"

    @property
    def items(self) -> "tuple[Node, ...]":
        """The one item, so that every branch of a tree can be walked alike."""
        return (self.item,)


@dataclass(frozen=True, slots=True)
class CourseLeaf:
    """A course: passed, or with at least `grade`; or as `timing` allows; in the last `within_terms` terms."""

    course: str
    grade: str | None = None
    timing: Timing | None = None
    within_terms: int | None = None


@dataclass(frozen=True, slots=True)
class CreditsLeaf:
    """Credits earned, in all or in one department."""

    minimum: Decimal
    department: str | None = None


@dataclass(frozen=True, slots=True)
class GpaLeaf:
    """An average of grades."""

    minimum: Decimal


@dataclass(frozen=True, slots=True)
class ScoreLeaf:
    """A score in a named test."""

    name: str
    minimum: Decimal


@dataclass(frozen=True, slots=True)
class ProgramLeaf:
    """Belonging to one of the programs."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageLeaf:
    """Having reached a stage (year) of the program."""

    minimum: int


@dataclass(frozen=True, slots=True)
class GroupLeaf:
    """Belonging to one of the groups."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentLeaf:
    """A consent given by the instructor or the department."""

    giver: Consenter


Branch = And | Or | NOf | Not
Leaf = CourseLeaf | CreditsLeaf | GpaLeaf | ScoreLeaf | ProgramLeaf | StageLeaf | GroupLeaf | ConsentLeaf
Node = Branch | Leaf


@dataclass(frozen=True, slots=True)
class Mention:
    """A course that a tree names; `negated` where the tree demands that it was not taken."""

    leaf: CourseLeaf
    negated: bool

    @property
    def is_hard(self) -> bool:
        """Whether the course must come before: neither together with it, nor avoided."""
        return not self.negated and self.leaf.timing in {None, Timing.IN_PROGRESS}


def courses(tree: Node | None) -> Iterator[Mention]:
    """Every mention of a course in a tree, in the order of the text."""
    waiting = [] if tree is None else [(tree, False)]
    while waiting:
        node, negated = waiting.pop()
        if isinstance(node, CourseLeaf):
            yield Mention(node, negated)
        elif isinstance(node, Branch):
            negated ^= isinstance(node, Not)
            waiting.extend((item, negated) for item in reversed(node.items))
