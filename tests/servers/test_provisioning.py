"""A provisioned server: each module has a database of its own, and each role can do its work and nothing else."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import errors

from entrypoints import passwords, provision_postgresql as provision
from entrypoints.cli import main
from entrypoints.migrate import MODULES
from entrypoints.provision_postgresql import Access
from tests.campus import Campus, a_student, meeting
from tests.house import House
from tests.servers.postgresql import Server
from university.course.wiring import CourseWiring
from university.enrollment.wiring import EnrollmentWiring
from university.gateway.wiring import GatewayWiring
from university.platform import migrations
from university.platform.database import open_database
from university.platform.settings import Settings
from university.student.wiring import StudentWiring

SECRET = "%2F'@:/?"
WIRINGS = (CourseWiring, StudentWiring, EnrollmentWiring, GatewayWiring)
pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server(folder: Path) -> Server:
    """A server that asks everybody for a password."""
    return Server.primary(folder, auth="scram-sha-256", password=SECRET)


@pytest.fixture(scope="module")
def provisioned(server: Server) -> dict[str, Access]:
    """Databases with roles, migrated by their migrators."""
    given = provision.prepare(server.url(), passwords.made_up(provision.names()))
    for module, access in given.items():
        primary, _ = open_database(module, access.migrator, threads=1)
        migrations.upgrade(primary)
        primary.close()
    return given


@pytest.fixture
def campus(provisioned: dict[str, Access]) -> Iterator[Campus]:
    """The university on these databases, with no more rights than it needs."""
    house = House(Settings(database_url={module: access.app for module, access in provisioned.items()}))
    yield Campus(house.open(*(wiring() for wiring in WIRINGS)))
    house.close()


def run(url: str, statement: str, **options: Any) -> Any:
    """Run one statement and return its first row."""
    with psycopg.connect(url, autocommit=True, **options) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchone() if cursor.description else None


def test_the_university_needs_no_more_than_its_roles_allow(campus: Campus) -> None:
    campus.window()
    section = campus.section("A-1", capacity=1, meetings=[meeting("mon", "10:00", "11:30")])
    student = campus.student()

    wish = {"student_id": student, "section_ids": [section]}
    placed = campus.house.call("enrollment", "POST", "/enrollments", wish, who=a_student(student))
    campus.house.drain()

    assert placed.status == 201, placed.body
    dropped = campus.house.call("enrollment", "POST", f"/enrollments/{placed.json['id']}/drop", who=a_student(student))
    assert dropped.status == 200, dropped.body
    seen = campus.house.call("student", "GET", f"/students/{student}/enrollments?term=2027L")
    assert [one["status"] for one in seen.json["items"]] == ["enrolled"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE course.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE course.term ADD COLUMN mine int",
        "DROP TABLE course.term CASCADE",
        "TRUNCATE course.term CASCADE",
        "CREATE INDEX mine ON course.term (code)",
        "CREATE DATABASE mine",
        "ALTER ROLE university_course_app SUPERUSER",
    ],
)
def test_who_serves_changes_rows_and_never_tables(provisioned: dict[str, Access], statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(provisioned["course"].app, statement)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM course.term", "UPDATE course.term SET code = 'x'", "CREATE TABLE course.mine (a int)"],
)
def test_who_looks_changes_nothing_even_when_told_to_write(provisioned: dict[str, Access], statement: str) -> None:
    with pytest.raises(errors.ReadOnlySqlTransaction):
        run(provisioned["course"].reader, statement)
    with pytest.raises(errors.InsufficientPrivilege):
        run(provisioned["course"].reader, statement, options="-c default_transaction_read_only=off")


def test_who_looks_sees_every_table(provisioned: dict[str, Access]) -> None:
    for module, access in provisioned.items():
        assert run(access.reader, f"TABLE {module}.schema_version") == (migrations.head_of(module),)


@pytest.mark.parametrize("role", provision.ROLES)
@pytest.mark.parametrize("module", MODULES)
def test_nobody_enters_another_modules_database(provisioned: dict[str, Access], module: str, role: str) -> None:
    mine = asdict(provisioned[module])[role]

    assert run(mine, "SELECT current_database()") == (f"university_{module}",)
    for other in set(MODULES) - {module}:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(mine, dbname=f"university_{other}")


def test_a_wrong_password_opens_nothing(provisioned: dict[str, Access]) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        run(provisioned["course"].app.replace("@", "x@"), "SELECT 1")


def test_a_migrator_makes_tables_in_its_schema_and_nothing_around_it(provisioned: dict[str, Access]) -> None:
    migrator = provisioned["student"].migrator

    for statement in ("CREATE SCHEMA mine", "CREATE TABLE public.mine (a int)", "DROP DATABASE university_student"):
        with pytest.raises(errors.InsufficientPrivilege):
            run(migrator, statement)
    run(migrator, "CREATE TABLE student.later (a int GENERATED ALWAYS AS IDENTITY, b int)")
    try:
        assert run(provisioned["student"].app, "INSERT INTO student.later (b) VALUES (7) RETURNING a") == (1,)
        assert run(provisioned["student"].reader, "SELECT b FROM student.later") == (7,)
    finally:
        run(migrator, "DROP TABLE student.later")


@pytest.mark.parametrize(
    ("role", "name", "value"),
    [
        ("app", "statement_timeout", "30s"),
        ("app", "lock_timeout", "2s"),
        ("app", "idle_in_transaction_session_timeout", "30s"),
        ("migrator", "lock_timeout", "2s"),
        ("reader", "statement_timeout", "1min"),
        ("reader", "default_transaction_read_only", "on"),
    ],
)
def test_a_role_is_bounded_whatever_connects_with_it(
    provisioned: dict[str, Access], role: str, name: str, value: str
) -> None:
    assert run(asdict(provisioned["enrollment"])[role], f"SHOW {name}") == (value,)


def test_passwords_never_reach_the_server(provisioned: dict[str, Access], server: Server) -> None:
    kept = server.sql("SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'university%'")

    assert len(kept) == len(MODULES) * len(provision.ROLES)
    assert all(digest.startswith("SCRAM-SHA-256$") for (digest,) in kept)
    assert run(provisioned["course"].app, "SELECT 1") == (1,)


def test_an_administrator_needs_no_superuser(server: Server) -> None:
    server.sql("CREATE ROLE builder LOGIN CREATEDB CREATEROLE PASSWORD 'b'")
    url = f"postgresql://builder:b@127.0.0.1:{server.port}/postgres"

    given = provision.prepare(url, passwords.made_up(provision.names()), prefix="cloud_")
    again = provision.prepare(url, passwords.made_up(provision.names()), prefix="cloud_")

    assert run(again["course"].migrator, "CREATE TABLE course.one (a int)") is None
    assert run(again["course"].app, "SELECT count(*) FROM course.one") == (0,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        run(given["course"].app, "SELECT 1")
    assert server.sql("SELECT pg_has_role('builder', 'cloud_course_migrator', 'USAGE')") == [(False,)]


@pytest.fixture
def command(server: Server, tmp_path: Path) -> Callable[..., Result]:
    """Run the command with a file of passwords."""

    def run_command(*options: str, url: str = "") -> Result:
        asked = ["provision", "postgresql", url or server.url(), "--passwords", str(tmp_path / "passwords.json")]
        return CliRunner().invoke(main, [*asked, "--prefix", "told_", "--patience", "0", *options])

    return run_command


def test_the_command_prints_settings_that_work_and_says_the_same_again(
    command: Callable[..., Result], tmp_path: Path
) -> None:
    first, second, migrators = command("--for", "app"), command("--for", "app"), command("--for", "migrator")

    assert (first.exit_code, first.output) == (0, second.output)
    settings = dict(line.split("=", 1) for line in first.output.splitlines())
    assert list(settings) == [f"UNIVERSITY_DATABASE_URL__{module.upper()}" for module in MODULES]
    assert run(settings["UNIVERSITY_DATABASE_URL__COURSE"], "SELECT current_user") == ("told_course_app",)
    assert "told_gateway_migrator:" in migrators.output
    assert (tmp_path / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_who_serves_cannot_migrate_and_is_told_so_in_one_sentence(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dict(line.split("=", 1) for line in command("--prefix", "bare_", "--for", "app").output.splitlines())
    for name, url in settings.items():
        monkeypatch.setenv(name, url)

    told = CliRunner().invoke(main, ["migrate"])

    assert told.exit_code == 1
    assert told.output == "Error: The database of course was left as it is: permission denied for schema course\n"


def test_a_server_that_does_not_answer_is_one_sentence(command: Callable[..., Result]) -> None:
    told = command(url="postgresql://postgres@127.0.0.1:1/postgres")

    assert told.exit_code == 1
    assert told.output.startswith("Error: ")
    assert "Connection refused" in told.output


def test_one_module_is_prepared_alone_from_a_file_that_is_only_read_and_no_password_is_told(
    command: Callable[..., Result], server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "passwords.json"
    words = passwords.made_up(provision.names(["student"]))
    file.write_bytes(msgspec.json.encode(words))
    before = file.stat().st_mtime_ns

    told = command("--prefix", "alone_", "--module", "student")

    assert told.output == "student: database alone_student and its roles are there.\n"
    assert file.stat().st_mtime_ns == before
    assert server.sql("SELECT datname FROM pg_database WHERE datname LIKE 'alone%'") == [("alone_student",)]
    login = f"postgresql://alone_student_app:{words['student_app']}@127.0.0.1:{server.port}/alone_student"
    assert run(login, "SELECT 1") == (1,)


def test_an_address_may_stand_in_a_file(command: Callable[..., Result], server: Server, tmp_path: Path) -> None:
    (tmp_path / "address").write_text(f"{server.url()}\n")

    assert command("--module", "course", url=f"@{tmp_path / 'address'}").exit_code == 0


def test_a_wrong_password_is_told_at_once_and_not_repeated(command: Callable[..., Result], server: Server) -> None:
    began = time.monotonic()

    told = command("--patience", "60", url=f"postgresql://postgres:sesame@127.0.0.1:{server.port}/postgres")

    assert told.exit_code == 1
    assert "password authentication failed" in told.output
    assert "sesame" not in told.output
    assert time.monotonic() - began < 30


def test_a_server_that_comes_later_is_waited_for(command: Callable[..., Result], server: Server) -> None:
    server.kill()
    timer = threading.Timer(2.0, server.start)
    timer.start()
    try:
        told = command("--module", "course", "--patience", "60")
    finally:
        timer.join()

    assert told.exit_code == 0, told.output
    assert "trying for 60 s" in told.output
