"""Files stay small, have names that say something, and know nothing of the machine they were written on."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
GRAB_BAGS = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
HOME_FOLDER = r"(?<![\w.])/(root|home|Users)/\w"
PACKAGE_INDEX = r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|--(extra-)?index-url"


def source_files() -> list[Path]:
    """List the Python files that ship, without migrations: those are history, not prose."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "entrypoints").rglob("*.py")]
    return sorted(file for file in files if "migrations" not in file.parts)


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Find every function and method in a file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def repository_texts() -> Iterator[tuple[str, str]]:
    """Read every text file that is, or is about to be, in version control."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def test_no_file_is_longer_than_a_reader_likes() -> None:
    lengths = {file.relative_to(ROOT): len(file.read_text(encoding="utf-8").splitlines()) for file in source_files()}

    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_reader_likes() -> None:
    lengths = {
        f"{file.relative_to(ROOT)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for file in source_files()
        for function in functions(file)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_no_file_is_a_grab_bag() -> None:
    names = {part for file in source_files() for part in file.relative_to(ROOT).with_suffix("").parts}

    assert names & GRAB_BAGS == set()


@pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="not a checkout")
@pytest.mark.parametrize("trace", [HOME_FOLDER, PACKAGE_INDEX], ids=["home folder", "package index"])
def test_no_file_names_one_machine(trace: str) -> None:
    places = [name for name, text in repository_texts() if re.search(trace, text)]

    assert places == []
