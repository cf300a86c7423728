"""The split university with two processes of each kind, balancers in front of each service, restarted one by one."""

import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from entrypoints import split as layout
from entrypoints.processes import Part, Parts
from tests import split
from tests.process import free_ports
from tests.system.rolling.balancer import LOOK, Backend, Balancer
from university.platform.messaging.topology import SERVICES
from university.platform.settings import Settings

WEB = ("gateway", *SERVICES)
DRAIN = 8 * LOOK
"""Seconds a process serves on after SIGTERM: the balancer has looked at it meanwhile, on a busy machine too."""
_SET = 4 * layout.STEP
"""Ports of one set of processes."""
_KIB = 1024


@dataclass
class Doubled:
    """Two sets of the same processes, and the balancers in front."""

    parts: Parts
    balancers: dict[str, Balancer]
    readiness: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds from each start of a process until it was ready, by kind."""

    @property
    def url(self) -> str:
        """Where clients come."""
        return self.balancers["gateway"].url

    def replicas(self, name: str) -> list[Part]:
        """Return the processes of a kind."""
        return [part for part in self.parts.parts if kind_of(part) == name]

    def restart(self, part: Part) -> int:
        """End a process gently, start it again, wait until it takes part; return its exit status."""
        assert part.process is not None
        part.process.send_signal(signal.SIGTERM)
        status = part.process.wait(timeout=120)
        self.start(part)
        balancer = self.balancers.get(kind_of(part))
        while balancer and not balancer.takes(part.port):
            time.sleep(0.1)
        return status

    def start(self, part: Part) -> None:
        """Start a process, wait until it is ready, and note how long that took."""
        began = time.monotonic()
        part.start()
        Parts([part]).wait(patience=180)
        self.readiness[kind_of(part)].append(time.monotonic() - began)

    def tell(self, names: Sequence[str], **variables: str) -> None:
        """Start the processes of these kinds anew with further environment, all at once and noticed by everybody."""
        parts = [part for name in names for part in self.replicas(name)]
        for part in parts:
            split.told(part, variables)
        with ThreadPoolExecutor(len(parts)) as restarters:
            list(restarters.map(self.restart, parts))

    def roll(self, names: Sequence[str]) -> list[int]:
        """Restart the processes of these kinds, each kind's one after the other, all kinds at once."""
        with ThreadPoolExecutor(len(names)) as rollers:
            ends = rollers.map(lambda name: [self.restart(part) for part in self.replicas(name)], names)
            return [status for some in ends for status in some]


@contextmanager
def university(folder: Path, **variables: str) -> Iterator[Doubled]:
    """Run two of everything on databases and a virtual host of its own; `variables` are told to every process."""
    with split.grounded(folder) as ground, ExitStack() as stack:
        first = free_ports(2 * _SET + len(WEB))
        ports = dict(zip(WEB, range(first + 2 * _SET, first + 2 * _SET + len(WEB)), strict=True))
        sets = [
            layout.laid_out(ground, Settings(port=first + number * _SET, data_dir=folder)).parts for number in (0, 1)
        ]
        parts = [_numbered(part, number) for number, some in enumerate(sets, 1) for part in some]
        doubled = Doubled(Parts(parts), {})
        for name, port in ports.items():
            backends = [Backend(part.port) for part in doubled.replicas(name)]
            doubled.balancers[name] = Balancer(port, backends)
        urls = {f"UNIVERSITY_NEIGHBOR_URL__{name.upper()}": doubled.balancers[name].url for name in SERVICES}
        for part in parts:
            hears = {"UNIVERSITY_THREADS": "2"} if kind_of(part) not in WEB else {}
            split.told(part, {**urls, "UNIVERSITY_DRAIN_SECONDS": str(DRAIN), **variables, **hears})
        stack.callback(_kill, parts)
        with ThreadPoolExecutor(2) as starters:
            list(starters.map(doubled.start, parts))
        for balancer in doubled.balancers.values():
            balancer.open()
            stack.callback(balancer.close)
        yield doubled


def kind_of(part: Part) -> str:
    """Return what a process is one of two of."""
    return part.name.rpartition(".")[0]


def memory_of(part: Part) -> float:
    """Return what a process and its children hold of memory, in MiB; what they share is divided among them."""
    assert part.process is not None
    pid = part.process.pid
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    lines = [line for one in pids for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / _KIB


def _numbered(part: Part, number: int) -> Part:
    log = part.log.with_name(f"{part.log.stem}.{number}.log")
    return replace(part, name=f"{part.name}.{number}", log=log)


def _kill(parts: Sequence[Part]) -> None:
    for part in parts:
        part.signal(signal.SIGKILL)
        if part.process is not None:
            part.process.wait()
