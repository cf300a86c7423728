"""What a request costs every process of the split university, in processor time and memory: what sizes rest on.

Needs the tests' servers: `export $(scripts/services start)`, then `.venv/bin/python -m bench.costs`.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]

from bench.running import Running, children, peak  # noqa: E402 - the checkout first
from entrypoints import calling, demo  # noqa: E402
from entrypoints.processes import Part  # noqa: E402
from tests import split  # noqa: E402
from tests.split import Split  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
IDLE, LOOK = 0.05, 3.0
"""The most of a processor that a part takes which has nothing to do, and the seconds in which that is looked at."""


def main() -> None:
    """Let students do what they do on registration day, one after the other, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300, help="how many there are; half of them come")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, split.university(Path(folder)) as university:
        demo.move_in(calling.over_http(university.url, None), today=datetime.now(UTC).date(), students=options.students)
        _settle(university)
        print(f"{'milliseconds of each for one':32}", *(f"{part.name:>18}" for part in university.parts.parts))
        for what, count, work in _day(university, options.students // 2):
            before = _spent(university)
            work()
            _settle(university)
            _tell(what, {name: (spent - before[name]) * 1000 / count for name, spent in _spent(university).items()})
        _tell("MiB at most", {part.name: max(map(peak, _pids(part))) for part in university.parts.parts})


def _day(university: Split, students: int) -> Iterator[tuple[str, int, Callable[[], Any]]]:
    """Yield what is done, how often, and how."""
    process = university.parts["gateway"].process
    assert process is not None  # noqa: S101 - for mypy
    door = Running(university.settings.port, process)
    registrar = door.token_of("registrar")
    people = [one for one, _ in zip(door.pages("/students", registrar), range(students), strict=False)]
    tokens: list[str] = []
    yield "sign in", students, lambda: tokens.extend(door.token_of(one["number"]) for one in people)
    term = next(door.pages("/registration-windows", registrar))["term_id"]
    sections = [section["id"] for one in door.pages(f"/offerings?term={term}") for section in one["sections"]]
    dice = random.Random(7)
    wishes = [
        (token, one["id"], wish) for token, one in zip(tokens, people, strict=True) for wish in dice.sample(sections, 4)
    ]
    yield "register, or be refused", len(wishes), partial(_register, door, wishes)
    for what, path in (
        ("a catalog page of 50", f"/offerings?term={term}&limit=50"),
        ("availability of the term", f"/availability?term={term}&after=0"),
        ("one's own enrollments", f"/students/me/enrollments?term={term}"),
    ):
        yield what, len(tokens), partial(_read, door, path, tokens)


def _register(door: Running, wishes: list[tuple[str, str, str]]) -> None:
    for token, student, section in wishes:
        door.ask("POST", "/enrollments", {"student_id": student, "section_ids": [section]}, token)


def _read(door: Running, path: str, tokens: list[str]) -> None:
    for token in tokens:
        door.ask("GET", path, token=token)


def _settle(university: Split) -> None:
    """Wait until everybody has heard everything."""
    until = time.monotonic() + 600
    while time.monotonic() < until:
        before = _spent(university)
        time.sleep(LOOK)
        after = _spent(university)
        if all(after[name] - before[name] < IDLE * LOOK for name in after):
            return
    raise SystemExit("The workers never came to rest.")


def _spent(university: Split) -> dict[str, float]:
    """Return the seconds of processor time that each part has taken."""
    return {part.name: sum(_seconds(pid) for pid in _pids(part)) for part in university.parts.parts}


def _seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICK


def _pids(part: Part) -> list[int]:
    assert part.process is not None  # noqa: S101 - for mypy
    return [part.process.pid, *children(part.process.pid)]


def _tell(what: str, figures: dict[str, float]) -> None:
    print(f"{what:32}", *(f"{figure:18.1f}" for figure in figures.values()))


if __name__ == "__main__":
    main()
