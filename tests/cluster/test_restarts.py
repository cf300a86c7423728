"""Two pods of each kind are replaced in turn while clients go on: nobody notices, and nothing acknowledged is lost."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest

from tests.cluster import overlay
from tests.cluster.cluster import Cluster
from tests.cluster.workloads import Workload
from tests.system.conftest import behind_the_frontend
from tests.system.office import Office
from tests.system.rolling.keeping import assert_kept, assert_views_follow
from tests.system.rolling.load import crowd, failures_of

SECTIONS = 12
PAUSE = 0.1
"""Seconds between an answer and a client's next question."""
ROOM = {"UNIVERSITY_NEIGHBOR_TIMEOUT": "9"}
"""Starting processes take all of a small machine: what is tried here is restarts, not how long one waits."""
WAVES = (("frontend", "gateway"), *((module,) for module in overlay.MODULES), overlay.WORKERS)
"""What is restarted at the same time: in a cluster the processors of starting pods are not those of serving ones."""

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two pods of each kind."""
    manifests = overlay.told(demo=False, replicas=2, patience=overlay.PATIENCE, **ROOM)
    with overlay.university(tmp_path_factory.mktemp("cluster"), manifests) as running:
        yield running


@pytest.fixture(scope="module")
def office(doubled: Cluster) -> Office:
    return Office(behind_the_frontend(doubled), "POD")


@pytest.fixture(scope="module")
def sections(office: Office) -> list[str]:
    office.term(max_ects=10 * SECTIONS)
    return [office.section(f"A-{number}") for number in range(SECTIONS)]


def test_a_rolling_restart_of_everything_fails_no_request_and_loses_nothing(
    doubled: Cluster, office: Office, sections: list[str], record_property: Callable[[str, object], None]
) -> None:
    began, ends = time.monotonic(), dict[str, list[int]]()
    with crowd(office, sections, PAUSE) as clients:
        for wave in WAVES:
            ends |= doubled.roll(wave)
    statuses = sum((client.statuses for client in clients), Counter[int]())
    failures, slowest = failures_of(clients), max(client.slowest for client in clients)
    record_property(
        "figures",
        f"    {statuses.total()} requests through the frontend in {time.monotonic() - began:.0f} s, while "
        f"{sum(map(len, ends.values()))} pods were replaced: {len(failures)} failed;\n"
        f"    by status {dict(sorted(statuses.items()))}, the slowest answer took {slowest:.1f} s",
    )

    assert failures == [], "\n".join(sorted([*doubled.node.events, *failures]))
    assert ends == {name: [0, 0] for name in (*overlay.WEB, *overlay.WORKERS)}
    assert min(client.statuses.total() for client in clients) > 50
    for client in clients:
        assert_kept(office, client)
    assert_views_follow(office, sections)
    assert doubled.services.refused == set()


def test_without_probes_pre_stop_and_drain_the_same_restart_is_noticed(
    doubled: Cluster, office: Office, sections: list[str], record_property: Callable[[str, object], None]
) -> None:
    unprotected = ("gateway", *overlay.MODULES)
    for name in unprotected:
        strip(doubled.workloads[name])
    with crowd(office, sections) as clients:
        doubled.roll(unprotected)
        doubled.roll(unprotected)

    failures = failures_of(clients)
    told = f"    {len(failures)} requests failed without probes, preStop and drain, such as {failures[:1]}"
    record_property("figures", told)
    assert failures


def strip(workload: Workload) -> None:
    """Take from a Deployment, for the pods to come, everything that keeps a restart from being noticed."""
    workload.document = deepcopy(workload.document)
    (container,) = workload.document["spec"]["template"]["spec"]["containers"]
    for protection in ("startupProbe", "readinessProbe", "lifecycle"):
        del container[protection]
    container["env"].append({"name": "UNIVERSITY_DRAIN_SECONDS", "value": "0"})
