"""Text made comparable: without case, diacritics and punctuation, so that `zolc` finds `żółć`."""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 60
_SPELLED = {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i", "ŋ": "n"}
_CROSSED = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH ")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['`\u2019\u02bc]")


def fold(text: str) -> str:
    """Return the text in small letters that carry no marks; Ł, ø, ß, æ and their like become plain letters too."""
    small = unicodedata.normalize("NFKD", text).casefold()
    # Once more, because a small letter may be composed where its capital was not.
    apart = unicodedata.normalize("NFKD", small).casefold()
    return "".join(map(_plain, apart))


def words(text: str) -> frozenset[str]:
    """Return the folded words of a text; apostrophes join what they part: `O'Neill` is `oneill`."""
    return _split(_APOSTROPHES.sub("", fold(text)))


def found_by(*texts: str) -> frozenset[str]:
    """Return the words by which texts are found; what apostrophes part is found joined and apart."""
    together = " ".join(texts)
    return words(together) | _split(fold(together))


def code_words(code: str) -> frozenset[str]:
    """Return the words by which a code is found, also written in one: `MATH-101` is `math`, `101` and `math101`."""
    return words(code) | _split("".join(_WORD.findall(fold(code))))


def tidy(text: str) -> str:
    """Return a code as everybody writes it: composed letters, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _split(folded: str) -> frozenset[str]:
    return frozenset(word[:LONGEST_WORD] for word in _WORD.findall(folded))


@lru_cache(maxsize=4_096)
def _plain(sign: str) -> str:
    """Return a letter without what crosses it, and nothing for a mark."""
    if sign.isascii():
        return sign
    if unicodedata.combining(sign):
        return ""
    crossed = _CROSSED.match(unicodedata.name(sign, ""))
    return _SPELLED.get(sign) or (crossed[1].lower() if crossed else sign)
