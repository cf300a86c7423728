"""Prepare a RabbitMQ by its management API: a virtual host with exchanges and queues, and a user a module."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from university.platform.messaging import rabbitmq

_IDENTITY = {
    "vhosts": ("name",),
    "users": ("name",),
    "permissions": ("vhost", "user"),
    "topic_permissions": ("vhost", "user", "exchange"),
    "exchanges": ("vhost", "name"),
    "queues": ("vhost", "name"),
    "bindings": ("vhost", "source", "destination_type", "destination", "routing_key"),
    "policies": ("vhost", "name"),
}
"""By what the things of a kind are told apart, in the order in which they can be made."""
_FIXED = ("exchanges", "queues")
"""What cannot be altered, only removed and made anew."""


class Unreached(Exception):
    """Nobody answers, or not yet as RabbitMQ's management API does."""


class Refused(Exception):
    """RabbitMQ will not have it so."""


class Management:
    """RabbitMQ's management API at an address such as `http://admin:password@host:15672`; raises `ValueError`."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise ValueError("The address of RabbitMQ's management API cannot be read.") from None
        if parts.scheme not in {"http", "https"} or not (parts.hostname and parts.username):
            raise ValueError("The address of RabbitMQ's management API is like http://admin:password@host:15672.")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self.place = f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
        self._user = unquote(parts.username)
        self._http = urllib3.PoolManager(
            retries=False,
            timeout=urllib3.Timeout(connect=5, read=60),
            headers=urllib3.make_headers(basic_auth=f"{self._user}:{unquote(parts.password or '')}"),
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return an answer's JSON, None without any; raise `Unreached` or `Refused`."""
        try:
            reply = self._http.request(method, f"{self.place}/api/{path}", json=body)
        except HTTPError as error:
            raise Unreached(f"{self.place} does not answer as RabbitMQ's management API ({_why(error)}).") from error
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unreached(f"{self.place} answers {reply.status}.")
        if reply.status == HTTPStatus.UNAUTHORIZED:
            raise Refused(f"{self.place} refuses the user {self._user}: wrong password, or no administrator.")
        try:
            told = msgspec.json.decode(reply.data) if reply.data else None
        except msgspec.DecodeError:
            raise Refused(f"{self.place} is no management API of RabbitMQ.") from None
        if reply.status >= HTTPStatus.BAD_REQUEST:
            reason = told.get("reason", "") if isinstance(told, dict) else ""
            raise Refused(f"{self.place} answers {reply.status} to {method} /api/{path}. {reason}".strip())
        return told


def prepare(
    url: str, passwords: Mapping[str, str], vhost: str = "university", *, prefix: str = "university-"
) -> dict[str, int]:
    """Make what is missing and set right what differs; return how many things of each kind.

    Raises `Unreached` when it may be there later, `Refused` when not, `ValueError` for an address that cannot be read.
    """
    management = Management(url)
    overview = management.ask("GET", "overview")
    if not isinstance(overview, dict) or "rabbitmq_version" not in overview:
        raise Refused(f"{management.place} is no management API of RabbitMQ.")
    major = int(overview["rabbitmq_version"].partition(".")[0])
    wanted = rabbitmq.definitions(passwords, vhost, prefix=prefix)
    wanted["policies"] = rabbitmq.policies(vhost, major)
    present = management.ask("GET", "definitions")
    _keep_users(wanted["users"], present["users"], {prefix + name: word for name, word in passwords.items()})
    differing = {kind: _differing(kind, wanted[kind], present.get(kind, [])) for kind in _IDENTITY}
    changes = {kind: things for kind, things in differing.items() if things}
    if changes:
        management.ask("POST", "definitions", changes)
    return {kind: len(things) for kind, things in changes.items()}


def _keep_users(wanted: list[dict[str, Any]], present: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> None:
    """Let a user whose password is right stay as it is: every digest has another salt."""
    known = {user["name"]: user for user in present}
    for user in wanted:
        found = known.get(user["name"], {})
        if not _tags(found) and rabbitmq.is_digest_of(found.get("password_hash", ""), words[user["name"]]):
            user.update({name: found[name] for name in user if name in found})


def _differing(
    kind: str, wanted: Sequence[Mapping[str, Any]], present: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return what of the wanted is missing or different; raise `Refused` for what cannot be altered."""
    known = {_identity(kind, thing): thing for thing in present}
    found = []
    for thing in wanted:
        there = known.get(_identity(kind, thing))
        if there is not None and all(there.get(name) == value for name, value in thing.items()):
            continue
        if there is not None and kind in _FIXED:
            raise Refused(f"{thing['name']} of {kind} is there with other properties; it must be removed first.")
        found.append(thing)
    return found


def _identity(kind: str, thing: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(thing.get(name) for name in _IDENTITY[kind])


def _tags(user: Mapping[str, Any]) -> list[str]:
    """Return what a user may administer; RabbitMQ told a word once, and tells a list now."""
    tags = user.get("tags") or []
    return [tag for tag in tags.split(",") if tag] if isinstance(tags, str) else list(tags)


def _why(error: HTTPError) -> str:
    """Return the kind of an error alone: urllib3 quotes the address."""
    return type(error).__name__
