"""A prepared university in files, to be copied and killed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.campus import meeting
from tests.faults.told import Row
from tests.process import filled
from university.platform.settings import Settings


@dataclass(frozen=True)
class Prepared:
    """What the files hold: a student, and a section with room."""

    folder: Path
    student_id: str
    number: str
    section_id: str


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("prepared")
    with filled(Settings(data_dir=folder)) as campus:
        campus.window()
        section = campus.section("A-1", capacity=5, meetings=[meeting("mon", "10:00", "11:30")])
        student = campus.student(number="300001")
    return Prepared(folder, student, "300001", section)


@pytest.fixture
def copied(prepared: Prepared, tmp_path: Path) -> Path:
    """A copy of the prepared files."""
    return Path(shutil.copytree(prepared.folder, tmp_path / "data"))


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Row:
    """What docs/failures.md tells of this test."""
    name = f"{request.path.name}::{request.node.name}"
    (told,) = [row for row in Row.all() if row.test == name]
    return told
