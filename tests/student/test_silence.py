"""Nothing personal reaches the log, not even when something breaks."""

import pytest
import structlog
from sqlalchemy import text

from tests.house import House
from tests.student.people import ZOFIA, enter, themself

SECRETS = ("Zofia", "Żółć", "\\u017b", "zolc", "zofia@example.edu", "100001")


def rename(house: House, table: str, name: str) -> None:
    with house.modules["student"].primary.begin() as session:
        session.execute(text(f"ALTER TABLE student.{table} RENAME TO {name}"))


def test_a_surprise_is_logged_without_what_was_entered(university: House) -> None:
    rename(university, "student_word", "lost_word")

    with structlog.testing.capture_logs() as logs:
        reply = university.call("student", "POST", "/students", ZOFIA)
    told = "".join(f"{log} {log.get('exc_info')!r}" for log in logs)

    rename(university, "lost_word", "student_word")
    assert reply.status in {500, 503}
    assert "student_word" in told
    assert [secret for secret in SECRETS if secret in told] == []


def test_daily_work_is_not_logged_at_all(university: House, capfd: pytest.CaptureFixture[str]) -> None:
    student = enter(university, ZOFIA)
    university.call("student", "POST", "/students/search", {"q": "zolc"})
    university.call("student", "GET", "/students/me/transcript", who=themself(student))

    assert "".join(capfd.readouterr()) == ""
