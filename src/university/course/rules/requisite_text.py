"""A requisite as text: `parse` reads it, `render` writes it, and `parse(render(tree)) == tree`.

The grammar, where `NOT` binds tightest and `OR` loosest:

    expr  := and ("OR" and)*          and := unary ("AND" unary)*        unary := "NOT" unary | atom
    atom  := "(" expr ")" | n "OF" "(" expr ("," expr)* ")" | leaf
    leaf  := COURSE [">=" grade] ["IN PROGRESS" | "CONCURRENT" | "WITH"] ["WITHIN" n "TERMS"]
           | "CREDITS" ">=" n ["IN" department] | "GPA" ">=" x | "TEST" name ">=" n
           | "PROGRAM" "IN" "(" codes ")" | "STAGE" ">=" n | "GROUP" "IN" "(" names ")"
           | "CONSENT" ("INSTRUCTOR" | "DEPARTMENT")

A code or name is a run of words; spaces inside it count as one. Keywords are written in capitals and end it. What would
be misread, such as a code with a comma or with a keyword in it, stands in quotation marks: `"ART & STAGE 1"`.
An operator in small letters inside a course code is refused, because `CSE 8A and CSE 8B` is never one course.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import assert_never

from university.course.rules import grades
from university.course.rules.requisite_tokens import OPERATORS, Kind, RequisiteSyntax, Token, needs_quotes, scan
from university.course.rules.requisite_tree import (
    And,
    Consenter,
    ConsentLeaf,
    CourseLeaf,
    CreditsLeaf,
    GpaLeaf,
    GroupLeaf,
    Leaf,
    Node,
    NOf,
    Not,
    Or,
    ProgramLeaf,
    ScoreLeaf,
    StageLeaf,
    Timing,
)

MAX_DEPTH = 50
MAX_NODES = 500

_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_WHOLE = re.compile(r"[1-9][0-9]{0,5}")
_CONSENTER = re.compile("INSTRUCTOR|DEPARTMENT")


def parse(text: str) -> Node | None:
    """The tree that a text tells, None for a blank text; raises RequisiteSyntax."""
    tokens = scan(text)
    return None if tokens[0].kind is Kind.END else _Reader(tokens).whole()


class _Reader:
    """Reads tokens from left to right; a method reads what its name says, or raises RequisiteSyntax."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._nodes = 0

    # Words and signs

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _took(self, text: str) -> bool:
        """Whether the next token was this; if so, it is read."""
        found = self._next.is_the(text)
        self._at += found
        return found

    def _must(self, text: str) -> None:
        if not self._took(text):
            raise self._expected(text)

    def _expected(self, expected: str) -> RequisiteSyntax:
        token = self._next
        found = "the end" if token.kind is Kind.END else token.text
        return RequisiteSyntax("expected", token.position, expected=expected, found=found)

    # Branches

    def whole(self) -> Node:
        tree = self._expression()
        if self._next.kind is not Kind.END:
            raise self._expected("AND, OR or the end")
        return tree

    def _expression(self) -> Node:
        return self._chain("OR", self._conjunction, Or)

    def _conjunction(self) -> Node:
        return self._chain("AND", self._unary, And)

    def _chain(self, word: str, read: Callable[[], Node], join: type[And | Or]) -> Node:
        start = self._next
        items = [read()]
        while self._took(word):
            items.append(read())
        return items[0] if len(items) == 1 else self._counted(join(tuple(items)), start)

    def _unary(self) -> Node:
        start = self._next
        if self._took("NOT"):
            return self._counted(Not(self._deeper(self._unary, start)), start)
        if self._took("("):
            inner = self._deeper(self._expression, start)
            self._must(")")
            return inner
        if self._tokens[min(self._at + 1, len(self._tokens) - 1)].is_the("OF"):
            return self._n_of()
        return self._counted(self._leaf(), start)

    def _n_of(self) -> Node:
        start = self._next
        n = self._whole_number()
        self._must("OF")
        self._must("(")
        items = [self._deeper(self._expression, start)]
        while self._took(","):
            items.append(self._deeper(self._expression, start))
        self._must(")")
        if n > len(items):
            raise RequisiteSyntax("count-out-of-range", start.position, found=n, items=len(items))
        return self._counted(NOf(n, tuple(items)), start)

    def _deeper(self, read: Callable[[], Node], start: Token) -> Node:
        if self._depth == MAX_DEPTH:
            raise RequisiteSyntax("too-deep", start.position, limit=MAX_DEPTH)
        self._depth += 1
        node = read()
        self._depth -= 1
        return node

    def _counted(self, node: Node, start: Token) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise RequisiteSyntax("too-many-nodes", start.position, limit=MAX_NODES)
        return node

    # Leaves

    def _leaf(self) -> Leaf:
        if self._took("CREDITS"):
            return CreditsLeaf(self._minimum(), self._name() if self._took("IN") else None)
        if self._took("GPA"):
            return GpaLeaf(self._minimum())
        if self._took("TEST"):
            return ScoreLeaf(self._name(), self._minimum())
        if self._took("PROGRAM"):
            return ProgramLeaf(self._names())
        if self._took("STAGE"):
            self._must(">=")
            return StageLeaf(self._whole_number())
        if self._took("GROUP"):
            return GroupLeaf(self._names())
        if self._took("CONSENT"):
            return ConsentLeaf(self._consenter())
        return self._course()

    def _course(self) -> CourseLeaf:
        return CourseLeaf(self._course_code(), self._grade(), self._timing(), self._within_terms())

    def _course_code(self) -> str:
        start = self._at
        code = self._name("a requisite")
        for token in self._tokens[start : self._at]:
            if token.kind is Kind.WORD and token.text.upper() in OPERATORS:
                raise RequisiteSyntax("keyword-case", token.position, found=token.text)
        return code

    def _grade(self) -> str | None:
        if not self._took(">="):
            return None
        token = self._word("a grade")
        grade = grades.find(token.text)
        if grade is None:
            raise RequisiteSyntax("unknown-grade", token.position, found=token.text)
        return grade.text

    def _timing(self) -> Timing | None:
        if self._took("IN"):
            self._must("PROGRESS")
            return Timing.IN_PROGRESS
        if self._took("CONCURRENT"):
            return Timing.CONCURRENT
        return Timing.WITH if self._took("WITH") else None

    def _within_terms(self) -> int | None:
        if not self._took("WITHIN"):
            return None
        terms = self._whole_number()
        self._must("TERMS")
        return terms

    def _consenter(self) -> Consenter:
        return Consenter(self._matching(_CONSENTER, "INSTRUCTOR or DEPARTMENT").lower())

    # Names and numbers

    def _names(self) -> tuple[str, ...]:
        self._must("IN")
        self._must("(")
        names = [self._name()]
        while self._took(","):
            names.append(self._name())
        self._must(")")
        return tuple(names)

    def _name(self, expected: str = "a name") -> str:
        if self._next.kind is Kind.QUOTED:
            return self._take().text
        words = [self._word(expected).text]
        while self._next.kind is Kind.WORD:
            words.append(self._take().text)
        return " ".join(words)

    def _word(self, expected: str) -> Token:
        if self._next.kind is not Kind.WORD:
            raise self._expected(expected)
        return self._take()

    def _minimum(self) -> Decimal:
        self._must(">=")
        return Decimal(self._matching(_NUMBER, "a number")).normalize()

    def _whole_number(self) -> int:
        return int(self._matching(_WHOLE, "a whole number from 1 up"))

    def _matching(self, pattern: re.Pattern[str], expected: str) -> str:
        if self._next.kind is not Kind.WORD or not pattern.fullmatch(self._next.text):
            raise self._expected(expected)
        return self._take().text


