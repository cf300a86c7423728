"""Builds every image that tests ask for, before they do: `python -m tests.images`."""

import sys

from tests.images import building

there = [part for part in building.OTHER_PARTS if (building.ROOT / "deploy/images" / part / "Containerfile").exists()]
sys.stdout.writelines(f"{name}\n" for name in building.built(*building.PYTHON_PARTS, *there).values())
