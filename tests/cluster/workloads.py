"""What keeps pods: Deployments, StatefulSets and Jobs, as their controllers do."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field

from tests.cluster.node import Node
from tests.cluster.pods import BACKOFF, LONGEST_BACKOFF, Pod
from tests.deploy.manifests import Document, Manifests

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


@dataclass(eq=False)
class Deployment:
    """So many pods alike; a restart brings a new one before an old one goes."""

    document: Document
    replicas: int
    node: Node
    pods: list[Pod] = field(default_factory=list)
    readiness: list[float] = field(default_factory=list)
    """Seconds from each start of a pod in a roll until it was ready."""

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    def start(self) -> None:
        """Have as many pods as are wanted."""
        for _ in range(self.replicas):
            self._add()

    async def replace(self, pod: Pod) -> int:
        """Delete a pod; another takes its place at once. Return the exit status."""
        self._add()
        return await self._remove(pod)

    async def roll(self) -> list[int]:
        """Replace every pod, one ready before the next one goes; return their exit statuses."""
        strategy = self.document["spec"].get("strategy", {}).get("rollingUpdate", {})
        assert (strategy.get("maxSurge"), strategy.get("maxUnavailable")) == (1, 0), f"not understood: {strategy}"
        leaving = []
        for old in list(self.pods):
            new, began = self._add(), asyncio.get_running_loop().time()
            await new.became_ready.wait()
            self.readiness.append(asyncio.get_running_loop().time() - began)
            await asyncio.sleep(self.document["spec"].get("minReadySeconds", 0))
            leaving.append(asyncio.create_task(self._remove(old)))
        return list(await asyncio.gather(*leaving))

    def _add(self) -> Pod:
        name = f"{self.name}-{''.join(random.choices(_LETTERS, k=5))}"
        pod = Pod(name, self.document["spec"]["template"], self.node)
        self.pods.append(pod)
        return pod

    async def _remove(self, pod: Pod) -> int:
        try:
            return await pod.delete()
        finally:
            self.pods.remove(pod)


@dataclass(eq=False)
class StatefulSet:
    """Pods with a name and a memory: the one after the other, each with claims of its own."""

    document: Document
    replicas: int
    node: Node
    pods: list[Pod] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    def start(self) -> None:
        """Have as many pods as are wanted, each when the one before is ready."""
        self._starting = asyncio.create_task(self._start())

    async def replace(self, pod: Pod) -> int:
        """Delete a pod; another of its name takes its place when it is gone. Return the exit status."""
        place = self.pods.index(pod)
        status = await pod.delete()
        self.pods[place] = self._made(pod.name)
        return status

    async def _start(self) -> None:
        for number in range(self.replicas):
            self.pods.append(self._made(f"{self.name}-{number}"))
            await self.pods[-1].became_ready.wait()

    def _made(self, name: str) -> Pod:
        template = deepcopy(self.document["spec"]["template"])
        for claim in self.document["spec"].get("volumeClaimTemplates", []):
            kept = claim["metadata"]["name"]
            claimed = {"name": kept, "persistentVolumeClaim": {"claimName": f"{kept}-{name}"}}
            template["spec"].setdefault("volumes", []).append(claimed)
        return Pod(name, template, self.node)


@dataclass(eq=False)
class Job:
    """A pod that runs until it has succeeded, so many times at most."""

    document: Document
    node: Node
    pods: list[Pod] = field(default_factory=list)
    is_complete: bool = False
    has_failed: bool = False

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    def start(self) -> None:
        """Run it, again after failures."""
        self._task = asyncio.create_task(self._run())

    @property
    def failures(self) -> int:
        """How often a container of it has not succeeded."""
        return sum(status != 0 for pod in self.pods for status in pod.exits)

    async def _run(self) -> None:
        spec = self.document["spec"]
        with suppress(TimeoutError):
            async with asyncio.timeout(spec.get("activeDeadlineSeconds")):
                for attempt in range(spec.get("backoffLimit", 6) + 1):
                    pod = Pod(f"{self.name}-{attempt}", spec["template"], self.node)
                    self.pods.append(pod)
                    if await pod.done() == 0:
                        self.is_complete = True
                        return
                    await asyncio.sleep(min(BACKOFF * 2**attempt, LONGEST_BACKOFF))
        self.has_failed = True
        self.node.note(f"{self.name} has failed")


Workload = Deployment | StatefulSet | Job


def of(manifests: Manifests, node: Node) -> Mapping[str, Workload]:
    """Return the workloads of rendered manifests by name; an HPA's least number counts, as its controller would set."""
    least = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"].get("minReplicas", 1)
        for one in manifests.of("HorizontalPodAutoscaler")
    }
    found: dict[str, Workload] = {}
    for one in manifests.documents:
        name = one["metadata"]["name"]
        match one["kind"]:
            case "Deployment":
                wanted = one["spec"].get("replicas", 1)
                found[name] = Deployment(one, max(wanted, least.get(name, wanted)), node)
            case "StatefulSet":
                found[name] = StatefulSet(one, one["spec"].get("replicas", 1), node)
            case "Job":
                found[name] = Job(one, node)
            case "DaemonSet" | "CronJob" | "Pod":
                raise AssertionError(f"not understood: {one['kind']}")
            case _:
                continue
    return found
