"""A small stand-in for a cluster of one node, to run rendered manifests with podman where no Kubernetes is.

It does what kubelet, kube-proxy and the controllers of Deployments, StatefulSets and Jobs do, as far as these
manifests need it, and refuses what it does not understand. It is not Kubernetes: there is no API server, no admission,
no scheduler, no second node, no autoscaling, no DNS (names are in /etc/hosts). Pods can reach nothing but the
addresses of Services, whose proxies judge each connection by the NetworkPolicies; a connection that they forbid is
taken and hung up, where most clusters let it run into the void.
"""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.cluster import network, workloads
from tests.cluster.node import Node
from tests.cluster.pods import Pod
from tests.cluster.services import Services
from tests.cluster.telling import Store
from tests.cluster.workloads import Deployment, Job, StatefulSet
from tests.deploy.manifests import NAMESPACE, Manifests
from tests.deploy.reachability import Policies

_T = TypeVar("_T")
SETTLING = 900.0
"""Seconds for everything to come up from nothing, on a small machine."""


class Cluster:
    """Rendered manifests that run; a thread of its own looks after them."""

    def __init__(self, manifests: Manifests, node: Node) -> None:
        self.node = node
        self.workloads: Mapping[str, workloads.Workload] = {}
        self._manifests = manifests
        policies = Policies.among(manifests.documents)
        self.services = Services(node, manifests.of("Service"), lambda: self.all_pods, policies)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def all_pods(self) -> list[Pod]:
        return [pod for workload in self.workloads.values() for pod in workload.pods]

    @property
    def jobs(self) -> list[Job]:
        return [one for one in self.workloads.values() if isinstance(one, Job)]

    @property
    def lasting(self) -> list[Deployment | StatefulSet]:
        return [one for one in self.workloads.values() if not isinstance(one, Job)]

    def pods(self, name: str) -> list[Pod]:
        """Return the pods of a workload that are to stay."""
        return [pod for pod in self.workloads[name].pods if not pod.is_leaving]

    def url(self, service: str, port: int = 80) -> str:
        """Where this machine reaches a Service."""
        return f"http://{self.node.network.services[service]}:{port}"

    def open(self) -> None:
        """Start everything at once, as one `kubectl apply` does."""
        self._thread.start()
        self.do(self._open(), 180)

    def do(self, work: Coroutine[Any, Any, _T], timeout: float = 300) -> _T:
        """Do something in the cluster's thread and return what came of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def settle(self, timeout: float = SETTLING) -> float:
        """Wait until every Job is complete and every pod of the others is ready; return the seconds that took."""
        began = time.monotonic()
        while not self._is_settled():
            failed = [job.name for job in self.jobs if job.has_failed]
            assert not failed, f"{failed}\n{self.told()}"
            assert time.monotonic() - began < timeout, f"not settled in {timeout:.0f} s\n{self.told()}"
            time.sleep(0.2)
        return time.monotonic() - began

    def delete(self, pod: Pod) -> int:
        """Delete a pod as `kubectl delete pod` does; return its exit status. Its owner replaces it."""
        owner = next(one for one in self.workloads.values() if pod in one.pods)
        assert not isinstance(owner, Job)
        return self.do(owner.replace(pod))

    def roll(self, names: Sequence[str], timeout: float = 600) -> dict[str, list[int]]:
        """Restart Deployments as `kubectl rollout restart` does, all at once; return exit statuses by name."""

        async def all_of_them() -> list[list[int]]:
            chosen = [one for name in names if isinstance(one := self.workloads[name], Deployment)]
            return list(await asyncio.gather(*(one.roll() for one in chosen)))

        return dict(zip(names, self.do(all_of_them(), timeout), strict=True))

    def restarts(self) -> dict[str, int]:
        """How often containers were started again, by pod."""
        return {pod.name: pod.restarts for pod in self.all_pods}

    def told(self) -> str:
        """Return what happened, and what pods that are not well have said last."""
        ill = [pod for pod in self.all_pods if not pod.is_ready and pod.exits[-1:] != [0]]
        return "\n".join([*self.node.events, *(f"{pod.name}:\n{pod.log[-3000:]}" for pod in ill)])

    def close(self) -> None:
        """End everything at once."""
        try:
            self.do(self._close(), 180)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop.close()

    async def _open(self) -> None:
        await self.services.open()
        self.workloads = workloads.of(self._manifests, self.node)
        for workload in self.workloads.values():
            workload.start()

    async def _close(self) -> None:
        self.services.close()
        for pod in self.all_pods:
            pod.abandon()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=20)
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=20)

    def _is_settled(self) -> bool:
        return all(job.is_complete for job in self.jobs) and all(
            len(one.pods) == one.replicas and all(pod.is_listed for pod in one.pods) for one in self.lasting
        )


@contextmanager
def running(manifests: Manifests, images: Mapping[str, str], folder: Path) -> Iterator[Cluster]:
    """Run rendered manifests with this machine's images, until the block ends."""
    opened = network.opened()
    with ExitStack() as stack:
        stack.callback(network.close, opened.name)
        node = Node(opened, folder, NAMESPACE, Store.of(manifests.documents), images)
        cluster = Cluster(manifests, node)
        cluster.open()
        stack.callback(cluster.close)
        yield cluster
