"""The management port: alive, ready, metrics; and the switch between it and the public port."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
Check = Callable[[], bool]


def by_port(public: WsgiApp, management: WsgiApp, management_port: int) -> WsgiApp:
    """Serve each port its own app: the server is bound twice, and nothing of management is seen in public."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = management if environ.get("SERVER_PORT") == str(management_port) else public
        return chosen(environ, start_response)

    return serve


def management_app(checks: Mapping[str, Check]) -> WsgiApp:
    """Return the app of the management port: `/health/live`, `/health/ready` (all checks), `/metrics`."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answers: dict[str, Callable[[], tuple[str, str, bytes]]] = {
            "/health/live": lambda: _json("200 OK", {"status": "live"}),
            "/health/ready": lambda: _ready(checks),
            "/metrics": lambda: ("200 OK", CONTENT_TYPE_LATEST, generate_latest(REGISTRY)),
        }
        missing = {"type": "/problems/not-found", "title": "Not Found", "status": 404, "code": "not-found"}
        answer = answers.get(environ["PATH_INFO"], lambda: _json("404 Not Found", missing))
        status, kind, body = answer()
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return serve


def _ready(checks: Mapping[str, Check]) -> tuple[str, str, bytes]:
    told = {name: _passes(check) for name, check in checks.items()}
    status = "200 OK" if all(told.values()) else "503 Service Unavailable"
    return _json(status, {"status": "ready" if all(told.values()) else "unready", "checks": told})


def _passes(check: Check) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever goes wrong, the answer is "not ready"
        return False


def _json(status: str, content: Any) -> tuple[str, str, bytes]:
    kind = "application/problem+json" if status.startswith("404") else "application/json"
    return status, kind, msgspec.json.encode(content)
