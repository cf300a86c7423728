"""Names without case and diacritics, so that `zolc` finds `Żółć`; and what stands for a name that was erased."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"}
    | dict.fromkeys("'`\u2019\u02bc", "")
)
LONGEST = 80


def folded_words(*texts: str) -> frozenset[str]:
    """Return the words of the texts in small letters without diacritics; apostrophes join what they part."""
    decomposed = unicodedata.normalize("NFKD", " ".join(texts))
    # Once more, because a small letter may be composed where its capital was not.
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign)).translate(_PLAIN)
    return frozenset(word[:LONGEST] for word in _WORD.findall(plain))


def pseudonym(student_id: str) -> str:
    """Return the number that a student has once erased."""
    return f"x-{student_id}"
