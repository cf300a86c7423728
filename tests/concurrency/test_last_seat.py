"""The last-seat race over HTTP: two hundred students at once on thirty seats, against the real process."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.process import Running, filled, university
from university.platform.settings import Settings

RACERS, SEATS = 200, 30


def race(running: Running, students: list[str], section: str) -> Counter[tuple[int, str]]:
    """Let every student ask at once, and count the answers by status and code."""

    def ask(student: str) -> tuple[int, str]:
        reply = running.ask("POST", "/enrollments", {"student_id": student, "section_ids": [section]})
        told = reply.json()
        return reply.status, told.get("code", told["status"])

    with ThreadPoolExecutor(len(students)) as threads:
        return Counter(threads.map(ask, students))


def seated(running: Running, section: str) -> int:
    """Return how many enrollments hold a seat."""
    page = running.ask("GET", f"/enrollments?section_id={section}&status=enrolled&limit=200&total=true").json()
    total: int = page["total"]
    return total


def databases(settings: Settings) -> dict[str, str]:
    return {f"UNIVERSITY_DATABASE_URL__{name.upper()}": url for name, url in settings.database_url.items()}


def test_thirty_get_the_thirty_seats_and_everybody_else_is_told(settings: Settings, tmp_path: Path) -> None:
    with filled(settings) as campus:
        campus.window()
        section = campus.section("A-1", capacity=SEATS)
        students = [campus.student() for _ in range(RACERS)]
    with university(tmp_path, demo=False, **databases(settings)) as running:
        running.sign_in("registrar")
        answers = race(running, students, section)
        assert answers == {(201, "enrolled"): SEATS, (409, "section-full"): RACERS - SEATS}
        assert seated(running, section) == SEATS


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_without_the_condition_the_same_race_oversells(settings: Settings, tmp_path: Path) -> None:
    """SQLite has one writer, which judges and writes alone; PostgreSQL shows what the condition is for."""
    with filled(settings) as campus:
        campus.window()
        sections = [campus.section(f"A-{n}", capacity=5) for n in range(5)]
        students = [campus.student() for _ in range(40)]
    with university(
        tmp_path, "tests.concurrency.unprotected", demo=False, UNIVERSITY_THREADS="8", **databases(settings)
    ) as running:
        running.sign_in("registrar")
        for section in sections:
            race(running, students, section)
            if seated(running, section) > 5:
                return
    pytest.fail("the twin without protection never oversold: the race proves nothing")
