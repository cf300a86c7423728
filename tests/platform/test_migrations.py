"""A module's schema history: written from its models, applied and undone on both databases, not loaded to serve."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, inspect, select, text
from sqlalchemy.exc import OperationalError

import university
from tests.platform.test_databases import at_once
from university.platform import migrations
from university.platform.database import Id, Moment, Primary, metadata_of, new_id, now, open_database
from university.platform.messaging.outbox import outbox_of

ROOT = Path(__file__).parents[2]
SCROLL = Table(
    "scroll",
    metadata_of("archive"),
    Column("id", Id, primary_key=True),
    Column("title", String(40), nullable=False, unique=True),
    Column("meters", Integer, nullable=False),
    Column("written_at", Moment),
    Index("ix_scroll_title_meters", "title", "meters"),
    CheckConstraint("meters > 0", name="scroll_has_meters"),
)
OUTBOX = outbox_of("archive")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Primary]:
    """The database of a module whose code lies in a folder of its own, without any history yet."""
    if request.param == "postgresql":
        yield request.getfixturevalue("archive_on_server")
        return
    with moved_in(tmp_path, f"sqlite:///{tmp_path}/archive.db") as primary:
        yield primary


@pytest.fixture
def archive_on_server(postgresql: dict[str, str], tmp_path: Path) -> Iterator[Primary]:
    """The same for what SQLite does not know."""
    with moved_in(tmp_path, postgresql["course"]) as primary:
        yield primary
        with primary.begin() as session:
            session.execute(text("DROP SCHEMA IF EXISTS archive CASCADE"))


@contextmanager
def moved_in(tmp_path: Path, url: str) -> Iterator[Primary]:
    """Make the archive's code importable for a while."""
    folder = tmp_path / "archive" / "migrations"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent):
        (package / "__init__.py").write_text('"""An archive."""\n')
    primary, _ = open_database("archive", url)
    university.__path__.append(str(tmp_path))
    yield primary
    university.__path__.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("university.archive")]:
        del sys.modules[name]
    primary.close()


def tables(primary: Primary) -> set[str]:
    """Return the tables of the archive."""
    with primary.read() as session:
        return set(inspect(session.connection()).get_table_names(schema="archive"))


def add_a_shelf(first: Path) -> None:
    """Write a second migration."""
    first.with_name("0002_add_a_shelf.py").write_text(
        first.read_text(encoding="utf-8")
        .split("def upgrade")[0]
        .replace('revision = "0001"\ndown_revision = None', 'revision: str = "0002"\ndown_revision: str = "0001"')
        + "def upgrade() -> None:\n"
        "    op.add_column('scroll', sa.Column('shelf', sa.Integer()), schema='archive')\n\n\n"
        "def downgrade() -> None:\n"
        "    op.drop_column('scroll', 'shelf', schema='archive')\n"
    )


def test_a_first_migration_is_written_from_the_models_and_leads_to_them(archive: Primary) -> None:
    file = migrations.write(archive, "Create the scrolls")

    assert file.name == "0001_create_the_scrolls.py"
    assert migrations.head_of("archive") == "0001"
    assert not migrations.at_head(archive)
    migrations.upgrade(archive)
    assert migrations.at_head(archive)
    assert tables(archive) == {"scroll", "outbox", "schema_version"}
    assert migrations.differences(archive) == []


def test_what_was_written_speaks_the_platforms_language(archive: Primary) -> None:
    written = migrations.write(archive, "Create the scrolls").read_text(encoding="utf-8")

    assert written.startswith('"""Create the scrolls."""\n')
    for words in (
        "database.Moment()",
        "database.Id",
        "'scroll_has_meters'",
        "'scroll_pk'",
        "schema='archive'",
    ):
        assert words in written
    assert "down_revision = None" in written


def test_a_migrated_database_keeps_what_the_models_promise(archive: Primary) -> None:
    migrations.write(archive, "Create the scrolls")
    migrations.upgrade(archive)

    with archive.begin() as session:
        scroll = new_id()
        session.execute(SCROLL.insert().values(id=scroll, title="a", meters=2, written_at=now(session)))
    with archive.read() as session:
        assert session.scalars(select(SCROLL.c.id)).one() == scroll
    for broken in ({"title": "a", "meters": 1}, {"title": "b", "meters": 0}):
        with pytest.raises(Exception, match=r"scroll"), archive.begin() as session:
            session.execute(SCROLL.insert().values(id=new_id(), **broken))


def test_a_migration_is_undone_without_a_trace(archive: Primary) -> None:
    migrations.write(archive, "Create the scrolls")
    migrations.upgrade(archive)

    migrations.downgrade(archive)

    assert tables(archive) <= {"schema_version"}
    assert not migrations.at_head(archive)
    migrations.upgrade(archive)
    assert migrations.differences(archive) == []


