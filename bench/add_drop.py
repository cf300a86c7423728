"""An add/drop period on a real term: how long seats stay idle for which an eligible student waits.

A part of the students take and wait for sections, the most wanted of which are made too small; then some give places
back and others add courses, at moments spread over ten days. After each answer the ledger is read: whatever free seat
somebody waits for who may have it is idle until the next moment. Who may have it is judged here anew, by the seats of
the whole bundle and the hours of the week. Prints what was done, the idle seat-hours, and how many there would be if
queues were gone through once a night.
"""

import argparse
import json
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import urllib3

from bench.registration_day import CLIENTS, REAL_TERM, current_term, import_term, open_window
from bench.running import Running, university

DAYS, NIGHT = 10, 3.0
"""Days that the period lasts, and the hour at which a nightly batch would run."""
FULL, DROPS, ADDS = 0.5, 0.2, 0.3
"""The part of the sections that is too small, drops to each add, and adds of the period to each add before it."""
Hours = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Section:
    """A section as a student sees it: id, and the hours of the week that it takes."""

    id: str
    hours: Hours

    def clashes(self, taken: Iterable[tuple[str, str, str]]) -> bool:
        """Tell whether it takes place when one of the hours does."""
        return any(
            day == other and start < till and begin < end
            for day, start, end in self.hours
            for other, begin, till in taken
        )


@dataclass
class Period:
    """The people and sections in play, what was done, and what stood idle."""

    opened: Running
    term: dict[str, Any]
    sections: dict[str, Section]
    tokens: dict[str, str]
    dice: random.Random = field(default_factory=lambda: random.Random(11))
    counts: Counter[str] = field(default_factory=Counter)
    idle: float = 0.0
    nightly: float = 0.0

    def add(self, student: str, section: str) -> None:
        """Ask for a section, and to wait for it when it is full."""
        body = {"student_id": student, "section_ids": [section], "waitlist": True}
        answer = self._ask("/enrollments", body, student)
        if answer.status == HTTPStatus.CREATED:
            self.counts["adds"] += 1
            self.counts["waits"] += answer.json()["status"] == "waitlisted"
        elif answer.status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
            self.counts["refusals"] += 1
        else:
            self.counts["failures"] += 1

    def drop(self, student: str, enrollment: str) -> None:
        """Give a place back."""
        answer = self._ask(f"/enrollments/{enrollment}/drop", None, student)
        self.counts["drops" if answer.status == HTTPStatus.OK else "failures"] += 1

    def _ask(self, path: str, body: Any, student: str) -> urllib3.BaseHTTPResponse:
        """Ask as a student, and again by the same key while the university is too busy."""
        headers = {"Authorization": f"Bearer {self.tokens[student]}", "Idempotency-Key": str(uuid4())}
        while True:
            address = f"{self.opened.url}/api/v1{path}"
            answer = self.opened.http.request("POST", address, json=body, headers=headers)
            if "Retry-After" not in answer.headers:
                return answer
            self.counts["asked again"] += 1
            time.sleep(float(answer.headers["Retry-After"]))


