"""Polish and English: the two languages people are answered in, and the choice between them."""

from contextvars import ContextVar
from typing import NamedTuple

LANGUAGES = ("en", "pl")
_chosen: ContextVar[str] = ContextVar("language", default="en")


class Words(NamedTuple):
    """One sentence in both languages; `{name}` places are filled by `say`."""

    en: str
    pl: str

    def say(self, **params: object) -> str:
        """Return the sentence in the request's language with its places filled."""
        words: str = getattr(self, _chosen.get())
        return words.format(**params) if params else words


def choose(accept_language: str | None) -> str:
    """Remember and return the language that an `Accept-Language` header prefers; English when it names neither."""
    weighed = sorted(_weighed(accept_language or ""), key=lambda pair: -pair[1])
    language = next((tag for tag, weight in weighed if tag in LANGUAGES and weight > 0), "en")
    _chosen.set(language)
    return language


def chosen() -> str:
    """Return the language of the request being served."""
    return _chosen.get()


def _weighed(header: str) -> list[tuple[str, float]]:
    pairs = []
    for part in header[:200].lower().split(","):
        tag, _, weight = part.partition(";q=")
        try:
            pairs.append((tag.strip().split("-")[0], float(weight) if weight else 1.0))
        except ValueError:
            continue
    return pairs
