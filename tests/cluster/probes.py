"""How a node finds out whether a container is up, ready and alive."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tests.deploy.manifests import Document

Look = Callable[[Document], Awaitable[bool]]
"""Does what a probe says, once."""


async def until_up(probe: Document | None, look: Look) -> bool:
    """Wait for a startup probe; tell whether it has come in time."""
    if probe is None:
        return True
    await asyncio.sleep(probe.get("initialDelaySeconds", 0))
    for _ in range(probe.get("failureThreshold", 3)):
        if await _seen(probe, look):
            return True
        await asyncio.sleep(probe.get("periodSeconds", 10))
    return False


async def watch(probe: Document, look: Look, changed: Callable[[bool], None], *, holds: bool) -> None:
    """Probe for ever; tell when so many looks in a row speak against what holds now."""
    await asyncio.sleep(probe.get("initialDelaySeconds", 0))
    needed = {True: probe.get("successThreshold", 1), False: probe.get("failureThreshold", 3)}
    in_a_row = 0
    while True:
        seen = await _seen(probe, look)
        in_a_row = in_a_row + 1 if seen != holds else 0
        if in_a_row >= needed[seen]:
            holds, in_a_row = seen, 0
            changed(holds)
        await asyncio.sleep(probe.get("periodSeconds", 10))


async def answers(host: str, port: int, path: str) -> bool:
    """Tell whether an HTTP server answers with a status from 200 to 399."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        status = (await reader.readline()).split(b" ")[1:2]
        return status != [] and b"200" <= status[0] < b"400"
    except OSError:
        return False
    finally:
        writer.close()


async def listens(host: str, port: int) -> bool:
    """Tell whether somebody takes a connection."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection(host, port)
        writer.close()
        return True
    return False


async def _seen(probe: Document, look: Look) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(look(probe), probe.get("timeoutSeconds", 1))
    return False
