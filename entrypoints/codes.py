"""Make accounts for everybody page by page, and keep their codes in a file that only its owner reads."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from entrypoints.calling import Tell

Ask = Callable[[str, str, Any], Any]
"""Asks an operation (method, path, content); a refusal ends the command."""
Write = Callable[[Sequence[Mapping[str, str]]], None]
"""Takes usernames with their codes."""
OWNER = 0o600


@dataclass(slots=True)
class Told:
    """What became of everybody."""

    made: int = 0
    present: int = 0
    taken: list[str] = field(default_factory=list)

    def sentence(self, file: Path) -> str:
        """Tell it."""
        where = f"{self.made} codes are in {file}." if file.exists() else "No code was made."
        return f"{where} {self.present} have an account already." if self.present else where


def provide(ask: Ask, write: Write, tell: "Tell", whom: Sequence[str]) -> Told:
    """Make what is missing, page by page; each page's codes are written before the next page is asked for."""
    told = Told()
    for kind in whom:
        done = 0
        for page in _pages(ask, kind):
            write(page["items"])
            told.made += len(page["items"])
            told.present += page["present"]
            told.taken += page["taken"]
            done += len(page["items"]) + page["present"] + len(page["taken"])
            tell(kind.capitalize(), done, page["total"])
    return told


def _pages(ask: Ask, kind: str) -> Iterator[Any]:
    """Yield what became of each page of people, with how many there are at all."""
    page: Any = {"next": None, "total": 0}
    while True:
        total = page["total"]
        page = ask("POST", "/accounts/provisioning", {"whom": kind, "cursor": page["next"]})
        page["total"] = total or page["total"]
        yield page
        if page["next"] is None:
            return


@contextmanager
def file(path: Path) -> Iterator[Write]:
    """Open a new file of codes; it appears when it is whole.

    Until then what there is stays beside it, whatever happens: the accounts are made, and nothing else tells their
    codes. The next run goes on with that.
    """
    if path.exists():
        raise click.ClickException(f"{path} exists already; codes are never written over others.")
    part = path.with_name(f"{path.name}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    try:
        descriptor = os.open(part, flags, OWNER)
    except OSError as error:
        raise click.ClickException(f"{part}: {error.strerror}.") from error
    os.fchmod(descriptor, OWNER)
    with os.fdopen(descriptor, "a", encoding="utf-8", newline="") as out:
        rows = csv.DictWriter(out, ["username", "code"], lineterminator="\n")

        def write(coded: Sequence[Mapping[str, str]]) -> None:
            if coded and out.tell() == 0:
                rows.writeheader()
            rows.writerows(coded)
            out.flush()
            os.fsync(out.fileno())

        try:
            yield write
        except BaseException:
            if out.tell():
                click.echo(f"The codes made so far are in {part}; run this again to go on.", err=True)
            raise
        is_empty = out.tell() == 0
    if is_empty:
        part.unlink()
    else:
        part.replace(path)