@lru_cache(maxsize=8_192)
def render(tree: Node) -> str:
    """The text of a tree, with no more parentheses than it needs."""
    match tree:
        case And(items):
            return " AND ".join(f"({render(item)})" if isinstance(item, And | Or) else render(item) for item in items)
        case Or(items):
            return " OR ".join(f"({render(item)})" if isinstance(item, Or) else render(item) for item in items)
        case Not(item):
            return f"NOT ({render(item)})" if isinstance(item, And | Or) else f"NOT {render(item)}"
        case NOf(n, items):
            return f"{n} OF ({', '.join(map(render, items))})"
        case _:
            return _render_leaf(tree)


def _render_leaf(leaf: Leaf) -> str:
    match leaf:
        case CourseLeaf():
            return _render_course(leaf)
        case CreditsLeaf(minimum, department):
            return f"CREDITS >= {minimum:f}" + (f" IN {_spell(department)}" if department else "")
        case GpaLeaf(minimum):
            return f"GPA >= {minimum:f}"
        case ScoreLeaf(name, minimum):
            return f"TEST {_spell(name)} >= {minimum:f}"
        case ProgramLeaf(codes):
            return f"PROGRAM IN ({', '.join(map(_spell, codes))})"
        case StageLeaf(minimum):
            return f"STAGE >= {minimum}"
        case GroupLeaf(names):
            return f"GROUP IN ({', '.join(map(_spell, names))})"
        case ConsentLeaf(giver):
            return f"CONSENT {giver.value.upper()}"
        case _:
            assert_never(leaf)


def _render_course(leaf: CourseLeaf) -> str:
    grade = f" >= {leaf.grade}" if leaf.grade else ""
    timing = f" {leaf.timing.value.upper().replace('-', ' ')}" if leaf.timing else ""
    within = f" WITHIN {leaf.within_terms} TERMS" if leaf.within_terms else ""
    return _spell(leaf.course) + grade + timing + within


def _spell(name: str) -> str:
    return f'"{name}"' if needs_quotes(name) else name
