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


MAIL = {"UNIVERSITY_MAIL_FROM": "University <no-reply@example.edu>", "UNIVERSITY_PUBLIC_URL": "https://example.edu"}


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.edu",
        "smtp://[::1]:2525",
        "smtps://a:b@mail.example.edu",
        "smtp+starttls://a%40b:c@mail.example.edu:587/",
    ],
)
def test_a_mail_server_is_named_by_its_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**MAIL, "UNIVERSITY_SMTP_URL": url}.items():
        monkeypatch.setenv(name, value)

    assert configuration.read().smtp_url == url


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"UNIVERSITY_SMTP_URL": "mail.example.edu:25"}, "UNIVERSITY_SMTP_URL: Value error, must be one of smtp"),
        ({"UNIVERSITY_SMTP_URL": "smtp://"}, "with a host"),
        ({"UNIVERSITY_SMTP_URL": "smtp://mail.example.edu:port"}, "UNIVERSITY_SMTP_URL: Value error"),
        ({"UNIVERSITY_SMTP_URL": "smtp://a:secret@mail.example.edu"}, "a password is not sent without TLS"),
        ({"UNIVERSITY_SMTP_URL": "smtp://mail", "UNIVERSITY_MAIL_FROM": ""}, "MAIL_FROM: is asked for with"),
        ({"UNIVERSITY_SMTP_URL": "smtp://mail", "UNIVERSITY_PUBLIC_URL": ""}, "PUBLIC_URL: is asked for with"),
        ({"UNIVERSITY_MAIL_FROM": "University"}, "UNIVERSITY_MAIL_FROM: Value error, is not an e-mail address"),
        ({"UNIVERSITY_MAIL_FROM": "no reply@example.edu"}, "UNIVERSITY_MAIL_FROM: Value error"),
        ({"UNIVERSITY_PUBLIC_URL": "example.edu"}, "UNIVERSITY_PUBLIC_URL: Value error, must begin with https://"),
    ],
)
def test_what_no_mail_can_be_sent_with_is_told_by_name(
    told: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**MAIL, **told}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(click.ClickException) as refused:
        configuration.read()

    assert said in refused.value.message
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BROKER_URL", "amqp://course:kTq8@one/;amqp://guest:guest@two/"),
        ("DATABASE_URL__COURSE", "postgresql://university_course_app:Password@host/db"),
        ("REPLICA_URL__COURSE", "postgresql://reader:reader@host/db"),
        ("SMTP_URL", "smtps://office:change%2Dme@host"),
    ],
)
def test_production_does_not_start_with_a_password_that_everybody_tries_first(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for told, what in (("MAIL_FROM", "a@example.edu"), ("PUBLIC_URL", "https://example.edu"), (name, value)):
        monkeypatch.setenv(f"UNIVERSITY_{told}", what)
    assert configuration.read().guessable == [name.lower()]

    monkeypatch.setenv("UNIVERSITY_MODE", "production")
    with pytest.raises(click.ClickException) as refused:
        configuration.read()

    assert f"UNIVERSITY_{name}: holds a password" in refused.value.message
    assert value not in refused.value.message


def test_production_starts_with_passwords_of_its_own_and_without_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIVERSITY_MODE", "production")
    monkeypatch.setenv("UNIVERSITY_BROKER_URL", "amqp://university-course:b1qF7tW@host/university")
    monkeypatch.setenv("UNIVERSITY_DATABASE_URL__COURSE", "postgresql://postgres@/university")
    assert configuration.read().guessable == []


@pytest.mark.parametrize("contact", ["security@example.edu", "http://example.edu/report", "mailto:a@b\nPolicy: x"])
def test_a_contact_is_one_address(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv("UNIVERSITY_SECURITY_CONTACT", contact)
    with pytest.raises(click.ClickException, match="UNIVERSITY_SECURITY_CONTACT: "):
        configuration.read()
