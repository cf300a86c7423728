"""Whether what concurrent callers were told could have been told by one clerk with one book, one caller at a time.

The search is Wing and Gong's with a memory of the states already tried; a section's operations touch no other section,
so each section is judged alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_STATES = 200_000
"""How many states are tried before a history counts as undecided, which is an error of the test."""
Book = frozenset[tuple[str, str]]
"""Who holds a seat: (student, enrollment)."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The student got a seat by this enrollment."""

    student: str
    enrollment: str


@dataclass(frozen=True, slots=True)
class Full:
    """The student was told that no seat was left, and for no other reason."""

    student: str


@dataclass(frozen=True, slots=True)
class Already:
    """The student was told to hold a seat already."""

    student: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """The seat of this enrollment was given back."""

    student: str
    enrollment: str


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """The enrollment was said not to stand any more."""

    student: str
    enrollment: str


@dataclass(frozen=True, slots=True)
class Roster:
    """These enrollments were shown to hold a seat."""

    enrollments: frozenset[str]


Answer = Enrolled | Full | Already | Dropped | NotEnrolled | Roster


@dataclass(frozen=True, slots=True)
class Operation:
    """One call about a section: when it began and ended by a clock that only grows, and what was answered."""

    began: int
    ended: int
    section: str
    answer: Answer


class UndecidedError(Exception):
    """The search took too many states; the history is too long or too concurrent to judge."""


def contradictions(history: Iterable[Operation], capacities: Mapping[str, int]) -> dict[str, list[Operation]]:
    """Return the sections whose answers no order explains, each with its operations in order of their beginning."""
    by_section: dict[str, list[Operation]] = {section: [] for section in capacities}
    for operation in sorted(history, key=lambda one: one.began):
        by_section[operation.section].append(operation)
    return {key: told for key, told in by_section.items() if not explained(told, capacities[key])}


def explained(operations: Sequence[Operation], capacity: int, most_states: int = MOST_STATES) -> bool:
    """Tell whether some order of one section's operations gives every answer, and breaks no order in time.

    Raises `UndecidedError`.
    """
    waiting = sorted(operations, key=lambda one: one.began)
    everything = (1 << len(waiting)) - 1
    tried: set[tuple[int, Book]] = {(0, frozenset())}
    open_states = list(tried)
    while open_states:
        done, book = open_states.pop()
        if done == everything:
            return True
        for index in _may_be_next(waiting, done):
            after = answered(book, waiting[index].answer, capacity)
            state = (done | 1 << index, after) if after is not None else None
            if state and state not in tried:
                tried.add(state)
                open_states.append(state)
        if len(tried) > most_states:
            raise UndecidedError(f"{len(waiting)} operations")
    return False


def answered(book: Book, answer: Answer, capacity: int) -> Book | None:
    """Return the book after a clerk gave this answer, or None when this book does not allow it."""
    holders = {student for student, _ in book}
    match answer:
        case Enrolled(student, enrollment):
            return book | {(student, enrollment)} if student not in holders and len(book) < capacity else None
        case Full(student):
            return book if student not in holders and len(book) >= capacity else None
        case Already(student):
            return book if student in holders else None
        case Dropped(student, enrollment):
            return book - {(student, enrollment)} if (student, enrollment) in book else None
        case NotEnrolled(student, enrollment):
            return book if (student, enrollment) not in book else None
        case Roster(enrollments):
            return book if {enrollment for _, enrollment in book} == enrollments else None


def _may_be_next(waiting: Sequence[Operation], done: int) -> list[int]:
    """Return the operations that began before any other one left ended: only these can have come first."""
    left = [index for index in range(len(waiting)) if not done >> index & 1]
    first_end = min(waiting[index].ended for index in left)
    return [index for index in left if waiting[index].began <= first_end]
