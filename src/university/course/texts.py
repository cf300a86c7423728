"""Text made comparable: without case, diacritics and punctuation, so that `zolc` finds `żółć`."""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 60
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "\u0131": "i",
        "ŋ": "n",
        "ŧ": "t",
    }
)
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return the text in small letters that carry no marks; Ł, ø, ß, æ and their like become plain letters too."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return bare.translate(_LETTERS)


@lru_cache(maxsize=4_096)
def words(text: str) -> frozenset[str]:
    """Return the folded words of a text."""
    return frozenset(word[:LONGEST_WORD] for word in _WORD.findall(fold(text)))


def code_words(code: str) -> frozenset[str]:
    """Return the folded words of a code and the code written in one: `MATH-101` is `math`, `101` and `math101`."""
    return words(code) | {"".join(_WORD.findall(fold(code)))[:LONGEST_WORD]} - {""}


def tidy(text: str) -> str:
    """Return a code as everybody writes it: composed letters, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())
