"""Which addresses the user interface's router knows, as its build has written them down."""

import re
from collections.abc import Iterable

_PART = re.compile(r"(?P<name>:\w+)(?P<optional>\?)?|[\w.~-]+")
"""A part of an address: a word, or the name of something that may be anything, or nothing."""


class UnknownPattern(ValueError):
    """The build has written down an address in a way that is not understood here."""

    def __init__(self, pattern: str) -> None:
        super().__init__(f"static/routes.json has {pattern!r}; a pattern is words and names, as in /courses/:id")


def compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what matches every address that one of the patterns describes; raise `UnknownPattern`.

    A pattern is `/courses/:id`, with words and names between slashes; a `?` after a last name lets it be left out.
    """
    return re.compile("|".join(f"(?:{_expression(pattern)})" for pattern in patterns) or r"(?!)")


def _expression(pattern: str) -> str:
    if pattern == "/":
        return pattern
    if not pattern.startswith("/"):
        raise UnknownPattern(pattern)
    return "".join(_expression_of_part(part, pattern) for part in pattern[1:].split("/")) + "/?"


def _expression_of_part(part: str, pattern: str) -> str:
    found = _PART.fullmatch(part)
    if found is None:
        raise UnknownPattern(pattern)
    if found["name"] is None:
        return f"/{re.escape(part)}"
    return "(?:/[^/]+)?" if found["optional"] else "/[^/]+"
