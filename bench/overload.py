"""Three and five times what the split university can do, for a minute each, behind the frontend's overload cut.

Prints for each attack the goodput beside the capacity measured just before, what was refused and how fast, and how many
clients waited in vain; then what one account gets that asks a hundred times a second. Exit 1 when a promise is broken.
"""

import argparse
import json
import math
import shutil
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bench.open_loop import Outcome, attack, capacity, is_good
from bench.running import Running
from tests import split
from tests.frontend import serving
from tests.frontend.serving import Frontend
from tests.split import Split
from university.platform.settings import Settings

FLOODED = 0.7
"""The least share of the capacity that is still good for something in an overload."""
CLIENTS = 32
STUDENTS = 200
"""Students who ask in turn: none of them comes near the own limit."""
KINDS = 3
"""What each of them asks in turn."""
CUT = 48
"""What a small gateway finishes in a fraction of a second."""
GREED = 100.0
"""Requests a second of one account."""
MINUTE = 60.0
"""Seconds after which nothing of an attack counts against anybody any more."""


def main() -> None:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each attack")
    parser.add_argument("--times", type=float, nargs="*", default=[3.0, 5.0], help="the capacity that is offered")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    with (
        split.university(Path(tempfile.mkdtemp(prefix="university-overload-"))) as running,
        behind_the_cut(running) as frontend,
    ):
        asked = questions(running)
        figures = measured(frontend.url, asked, options.seconds, options.times)
        time.sleep(MINUTE)
        figures["greedy"] = greedy(frontend.url, asked[:KINDS], options.seconds)
    print(json.dumps(figures) if options.json else "\n".join(shown(figures)))
    sys.exit(0 if all(one["kept"] for one in [*figures["attacks"], figures["greedy"]]) else 1)


def behind_the_cut(running: Split, cut: int = CUT) -> AbstractContextManager[Frontend]:
    """Run a frontend before the split university that lets so many requests through at once."""
    gateway = urlsplit(running.url)
    return serving.running(f"{gateway.hostname}:{gateway.port}", OVERLOAD_CUT=str(cut))


def has_frontend() -> bool:
    """Tell whether there is what the frontend is made of."""
    return shutil.which("nginx", path=serving.PATH) is not None


def questions(running: Split) -> list[bytes]:
    """Make students and a section, and return what they ask for: their own things, and a place for a try."""
    university = Running(running.settings.port, None)  # type: ignore[arg-type] # nobody's process: it is not measured
    registrar = university.token_of("registrar")
    section, term = _furnished(university, registrar)
    asked = []
    for number in range(STUDENTS):
        student = _made(university, "/students", _person(number), registrar)
        token = university.token_of(student["number"])
        wish = {
            "student_id": "me",
            "term_id": term,
            "items": [{"action": "add", "section_ids": [section]}],
            "dry_run": True,
        }
        asked += [
            question("GET", "/students/me", running.url, token),
            question("GET", "/enrollments?student_id=me", running.url, token),
            question("POST", "/registration-requests", running.url, token, wish),
        ]
    return asked


def measured(url: str, asked: list[bytes], seconds: float, times: list[float]) -> dict[str, Any]:
    """Return the capacity, and what became of each attack."""
    host, port = _of(url)
    capacity(host, port, asked, clients=CLIENTS, seconds=min(5.0, seconds))
    attacks = []
    for factor in times:
        able = capacity(host, port, asked, clients=CLIENTS, seconds=min(15.0, seconds)).goodput
        outcome = attack(host, port, asked, rate=factor * able, seconds=seconds)
        attacks.append(_figures(outcome, able, factor))
    return {"attacks": attacks, "seconds": seconds}


def greedy(url: str, asked: list[bytes], seconds: float) -> dict[str, Any]:
    """Return what one account gets that asks a hundred times a second."""
    host, port = _of(url)
    outcome = attack(host, port, asked, rate=GREED, seconds=seconds)
    got = sum(count for status, count in outcome.statuses.items() if is_good(status))
    limit = Settings().rate_limit_student * max(1, math.ceil(seconds / MINUTE))
    return {
        "asked": outcome.offered,
        "got": got,
        "limit": limit,
        "refused": outcome.statuses[HTTPStatus.TOO_MANY_REQUESTS],
        "timeouts": outcome.timeouts,
        "kept": 0 < got <= limit and outcome.timeouts == 0,
    }


def is_refused(status: int) -> bool:
    """Tell whether a request was turned away because there were too many."""
    return status == HTTPStatus.SERVICE_UNAVAILABLE


def _figures(outcome: Outcome, able: float, factor: float) -> dict[str, Any]:
    share = outcome.goodput / able
    others = {
        status: count for status, count in outcome.statuses.items() if not (is_good(status) or is_refused(status))
    }
    return {
        "times": factor,
        "capacity": round(able),
        "offered": round(outcome.offered / outcome.seconds),
        "goodput": round(outcome.goodput),
        "share_of_capacity": round(share, 2),
        "answered_p50_ms": round(outcome.percentile(0.5, of=is_good) * 1000),
        "answered_p99_ms": round(outcome.percentile(0.99, of=is_good) * 1000),
        "refused": outcome.statuses[HTTPStatus.SERVICE_UNAVAILABLE],
        "refused_p50_ms": round(outcome.percentile(0.5, of=is_refused) * 1000, 1),
        "other_answers": others,
        "timeouts": outcome.timeouts,
        "broken": outcome.broken,
        "unsent": outcome.unsent,
        "kept": outcome.timeouts == 0 and share >= FLOODED and not others and not outcome.unsent,
    }


def shown(figures: dict[str, Any]) -> list[str]:
    """Return the figures for people."""
    lines = [*figures["attacks"], *([figures["greedy"]] if "greedy" in figures else [])]
    return ["  ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.items()) for one in lines]


def _of(url: str) -> tuple[str, int]:
    told = urlsplit(url)
    return told.hostname or "", told.port or 0


def _furnished(university: Running, registrar: str) -> tuple[str, str]:
    term = {"code": "2027Z", "title": "Autumn", "starts_on": "2027-10-01", "ends_on": "2028-02-10"}
    _made(university, "/terms", term, registrar)
    _made(university, "/courses", {"code": "INF-1", "title": "Algorithms", "ects": 5}, registrar)
    offering = _made(university, "/offerings", {"term_id": "2027Z", "course_id": "INF-1"}, registrar)
    section = {"offering_id": offering["id"], "number": "1", "component": "lecture", "capacity": 1000}
    window = {
        "term_id": "2027Z",
        "name": "Everybody",
        "opens_at": "2000-01-01T00:00:00Z",
        "closes_at": "2100-01-01T00:00:00Z",
    }
    made = _made(university, "/sections", section, registrar)
    _made(university, "/registration-windows", window, registrar)
    return made["id"], "2027Z"


def _person(number: int) -> dict[str, str]:
    return {
        "number": f"{500_000 + number}",
        "given_name": "Anna",
        "family_name": f"Nowak {number}",
        "email": f"s{number}@example.edu",
    }


def _made(university: Running, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    answer = university.ask("POST", path, body, token)
    if answer.status != HTTPStatus.CREATED:
        raise SystemExit(answer.data.decode())
    made: dict[str, Any] = answer.json()
    return made


def question(method: str, path: str, url: str, token: str, body: dict[str, Any] | None = None) -> bytes:
    """Return a whole request as it goes over the line."""
    content = b"" if body is None else msgspec.json.encode(body)
    head = f"{method} /api/v1{path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAuthorization: Bearer {token}\r\n"
    told = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
    return f"{head}{told}\r\n".encode() + content


if __name__ == "__main__":
    main()