def test_upgrading_twice_changes_nothing(archive: Primary) -> None:
    migrations.write(archive, "Create the scrolls")
    migrations.upgrade(archive)
    with archive.begin() as session:
        session.execute(SCROLL.insert().values(id=new_id(), title="a", meters=2))

    migrations.upgrade(archive)

    with archive.read() as session:
        assert session.scalar(select(SCROLL.c.title)) == "a"


def test_of_two_who_migrate_at_once_one_waits_for_the_other(archive: Primary) -> None:
    migrations.write(archive, "Create the scrolls")

    faults = at_once(*[lambda: migrations.upgrade(archive)] * 2)

    assert faults == []
    assert migrations.at_head(archive)


@pytest.mark.postgres
def test_migrating_never_lets_everybody_wait_behind_its_lock(archive_on_server: Primary) -> None:
    archive = archive_on_server
    add_a_shelf(migrations.write(archive, "Create the scrolls"))
    migrations.upgrade(archive, "0001")

    with archive.engine.connect() as reading:
        reading.execute(text("SELECT * FROM archive.scroll"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrations.upgrade(archive)

    assert not migrations.at_head(archive)
    migrations.upgrade(archive)
    assert migrations.at_head(archive)
    with archive.read() as session:
        told = [session.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")]
    assert told == ["2s", "30s"]


def test_a_later_migration_follows_the_one_before(archive: Primary) -> None:
    first = migrations.write(archive, "Create the scrolls")
    migrations.upgrade(archive)
    add_a_shelf(first)

    assert migrations.head_of("archive") == "0002"
    assert not migrations.at_head(archive)
    migrations.upgrade(archive)
    assert migrations.at_head(archive)
    assert [kind for kind, *_ in migrations.differences(archive)] == ["remove_column"]
    migrations.downgrade(archive, "0001")
    assert migrations.differences(archive) == []


def test_a_rule_that_a_migration_forgot_is_found(archive: Primary) -> None:
    file = migrations.write(archive, "Create the scrolls")
    written = file.read_text(encoding="utf-8")
    file.write_text("".join(line for line in written.splitlines(keepends=True) if "scroll_has_meters" not in line))
    migrations.upgrade(archive)

    assert migrations.differences(archive) == [("add_check", "scroll", "scroll_has_meters")]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("ALTER TABLE {}scroll ADD COLUMN shelf INTEGER", "remove_column"),
        ("DROP INDEX {}ix_scroll_title_meters", "add_index"),
        ("DROP TABLE {}outbox", "add_table"),
        ("CREATE TABLE {}stray (a INTEGER)", "remove_table"),
    ],
)
def test_a_difference_is_found(archive: Primary, change: str, kind: str) -> None:
    migrations.write(archive, "Create the scrolls")
    migrations.upgrade(archive)
    with archive.begin() as session:
        session.execute(text(change.format("archive.")))

    assert kind in {kind for kind, *_ in migrations.differences(archive)}


def test_a_migration_that_fails_leaves_the_database_as_it_was(archive: Primary) -> None:
    first = migrations.write(archive, "Create the scrolls")
    sound = first.read_text(encoding="utf-8")
    first.write_text(sound.replace("def downgrade", "    raise LookupError\n\n\ndef downgrade"))

    with pytest.raises(LookupError):
        migrations.upgrade(archive)

    assert tables(archive) <= {"schema_version"}
    first.write_text(sound)
    migrations.upgrade(archive)
    assert migrations.differences(archive) == []


def test_an_empty_database_is_not_at_head(archive: Primary) -> None:
    migrations.write(archive, "Create the scrolls")

    assert not migrations.at_head(archive)


def test_a_history_with_two_ends_is_refused(archive: Primary) -> None:
    first = migrations.write(archive, "Create the scrolls")
    other = first.read_text(encoding="utf-8").replace('revision = "0001"', 'revision = "1000"')
    first.with_name("1000_other.py").write_text(other)

    with pytest.raises(ValueError, match="too many values"):
        migrations.head_of("archive")


def test_a_serving_process_never_loads_alembic(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.platform.conftest import furnish\n"
        "from university.platform import migrations, server\n"
        "from university.platform.messaging import relay\n"
        "from university.platform.settings import Settings\n"
        "house = furnish(Settings(data_dir=Path(sys.argv[1])))\n"
        "assert house.call('library', 'GET', '/books').status == 200\n"
        "assert migrations.at_head(house.modules['library'].primary) is False\n"
        "print({name.partition('.')[0] for name in sys.modules} & {'alembic', 'mako', 'openpyxl'})\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (told.stdout.strip(), told.stderr) == ("set()", "")
