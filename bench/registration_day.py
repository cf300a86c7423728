"""Registration day on a real term: import it through the API, open a window, let students register, count everything.

Prints rows imported per second, enrollments, refusals by rule, oversold sections and views that differ from the truth.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from bench import running
from bench.running import Running, university
from university import demo

REAL_TERM = Path(__file__).parents[2] / "shared" / "data" / "ucsd-fall-oneroster.zip"
CLIENTS = 16
STILL = 3.0
"""Seconds without a change after which the views are taken to stand still."""
SEATED = {"enrolled", "review", "completed", "failed"}


@dataclass(frozen=True)
class Wish:
    """A student who is signed in, and the sections wanted, the dearest first."""

    token: str
    student_id: str
    sections: tuple[str, ...]


def main() -> None:
    """Run the day and print its figures; exit 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=REAL_TERM, help="a OneRoster zip; a made-up one when absent")
    parser.add_argument("--students", type=int, default=2000, help="how many of them register")
    parser.add_argument("--wishes", type=int, default=4, help="sections each of them asks for")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    with university() as opened:
        figures = _day(opened, term_file(options.file), options.students, options.wishes)
    _show(figures, as_json=options.json)
    sys.exit(1 if figures["oversold_sections"] or figures["differing_views"] or figures["second_import_changes"] else 0)


def term_file(file: Path) -> Path:
    """Return the term to import, or a made-up one where the file is not there."""
    if file.exists():
        return file
    made_up = Path(tempfile.mkdtemp()) / "made-up.zip"
    made_up.write_bytes(demo.to_zip(demo.generate(3000, today=datetime.now(UTC).date())))
    return made_up


def _day(opened: Running, file: Path, students: int, wishes: int) -> dict[str, Any]:
    registrar = opened.token_of("registrar")
    imported = import_term(opened, file, registrar)
    again = import_term(opened, file, registrar)
    term = current_term(opened)
    open_window(opened, term, registrar)
    wanted = wished_for(opened, term, registrar, students, wishes)
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        outcomes = Counter(
            outcome for told in clients.map(lambda wish: _register(opened, wish), wanted) for outcome in told
        )
    seconds = time.monotonic() - began
    lag = _drained(opened, term, registrar)
    return {
        "term": term["code"],
        **{f"import_{name}": value for name, value in imported.items()},
        "second_import_changes": again["changes"],
        "requests": sum(outcomes[key] for key in outcomes if not key.startswith("rule:")),
        "requests_per_second": round(sum(outcomes[k] for k in outcomes if not k.startswith("rule:")) / seconds),
        "enrollments": outcomes["enrolled"],
        "refusals": outcomes["refused"],
        "failures": outcomes["failed"],
        "refusals_by_rule": {key[5:]: count for key, count in outcomes.most_common() if key.startswith("rule:")},
        "seconds_to_drain": lag,
        **_truth(opened, term, registrar, wanted),
        "peak_memory_mib": round(opened.peak_memory()),
    }


