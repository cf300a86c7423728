"""The management port: alive, ready, metrics; and the switch between it and the public port."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from university.platform import telemetry
from university.platform.web import problems

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
Check = Callable[[], bool]
DRAINING = "university.draining"
"""Where the server says in a request's environment that it is about to end."""


def by_port(public: WsgiApp, management: WsgiApp, management_port: int) -> WsgiApp:
    """Serve each port its own app: the server is bound twice, and nothing of management is seen in public."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = management if environ.get("SERVER_PORT") == str(management_port) else public
        return chosen(environ, start_response)

    return serve


def management_app(checks: Mapping[str, Check]) -> WsgiApp:
    """Return the app of the management port: `/health/live`, `/health/ready` (all checks), `/metrics`.

    A process that is about to end is not ready, whatever the checks say.
    """

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answers: dict[str, Callable[[], tuple[str, str, bytes]]] = {
            "/health/live": lambda: _json("200 OK", {"status": "live"}),
            "/health/ready": lambda: _draining() if environ.get(DRAINING) else _ready(checks),
            "/metrics": lambda: ("200 OK", CONTENT_TYPE_LATEST, generate_latest(REGISTRY)),
        }
        path = environ["PATH_INFO"]
        status, kind, body = answers.get(path, lambda: _missing(path))()
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return serve


def _ready(checks: Mapping[str, Check]) -> tuple[str, str, bytes]:
    told = {name: _passes(check) for name, check in checks.items()}
    status = "200 OK" if all(told.values()) else "503 Service Unavailable"
    return _json(status, {"status": "ready" if all(told.values()) else "unready", "checks": told})


def _draining() -> tuple[str, str, bytes]:
    return _json("503 Service Unavailable", {"status": "draining", "checks": {}})


def _passes(check: Check) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever goes wrong, the answer is "not ready"
        return False


def _missing(path: str) -> tuple[str, str, bytes]:
    with telemetry.tracing(None):
        return "404 Not Found", problems.PROBLEM_JSON, problems.document(problems.of_status(404), path)


def _json(status: str, content: Any) -> tuple[str, str, bytes]:
    return status, "application/json", msgspec.json.encode(content)
