"""How many requests, how many of them failed, how long they took: one histogram says all three by operation."""

from functools import cache

from prometheus_client import Histogram

_SECONDS = Histogram(
    "university_request_seconds",
    "Seconds a request took, by module, operation and status.",
    ("module", "operation", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


def observe(module: str, operation: str, status: int, seconds: float) -> None:
    """Count one request."""
    _counted(module, operation, int(status)).observe(seconds)


@cache
def _counted(module: str, operation: str, status: int) -> Histogram:
    """Return what counts such requests; there are no more of them than operations and statuses."""
    return _SECONDS.labels(module, operation, status)
