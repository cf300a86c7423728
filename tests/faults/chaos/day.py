"""A registration day with everything going wrong, and the figures of it."""

import sys
import time
from dataclasses import asdict
from pathlib import Path

from tests.faults.chaos import verdict
from tests.faults.chaos.faults import Chaos
from tests.faults.chaos.ground import STUDENTS, World, world
from tests.faults.chaos.load import Client, registrar_token
from tests.faults.chaos.verdict import Verdict

CLIENTS = 6


def registration_day(folder: Path, seconds: float, faults: int, seed: int) -> Verdict:
    """Let clients register while chaos reigns; print what was done and what became of it."""
    with world(folder) as opened:
        verdict.watch(opened)
        clients = _clients(opened, seed)
        chaos = Chaos(opened, seed)
        began = time.monotonic()
        for client in clients:
            client.start()
        chaos.run(seconds, faults)
        lasted = time.monotonic() - began
        chaos.calm()
        for client in clients:
            client.stop()
        for client in clients:
            client.join(120)
        judged = verdict.judge(opened, clients, chaos)
        _print(chaos, lasted, judged, [wrong for client in clients for wrong in client.promises.wrong])
    return judged


def _clients(opened: World, seed: int) -> list[Client]:
    token = registrar_token(opened.port)
    share = STUDENTS // CLIENTS
    return [
        Client(opened.port, token, opened.students[start : start + share], opened.sections, seed * 100 + start)
        for start in range(0, STUDENTS, share)
    ]


def _print(chaos: Chaos, lasted: float, judged: Verdict, wrong: list[str]) -> None:
    lines = [f"chaos: {sum(chaos.done.values())} faults in {lasted:.0f} s"]
    lines += [f"  {count:>5}  {kind}" for kind, count in sorted(chaos.done.items())]
    lines += [f"  {count:>5}  {name.replace('_', ' ')}" for name, count in asdict(judged).items()]
    lines += wrong[:10]
    sys.stdout.write("\n".join(lines) + "\n")
