"""`university reconcile` and `university resynchronize` as an operator runs them, in one process and split."""

from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from sqlalchemy import delete, update

from tests import process, split
from tests.reconciliation.views import enroll_many, table
from tests.split import Split
from tests.system import command
from university.platform.settings import Settings


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A folder with a university of 20 enrollments, 5 of which are counted wrongly."""
    with process.filled(Settings(data_dir=tmp_path)) as campus:
        campus.window()
        enroll_many(campus, 20)
        campus.house.drain()
        counted = table("course", "counted_enrollment")
        with campus.house.modules["course"].primary.begin() as session:
            first = session.scalars(counted.select().with_only_columns(counted.c.enrollment_id).limit(5)).all()
            wrong = update(counted).where(counted.c.enrollment_id.in_(first)).values(section_ids=[])
            session.execute(wrong)
    return str(tmp_path)


def run(*words: str, status: int, **variables: str) -> Any:
    done = command.university(*words, "--json", **variables)
    assert done.returncode == status, done.stderr
    return msgspec.json.decode(done.stdout)


@pytest.mark.slow
def test_wrong_rows_are_told_then_repaired_then_gone(data: str) -> None:
    here = {"UNIVERSITY_DATA_DIR": data}

    told = run("reconcile", "--check", status=1, **here)["course.availability"]
    repaired = command.university("reconcile", **here)
    clean = run("reconcile", status=0, **here)["course.availability"]

    assert told == {"compared": 20, "wrong": {"altered": 5}, "left": 5, "late": 0}
    assert repaired.returncode == 0
    assert "course.availability: 20 compared, 5 wrong (5 altered), 5 repaired, 0 late" in repaired.stdout
    assert repaired.stderr.count("view repaired") == 5
    assert clean == {"compared": 20, "wrong": {}, "left": 0, "late": 0}


@pytest.mark.slow
def test_only_the_subscriptions_named_are_renewed(data: str) -> None:
    with process.filled(Settings(data_dir=Path(data))) as campus:
        for module, name in (("student", "recorded_enrollment"), ("course", "counted_enrollment")):
            with campus.house.modules[module].primary.begin() as session:
                session.execute(delete(table(module, name)))

    (renewed,) = run("resynchronize", "student.study-record", status=0, UNIVERSITY_DATA_DIR=data)
    every = {one["subscription"]: one for one in run("resynchronize", status=0, UNIVERSITY_DATA_DIR=data)}

    assert renewed["subscription"] == "student.study-record"
    assert renewed["renewed"] == 20
    assert every["student.study-record"]["renewed"] == 0
    assert every["course.availability"]["renewed"] == 20


def test_databases_that_are_not_migrated_are_refused(tmp_path: Path) -> None:
    refused = command.university("reconcile", UNIVERSITY_DATA_DIR=str(tmp_path))

    assert refused.returncode == 1
    assert "university migrate" in refused.stderr


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.rabbitmq
def test_a_service_repairs_its_own_view_asking_the_truth_over_the_network(tmp_path: Path) -> None:
    with split.university(tmp_path) as running:
        course = environment_of(running, "course")
        with running.database("course") as database:
            forge(database)

        told = run("reconcile", "--patience", "0", status=0, **course)
        renewed = run("resynchronize", status=0, **course)
        refused = command.university("resynchronize", "student.study-record", **course)

    assert told["course.availability"] == {"compared": 1, "wrong": {"surplus": 1}, "left": 0, "late": 0}
    assert set(told) == {"course.availability"}
    assert {one["subscription"] for one in renewed} == {"course.availability"}
    assert "The database of student is not here." in refused.stderr


def environment_of(running: Split, service: str) -> dict[str, str]:
    (part,) = [part for part in running.parts.parts if part.name == service]
    return dict(part.environment)


def forge(database: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Count an enrollment that never was."""
    database.execute(
        "INSERT INTO course.counted_enrollment (enrollment_id, counted_as, section_ids, version) "
        "VALUES ('01986c3a-0000-7000-8000-000000000001', 'taken', '[]', 1)"
    )
