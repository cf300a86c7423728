"""The split university of compose.yaml, started by podman-compose from the images and used by its frontend."""

import os
import signal
from collections.abc import Iterator
from itertools import count

import msgspec
import pytest
import urllib3

from tests.compose.patient import Patient
from tests.compose.project import LASTING, Project, started, wait_for
from tests.containers import podman
from tests.system import client
from tests.system.conftest import DEMO
from tests.system.office import Office

# Images may have to be built first, and everything starts twice.
FRESH = count(20)
pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Everything, started by one command."""
    with started(tmp_path_factory.mktemp("compose")) as running:
        yield running


@pytest.fixture(scope="module")
def office(project: Project) -> Iterator[Office]:
    """A registrar at the frontend, who waits until the news of the made-up university have been heard, too.

    Compose knows no readiness: who comes at once may find that the services have not met yet, and comes again.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "PATIENCE", 180.0)
        yield Office(Patient(project.url, "", DEMO), "compose")


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

        # One that was slow to answer is left alone for seconds, while the primary answers in its place.
        wait_for(lambda: found(office) == [])
        assert found(office, X_Read_After=written.headers["X-Read-After"]) == [told["code"]]
    finally:
        project.sql("postgresql-replica", "SELECT pg_wal_replay_resume()")
    wait_for(lambda: found(office) == [told["code"]])


def found(office: Office, **headers: str) -> list[str]:
    """Return the codes of the late course in the catalog, at an address that no cache has seen."""
    told = office.ask("GET", f"/courses?q={office.named('LAG-1')}&limit={next(FRESH)}", **headers)
    return [course["code"] for course in told.json["items"]]


def test_a_process_that_dies_is_started_again_and_serves(project: Project, office: Office) -> None:
    died = project.state("enrollment")["Pid"]
    os.kill(died, signal.SIGKILL)
    wait_for(lambda: project.state("enrollment")["Pid"] not in {0, died})

    assert office.get("/registration-windows?limit=1")["items"]
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
    wait_for(lambda: reaches(project, "postgresql-replica", "postgresql"))
    wait_for(lambda: reaches(project, "frontend", "gateway", 8000))
    assert not reaches(project, "frontend", "postgresql")


def reaches(project: Project, service: str, other: str, port: int = 5432) -> bool:
    """Tell whether a service gets a connection to another."""
    try:
        project.running(service, "timeout", "30", "bash", "-c", f"exec 3<>/dev/tcp/{other}/{port}")
    except AssertionError:
        return False
    return True


def test_it_ends_cleanly_and_the_next_start_finds_everything(project: Project, office: Office) -> None:
    before = office.get("/courses?limit=200")["items"]
    project.compose("stop")
    assert {service: project.state(service)["ExitCode"] for service in LASTING} == dict.fromkeys(LASTING, 0)
    project.compose("down")
    assert podman("ps", "--all", "--quiet", "--filter", f"name={project.name}") == ""

    project.up()

    assert "is not empty" in podman("logs", project.container("demo"))
    assert office.get("/courses?limit=200")["items"] == before
