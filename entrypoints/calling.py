"""How a command asks the university: over HTTP where one runs, else one put together in this very process."""

import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import click
import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from entrypoints import configuration, data, whole
from university.platform import telemetry
from university.platform.security import GATEWAY, Principal
from university.platform.settings import Settings
from university.platform.transport.exchange import Answer

_OPERATOR = Principal("command-line", frozenset({"registrar"}))
_PATIENCE = 60.0
"""Seconds to wait for one answer over HTTP."""
_OWNERS = {
    "courses": "course",
    "terms": "course",
    "students": "student",
    "enrollments": "enrollment",
    "registration-windows": "enrollment",
}
"""Which module answers a path, where there is no gateway to know it."""
Tell = Callable[[str, int, int], None]
"""Hears of a step how many of how many are done."""
Send = Callable[[str, str, Mapping[str, str], bytes], Answer]


class Refused(click.ClickException):
    """The university turned a request down."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        faults = [f"  {fault['field']}: {fault['message']}" for fault in problem.get("errors", ())]
        told = problem.get("detail") or problem.get("title") or "The university refused."
        super().__init__("\n".join([str(told), *faults]))
        self.code = problem.get("code")


class Away(Refused):
    """The university does not answer, or a part of it is not there right now; asking again may help."""


@dataclass(frozen=True, slots=True)
class Api:
    """The public API as a registrar sees it; a refusal ends the command with its reasons."""

    send: Send
    settle: Callable[[Tell], None]
    """Waits until every part has heard the news."""

    def get(self, path: str, **query: Any) -> Any:
        """Return what is at a path."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, content: Any) -> Any:
        """Send something to a path."""
        return self._ask("POST", path, {"Content-Type": "application/json"}, msgspec.json.encode(content))

    def upload(self, path: str, content: bytes) -> Any:
        """Send a file to a path."""
        boundary = f"university-{secrets.token_hex(12)}"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="oneroster.zip"\r\n\r\n'
        body = b"".join([head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
        return self._ask("POST", path, {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body)

    def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Any:
        answer = self.send(method, f"/api/v1{path}", headers or {}, body)
        try:
            told = msgspec.json.decode(answer.body) if answer.body else None
        except msgspec.DecodeError as error:
            raise click.ClickException(f"This is not a university: it answered {answer.status}.") from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            kind = Away if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else Refused
            raise kind(told if isinstance(told, dict) else {})
        return told


@contextmanager
def university(url: str | None, token: str | None) -> Iterator[Api]:
    """Open the university at a URL, or the one that runs with our settings, or else one in this process."""
    settings = configuration.read()
    if url is None and _answers(settings):
        url = f"http://{settings.host}:{settings.port}"
    if url is not None:
        yield over_http(url.rstrip("/"), token)
        return
    with _in_process(settings) as api:
        yield api


def over_http(url: str, token: str | None) -> Api:
    """Return the API of a university at an address; without a token as development mode's registrar."""
    network = urllib3.PoolManager(maxsize=1, timeout=_PATIENCE, retries=False)

    def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        signed = {**headers, "Authorization": f"Bearer {token}"} if token else dict(headers)
        try:
            response = network.request(method, url + target, body=body, headers=signed, redirect=False)
        except HTTPError as error:
            raise Away({"detail": f"{url} does not answer."}) from error
        return Answer(response.status, list(response.headers.items()), response.data)

    if token is None:
        token = _demo_token(Api(send, _at_once))
    return Api(send, _at_once)


def _demo_token(api: Api) -> str:
    """Sign in as the registrar of development mode."""
    try:
        given = api.post("/auth/token", {"username": "registrar", "password": "demo"})
    except Away:
        raise
    except Refused as refused:
        raise click.ClickException("Give a registrar's token with --token (`university accounts token`).") from refused
    return str(given["access_token"])


def _at_once(_tell: Tell) -> None:
    """A university that runs tells its parts the news by itself."""


@contextmanager
def _in_process(settings: Settings) -> Iterator[Api]:
    whole.need()
    from entrypoints import all_in_one

    telemetry.configure("error")
    claim = data.claimed(settings.data_dir)
    data.bring_up_to_date(settings)
    put_together = all_in_one.put_together(settings)
    put_together.start()
    try:
        yield inside(put_together)
    finally:
        put_together.stop()
        claim.close()


def inside(put_together: Any) -> Api:
    """Return the API of a university in this process, without its gateway; its events must be in motion."""

    def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        module = _OWNERS[target.split("/")[3].partition("?")[0]]
        token = put_together.keyring.sign(GATEWAY, module, _OPERATOR)
        signed = {**headers, "Authorization": f"Bearer {token}"}
        answer: Answer = put_together.neighborhood.send(module, method, target, signed, body)
        return answer

    def settle(tell: Tell) -> None:
        most = 0
        while waiting := sum(relay.pending() for relay in put_together.relays):
            most = max(most, waiting)
            tell("Telling everybody", most - waiting, most)
            time.sleep(0.2)
        tell("Telling everybody", most, most)

    return Api(send, settle)


def _answers(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((settings.host, settings.port)) == 0
