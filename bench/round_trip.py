"""A whole term in, out, and into an empty installation: in twice changes nothing, and every named fact is equal."""

import csv
import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path[:0] = [str(Path(__file__).parents[1])]

import click  # noqa: E402 - the checkout first

from bench import running  # noqa: E402
from entrypoints import calling, exchange  # noqa: E402

Result = TypeVar("Result")
Cells = dict[str, dict[str, str]]
NAMED = {
    "academicSessions.csv": ("title", "startDate", "endDate"),
    "courses.csv": ("title", "courseCode", "metadata.credits", "metadata.description", "metadata.requisites"),
    "classes.csv": ("courseSourcedId", "classCode", "termSourcedIds", "metadata.capacity"),
    "users.csv": ("givenName", "familyName", "identifier", "email", "metadata.program", "metadata.year"),
}
"""Facts of a file from elsewhere that come out as they went in, letter by letter."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(file: Path) -> None:
    """Carry FILE through two universities and compare."""
    content = file.read_bytes()
    with running.university() as first:
        here = calling.over_http(first.url, None)
        _measured("in", lambda: exchange.bring_in(here, content, _silently))
        again = _measured("in again", lambda: exchange.bring_in(here, content, _silently))
        out = _measured("out", lambda: exchange.take_out(here, _silently))
        print(f"{first.peak_memory():.0f} MiB at most")
    with running.university() as second:
        there = calling.over_http(second.url, None)
        _measured("in elsewhere", lambda: exchange.bring_in(there, out, _silently))
        elsewhere = exchange.take_out(there, _silently)
    changed = sum(sum(counts.values()) for counts in again.parts.values())
    lost = _differences(content, out)
    different = _tables(out) != _tables(elsewhere)
    print(
        f"changed by the second import: {changed}; facts lost on the way out: {lost}; different elsewhere: {different}"
    )
    sys.exit(bool(changed or lost or different))


def _measured(what: str, work: Callable[[], Result]) -> Result:
    began = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - began:.1f} s")
    return result


def _silently(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _tables(content: bytes) -> dict[str, Cells]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: _rows(archive.read(name).decode("utf-8-sig")) for name in archive.namelist()}


def _rows(text: str) -> Cells:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return {row.get("sourcedId") or row.get("propertyName", ""): row for row in rows}


def _differences(before: bytes, after: bytes) -> int:
    old, new = _tables(before), _tables(after)
    return sum(
        new[file].get(key, {}).get(column, "").strip() != row.get(column, "").strip()
        for file, columns in NAMED.items()
        for key, row in old[file].items()
        if file != "academicSessions.csv" or row["type"] == "term"
        for column in columns
    )


if __name__ == "__main__":
    main()
