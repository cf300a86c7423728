"""The list of what a release is made of names exactly what is locked."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(300)


def listed(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((ROOT / "build/sbom" / f"{name}.cdx.json").read_text())
    assert told["bomFormat"] == "CycloneDX"
    return told


@pytest.fixture(scope="module", autouse=True)
def _made() -> None:
    subprocess.run(["make", "sbom"], cwd=ROOT, check=True, capture_output=True, timeout=240)


def test_every_locked_python_package_is_listed_with_its_hashes() -> None:
    locked = re.findall(r"^(\S+?)==(\S+)", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE)

    components = listed("python")["components"]
    assert {(one["name"], one["version"]) for one in components} == {
        (name.split("[")[0], told) for name, told in locked
    }
    assert all(reference["hashes"] for one in components for reference in one["externalReferences"])


def test_every_package_that_the_pages_are_built_with_is_listed() -> None:
    told = json.loads((ROOT / "ui/package.json").read_text())
    locked = json.loads((ROOT / "ui/package-lock.json").read_text())["packages"]

    wanted = {
        f"pkg:npm/{name.replace('@', '%40', 1)}@{locked[f'node_modules/{name}']['version']}"
        for name in (*told["dependencies"], *told["devDependencies"])
    }
    assert wanted - {one["purl"] for one in listed("pages")["components"]} == set()
