"""What a process is told: by its environment, by a file of settings, and in one sentence where that is wrong."""

import threading
from pathlib import Path

import click
import pytest

from entrypoints import configuration


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the environment names; it is not there yet."""
    monkeypatch.setattr(configuration, "PATIENCE", 0.0)
    monkeypatch.setenv("UNIVERSITY_SETTINGS_FILE", str(tmp_path / "settings.env"))
    return tmp_path / "settings.env"


def test_a_file_adds_to_the_environment_which_goes_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(
        "UNIVERSITY_PORT=8100\nUNIVERSITY_THREADS=7\nUNIVERSITY_DATABASE_URL__COURSE=postgresql://a:b@c/d\n"
    )
    monkeypatch.setenv("UNIVERSITY_PORT", "8200")
    monkeypatch.setenv("UNIVERSITY_DATABASE_URL__STUDENT", "postgresql://e/f")

    settings = configuration.read()

    assert (settings.port, settings.threads) == (8200, 7)
    assert settings.database_url == {"course": "postgresql://a:b@c/d", "student": "postgresql://e/f"}


def test_a_file_that_comes_a_little_later_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "PATIENCE", 20.0)
    fresh = file.with_name("fresh")
    fresh.write_text("UNIVERSITY_THREADS=7\n")
    timer = threading.Timer(0.5, lambda: fresh.rename(file))
    timer.start()

    assert configuration.read().threads == 7
    timer.join()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "UNIVERSITY_SETTINGS_FILE cannot be read"),
        ("UNIVERSITY_THREADS=many\n", "UNIVERSITY_THREADS: Input should be a valid integer"),
        ("UNIVERSITY_TREADS=7\n", "  UNIVERSITY_TREADS: Extra inputs are not permitted"),
    ],
)
def test_a_file_that_is_missing_or_wrong_is_named(file: Path, content: str | None, said: str) -> None:
    if content is not None:
        file.write_text(content)

    with pytest.raises(click.ClickException) as refused:
        configuration.read()

    assert said in refused.value.message
