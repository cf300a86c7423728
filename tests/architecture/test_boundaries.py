"""Each module is copied alone beside the platform into an empty folder, and everything there must import."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "university"
# Without `site` (-S) an editable install of this very project cannot fill a gap with the file that is missing here.
IMPORT_EVERYTHING = """
import sys
sys.path[:0] = [".", *sys.argv[1:]]
import importlib, pkgutil, university
for found in pkgutil.walk_packages(university.__path__, "university."):
    importlib.import_module(found.name)
"""


def import_everything(folder: Path) -> subprocess.CompletedProcess[str]:
    """Import every module below the folder in a fresh interpreter that knows the libraries and nothing else of ours."""
    libraries = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    command = [sys.executable, "-S", "-W", "error", "-c", IMPORT_EVERYTHING, *libraries]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def copy_parts(folder: Path, *parts: str) -> None:
    """Lay out `university` with only these parts of it."""
    for part in parts:
        shutil.copytree(SOURCE / part, folder / "university" / part)
    shutil.copy(SOURCE / "__init__.py", folder / "university")


def test_the_platform_runs_alone(tmp_path: Path) -> None:
    copy_parts(tmp_path, "platform")

    result = import_everything(tmp_path)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("module", ["course", "student", "enrollment", "gateway"])
def test_a_module_runs_with_only_the_platform_beside_it(module: str, tmp_path: Path) -> None:
    copy_parts(tmp_path, "platform", module)

    result = import_everything(tmp_path)

    assert result.returncode == 0, result.stderr


def test_a_module_that_needs_another_is_caught(tmp_path: Path) -> None:
    copy_parts(tmp_path, "platform")
    (tmp_path / "university" / "platform" / "leak.py").write_text(
        'import importlib\nimportlib.import_module("university.course")\n'
    )

    result = import_everything(tmp_path)

    assert "No module named 'university.course'" in result.stderr
