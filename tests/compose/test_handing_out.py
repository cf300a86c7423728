"""What the services of compose.yaml are handed out: working together, to each its own, and the same again."""

from pathlib import Path

import msgspec
import pytest

from entrypoints.hand_out import hand_out
from university.platform.security import Keyring, Principal

FOLDERS = (
    "course", "student", "enrollment", "gateway", "postgresql", "postgresql-replica", "rabbitmq", "preparing",
)  # fmt: skip
SERVICES = ("course", "student", "enrollment")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder where everything was handed out."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    hand_out.main([str(tmp_path)], standalone_mode=False)
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_handing_out_again_changes_nothing(folder: Path) -> None:
    before = contents(folder)

    hand_out.main([str(folder)], standalone_mode=False)

    assert contents(folder) == before
    assert len(before) == 23


def test_keys_that_lack_one_part_are_all_made_anew(folder: Path) -> None:
    before = contents(folder)
    (folder / "student/signing-keys.json").unlink()

    hand_out.main([str(folder)], standalone_mode=False)

    changed = {name for name, content in contents(folder).items() if content != before[name]}
    assert changed == {f"{part}/{name}" for part in FOLDERS[:4] for name in ("signing-keys.json", "trusted.json")}


@pytest.mark.parametrize("other", FOLDERS[:4])
@pytest.mark.parametrize("part", FOLDERS[:4])
def test_parts_know_one_another_by_the_keys(folder: Path, part: str, other: str) -> None:
    mine, theirs = (
        Keyring.of_files(folder / name / "signing-keys.json", folder / name / "trusted.json", secret=True)
        for name in (part, other)
    )
    issuer = "gateway-service" if part == "gateway" else part
    asking = Principal(issuer, frozenset({"service"}))

    assert theirs.verify(other, mine.sign(issuer, other, asking)) == asking


@pytest.mark.parametrize("part", FOLDERS[:-1])
def test_nobody_is_handed_out_what_is_not_theirs(folder: Path, part: str) -> None:
    words = msgspec.json.decode((folder / "preparing/passwords.json").read_bytes(), type=dict[str, str])
    own = {
        **{name: {f"{name}_app", name} for name in SERVICES},
        "gateway": {"gateway_app"},
        "postgresql": {"postgres", "replicator"},
        "postgresql-replica": {"replicator"},
        "rabbitmq": {"admin"},
    }

    told = "".join(content for name, content in contents(folder).items() if name.startswith(f"{part}/"))

    assert {name for name, word in words.items() if word in told} == own[part]
