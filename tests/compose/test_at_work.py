"""The split university of compose.yaml, started by podman-compose from the images and used by its frontend."""

import os
import signal
from collections.abc import Iterator
from http import HTTPStatus
from itertools import count

import msgspec
import pytest
import urllib3

from tests.compose.project import LASTING, Project, started, wait_for
from tests.containers import podman
from tests.system import client
from tests.system.client import System
from tests.system.conftest import DEMO
from tests.system.office import Office

# Images may have to be built first, and everything starts twice.
FRESH = count(20)
pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    """Everything, started by one command."""
    with started() as running:
        yield running


@pytest.fixture(scope="module")
def office(project: Project) -> Iterator[Office]:
    """A registrar at the frontend, who waits until the news of the made-up university have been heard, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "PATIENCE", 180.0)
        office = Office(System(project.url, "", DEMO), "compose")
        # Compose knows no readiness: whoever registers at once may find that the services have not met yet.
        term = office.get("/terms?limit=1")["items"][0]["code"]
        wait_for(lambda: office.ask("GET", f"/registration-windows?term={term}").status == HTTPStatus.OK)
        yield office


def test_a_made_up_university_has_moved_in_and_the_door_is_open(project: Project, office: Office) -> None:
    page = urllib3.request("GET", project.url)

    assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert len(office.get("/terms")["items"]) > 3
    (window, *_) = office.get("/registration-windows?limit=1")["items"]
    assert office.get(f"/offerings?term={window['term_id']}&limit=5", who="student")["items"]


def test_a_student_enrolls_and_the_views_follow(office: Office) -> None:
    section = office.section("MAT-1", capacity=2)
    student = office.student()

    office.enrolled(student, section)

    office.seats(section, taken=1)
    office.eventually(
        f"/students/{student.id}/enrollments?term={office.term()['id']}",
        lambda told: [one["status"] for one in told["items"]] == ["enrolled"],
        who=student.number,
    )


def test_lists_come_from_the_replica_and_nobody_misses_what_they_wrote(project: Project, office: Office) -> None:
    wait_for(lambda: bool(project.sql("postgresql", "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'")))
    project.sql("postgresql-replica", "SELECT pg_wal_replay_pause()")
    try:
        told = {"code": office.named("LAG-1"), "title": "Late", "ects": 1}
        written = office.ask("POST", "/courses", told)
        assert written.status == 201, written.body

        assert found(office) == []
        assert found(office, X_Read_After=written.headers["X-Read-After"]) == [told["code"]]
    finally:
        project.sql("postgresql-replica", "SELECT pg_wal_replay_resume()")
    wait_for(lambda: found(office) == [told["code"]])


def found(office: Office, **headers: str) -> list[str]:
    """Return the codes of the late course in the catalog, at an address that no cache has seen."""
    told = office.ask("GET", f"/courses?q={office.named('LAG-1')}&limit={next(FRESH)}", **headers)
    return [course["code"] for course in told.json["items"]]


def test_a_process_that_dies_is_started_again_and_serves(project: Project, office: Office) -> None:
    os.kill(project.state("enrollment")["Pid"], signal.SIGKILL)
    wait_for(lambda: project.state("enrollment")["Status"] == "running")

    office.eventually("/registration-windows?limit=1", lambda told: bool(told.get("items")))
    podman("restart", "--time", "30", project.container("course-worker"))
    section = office.section("MAT-2", capacity=1)
    office.enrolled(office.student(), section)
    office.seats(section, taken=1)


def test_each_container_holds_its_own_secrets_and_little_else(project: Project) -> None:
    for service in LASTING:
        (found,) = msgspec.json.decode(podman("inspect", project.container(service)))
        volumes = {mount["Name"].removeprefix(f"{project.name}_"): mount["RW"] for mount in found["Mounts"]}
        own = service.removesuffix("-worker")
        assert {name for name, writable in volumes.items() if writable} <= {f"{own}-data"}
        assert {name for name, writable in volumes.items() if not writable} <= {own}
        assert found["HostConfig"]["ReadonlyRootfs"]
        assert not found["EffectiveCaps"]
        assert found["Config"]["User"] == "10001:10001"
        told = "\n".join(found["Config"]["Env"])
        assert "PASSWORD=" not in told
        assert "://university" not in told
    reach = ("timeout", "30", "bash", "-c", "exec 3<>/dev/tcp/postgresql/5432")
    assert project.running("postgresql-replica", *reach) == ""
    with pytest.raises(AssertionError):
        project.running("frontend", *reach)


def test_it_ends_cleanly_and_the_next_start_finds_everything(project: Project, office: Office) -> None:
    before = office.get("/courses?limit=200")["items"]
    project.compose("stop")
    assert {service: project.state(service)["ExitCode"] for service in LASTING} == dict.fromkeys(LASTING, 0)
    project.compose("down")
    assert podman("ps", "--all", "--quiet", "--filter", f"name={project.name}") == ""

    project.up()

    assert "is not empty" in podman("logs", project.container("demo"))
    assert office.get("/courses?limit=200")["items"] == before
