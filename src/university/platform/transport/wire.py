"""HTTP/1.1 as bytes: what a request looks like, and what the head of an answer and a chunk's first line may look like.

Strict: only neighbors speak here, and what can be read in two ways is garbage.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from university.platform.transport.exchange import Garbage

MOST_HEAD, MOST_LINE = 65_536, 8_192
"""Bytes of the longest head of an answer, and of the longest line between chunks."""
END = b"\r\n\r\n"
_LINE_ENDS = re.compile(r"[\r\n\0]")
_HEAD = re.compile(
    r"HTTP/1\.[01] [1-5][0-9]{2}(?: [^\r\n\0]*)?(?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*)*", re.ASCII
)
_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?")


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer; without chunks and without `length` its body ends with the connection."""

    status: int
    headers: list[tuple[str, str]]
    length: int | None
    chunked: bool
    keeps: bool


def request_head(method: str, target: str, host: str, headers: Mapping[str, str], length: int) -> bytes:
    """Return the head of a request; raise `ValueError` for one that would say more than it seems to say."""
    told = [f"{name}: {value}" for name, value in headers.items()]
    if length or method not in {"GET", "HEAD", "OPTIONS"}:
        told.append(f"Content-Length: {length}")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *told]
    if any(_LINE_ENDS.search(line) for line in lines) or " " in target:
        raise ValueError("a line of a request must not end before its end")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer_head(raw: bytes, method: str) -> Head:
    """Return the head of an answer, without its empty line; raise `Garbage`."""
    text = raw.decode("latin-1")
    if not _HEAD.fullmatch(text):
        raise Garbage("not the head of an answer")
    first, *rest = text.split("\r\n")
    headers = []
    for line in rest:
        name, _, value = line.partition(":")
        headers.append((name, value.strip(" \t")))
    status = int(first[9:12])
    length, chunked, hops = _framing(headers)
    if method == "HEAD" or status in {204, 304} or status < 200:
        length, chunked = 0, False
    keeps = first[7] == "1" and "close" not in hops and (chunked or length is not None)
    if hops.difference({"close", "keep-alive"}):
        headers = [header for header in headers if header[0].lower() not in hops]
    return Head(status, headers, length, chunked, keeps)


def chunk_size(line: bytes) -> int:
    """Return the bytes of a chunk as its first line tells them; raise `Garbage`."""
    found = _CHUNK.fullmatch(line)
    if not found:
        raise Garbage("not the size of a chunk")
    return int(found[1], 16)


def _framing(headers: list[tuple[str, str]]) -> tuple[int | None, bool, set[str]]:
    """Return the length of the body, whether it comes in chunks, and what concerns this connection only."""
    lengths: set[str] = set()
    codings: list[str] = []
    hops: set[str] = set()
    for name, value in headers:
        lowered = name.lower()
        if lowered == "content-length":
            lengths.add(value)
        elif lowered == "transfer-encoding":
            codings.append(value.lower())
        elif lowered == "connection":
            hops.update(token.strip().lower() for token in value.split(","))
    if (codings and (codings != ["chunked"] or lengths)) or len(lengths) > 1:
        raise Garbage("a body of two lengths")
    length = next(iter(lengths), None)
    if length is not None and not _LENGTH.fullmatch(length):
        raise Garbage("a body of no length")
    return None if length is None else int(length), bool(codings), hops