def main() -> None:
    """Live through the period and print its figures; exit 1 when a seat was idle or anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=REAL_TERM, help="the OneRoster zip of a term")
    parser.add_argument("--students", type=int, default=1000, help="how many of them take part")
    parser.add_argument("--sections", type=int, default=250, help="how many sections they want")
    parser.add_argument("--wishes", type=int, default=5, help="sections each of them asks for")
    options = parser.parse_args()
    if not options.file.is_file():
        parser.error(f"{options.file} is no file: name the OneRoster zip of a term without requisites by --file")
    with university() as opened:
        figures = live(opened, options.file, options.students, options.sections, options.wishes)
    print(json.dumps(figures, indent=1))
    sys.exit(1 if figures["idle_seat_hours"] or figures["failures"] or not figures["promotions"] else 0)


def live(opened: Running, file: Path, students: int, sections: int, wishes: int) -> dict[str, Any]:
    """Return the figures of a period."""
    registrar = opened.token_of("registrar")
    import_term(opened, file, registrar)
    term = current_term(opened)
    open_window(opened, term, registrar)
    period = _prepared(opened, term, registrar, students, sections)
    wanted = _wishes(period, wishes)
    _make_small(period, registrar, Counter(section for _, section in wanted))
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda wish: period.add(*wish), wanted))
    full = _full(period)
    _pass_time(period, _wishes(period, wishes)[: round(len(wanted) * ADDS)])
    return {
        "sections": len(period.sections),
        "full_sections": round(full / len(period.sections), 2),
        **{
            name: period.counts[name]
            for name in ("adds", "waits", "refusals", "failures", "drops", "promotions", "asked again")
        },
        "drops_to_adds": round(period.counts["drops"] / period.counts["adds"], 3),
        "free_seats_passed_over": period.counts["passed over"],
        "idle_seat_hours": round(period.idle, 1),
        "idle_seat_hours_if_nightly": round(period.nightly),
    }


def _prepared(opened: Running, term: dict[str, Any], registrar: str, students: int, sections: int) -> Period:
    """Choose sections with seats and hours, one of a course, and students."""
    dice = random.Random(7)
    offered = [
        section
        for offering in opened.pages(f"/offerings?term={term['code']}")
        for section in offering["sections"][:1]
        if section["capacity"] and section["meetings"] and not offering["restrictions"]
    ]
    chosen = {
        one["id"]: Section(one["id"], frozenset(_hours(one["meetings"])))
        for one in dice.sample(offered, min(sections, len(offered)))
    }
    people = [one for one, _ in zip(opened.pages("/students?status=active", registrar), range(students), strict=False)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        tokens = list(clients.map(opened.token_of, [one["number"] for one in people]))
    return Period(opened, term, chosen, {one["id"]: token for one, token in zip(people, tokens, strict=True)})


def _hours(meetings: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for meeting in meetings:
        for day in meeting["days"]:
            yield day, meeting["start"], meeting["end"]


def _wishes(period: Period, each: int) -> list[tuple[str, str]]:
    """Give every student wishes that crowd on popular sections (Zipf with exponent 1.1), in no order."""
    sections = list(period.sections)
    weights = [1 / rank**1.1 for rank in range(1, len(sections) + 1)]
    wanted = {(student, one) for student in period.tokens for one in period.dice.choices(sections, weights, k=each)}
    ordered = sorted(wanted)
    period.dice.shuffle(ordered)
    return ordered


def _make_small(period: Period, registrar: str, demand: Counter[str]) -> None:
    """Leave the most wanted sections with seats for half of those who want them, and the others with enough."""
    ranked = sorted(period.sections, key=lambda section: -demand[section])
    small = round(len(ranked) * FULL)
    for place, section in enumerate(ranked):
        capacity = max(1, demand[section] // 2) if place < small else demand[section] * 2 + 10
        headers = {"Authorization": f"Bearer {registrar}", "If-Match": "*"}
        address = f"{period.opened.url}/api/v1/sections/{section}"
        answer = period.opened.http.request("PATCH", address, json={"capacity": capacity}, headers=headers)
        if answer.status != HTTPStatus.OK:
            raise SystemExit(answer.data.decode())


def _pass_time(period: Period, adds: Sequence[tuple[str, str]]) -> None:
    """Let adds and drops happen at moments of the period, and look after each at what stands idle until the next."""
    drops = round((period.counts["adds"] + len(adds) * 0.8) * DROPS)
    acts: list[tuple[str, str] | None] = [*adds, *[None] * drops]
    period.dice.shuffle(acts)
    moments = sorted(period.dice.uniform(0, DAYS * 24) for _ in acts)
    for act, hour, after in zip(acts, moments, [*moments[1:], DAYS * 24.0], strict=True):
        before = _promoted(period.opened)
        if act is not None:
            period.add(*act)
        elif places := _places(period):
            period.drop(*period.dice.choice(places))
        promoted = _promoted(period.opened) - before
        period.counts["promotions"] += promoted
        period.nightly += promoted * ((NIGHT - hour) % 24)
        period.idle += _idle(period) * (after - hour)


def _rows(opened: Running, query: str, *ids: str) -> list[tuple[Any, ...]]:
    """Ask the ledger itself, which the university keeps in a file, with ids as digits only."""
    with sqlite3.connect(f"file:{opened.folder}/enrollment.db?mode=ro", uri=True) as ledger:
        found = ledger.execute(query, [key.replace("-", "") for key in ids]).fetchall()
    return [tuple(str(UUID(one)) if isinstance(one, str) else one for one in row) for row in found]


def _full(period: Period) -> int:
    full = _rows(period.opened, "SELECT id FROM section WHERE taken >= capacity")
    return sum(section in period.sections for (section,) in full)


def _promoted(opened: Running) -> int:
    return int(_rows(opened, "SELECT count(*) FROM enrollment_change WHERE reason = 'promoted'")[0][0])


def _places(period: Period) -> list[tuple[str, str]]:
    """Return who has a place, and which."""
    found = _rows(period.opened, "SELECT student_id, id FROM enrollment WHERE status = 'enrolled'")
    return [(student, enrollment) for student, enrollment in sorted(found) if student in period.tokens]


def _idle(period: Period) -> int:
    """Return how many free seats there are for which somebody waits who may have them."""
    waiting = _rows(
        period.opened,
        "SELECT s.id, s.capacity - s.taken - s.held, e.student_id FROM section s JOIN wanted_section w "
        "ON w.section_id = s.id JOIN enrollment e ON e.id = w.enrollment_id "
        "WHERE s.taken + s.held < s.capacity AND e.status = 'waitlisted'",
    )
    idle: dict[str, int] = {}
    for section, free, student in waiting:
        if period.sections[section].clashes(_taken(period, student)):
            period.counts["passed over"] += 1
        else:
            idle[section] = min(free, idle.get(section, 0) + 1)
    return sum(idle.values())


def _taken(period: Period, student: str) -> list[tuple[str, str, str]]:
    """Return the hours of the week that a student's places take."""
    query = (
        "SELECT s.section_id FROM enrollment_section s JOIN enrollment e ON e.id = s.enrollment_id "
        "WHERE e.status = 'enrolled' AND e.student_id = ?"
    )
    return [hour for (section,) in _rows(period.opened, query, student) for hour in period.sections[section].hours]


if __name__ == "__main__":
    main()
