"""The words of a requisite's text, each with its position, and the fault of a text that cannot be read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from university.course.rules.faults import say

MAX_LENGTH = 4_000

# Words between or after demands, and words that open one. They are words of the language only in capitals.
OPERATORS = frozenset({"AND", "OR", "NOT", "OF", "IN", "WITHIN", "WITH", "CONCURRENT"})
RESERVED = OPERATORS | {"PROGRESS", "TERMS", "CREDITS", "GPA", "TEST", "PROGRAM", "STAGE", "GROUP", "CONSENT"}

_SIGN = re.compile(r">=|[(),]")
_QUOTED = re.compile(r'"([^"]*)"')
_BESIDE_LETTERS = "-._+"


class RequisiteSyntax(ValueError):
    """A text that is no requisite: `position` counts characters from 0 to where reading failed."""

    def __init__(self, fault: str, position: int, **params: object) -> None:
        self.fault = fault
        self.position = position
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(f"{self.message('en')} (at {position})")

    def message(self, language: str) -> str:
        """The fault as a sentence in `en` or `pl`."""
        return say(self.fault, self.params, language)


class Kind(Enum):
    """What a token is."""

    WORD = "word"  # A piece of a code, name, number or grade.
    KEYWORD = "keyword"
    QUOTED = "quoted"  # A whole code or name.
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign, and where it starts."""

    kind: Kind
    text: str
    position: int

    def is_the(self, text: str) -> bool:
        """Whether this is that keyword or sign."""
        return self.text == text and self.kind in {Kind.KEYWORD, Kind.SIGN}


def scan(text: str) -> list[Token]:
    """The tokens of a text, and its end; raises RequisiteSyntax."""
    if len(text) > MAX_LENGTH:
        raise RequisiteSyntax("text-too-long", MAX_LENGTH, limit=MAX_LENGTH)
    return [*_tokens(text), Token(Kind.END, "", len(text))]


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at)
        yield token


def _token(text: str, at: int) -> tuple[Token, int]:
    if text[at] == '"':
        return _quoted(text, at)
    if sign := _SIGN.match(text, at):
        return Token(Kind.SIGN, sign.group(), at), sign.end()
    end = at
    while end < len(text) and is_word_character(text[end]):
        end += 1
    if end == at:
        raise RequisiteSyntax("unexpected-character", at, found=text[at])
    word = unicodedata.normalize("NFC", text[at:end])
    return Token(Kind.KEYWORD if word in RESERVED else Kind.WORD, word, at), end


def _quoted(text: str, at: int) -> tuple[Token, int]:
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        raise RequisiteSyntax("unclosed-quote", at)
    for offset, character in enumerate(quoted[1], start=at + 1):
        if not (character.isprintable() or character.isspace()):
            raise RequisiteSyntax("unexpected-character", offset, found=f"U+{ord(character):04X}")
    name = " ".join(unicodedata.normalize("NFC", quoted[1]).split())
    if not name:
        raise RequisiteSyntax("expected", at, expected="a name", found='""')
    return Token(Kind.QUOTED, name, at), quoted.end()


def is_word_character(character: str) -> bool:
    """Whether the character may stand in an unquoted code, name, number or grade: letters, marks, digits and `-._+`."""
    return character in _BESIDE_LETTERS or unicodedata.category(character)[0] in "LMN"


def needs_quotes(name: str) -> bool:
    """Whether a code or name would be misread if it stood without quotation marks."""
    words = name.split(" ")
    return any(word.upper() in RESERVED or not all(map(is_word_character, word)) for word in words)
