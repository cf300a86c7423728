"""Names without case and diacritics, so that `zolc` finds `Żółć`."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'`\u2019\u02bc")
_UNDECOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"})
LONGEST = 80


def folded_words(*texts: str) -> frozenset[str]:
    """Return the words of the texts in small letters without diacritics; apostrophes join what they part."""
    joined = " ".join(texts).translate(_APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(_UNDECOMPOSED)
    return frozenset(word[:LONGEST] for word in _WORD.findall(plain))
