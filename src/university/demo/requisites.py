"""Which requisites a made-up student meets, so that nobody's history breaks the rules of the catalog.

The same text form as the catalog's, read more simply: course codes have no spaces, and the answer is yes or no.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

TOKEN = re.compile(r"[(),]|>=|[^\s(),>]+")
COURSE = re.compile(r"[A-Z]{3}-\d{3}")


@dataclass(frozen=True, slots=True)
class Passed:
    """A completed course: its grade (none for a mere pass), its credits and the semester's index."""

    grade: float | None
    ects: int
    term: int


@dataclass(slots=True)
class Facts:
    """What is known of a student when a semester begins; `taking` is what is chosen for that semester."""

    program: str
    groups: tuple[str, ...]
    stage: int = 1
    term: int = 0
    passed: dict[str, Passed] = field(default_factory=dict)
    taking: Collection[str] = ()

    def credits_in(self, department: str) -> int:
        """The credits earned in a department; everywhere, when it is empty."""
        return sum(done.ects for code, done in self.passed.items() if code.startswith(department))

    def mean(self) -> float:
        """The average grade, weighted by credits; 0 without grades."""
        graded = [(done.grade, done.ects) for done in self.passed.values() if done.grade is not None]
        return sum(grade * ects for grade, ects in graded) / (sum(ects for _, ects in graded) or 1)


Check = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Requisite:
    """A requisite that was read: its text, how to judge it, and the courses to pass before and to take alongside."""

    text: str
    met: Check
    before: frozenset[str]
    alongside: frozenset[str]


def parse(text: str) -> Requisite:
    """The requisite of a text (an empty one asks for nothing); a text that breaks the grammar is a ValueError."""
    if not text:
        return Requisite("", _always, frozenset(), frozenset())
    reader = _Reader(TOKEN.findall(text))
    met = reader.any_of()
    if not reader.ended:
        raise ValueError(f"{text!r} goes on after its end")
    return Requisite(text, met, frozenset(reader.before), frozenset(reader.alongside))


def _always(_: Facts) -> bool:
    return True


class _Reader:
    """Recursive descent; each method reads one rule of the grammar and returns how to judge it."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0
        self.before: set[str] = set()
        self.alongside: set[str] = set()

    @property
    def ended(self) -> bool:
        return self._next == len(self._tokens)

    def any_of(self) -> Check:
        parts = [self._all_of()]
        while self._skip("OR"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else lambda facts: any(part(facts) for part in parts)

    def _all_of(self) -> Check:
        parts = [self._unary()]
        while self._skip("AND"):
            parts.append(self._unary())
        return parts[0] if len(parts) == 1 else lambda facts: all(part(facts) for part in parts)

    def _unary(self) -> Check:
        if self._skip("NOT"):
            inner = self._unary()
            return lambda facts: not inner(facts)
        return self._atom()

    def _atom(self) -> Check:
        if self._skip("("):
            inner = self.any_of()
            self._expect(")")
            return inner
        token = self._take()
        if token.isdigit():
            return self._some_of(int(token))
        if COURSE.fullmatch(token):
            return self._course(token)
        return self._other(token)

    def _some_of(self, number: int) -> Check:
        self._expect("OF")
        self._expect("(")
        parts = [self.any_of()]
        while self._skip(","):
            parts.append(self.any_of())
        self._expect(")")
        return lambda facts: sum(part(facts) for part in parts) >= number

    def _course(self, code: str) -> Check:
        least = float(self._take()) if self._skip(">=") else 0.0
        if self._skip("WITH"):
            self.alongside.add(code)
            return lambda facts: code in facts.taking
        if self._skip("CONCURRENT"):
            self.alongside.add(code)
            return lambda facts: code in facts.taking or code in facts.passed
        self.before.add(code)
        terms = self._within()

        def passed(facts: Facts) -> bool:
            done = facts.passed.get(code)
            return done is not None and (done.grade or 0.0) >= least and facts.term - done.term <= terms

        return passed

    def _within(self) -> int:
        """How many semesters old a pass may be."""
        if not self._skip("WITHIN"):
            return 1000
        terms = int(self._take())
        self._expect("TERMS")
        return terms

    def _other(self, word: str) -> Check:
        if word in {"PROGRAM", "GROUP"}:
            return self._membership(word)
        if word == "CONSENT":
            self._take()
            return lambda _: False
        if word == "TEST":
            self._take()
        return self._threshold(word)

    def _membership(self, word: str) -> Check:
        self._expect("IN")
        self._expect("(")
        names = {self._take()}
        while self._skip(","):
            names.add(self._take())
        self._expect(")")
        if word == "PROGRAM":
            return lambda facts: facts.program in names
        return lambda facts: not names.isdisjoint(facts.groups)

    def _threshold(self, word: str) -> Check:
        self._expect(">=")
        least = float(self._take())
        department = self._take() if word == "CREDITS" and self._skip("IN") else ""
        checks: dict[str, Check] = {
            "CREDITS": lambda facts: facts.credits_in(department) >= least,
            "STAGE": lambda facts: facts.stage >= least,
            "GPA": lambda facts: facts.mean() >= least,
            "TEST": lambda _: False,
        }
        return checks[word]

    def _take(self) -> str:
        if self.ended:
            raise ValueError("the text ends too early")
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip(self, token: str) -> bool:
        found = not self.ended and self._tokens[self._next] == token
        self._next += found
        return found

    def _expect(self, token: str) -> None:
        if not self._skip(token):
            raise ValueError(f"{token!r} is missing")
