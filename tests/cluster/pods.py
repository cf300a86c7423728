"""A pod: its containers started, probed, started again, and ended as Kubernetes ends them."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from tests.cluster import probes
from tests.cluster.containers import Container, command, hardening
from tests.cluster.node import Node
from tests.cluster.telling import environment
from tests.cluster.volumes import Volumes
from tests.deploy import reachability
from tests.deploy.manifests import Document

BACKOFF, LONGEST_BACKOFF = 10.0, 300.0
"""Seconds before a container is started again for the second time, twice as many each further time, and at most."""
_KNOWN = {
    *("affinity", "automountServiceAccountToken", "containers", "enableServiceLinks", "imagePullSecrets"),
    *("initContainers", "nodeSelector", "priorityClassName", "restartPolicy", "securityContext", "serviceAccountName"),
    *("terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints", "volumes", "hostname"),
}
"""What of a pod is understood here, or does not matter on a single node."""
_turns = count(1)


@dataclass(eq=False)
class Pod:
    """A pod of one container, and of init containers before it."""

    name: str
    template: Document
    node: Node
    restarts: int = 0
    exits: list[int] = field(default_factory=list)
    is_ready: bool = False
    is_leaving: bool = False
    is_listed: bool = False
    """Whether Services send connections to it, as far as they know."""
    became_ready: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    ready_after: float = 0.0
    """Seconds from its start until it was ready for the first time."""

    def __post_init__(self) -> None:
        self.spec: Document = self.template["spec"]
        assert self.spec.keys() <= _KNOWN, f"not understood: {self.spec.keys() - _KNOWN}"
        (self._main,) = self.spec["containers"]
        self.labels: Mapping[str, str] = self.template["metadata"]["labels"]
        self.address = self.node.network.lend(self.name)
        self.current: Container | None = None
        self._volumes = Volumes(self.node.folder, self.name, self.spec, self.node.store)
        hosts = self.node.folder / "hosts" / self.name
        hosts.parent.mkdir(exist_ok=True)
        hosts.write_text(self.node.hosts(self.name, self.address))
        self._hosts = hosts
        self._grace = float(self.spec.get("terminationGracePeriodSeconds", 30))
        self._began = time.monotonic()
        self._life = asyncio.create_task(self._live())

    @property
    def end(self) -> reachability.Pod:
        """What the policies see of it."""
        named = {one["name"]: one["containerPort"] for one in self._main.get("ports", []) if "name" in one}
        return reachability.Pod(self.name, self.node.namespace, self.labels, named, address=self.address)

    @property
    def log(self) -> str:
        """Everything that its containers have printed."""
        files = sorted(self.node.folder.glob(f"logs/{self.name}.*.log"))
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')}" for file in files)

    def port(self, named: str | int) -> int:
        """Return a container port by its name or number."""
        if isinstance(named, int):
            return named
        return next(int(one["containerPort"]) for one in self._main.get("ports", []) if one.get("name") == named)

    async def done(self) -> int:
        """Wait until it is over and return the exit status of the last container; -1 when none ever ended."""
        await asyncio.wait([self._life])
        if not self._life.cancelled() and (error := self._life.exception()):
            raise error
        return self.exits[-1] if self.exits else -1

    async def delete(self) -> int:
        """End it: no new connections, preStop, the signal, and SIGKILL when its grace is over; return its status."""
        self.node.note(f"{self.name} is asked to leave")
        self.is_leaving = True
        self._becomes(ready=False)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await self._leave()
        if not self._life.done():
            self._kill()
            if self.current is None:
                self._life.cancel()
        status = await self.done()
        self.node.note(f"{self.name} has left with {status}")
        return status

    def abandon(self) -> None:
        """End it at once, whatever it is doing."""
        self.is_leaving = True
        self._kill()
        if self.current is None:
            self._life.cancel()

    async def _leave(self) -> None:
        if self.current is None:
            self._life.cancel()
            return
        match self._main.get("lifecycle", {}).get("preStop", {}):
            case {"sleep": {"seconds": seconds}}:
                await asyncio.sleep(seconds)
            case {"exec": {"command": words}}:
                await self.current.succeeds(words, self._grace)
            case hook:
                assert not hook, f"not understood: {hook}"
        self.current.ask_to_end()
        await asyncio.wait([self._life])

    async def _live(self) -> None:
        try:
            for container in self.spec.get("initContainers", []):
                while await self._run(container) != 0:
                    if self.is_leaving or self.spec.get("restartPolicy") == "Never":
                        return
                    await self._pause()
            while True:
                status = await self._run(self._main)
                over = {"Never": True, "OnFailure": status == 0}.get(self.spec.get("restartPolicy", "Always"), False)
                if over or self.is_leaving:
                    return
                await self._pause()
        finally:
            self._kill()
            self._becomes(ready=False)
            self._volumes.close()
            self.node.network.give_back(self.address)

    async def _pause(self) -> None:
        wait = min(BACKOFF * 2 ** (self.restarts - 1), LONGEST_BACKOFF) if self.restarts else 0
        self.restarts += 1
        await asyncio.sleep(wait)

    async def _run(self, container: Document) -> int:
        """Run a container to its end, watched by its probes."""
        running = self._prepared(container)
        if not await running.start():
            self.node.note(f"{self.name}: {container['name']} does not start: {running.log.read_text()[-500:]}")
            self.exits.append(128)
            return 128
        self.node.network.isolate()
        self.node.note(f"{self.name}: {container['name']} runs")
        self.current = running
        if self.is_leaving:
            running.ask_to_end()
        watching = asyncio.create_task(self._watch(container, running))
        try:
            status = await running.ended()
        finally:
            watching.cancel()
            await asyncio.wait([watching])
            self.current = None
        if not watching.cancelled() and (error := watching.exception()):
            raise error
        self.node.note(f"{self.name}: {container['name']} ends with {status}")
        self.exits.append(status)
        self._becomes(ready=False)
        return status

    def _prepared(self, container: Document) -> Container:
        facts = {
            "metadata.name": self.name,
            "metadata.namespace": self.node.namespace,
            "status.podIP": self.address,
            "spec.nodeName": "node",
        }
        told = environment(container, self.node.store, facts)
        image = self.node.image(container["image"])
        entrypoint, words = command(container, told)
        name = f"{self.node.network.name}-{self.name}-{next(_turns)}"
        log = self.node.folder / "logs" / f"{self.name}.{container['name']}.{self.restarts}.log"
        log.parent.mkdir(exist_ok=True)
        before = [
            *("--network", self.node.network.name, "--ip", self.address, "--hostname", self.name, "--no-hosts"),
            *("--dns", "none", "--volume", f"{self._hosts}:/etc/hosts:ro"),
            *hardening(self.spec, container),
            *self._volumes.words(container),
            *(word for key, value in told.items() for word in ("--env", f"{key}={value}")),
            *(("--workdir", container["workingDir"]) if "workingDir" in container else ()),
            *entrypoint,
        ]
        return Container(name, [*before, image, *words], image, log, self.node.starting)

    async def _watch(self, container: Document, running: Container) -> None:
        def look(probe: Document) -> Awaitable[bool]:
            return self._look(probe, running)

        def live(alive: bool) -> None:
            if not alive and not self.is_leaving:
                self.node.note(f"{self.name} is not alive")
                running.send(signal.SIGKILL)

        if container is not self._main:
            return
        if not await probes.until_up(container.get("startupProbe"), look):
            self.node.note(f"{self.name} has not come up")
            running.send(signal.SIGKILL)
            return
        async with asyncio.TaskGroup() as group:
            if "livenessProbe" in container:
                group.create_task(probes.watch(container["livenessProbe"], look, live, holds=True))
            if "readinessProbe" in container:
                group.create_task(probes.watch(container["readinessProbe"], look, self._becomes, holds=False))
            else:
                self._becomes(ready=True)

    async def _look(self, probe: Document, running: Container) -> bool:
        match probe:
            case {"httpGet": {"port": port, "path": path}}:
                return await probes.answers(self.address, self.port(port), path)
            case {"tcpSocket": {"port": port}}:
                return await probes.listens(self.address, self.port(port))
            case {"exec": {"command": words}}:
                return await running.succeeds(words, probe.get("timeoutSeconds", 1))
            case _:
                raise AssertionError(f"not understood: {probe}")

    def _becomes(self, ready: bool) -> None:
        """Be ready or not, and let the Services know when the news have travelled."""
        ready = ready and not self.is_leaving
        if ready != self.is_ready:
            self.node.note(f"{self.name} is {'ready' if ready else 'not ready'}")
        self.is_ready = ready
        if ready and not self.became_ready.is_set():
            self.ready_after = time.monotonic() - self._began
            self.became_ready.set()
        self.node.later(self._list)

    def _list(self) -> None:
        self.is_listed = self.is_ready

    def _kill(self) -> None:
        if self.current is not None:
            self.current.send(signal.SIGKILL)
