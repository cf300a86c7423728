"""`university import`, `export` and `demo` as a person uses them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, text

from entrypoints import all_in_one, calling, demo
from entrypoints.all_in_one import University
from tests.oneroster.files import Files
from tests.process import Running, filled, university as running_university
from tests.system.command import university
from university.enrollment.events import WINDOW_NOTICE
from university.platform.messaging.outbox import outbox_of
from university.platform.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A prepared, empty installation."""
    data = tmp_path / "data"
    data.mkdir()
    with filled(Settings(data_dir=data)):
        return data


def variables(folder: Path) -> dict[str, str]:
    """A port where nobody answers, so that the command works in its own process."""
    return {"UNIVERSITY_DATA_DIR": str(folder), "UNIVERSITY_PORT": "1"}


def untold(university: University) -> set[str]:
    """The kinds of events that somebody has not heard yet."""
    kinds: set[str] = set()
    for module in university.modules.values():
        outbox = outbox_of(module.primary.schema)
        with module.primary.read() as session:
            kinds.update(session.scalars(select(outbox.c.type).where(outbox.c.status == "pending")))
    return kinds


def saved(files: Files, folder: Path) -> str:
    path = folder / "roster.zip"
    path.write_bytes(files.zip())
    return str(path)


@pytest.mark.slow
def test_a_file_is_imported_exported_and_imported_again(files: Files, folder: Path) -> None:
    came = university("import", "oneroster", saved(files, folder), **variables(folder))
    left = university("export", "oneroster", str(folder / "out.zip"), **variables(folder))
    again = university("import", "oneroster", str(folder / "out.zip"), "--json", **variables(folder))

    assert came.returncode == 0, came.stderr
    assert came.stdout.splitlines() == [
        "courses: 14 created, 0 updated, 0 removed",
        "students: 2 created, 0 updated, 0 removed",
        "enrollments: 3 created, 0 updated, 0 removed",
    ]
    assert left.returncode == 0, left.stderr
    nothing = {"created": 0, "updated": 0, "removed": 0}
    parts = dict.fromkeys(("courses", "students", "enrollments"), nothing)
    assert json.loads(again.stdout) == {"dry_run": False, "parts": parts, "errors": []}


@pytest.mark.slow
def test_every_faulty_row_of_every_part_is_told_and_nothing_is_written(files: Files, folder: Path) -> None:
    files.row("classes", "k-free")["metadata.capacity"] = "many"
    files.row("users", "u-liam")["metadata.year"] = "first"
    files.row("enrollments", "e-old")["metadata.grade"] = "6"

    refused = university("import", "oneroster", saved(files, folder), **variables(folder))
    files.row("classes", "k-free")["metadata.capacity"] = ""
    files.row("users", "u-liam")["metadata.year"] = "1"
    files.row("enrollments", "e-old")["metadata.grade"] = "4.0"
    tried = university("import", "oneroster", saved(files, folder), "--dry-run", "--json", **variables(folder))

    assert (refused.returncode, refused.stdout) == (1, "")
    told = [line for line in refused.stderr.splitlines() if ".csv" in line or "faults" in line]
    assert told == [
        "classes.csv:5:metadata.capacity: Must be a whole number from 0 to 100000.",
        "enrollments.csv:4:metadata.grade: No known scale has this grade.",
        "users.csv:3:metadata.year: Must be a whole number from 1 to 20.",
        "3 faults; nothing was written.",
    ]
    assert tried.returncode == 0, tried.stderr
    assert json.loads(tried.stdout)["parts"]["courses"]["created"] == 14


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    assert university("import", "oneroster", str(tmp_path / "none.zip"), **variables(tmp_path)).returncode == 2


@pytest.mark.slow
def test_a_running_university_is_asked_over_http(files: Files, folder: Path) -> None:
    with running_university(folder) as running:
        here = {"UNIVERSITY_DATA_DIR": str(folder), "UNIVERSITY_PORT": str(running.port)}
        came = university("import", "oneroster", saved(files, folder), "--json", **here)
        wrong = university("export", "oneroster", str(folder / "out.zip"), "--token", "stolen", **here)
        running.sign_in("registrar")
        told = university(
            "export", "oneroster", str(folder / "out.zip"), "--url", _url(running), "--token", running.token
        )

        assert (came.returncode, wrong.returncode, told.returncode) == (0, 1, 0), came.stderr + told.stderr
        assert "Error: " in wrong.stderr
        assert running.ask("GET", "/courses/INF-1").status == 200


def _url(running: Running) -> str:
    return f"http://127.0.0.1:{running.port}"


@pytest.mark.slow
def test_a_made_up_university_moves_in_once(folder: Path) -> None:
    university = all_in_one.put_together(Settings(data_dir=folder))
    university.start()
    try:
        assert demo.fill_if_empty(university, students=3)
        assert untold(university) <= {WINDOW_NOTICE}  # a chore tells of open windows when its turn comes
        assert not demo.fill_if_empty(university, students=3)
    finally:
        university.stop()


@pytest.mark.slow
def test_a_made_up_university_whose_moving_in_was_interrupted_moves_in_further(folder: Path) -> None:
    university = all_in_one.put_together(Settings(data_dir=folder))
    university.start()
    try:
        assert demo.fill_if_empty(university, students=3)
        with university.modules["enrollment"].primary.begin() as session:
            lost = session.execute(text("DELETE FROM enrollment.registration_window RETURNING id")).all()
        assert demo.fill_if_empty(university, students=3)
        assert len(calling.inside(university).get("/registration-windows")["items"]) == len(lost)
    finally:
        university.stop()


@pytest.mark.slow
def test_a_made_up_university_has_the_size_that_was_asked_for(folder: Path) -> None:
    made = university("demo", "--students", "20", "--json", **variables(folder))
    again = university("demo", "--students", "20", "--json", **variables(folder))

    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["students"] == {"created": 20, "updated": 0, "removed": 0}
    assert told["courses"]["created"] > 200
    assert [counts["created"] for counts in json.loads(again.stdout).values()] == [0, 0, 0, 0]
