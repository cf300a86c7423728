"""The development overlay comes up from nothing, hardened and walled in as it says."""

import errno
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cluster import overlay
from tests.cluster.cluster import Cluster
from tests.cluster.containers import quantity
from tests.cluster.pods import Pod
from tests.cluster.workloads import Deployment
from tests.deploy.reachability import Policies

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(1800)]

_KNOCK = """
import socket, sys
host, port, said = sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3])
try:
    with socket.create_connection((host, port), timeout=3) as line:
        line.sendall(said)
        sys.stdout.write("heard" if line.recv(1) else "hung up")
except OSError as error:
    sys.stdout.write(type(error).__name__)
"""
_TLS_WANTED = "0000000804d2162f"
"""How a client of PostgreSQL asks for encryption; any server answers with one letter."""


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The overlay as rendered, but for its patience with a busy machine, and with its made-up university."""
    manifests = overlay.told(patience=overlay.PATIENCE)
    with overlay.university(tmp_path_factory.mktemp("cluster"), manifests) as running:
        yield running


def status(url: str, path: str) -> int:
    """Return the status of an answer."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until something holds; tell whether it did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.2)
    return False


def knock(pod: Pod, host: str, port: int) -> str:
    """Tell what comes of a connection from inside a pod's network."""
    assert pod.current
    enter = ["nsenter", "--target", str(pod.current.pid), "--net", sys.executable, "-c", _KNOCK]
    done = subprocess.run(
        [*enter, host, str(port), _TLS_WANTED], capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout


def test_everything_comes_up_at_once_and_nobody_fails_for_long(
    dev: Cluster, record_property: Callable[[str, object], None]
) -> None:
    seconds = {one.name: [round(pod.ready_after, 1) for pod in one.pods if pod.ready_after] for one in dev.lasting}
    record_property("figures", f"    seconds from nothing until ready: {seconds}")

    assert all(job.is_complete for job in dev.jobs)
    assert {name: count for name, count in dev.restarts().items() if count} == {}
    assert {job.name: job.failures for job in dev.jobs if job.failures} == {}
    assert dev.services.refused == set(), "a flow that the system needs is not allowed"


def test_the_made_up_university_has_moved_in(dev: Cluster) -> None:
    assert status(dev.url("frontend"), "/") == 200
    # A machine that is busy may miss a probe, and a 503 says to come again.
    assert eventually(lambda: status(dev.url("frontend"), "/api/v1/terms/2024Z") == 200)


def test_every_process_is_as_harmless_as_its_manifest_says(dev: Cluster) -> None:
    for pod in (pod for one in dev.lasting for pod in one.pods):
        assert pod.current
        process = Path("/proc", str(pod.current.pid))
        facts = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())

        assert facts["Uid"].split() == ["10001"] * 4, pod.name
        assert facts["Gid"].split() == ["10001"] * 4, pod.name
        assert {int(facts[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}, pod.name
        assert (facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2"), pod.name
        with pytest.raises(OSError, match="Read-only") as refused:
            (process / "root" / "written").write_text("")
        assert refused.value.errno == errno.EROFS, pod.name


def test_no_process_may_take_more_memory_than_its_limit(dev: Cluster) -> None:
    (gateway, _) = dev.pods("gateway")
    assert gateway.current
    groups = Path(f"/proc/{gateway.current.pid}/cgroup").read_text().splitlines()
    paths = [Path("/sys/fs/cgroup", *line.split(":", 2)[1:2], line.split(":", 2)[2].lstrip("/")) for line in groups]
    files = [path / name for path in paths for name in ("memory.max", "memory.limit_in_bytes")]
    limits = [int(file.read_text()) for file in files if file.exists()]
    if not limits:
        pytest.skip("no memory limits here: the control groups are hidden")

    assert limits == [quantity(gateway.spec["containers"][0]["resources"]["limits"]["memory"])]


def test_a_pod_that_is_deleted_is_replaced_and_nobody_waits(dev: Cluster) -> None:
    gone, stays = dev.pods("gateway")

    assert dev.delete(gone) == 0
    assert status(dev.url("frontend"), "/api/v1/terms") == 200
    dev.settle()
    assert gone not in dev.pods("gateway")
    assert stays in dev.pods("gateway")


def test_a_container_that_dies_is_started_again(dev: Cluster) -> None:
    (student,) = dev.pods("student")
    assert student.current
    died = student.current

    died.send(9)

    assert eventually(lambda: student.exits == [137])
    assert eventually(lambda: student.is_listed and student.is_ready, 120)
    assert student.restarts == 1
    assert student.current is not died


def test_only_modules_reach_the_database(dev: Cluster) -> None:
    database = dev.node.network.services["postgresql"]
    (frontend,), (course,) = dev.pods("frontend"), dev.pods("course")

    assert knock(course, database, 5432) == "heard"
    assert knock(frontend, database, 5432) in {"hung up", "ConnectionResetError"}
    assert (frontend.name, "postgresql-0", 5432) in dev.services.refused


def test_no_way_leads_past_the_policies(dev: Cluster) -> None:
    (frontend,), (store,) = dev.pods("frontend"), dev.pods("postgresql")

    assert knock(frontend, store.address, 5432) in {"TimeoutError", "OSError"}


def test_without_its_policy_a_flow_is_cut(dev: Cluster) -> None:
    allowed = dev.services.policies
    cut = tuple(one for one in allowed.documents if one["metadata"]["name"] != "gateway-to-services")
    assert len(cut) == len(allowed.documents) - 1
    address = dev.url("gateway", 8000), "/api/v1/terms/2024Z"
    assert eventually(lambda: status(*address) == 200)

    dev.services.policies = Policies(cut)
    try:
        assert eventually(lambda: status(*address) in {502, 503})
    finally:
        dev.services.policies = allowed
    assert eventually(lambda: status(*address) == 200), "the flow is back, and the gateway has noticed"


def test_what_has_hpas_runs_as_many_pods_as_they_want_at_least(dev: Cluster) -> None:
    counts = {one.name: one.replicas for one in dev.workloads.values() if isinstance(one, Deployment)}

    assert {name: counts[name] for name in overlay.WEB} == {
        "frontend": 1, "gateway": 2, "course": 1, "student": 1, "enrollment": 1,
    }  # fmt: skip
