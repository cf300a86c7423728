"""Health and metrics live on the management port, and only there."""

import pytest

from tests.system.client import System

MACHINERY = ["/health/live", "/health/ready", "/metrics"]


@pytest.mark.parametrize("path", MACHINERY)
def test_the_public_port_knows_no_machinery(system: System, path: str) -> None:
    reply = system.gateway.ask("GET", path)

    assert (reply.status, reply.json["code"]) == (404, "not-found")


@pytest.mark.parametrize("path", MACHINERY)
def test_no_header_turns_the_public_port_into_the_other(system: System, path: str) -> None:
    port = system.management_url.rpartition(":")[2]
    claims = {"Host": f"127.0.0.1:{port}", "X-Forwarded-Port": port, "X-Forwarded-Host": f"127.0.0.1:{port}"}

    assert system.gateway.ask("GET", path, headers=claims).status == 404


def test_the_management_port_serves_nothing_public(system: System) -> None:
    assert system.manage("/api/v1/terms").status == 404
    assert system.manage("/api/docs").status == 404


def test_a_started_university_is_alive_and_ready(system: System) -> None:
    assert system.manage("/health/live").json == {"status": "live"}
    ready = system.manage("/health/ready")
    assert ready.status == 200
    assert ready.json["status"] == "ready"
    assert all(ready.json["checks"].values())


def test_requests_are_counted_by_operation_and_status(system: System) -> None:
    system.gateway.ask("GET", "/api/v1/terms/nowhere")

    metrics = system.manage("/metrics").body.decode()
    of_course = system.manage("/metrics", "course").body.decode()

    assert 'university_request_seconds_count{module="course",operation="get_term",status="404"}' in of_course
    assert 'operation="GET /api/v1/terms",status="404"' in metrics
    assert "nowhere" not in metrics
