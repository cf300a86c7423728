"""What the claims of an id token say of somebody: numbers, roles, and what to call them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from university.gateway.rules import Role

_LONGEST_NUMBER, _LONGEST_NAME, _LONGEST_USERNAME = 120, 200, 120
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]*")


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims tell what; `roles` are ours by the provider's values."""

    student_number: str = "student_number"
    instructor_number: str = "instructor_number"
    roles_in: str = "roles"
    roles: Mapping[str, Role] | None = None

    def student(self, told: Mapping[str, Any]) -> str | None:
        """Return the student number that claims tell."""
        return _number(found(told, self.student_number))

    def instructor(self, told: Mapping[str, Any]) -> str | None:
        """Return the instructor's number that claims tell."""
        return _number(found(told, self.instructor_number))

    def offices(self, told: Mapping[str, Any]) -> set[Role]:
        """Return the roles that claims give beside those of whoever studies or teaches."""
        values = found(told, self.roles_in)
        listed = values if isinstance(values, list) else [values]
        known = self.roles or {}
        return {known[value] for value in listed if isinstance(value, str) and value in known}


def found(told: Mapping[str, Any], name: str) -> Any:
    """Return a claim; a name with dots leads into claims that are objects, unless one is called just so."""
    if not name or name in told:
        return told.get(name)
    value: Any = told
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def username(told: Mapping[str, Any]) -> str | None:
    """Return what somebody is called when signing in there, if it could be a username here."""
    wanted = told.get("preferred_username")
    folded = wanted.strip().casefold() if isinstance(wanted, str) else ""
    return folded if _USERNAME.fullmatch(folded) and len(folded) <= _LONGEST_USERNAME else None


def name(told: Mapping[str, Any]) -> str | None:
    """Return what to call somebody."""
    wanted = told.get("name")
    printable = "".join(sign for sign in wanted if sign.isprintable()).strip() if isinstance(wanted, str) else ""
    return printable[:_LONGEST_NAME] or None


def _number(told: Any) -> str | None:
    """Return a number told as a text, or as the only one of a list, which is how directories tell it."""
    only = told[0] if isinstance(told, list) and len(told) == 1 else told
    return only if isinstance(only, str) and 0 < len(only) <= _LONGEST_NUMBER and only.isprintable() else None
