"""The walls of .importlinter stand, name no exception, and fall on whoever runs into them."""

import ast
import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "university"
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))

OFFENSES = [
    ("src/university/course/service.py", "from university.student import service", "modules"),
    ("src/university/platform/settings.py", "import entrypoints", "entrypoints"),
    ("src/university/course/repository.py", "from university.course import service", "shape"),
    ("src/university/student/stray.py", "", "shape"),
    ("src/university/gateway/stray.py", "", "gateway"),
    ("src/university/platform/errors.py", "from university.platform import web", "platform"),
    ("src/university/platform/stray.py", "", "platform"),
    ("src/university/course/rules.py", "import sqlalchemy", "rules"),
    ("src/university/enrollment/service.py", "import flask", "web"),
    ("src/university/enrollment/models.py", "import injector", "injector"),
    ("src/university/student/service.py", "import alembic", "alembic"),
    ("entrypoints/course.py", "from university.course import service", "face"),
]


def lint_imports(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Judge the imports below a folder that is laid out like this repository."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
    command = [LINT_IMPORTS, "--no-cache", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def imported_names(file: Path) -> Iterator[str]:
    """Name every module that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def pure_files() -> list[Path]:
    """Find the files that promise to be pure: every module's rules and texts, and the made-up university."""
    patterns = ("*/rules.py", "*/rules/**/*.py", "*/texts.py", "*/texts/**/*.py", "demo/**/*.py")
    return sorted(file for pattern in patterns for file in SOURCE.glob(pattern))


def strangers_in(file: Path) -> list[str]:
    """Name what a pure file imports beyond the standard library and its own kind."""
    own = ".".join(("university", file.relative_to(SOURCE).parts[0]))
    allowed: tuple[str, ...] = (f"{own}.rules", f"{own}.texts", "university.demo")
    if "texts" in file.parts or file.name == "texts.py":
        allowed += ("university.platform.language",)  # What is said in two languages knows what a language is.
    names = [name for name in imported_names(file) if name.split(".")[0] not in sys.stdlib_module_names]
    return [name for name in names if name != own and not name.startswith(allowed)]


def test_every_wall_stands() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


def test_no_wall_has_a_hole() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")

    holes = [f"{section}: {key}" for section in config.sections() for key in config[section] if "ignore" in key]

    assert holes == []


@pytest.mark.parametrize(("place", "offense", "wall"), OFFENSES)
def test_a_wall_falls_on_whoever_runs_into_it(place: str, offense: str, wall: str, tmp_path: Path) -> None:
    without = shutil.ignore_patterns("*.egg-info", "__pycache__", "static")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=without)
    shutil.copytree(ROOT / "entrypoints", tmp_path / "entrypoints", ignore=without)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    with (tmp_path / place).open("a", encoding="utf-8") as offender:
        offender.write(f"\n{offense}\n")

    result = lint_imports(tmp_path, "--contract", wall)

    assert " BROKEN\n" in result.stdout


def test_a_pure_file_imports_only_the_standard_library_and_its_own_kind() -> None:
    strangers = {str(file.relative_to(SOURCE)): found for file in pure_files() if (found := strangers_in(file))}

    assert strangers == {}


@pytest.mark.parametrize("entrypoint", sorted(file.stem for file in (ROOT / "entrypoints").glob("[a-z]*.py")))
def test_loading_an_entrypoint_does_not_pay_for_migrations(entrypoint: str) -> None:
    script = f"import sys, entrypoints.{entrypoint}; sys.exit('alembic' in sys.modules)"

    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr or "alembic was loaded"


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        file.relative_to(SOURCE)
        for file in SOURCE.rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("os.environ", "getenv", "from os import environ"))
    ]

    assert readers in ([], [Path("platform/settings.py")])
