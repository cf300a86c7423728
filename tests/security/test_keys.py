"""Keys are changed while everybody is at work: added, used, retired, each step by files that are read again."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entrypoints import keys
from university.platform import security
from university.platform.security import InvalidIdentity, Keyring, Principal

READER = Principal("anna", frozenset({"student"}), student_id="s-1")
PLACE = "0/16B3748"


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keyrings look at their files each time."""
    monkeypatch.setattr(security, "LOOK", 0.0)
    monkeypatch.setattr(security, "LOOK_SOONER", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys.write(tmp_path)
    return tmp_path


def rotate(folder: Path, step: str) -> Result:
    return CliRunner().invoke(keys.keys, ["rotate", str(folder), step])


def keyring(folder: Path, part: str) -> Keyring:
    return Keyring.of_files(folder / f"{part}.json", folder / keys.TRUSTED)


def test_each_step_may_be_taken_again_and_none_too_early(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert rotate(folder, "sign").exit_code == 1
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before

    for step, others in (("add", ("retire",)), ("sign", ("add",)), ("retire", ("sign",))):
        assert rotate(folder, step).exit_code == 0
        done = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert done != before
        assert rotate(folder, step).exit_code == 0
        assert [rotate(folder, other).exit_code for other in others] == [1]
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == done
        before = done

    assert {oct(file.stat().st_mode & 0o777) for file in folder.glob("[!t]*.json")} == {"0o600"}
    assert rotate(folder, "add").exit_code == 0


@pytest.mark.usefixtures("looking")
def test_no_token_is_refused_while_one_part_has_the_new_files_and_the_other_has_not(tmp_path: Path) -> None:
    """Each part may be late by a step: what it signs is believed all the same, and it believes what others sign."""
    old, new = tmp_path / "old", tmp_path / "new"
    keys.write(old)
    first = keyring(old, "gateway").sign("gateway", "course", READER)
    for step in keys.STEPS:
        _copy(old, new)
        assert rotate(new, step).exit_code == 0
        for signer, verifier in ((new, old), (old, new)):
            token = keyring(signer, "gateway").sign("gateway", "course", READER)
            assert keyring(verifier, "course").verify("course", token) == READER
        _copy(new, old)
    with pytest.raises(InvalidIdentity):
        keyring(new, "course").verify("course", first)


@pytest.mark.usefixtures("looking")
def test_a_mounted_secret_that_is_swapped_is_read_again_and_what_was_believed_before_is_not(tmp_path: Path) -> None:
    first, second = tmp_path / "..1", tmp_path / "..2"
    keys.write(first)
    keys.write(second)
    (tmp_path / "..data").symlink_to(first.name)
    for name in ("course.json", "gateway.json", keys.TRUSTED):
        (tmp_path / name).symlink_to(f"..data/{name}")
    course, gateway = keyring(tmp_path, "course"), keyring(tmp_path, "gateway")
    token = gateway.sign("gateway", "course", READER)
    assert course.verify("course", token) == READER

    (tmp_path / "..swap").symlink_to(second.name)
    (tmp_path / "..swap").replace(tmp_path / "..data")

    with pytest.raises(InvalidIdentity):
        course.verify("course", token)
    fresh = gateway.sign("gateway", "course", READER)
    assert fresh != token
    assert course.verify("course", fresh) == READER


def test_files_are_looked_at_every_few_seconds_and_at_once_for_a_key_nobody_knows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "LOOK_SOONER", 0.0)
    course = keyring(folder, "course")
    rotate(folder, "add")
    rotate(folder, "sign")

    gateway = keyring(folder, "gateway")

    assert course.verify("course", gateway.sign("gateway", "course", READER)) == READER


def test_strangers_cannot_make_a_process_read_its_files_all_the_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, read = keyring(folder, "course"), []
    monkeypatch.setattr(type(course.files), "read_again", lambda _: read.append(1))

    for _ in range(100):
        with pytest.raises(InvalidIdentity):
            course.verify("course", _stranger())

    assert len(read) <= 1


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("content", [b"", b"{", b'{"keys": []}', b'{"keys": [{"kid": "course"}]}', None])
def test_files_that_cannot_be_used_leave_the_keys_as_they_were(folder: Path, content: bytes | None) -> None:
    course, gateway = keyring(folder, "course"), keyring(folder, "gateway")
    trusted = folder / keys.TRUSTED
    if content is None:
        trusted.unlink()
    else:
        trusted.write_bytes(content)

    assert course.verify("course", gateway.sign("gateway", "course", READER)) == READER


@pytest.mark.usefixtures("looking")
def test_a_position_is_known_again_whichever_key_of_the_module_has_sealed_it(folder: Path) -> None:
    course = keyring(folder, "course")
    first = course.seal("course", PLACE)
    for step in ("add", "sign"):
        rotate(folder, step)
        course = keyring(folder, "course")
        assert course.is_sealed("course", PLACE, first)
    second = course.seal("course", PLACE)
    assert second != first

    rotate(folder, "retire")
    course = keyring(folder, "course")

    assert course.is_sealed("course", PLACE, second)
    assert not course.is_sealed("course", PLACE, first)
    assert not course.is_sealed("course", "0/16B3749", second)


def _copy(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for file in source.glob("*.json"):
        (target / file.name).write_bytes(file.read_bytes())


def _stranger() -> str:
    return Keyring.ephemeral("gateway.ff").sign("gateway", "course", Principal(os.urandom(4).hex(), READER.roles))
