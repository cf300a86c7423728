"""Run chaos from the command line: `python -m tests.faults.chaos --faults 400`; the exit code tells the verdict."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.chaos.day import registration_day


def main() -> None:
    """Run it and print the figures."""
    asked = argparse.ArgumentParser(prog="chaos", description=__doc__)
    asked.add_argument("--faults", type=int, default=400, help="At least so many faults.")
    asked.add_argument("--seconds", type=float, default=0.0, help="At least so long; 1.1 a fault without.")
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="university-chaos-") as folder:
        Path(folder).chmod(0o755)
        verdict = registration_day(Path(folder), told.seconds or told.faults * 1.1, told.faults, told.seed)
    sys.exit(1 if verdict.faults() else 0)


if __name__ == "__main__":
    main()
