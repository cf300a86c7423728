"""What the door tells the gateway's own operations about a request; nothing from outside can say it."""

from flask import request

from university.gateway.sessions import ADDRESS, SHOWN


def shown() -> bytes | None:
    """Return the digest of the token or session that came with the request."""
    told = request.headers.get(SHOWN)
    return bytes.fromhex(told) if told else None


def address() -> str | None:
    """Return where the request came from, or None for one from within."""
    return request.headers.get(ADDRESS)
