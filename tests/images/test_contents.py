"""What is in the image of a Python part: its module, the platform, and nothing to break in with."""

import json
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.images import assemble
from entrypoints.cli import COMMANDS
from tests import containers
from tests.images import built
from tests.images.building import PYTHON_PARTS, ROOT
from tests.images.hardened import looked, said

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(900)]

BOUND = 175_000_000
"""Bytes of an image; what is over it was not meant to be there."""

_IMPORTED = """
import importlib, json
def held(name):
    try: importlib.import_module(name)
    except ModuleNotFoundError as missing: return missing.name not in (name, name.rpartition('.')[0])
    return True
print(json.dumps([name for name in {names!r} if held(name)]))
"""
_WALK = """
import json, os, stat
PROGRAMS = ("sh", "dash", "bash", "busybox", "apt", "apt-get", "dpkg", "gcc", "curl", "wget", "perl")
found = {"setuid": [], "writable": [], "kept": [], "foreign": []}
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys", "/dev")]
    for name in folders + files:
        path = os.path.join(folder, name)
        told = os.lstat(path)
        if stat.S_ISLNK(told.st_mode): continue
        if told.st_mode & 0o6000 and not stat.S_ISDIR(told.st_mode): found["setuid"].append(path)
        if os.access(path, os.W_OK): found["writable"].append(path)
        programs = os.path.basename(folder) in ("bin", "sbin")
        if name in ("pip", "ensurepip", "tests", ".cache", ".bash_history") or programs and name in PROGRAMS:
            found["kept"].append(path)
        if path.startswith("/opt") and (told.st_uid, told.st_gid) != (0, 0): found["foreign"].append(path)
print(json.dumps(found))
"""


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_an_image_imports_its_own_module_and_fails_to_import_every_other(part: str) -> None:
    names = [f"university.{name}.wiring" for name in PYTHON_PARTS] + [f"entrypoints.{name}" for name in PYTHON_PARTS]
    held = looked(built(part)[part], _IMPORTED.format(names=names))
    assert held == [f"university.{part}.wiring", f"entrypoints.{part}"]


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_no_file_of_another_module_is_in_an_image(part: str) -> None:
    program = "import json, os; print(json.dumps(os.listdir('/opt/university/application/university')))"
    modules = {name for name in looked(built(part)[part], program) if not name.startswith("__")}
    made_up = {"demo"} if part == "gateway" else set()
    assert modules == {"platform", "py.typed", part} | made_up


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_nothing_helps_whoever_breaks_in(part: str) -> None:
    found = looked(built(part)[part], _WALK)
    # Where a root that cannot be written to has files in memory; the runtime's own are at the root of /run and /etc.
    in_memory = ("/tmp", "/var/tmp", "/run")  # noqa: S108 - nothing is put there
    assert [path for path in found.pop("writable") if not path.startswith(in_memory)] == []
    assert found == {"setuid": [], "kept": [], "foreign": []}


def test_the_look_finds_what_it_looks_for() -> None:
    image = built("course")["course"]
    line = ["podman", "run", "--rm", "--pull=never", "--user=0", "--entrypoint=python3", image, "-c"]
    planted = (
        "import os; os.mkdir('/opt/pip'); open('/opt/su', 'w'); os.chown('/opt/su', 1, 1); os.chmod('/opt/su', 0o4755)"
    )
    found = json.loads(subprocess.run([*line, planted + _WALK], capture_output=True, check=True, timeout=60).stdout)
    assert (found["kept"], found["setuid"], found["foreign"]) == (["/opt/pip"], ["/opt/su"], ["/opt/su"])
    assert "/usr/bin" in found["writable"]


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_an_image_says_what_it_is(part: str) -> None:
    image = json.loads(containers.podman("image", "inspect", built(part)[part]))[0]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in image["Labels"].items()}
    told = (labels["title"], labels["version"], labels["licenses"])
    assert told == (f"university-{part}", version, "Apache-2.0")
    assert image["Config"]["User"] == "10001:10001"
    assert "Healthcheck" not in image["Config"]
    assert said(built(part)[part], "university", "--version") == f"university, version {version}\n"


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_every_command_that_an_image_lists_loads_and_no_other_is_known(part: str) -> None:
    program = (
        "import json, click\n"
        "from entrypoints.cli import main\n"
        "context = click.Context(main)\n"
        "print(json.dumps([name for name in main.list_commands(context) if main.get_command(context, name)]))"
    )
    promised = {
        name for name, place in COMMANDS.items() if place.split(":")[0].split(".")[1] in assemble.COMMANDS[part]
    }
    loaded = set(looked(built(part)[part], program))
    assert promised <= loaded
    assert not loaded & {"run", "openapi", "asyncapi"}
    assert "No such command 'run'" in said(built(part)[part], "university", "run", status=2)


def test_images_share_what_they_depend_on_and_are_small(
    record_property: Callable[[str, object], None],
) -> None:
    images = built(*PYTHON_PARTS)
    layers = {}
    lines = []
    for part, image in images.items():
        told = json.loads(containers.podman("image", "inspect", image))[0]
        layers[part] = told["RootFS"]["Layers"]
        lines.append(f"{part}: {told['Size'] / 1e6:.1f} MB in {len(layers[part])} layers")
        assert told["Size"] < BOUND, lines[-1]
    record_property("figures", "\n".join(lines))
    below = {tuple(some[:-1]) for some in layers.values()}
    assert len(below) == 1, "Each image adds one layer of its own to the same ones."


def test_what_is_built_from_holds_no_secret(tmp_path: Path) -> None:
    containers.needed()
    name = "localhost/test/university-context"
    for file in (
        "src/university/course/api.py", "src/university/course/__pycache__/api.pyc", "entrypoints/cli.py",
        "pyproject.toml", ".env", "var/keys/signing.json", "keys/course.json", "course.db", ".git/config",
        "src/university/gateway/static/index.html",
        "deploy/overlays/dev/keys/trusted.json", "deploy/images/assemble.py", "requirements/dev.txt",
    ):  # fmt: skip
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("held")
    (tmp_path / ".dockerignore").write_text((ROOT / ".dockerignore").read_text())
    (tmp_path / "Containerfile").write_text("FROM scratch\nCOPY . /\n")
    containers.podman("build", "--quiet", f"--tag={name}", str(tmp_path))
    try:
        mounted = Path(containers.podman("image", "mount", name).strip())
        held = sorted(str(file.relative_to(mounted)) for file in mounted.rglob("*") if file.is_file())
    finally:
        containers.podman("image", "unmount", "--force", name)
        containers.podman("image", "rm", "--force", name)
    assert held == ["deploy/images/assemble.py", "entrypoints/cli.py", "pyproject.toml", "src/university/course/api.py"]
