"""Grades on the scales that an offering may use: which there are, which pass, and what a posting makes of one."""

from dataclasses import dataclass

CODE_UNKNOWN, CODE_SETTLED, CODE_ATTEMPT, CODE_STATUS = (
    "grade-not-on-scale",
    "reason-missing",
    "attempt-not-open",
    "not-gradable",
)
GRADABLE = frozenset({"enrolled", "review", "completed", "failed"})
"""Statuses in which an enrollment can be given a grade."""
_FIVE = frozenset({"2", "3", "4", "5"})
_MARKED = tuple(f"{letter}{sign}" for letter in "DCBA" for sign in ("-", "", "+"))


@dataclass(frozen=True, slots=True)
class Scale:
    """The grades of a scale from worst to best, as they are kept; `attempts` may be made before one must repeat."""

    name: str
    failing: tuple[str, ...]
    passing: tuple[str, ...]
    attempts: int = 1

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every grade of the scale, the worst first."""
        return self.failing + self.passing

    def find(self, text: str) -> str | None:
        """Return the grade that a text means, as it is kept: `5`, `5,0` and ` 5.0 ` are one; None for no such grade."""
        word = text.strip().replace(",", ".")
        word = (f"{word}.0" if word in _FIVE else word).casefold()
        return next((grade for grade in self.allowed if grade.casefold() == word), None)


SCALES = {
    scale.name: scale
    for scale in (
        Scale("pl", ("2.0",), ("3.0", "3.5", "4.0", "4.5", "5.0"), attempts=2),
        Scale("pl-pass", ("nzal",), ("zal",), attempts=2),
        Scale("us", ("F",), _MARKED),
        Scale("us-pass", ("NP",), ("P",)),
    )
}
"""Polish scales know a second attempt (`termin poprawkowy`); elsewhere a failed course is taken again."""


@dataclass(frozen=True, slots=True)
class Given:
    """The grade that an enrollment has, and at which attempt it was given; none and 0 before the first."""

    grade: str | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody posts: a grade, perhaps for a named attempt, and why where it changes what was given."""

    grade: str
    attempt: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting comes to: the grade as it is kept, its attempt, and whether it passes.

    `outcome` is `posted`, `second-attempt`, `corrected`, or `unchanged` where the same is posted once more.
    """

    grade: str
    attempt: int
    passed: bool
    outcome: str


def written(grade: str) -> str:
    """Return a grade as its scale writes it; one of no known scale stays as it is."""
    return next((found for scale in SCALES.values() if (found := scale.find(grade))), grade)


def passes(grade: str) -> bool | None:
    """Tell whether a grade passes; None for a grade of no known scale."""
    for scale in SCALES.values():
        if found := scale.find(grade):
            return found in scale.passing
    return None


def scale_of(name: str | None, grade: str | None = None) -> Scale:
    """Return a scale by name; of an enrollment without one that which its grade is on, else the Polish one."""
    if name in SCALES:
        return SCALES[name]
    return next((scale for scale in SCALES.values() if grade and scale.find(grade)), SCALES["pl"])


def post(scale: Scale, given: Given, wanted: Wanted) -> Posted | str:
    """Return what a posting comes to, or the code of why it cannot be.

    The first grade needs nothing. A failing one may be followed by as many attempts as the scale has. Whatever else
    changes a grade is a correction of its attempt and needs a reason.
    """
    grade = scale.find(wanted.grade)
    if grade is None:
        return CODE_UNKNOWN
    attempt = _attempt(scale, given, wanted, grade)
    if attempt is None:
        return CODE_ATTEMPT
    passed = grade in scale.passing
    if given.grade is None or attempt > given.attempt:
        return Posted(grade, attempt, passed, "posted" if given.grade is None else "second-attempt")
    if grade == _kept(scale, given.grade):
        return Posted(grade, attempt, passed, "unchanged")
    return Posted(grade, attempt, passed, "corrected") if wanted.reason else CODE_SETTLED


def _attempt(scale: Scale, given: Given, wanted: Wanted, grade: str) -> int | None:
    """Return which attempt is graded: the named one if it can be; else a new one where the last failed; else it."""
    if given.grade is None:
        return 1 if wanted.attempt in {None, 1} else None
    last = max(given.attempt, 1)
    open_ = last < scale.attempts and _kept(scale, given.grade) in scale.failing
    if wanted.attempt is not None:
        return wanted.attempt if wanted.attempt == last or (open_ and wanted.attempt == last + 1) else None
    again = open_ and not wanted.reason and grade != _kept(scale, given.grade)
    return last + 1 if again else last


def _kept(scale: Scale, grade: str) -> str:
    """Return a recorded grade as the scale writes it; one that came from elsewhere stays as it is."""
    return scale.find(grade) or grade
