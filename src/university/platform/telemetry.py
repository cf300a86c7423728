"""What the university says about itself: one JSON line an event, bound to the request or message it belongs to."""

import logging
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
_trace: ContextVar[str | None] = ContextVar("trace", default=None)


def configure(level: str) -> None:
    """Send every log line, ours and the libraries', to standard error as JSON."""
    shared: list[structlog.typing.Processor] = [
        _bound_to_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Local variables hold passwords, tokens and names: a traceback tells places, not values.
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(capture=True)
    # Of one connection refused pika tells seven errors; whoever wanted the connection tells it once.
    logging.getLogger("pika").setLevel(logging.CRITICAL)


def log(module: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of a module."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(module=module)
    return logger


@contextmanager
def tracing(traceparent: str | None) -> Iterator[str]:
    """Continue the trace that a `traceparent` header names, or start one; yield its trace id (32 hex digits)."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    trace_id = found[1] if found else secrets.token_hex(16)
    token = _trace.set(f"00-{trace_id}-{secrets.token_hex(8)}-01")
    try:
        yield trace_id
    finally:
        _trace.reset(token)


def traceparent() -> str | None:
    """Return the present trace as the W3C header carries it, or None outside of one."""
    return _trace.get()


def trace_id() -> str | None:
    """Return the present trace id, 32 hex digits, or None outside of one."""
    trace = _trace.get()
    return trace[3:35] if trace else None


def _bound_to_trace(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Tell in a line which request or message it belongs to; most write none, so nothing is bound beforehand."""
    if trace := trace_id():
        line.setdefault("trace_id", trace)
    return line
