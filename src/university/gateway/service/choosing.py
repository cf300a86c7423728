"""Which passwords may be chosen: long enough, not the own name, and none of those that everybody tries first."""

import unicodedata
from functools import cache
from importlib import resources

from university.gateway import rules
from university.platform.errors import invalid
from university.platform.language import Words

_OWN_NAME = Words("The password must not be the username.", "Hasło nie może być nazwą użytkownika.")
_COMMON = Words("This is one of the most common passwords.", "To jedno z najczęstszych haseł.")


def check(field: str, username: str, password: str) -> None:
    """Raise `InvalidRequest` for a password that this user may not choose; its length is the schema's to check."""
    folded = unicodedata.normalize("NFKC", password).strip().casefold()
    if folded == rules.folded(username):
        raise invalid(field, _OWN_NAME)
    if folded in _common():
        raise invalid(field, _COMMON)


@cache
def _common() -> frozenset[str]:
    return frozenset((resources.files(__package__) / "common_passwords.txt").read_text(encoding="utf-8").split())
