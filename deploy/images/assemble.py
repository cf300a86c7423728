"""Puts together what an image holds, inside the build: the dependencies, or one module with its entrypoints.

It runs on the base's own Python, with the standard library alone.
"""

import ast
import compileall
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

BUILD = Path("/build")
HOME = Path("/opt/university")
LOCK = BUILD / "requirements/runtime.txt"

SERVICES = ("course", "student", "enrollment")
COMMANDS = {
    **dict.fromkeys(
        SERVICES,
        (
            "broker",
            "dead_letters",
            "hand_out",
            "keys",
            "migrate",
            "provision",
            "reconcile",
            "republish",
            "resynchronize",
        ),
    ),
    # Whoever fills a university does so through its public door.
    "gateway": ("accounts", "demo", "keys", "migrate", "oneroster", "provision"),
}
"""The commands of `university` that each image promises."""
TOGETHER = {"all_in_one", "asyncapi", "openapi", "run", "split"}
"""Entrypoints that put all modules together, and are in no image."""
NEEDLESS = ("*/tests", "sqlalchemy/testing", "alembic/testing", "*/*.pxd", "*/*.pyx", "*/*.h", "*/*.c")
"""What dependencies bring for those who develop them."""
CONTAINER = """#!{python}
from entrypoints import first_process

first_process.begin()

from entrypoints.{part} import main

main(prog_name="{part}")
"""
COMMAND_LINE = """#!{python}
from entrypoints.cli import main

main(prog_name="university")
"""
METADATA = """Metadata-Version: 2.4
Name: {name}
Version: {version}
Summary: {description}
License-Expression: {license}
"""


def dependencies(wheels: Path) -> None:
    """Unpack every wheel of the lock file, from a folder of wheels or, when that is empty, from the package index."""
    target = HOME / "dependencies"
    if not any(wheels.glob("*.whl")):
        wheels = BUILD / "wheels"
        asked = ["--quiet", "--only-binary", ":all:", "--no-deps", "--require-hashes", "--requirement", str(LOCK)]
        pip = [sys.executable, "-m", "pip", "download", *asked, "--dest", str(wheels)]
        subprocess.run(pip, check=True)  # noqa: S603 - told what is locked
    locked = set(re.findall(r"sha256:([0-9a-f]{64})", LOCK.read_text()))
    for wheel in sorted(wheels.glob("*.whl")):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in locked:
            sys.exit(f"{wheel.name} is not what requirements/runtime.txt has locked.")
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(target)
    for pattern in NEEDLESS:
        for found in target.glob(pattern):
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    _finish(target)


def application(part: str) -> None:
    """Copy the platform, one module and the entrypoints that they need; write what starts them."""
    target = HOME / "application"
    _copy("src/university", target / "university", "__init__.py", "py.typed", "platform", part)
    if "demo" in COMMANDS[part]:
        _copy("src/university", target / "university", "demo")
    for name in sorted(needed(part)):
        _copy("entrypoints", target / "entrypoints", f"{name}.py")
    project = tomllib.loads((BUILD / "pyproject.toml").read_text())["project"]
    about = target / f"university-{project['version']}.dist-info"
    _copy("", about / "licenses", *project["license-files"])
    (about / "METADATA").write_text(METADATA.format_map(project))
    _program(target / "bin/container", CONTAINER.format(python=sys.executable, part=part))
    _program(target / "bin/university", COMMAND_LINE.format(python=sys.executable))
    _finish(target)


def needed(part: str, folder: Path = BUILD / "entrypoints") -> set[str]:
    """Return the entrypoints of an image: its own, its commands', and what these import and an image may hold."""
    others = set(COMMANDS) - {part}
    found: set[str] = set()
    ahead = ["__init__", "first_process", "cli", part, *COMMANDS[part]]
    while ahead:
        name = ahead.pop()
        if name not in found | others | TOGETHER and (folder / f"{name}.py").exists():
            found.add(name)
            ahead += _imported(folder / f"{name}.py")
    return found


def _imported(file: Path) -> Iterator[str]:
    for node in _walked(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "entrypoints":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("entrypoints."):
            yield str(node.module).removeprefix("entrypoints.")


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    """Walk through what runs: imports for the type checker alone bring nothing in."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield child
            yield from _walked(child)


def _copy(source: str, target: Path, *names: str) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        found = BUILD / source / name
        if found.is_dir():
            shutil.copytree(found, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(found, target / name)


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _finish(target: Path) -> None:
    """Compile for a root that cannot be written to, and let everybody read but nobody write.

    The compiled files are trusted without a look at their sources: both are in the same layer.
    """
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(target, quiet=1, invalidation_mode=unchecked):
        sys.exit(f"Something in {target} does not compile.")
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


if __name__ == "__main__":
    if sys.argv[1] == "dependencies":
        dependencies(Path(sys.argv[2]))
    else:
        application(os.environ["MODULE"])
