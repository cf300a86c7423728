"""A module is put together from its wiring, and nothing is bound that nobody declared."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from injector import UnsatisfiedRequirement, inject
from pydantic import ValidationError

from tests.house import House
from tests.platform.library import Books, LibraryWiring
from university.platform.assembly import Neighbors, assemble
from university.platform.database import Primary, Replica
from university.platform.messaging import broker, topology
from university.platform.neighbors import Neighborhood
from university.platform.security import Keyring
from university.platform.settings import Settings
from university.platform.web.app import Operations
from university.platform.wiring import Wiring


def test_a_module_gets_its_databases_its_settings_and_its_neighbors(desk: House) -> None:
    injector = desk.modules["library"].injector

    assert injector.get(Primary) is desk.modules["library"].primary
    assert isinstance(injector.get(Replica), Replica)
    assert injector.get(Settings) is desk.settings
    assert injector.get(Neighborhood) is desk.neighborhood
    assert injector.get(Neighbors) == {}


class Asking(LibraryWiring):
    """A library that asks neighbors."""

    neighbors = ("course", "student")


def test_only_declared_neighbors_can_be_asked(tmp_path: Path) -> None:
    assembled = assemble(Asking(), Settings(data_dir=tmp_path), Keyring.ephemeral("library"), Neighborhood())
    neighbors = assembled.injector.get(Neighbors)

    assert {name: (one.name, one.asker) for name, one in neighbors.items()} == {
        "course": ("course", "library"),
        "student": ("student", "library"),
    }
    with pytest.raises(KeyError):
        neighbors["enrollment"]
    assembled.primary.close()


class Undeclared(Wiring):
    """A module that wants what nobody binds."""

    name = "library"

    @staticmethod
    def hearers() -> dict[str, Any]:
        """Hear nothing."""
        return {}

    @staticmethod
    @inject
    def routes(_books: Books) -> list[Operations]:
        """Never called."""
        raise AssertionError


def test_what_nobody_bound_is_not_made_up(tmp_path: Path) -> None:
    with pytest.raises(UnsatisfiedRequirement):
        assemble(Undeclared(), Settings(data_dir=tmp_path), Keyring.ephemeral("library"), Neighborhood())


def test_hearers_become_actors_that_ignore_what_they_do_not_know(desk: House) -> None:
    actors = desk.modules["library"].hearers()
    heard: list[Any] = []
    station = broker.open_broker()
    broker.listen(station, "course.availability", heard.append)

    station.get_actor("course.availability")(events=[{"id": "1"}], hint="new in the next release")

    assert set(actors) == {"course.availability", "student.study-record"}
    assert heard == [[{"id": "1"}]]


# Who hears what.


@pytest.mark.parametrize(
    ("event", "hearers"),
    [
        ("enrollment.created.v1", ("course.availability", "student.study-record")),
        ("course.section.updated.v1", ("enrollment.section-facts", "student.course-facts")),
        ("student.updated.v1", ("enrollment.student-facts",)),
        ("import.course.requested.v1", ("course.imports",)),
        ("enrollment", ()),
        ("enrollments.created.v1", ()),
        ("xenrollment.created.v1", ()),
        ("nothing.happened.v1", ()),
    ],
)
def test_an_event_goes_to_whose_pattern_fits(event: str, hearers: tuple[str, ...]) -> None:
    assert topology.hearers(event) == hearers


# Settings.


def settings_from(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read settings in a process with this environment."""
    program = "from university.platform.settings import Settings; print(Settings().model_dump_json())"
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_come_from_the_environment() -> None:
    told = settings_from(
        UNIVERSITY_PORT="9000",
        UNIVERSITY_DATABASE_URL__COURSE="postgresql://db/course",
        UNIVERSITY_REPLICA_URL__COURSE="postgresql://copy/course",
        UNIVERSITY_UNHEARD_OF="1",
        PORT="1",
    )

    settings = Settings.model_validate_json(told.stdout)
    assert (settings.port, settings.mode, settings.host) == (9000, "development", "127.0.0.1")
    assert (settings.primary_of("course"), settings.replica_of("course")) == (
        "postgresql://db/course",
        "postgresql://copy/course",
    )


def test_without_settings_a_module_lives_in_a_file_of_its_own() -> None:
    settings = Settings(data_dir=Path("somewhere"))

    assert settings.primary_of("course") == settings.replica_of("course") == "sqlite:///somewhere/course.db"
    assert settings.zone.key == "Europe/Warsaw"


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0},
        {"port": 65_535},
        {"mode": "testing"},
        {"threads": 0},
        {"body_limit": 0},
        {"log_level": "loud"},
        {"request_timeout": 0},
        {"timezone": "Europe/Nowhere"},
        {"timezone": "../../etc/passwd"},
        {"timezone": ""},
    ],
    ids=str,
)
def test_a_wrong_setting_is_told_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_settings_never_change() -> None:
    change: Callable[[], None] = lambda: setattr(Settings(), "port", 1)  # noqa: E731

    with pytest.raises(ValidationError):
        change()
