"""Passwords of users and roles by name, in a file that only its owner can read."""

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec


def made_up(names: Iterable[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a password for every name: a known one, or a fresh one."""
    return {name: (known or {}).get(name) or secrets.token_urlsafe(24) for name in names}


def in_file(file: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the passwords of a file for these names; a file that lacks some, or is not there, is filled up first.

    Raises `ValueError` for a file that holds no passwords by name, `OSError` when it cannot be read or filled up.
    """
    try:
        known = msgspec.json.decode(file.read_bytes(), type=dict[str, str]) if file.exists() else {}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # What is wrong with it could quote what is in it.
        raise ValueError(f"{file} is no JSON object of passwords by name.") from None
    wanted = made_up(names, known)
    if not wanted.items() <= known.items():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(msgspec.json.format(msgspec.json.encode({**known, **wanted})))
    return wanted