def import_term(opened: Running, file: Path, token: str) -> dict[str, Any]:
    """Import through the API with the project's own command."""
    command = [*running.UNIVERSITY, "import", "oneroster", str(file), "--json", "--url", opened.url]
    began = time.monotonic()
    done = subprocess.run(command, env={**os.environ, "UNIVERSITY_TOKEN": token}, capture_output=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(done.stderr.decode() or done.stdout.decode())
    changes = sum(sum(part.values()) for part in json.loads(done.stdout)["parts"].values())
    return {"changes": changes, "seconds": round(seconds, 1), "rows_per_second": round(changes / seconds)}


def current_term(opened: Running) -> dict[str, Any]:
    """Return the term that ends last: the one to register for."""
    return max(opened.pages("/terms"), key=lambda term: date.fromisoformat(term["ends_on"]))


def open_window(opened: Running, term: dict[str, Any], registrar: str) -> None:
    """Open registration for everybody, from now for a day."""
    now = datetime.now(UTC)
    window = {
        "term_id": term["id"],
        "name": "Registration day",
        "opens_at": (now - timedelta(minutes=1)).isoformat(),
        "closes_at": (now + timedelta(days=1)).isoformat(),
    }
    answer = opened.ask("POST", "/registration-windows", window, registrar)
    if answer.status != HTTPStatus.CREATED:
        raise SystemExit(answer.data.decode())


def wished_for(opened: Running, term: dict[str, Any], registrar: str, students: int, wishes: int) -> list[Wish]:
    """Give every student wishes that crowd on popular sections, as on a real day (Zipf with exponent 1.1)."""
    dice = random.Random(7)
    sections = [section["id"] for one in opened.pages(f"/offerings?term={term['code']}") for section in one["sections"]]
    dice.shuffle(sections)
    weights = [1 / rank**1.1 for rank in range(1, len(sections) + 1)]
    people = [one for one, _ in zip(opened.pages("/students", registrar), range(students), strict=False)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        tokens = list(clients.map(opened.token_of, [one["number"] for one in people]))
    return [
        Wish(token, one["id"], tuple(dict.fromkeys(dice.choices(sections, weights, k=wishes))))
        for one, token in zip(people, tokens, strict=True)
    ]


def _register(opened: Running, wish: Wish) -> list[str]:
    """Ask for each wish in turn; return what came of it, and every rule that refused."""
    told = []
    for section in wish.sections:
        body = {"student_id": wish.student_id, "section_ids": [section]}
        answer = opened.ask("POST", "/enrollments", body, wish.token)
        if answer.status == HTTPStatus.CREATED:
            told.append("enrolled")
        elif answer.status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
            violations = answer.json()["violations"]
            told += ["refused", *(f"rule:{violation['code']}" for violation in violations)]
        else:
            told.append("failed")
    return told


def _drained(opened: Running, term: dict[str, Any], registrar: str) -> float:
    """Wait until the views stand still; return for how long they still moved, in seconds."""
    began = last_change = time.monotonic()
    seen = None
    while time.monotonic() - last_change < STILL:
        counts = opened.ask("GET", f"/availability?term={term['code']}&after=0", token=registrar).json()["sections"]
        if (now := sum(section["taken"] for section in counts)) != seen:
            seen, last_change = now, time.monotonic()
        time.sleep(0.2)
    return round(last_change - began, 1)


def _truth(opened: Running, term: dict[str, Any], registrar: str, wanted: Sequence[Wish]) -> dict[str, Any]:
    """Compare both views with the enrollments themselves."""
    taken: Counter[str] = Counter()
    held: dict[str, set[str]] = defaultdict(set)
    for enrollment in opened.pages(f"/enrollments?term={term['code']}", registrar):
        if enrollment["status"] in SEATED:
            taken.update(enrollment["section_ids"])
            held[enrollment["student_id"]].add(enrollment["id"])
    seen = opened.ask("GET", f"/availability?term={term['code']}&after=0").json()["sections"]
    with ThreadPoolExecutor(CLIENTS) as clients:
        records = list(clients.map(lambda wish: _recorded(opened, wish, term), wanted))
    wrong_counts = sum(1 for section in seen if section["taken"] != taken[section["id"]])
    wrong_records = sum(1 for wish, record in zip(wanted, records, strict=True) if record != held[wish.student_id])
    full = [section for section in seen if section["capacity"] is not None]
    return {
        "oversold_sections": sum(1 for section in full if taken[section["id"]] > section["capacity"]),
        "full_sections": sum(1 for section in full if taken[section["id"]] == section["capacity"] > 0),
        "sections": len(seen),
        "differing_views": wrong_counts + wrong_records,
    }


def _recorded(opened: Running, wish: Wish, term: dict[str, Any]) -> set[str]:
    record = opened.pages(f"/students/me/enrollments?term={term['code']}", wish.token)
    return {one["id"] for one in record if one["status"] in SEATED}


def _show(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{name.replace('_', ' ')}:")
            for inner, count in value.items():
                print(f"    {inner:<24}{count:>8,}")
        else:
            print(f"{name.replace('_', ' '):<28}{value:>8,}" if isinstance(value, int | float) else f"{name}: {value}")


if __name__ == "__main__":
    main()
