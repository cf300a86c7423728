"""Polish and English: the two languages people are answered in, and the choice between them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

LANGUAGES = ("en", "pl")
_RANGE = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9]+)*\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?")
_chosen: ContextVar[str] = ContextVar("language", default="en")


class Words(NamedTuple):
    """One sentence in both languages; `{name}` places are filled by `say`."""

    en: str
    pl: str

    def say(self, **params: object) -> str:
        """Return the sentence in the request's language with its places filled."""
        words: str = getattr(self, _chosen.get())
        return words.format(**params) if params else words


@contextmanager
def speaking(accept_language: str | None) -> Iterator[None]:
    """Answer in the language that an `Accept-Language` header prefers for the duration of one request."""
    token = _chosen.set(_preferred(accept_language))
    try:
        yield
    finally:
        _chosen.reset(token)


def choose(accept_language: str | None) -> str:
    """Remember and return the language that an `Accept-Language` header prefers; English when it names neither."""
    language = _preferred(accept_language)
    _chosen.set(language)
    return language


def chosen() -> str:
    """Return the language of the request being served."""
    return _chosen.get()


def _preferred(header: str | None) -> str:
    """Return the known language of the greatest weight; of equal ones the first."""
    best, preferred = 0.0, "en"
    for part in (header or "")[:200].lower().split(","):
        found = _RANGE.fullmatch(part)
        weight = float(found[2] or 1) if found else 0.0
        if found and found[1] in LANGUAGES and weight > best:
            best, preferred = weight, found[1]
    return preferred
