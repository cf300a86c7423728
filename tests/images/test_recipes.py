"""What images are made of, as far as it can be told without making one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.images import assemble
from tests.images.building import PYTHON_PARTS, ROOT, content_of

CONTAINERFILES = sorted((ROOT / "deploy/images").rglob("Containerfile"))
HADOLINT = Path(sys.executable).with_name("hadolint")
SCRIPTS = [ROOT / "entrypoints/build-images.sh", ROOT / "deploy/images/make-base.sh"]
ENTRYPOINTS = ROOT / "entrypoints"


@pytest.mark.parametrize("file", CONTAINERFILES, ids=lambda file: file.parent.name)
def test_no_containerfile_has_a_fault(file: Path) -> None:
    done = subprocess.run([HADOLINT, file], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


def test_hadolint_finds_a_fault(tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text("FROM debian:latest\nRUN cd /tmp && apt-get install curl\n")
    done = subprocess.run([HADOLINT, tmp_path / "Containerfile"], capture_output=True, text=True, check=False)
    assert "DL3007" in done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_read_and_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["professor"], "There is no part 'professor'; there are: course student enrollment"),
        (["--enigne", "podman"], "There is no option --enigne"),
        (["--engine", "no-such-engine", "course"], "no-such-engine is not here."),
        (["--tag"], "--tag needs a value."),
    ],
)
def test_the_script_refuses_what_it_cannot_build(words: list[str], told: str) -> None:
    done = subprocess.run([SCRIPTS[0], *words], capture_output=True, text=True, check=False)
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_an_image_has_its_own_entrypoint_and_no_others(part: str) -> None:
    held = assemble.needed(part, ENTRYPOINTS)
    assert part in held
    assert not held & ((set(PYTHON_PARTS) - {part}) | assemble.TOGETHER)


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_an_image_has_every_command_that_it_promises(part: str) -> None:
    assert {"cli", "first_process", *assemble.COMMANDS[part]} <= assemble.needed(part, ENTRYPOINTS)


def test_what_an_entrypoint_imports_is_brought_along(tmp_path: Path) -> None:
    (tmp_path / "course.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "from entrypoints import here\n"
        "if TYPE_CHECKING:\n    from entrypoints import only_a_type\n"
        "def later():\n    from entrypoints.far import away\n"
    )
    for name in ("here", "far", "only_a_type", "unasked"):
        (tmp_path / f"{name}.py").write_text("")
    assert assemble.needed("course", tmp_path) == {"course", "here", "far"}


def test_an_image_of_another_content_has_another_name() -> None:
    course, gateway = set(content_of("course")), set(content_of("gateway"))
    assert ROOT / "src/university/course/rules/grades.py" in course - gateway
    assert {ROOT / "requirements/runtime.txt", ROOT / "deploy/images/make-base.sh"} <= course & gateway


def test_the_pages_are_in_the_frontend_s_image_and_not_in_the_gateway_s() -> None:
    frontend, gateway = set(content_of("frontend")), set(content_of("gateway"))
    ours = ROOT / "src/university/gateway/site/own/not-found.html"
    assert {ours, ROOT / ".dockerignore"} <= frontend & gateway
    assert not [file for file in gateway if "static" in file.parts]


def test_a_wheel_that_is_not_locked_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "HOME", tmp_path)
    monkeypatch.setattr(assemble, "LOCK", ROOT / "requirements/runtime.txt")
    (tmp_path / "click-8.5.1-py3-none-any.whl").write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not what requirements"):
        assemble.dependencies(tmp_path)
    assert not (tmp_path / "dependencies").exists()
