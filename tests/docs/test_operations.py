"""What an operator is told to run works while the university is at work."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import process
from tests.docs.pages import page
from tests.process import Running

PEOPLE = [str(number) for number in range(100001, 100009)]

pytestmark = pytest.mark.slow


def test_a_backup_of_a_busy_university_is_of_one_moment(demo: Running, tmp_path: Path) -> None:
    demo.sign_in("registrar")
    term = demo.ask("GET", "/registration-windows?limit=1").json()["items"][0]["term_id"]
    section = demo.ask("GET", f"/offerings?term={term}&q=ogu-112").json()["items"][0]["sections"][0]["id"]

    with busy(demo, section) as changes:
        wait_for(lambda: sum(changes.values()) > 10)
        back_up(demo.log.parent, tmp_path / "backup")
        copied_at = sum(changes.values())
        wait_for(lambda: sum(changes.values()) > copied_at + 10)

    with process.university(tmp_path / "backup") as restored:
        restored.sign_in("registrar")
        wait_for(lambda: counted(restored, term) == truth(restored, term))
        assert restored.ask("GET", f"/enrollments?term={term}&section_id={section}").json()["items"]


@contextmanager
def busy(running: Running, section: str) -> Iterator[Counter[str]]:
    """Let students take and give back a seat all the time; count what each did."""
    over, changes = threading.Event(), Counter[str]()

    def come_and_go(number: str) -> None:
        dice = random.Random(number)
        while not over.is_set():
            wish = {"student_id": number, "section_ids": [section]}
            reply = running.ask("POST", "/enrollments", wish)
            if reply.status != 201:
                return
            over.wait(dice.random())
            running.ask("POST", f"/enrollments/{reply.json()['id']}/drop")
            changes[number] += 1

    with ThreadPoolExecutor(len(PEOPLE)) as people:
        working = [people.submit(come_and_go, number) for number in PEOPLE]
        try:
            yield changes
        finally:
            over.set()
        for one in working:
            one.result()


def back_up(source: Path, target: Path) -> None:
    """Run the page's command on these folders."""
    (command,) = [code for _, code in page("docs/operations.md").blocks("sh") if "sqlite3.connect" in code]
    script = command.partition("\n")[2].rpartition("END")[0]
    for name, folder in (("var", source), ("backup", target)):
        assert f'Path("{name}")' in script
        script = script.replace(f'Path("{name}")', f"Path({str(folder)!r})")
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


def counted(running: Running, term: str) -> dict[str, int]:
    """Return how many seats course believes to be taken."""
    sections = running.ask("GET", f"/availability?term={term}&after=0").json()["sections"]
    return {section["id"]: section["taken"] for section in sections if section["taken"]}


def truth(running: Running, term: str) -> dict[str, int]:
    """Return how many seats enrollments take."""
    items: list[dict[str, Any]] = running.ask("GET", f"/enrollments?term={term}&status=enrolled&limit=200").json()[
        "items"
    ]
    return dict(Counter(one for item in items for one in item["section_ids"]))


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
