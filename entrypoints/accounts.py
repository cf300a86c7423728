"""Create accounts and give out tokens from the command line, through the same API that administrators use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import click
import msgspec

from entrypoints import configuration, whole
from university.platform.neighbors import Neighborhood
from university.platform.security import GATEWAY, Keyring, Principal
from university.platform.settings import Settings

_OPERATOR = Principal("command-line", frozenset({"admin"}))


@click.group()
def accounts() -> None:
    """Create accounts; give out bearer tokens."""


@accounts.command()
@click.argument("username")
@click.option("--name", help="What to call the person; the username without it.")
@click.option(
    "--role", "roles", multiple=True, required=True, help="student, instructor, registrar or admin; repeatable."
)
@click.option("--student", "student_id", help="Id or number of the student that it belongs to.")
@click.option("--instructor", "instructor_id", help="Id or number of the instructor that it belongs to.")
@click.password_option(help="Asked for without it.")
@click.option("--json", "as_json", is_flag=True, help="Print the account as JSON.")
def create(username: str, name: str | None, as_json: bool, **wish: Any) -> None:  # noqa: FBT001 - click passes the flag so
    """Create an account."""
    body = {"username": username, "name": name or username, **{key: value for key, value in wish.items() if value}}
    account = _ask("POST", "/accounts", body)
    click.echo(msgspec.json.encode(account) if as_json else f"{account['username']}: {', '.join(account['roles'])}")


@accounts.command()
@click.argument("username")
@click.option("--json", "as_json", is_flag=True, help="Print the token with its lifetime as JSON.")
def token(username: str, as_json: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """Print a bearer token for an account."""
    given = _ask("POST", f"/accounts/{username}/tokens", None)
    click.echo(msgspec.json.encode(given) if as_json else given["access_token"])


def _ask(method: str, path: str, content: Any) -> Any:
    settings = configuration.read()
    headers, body = {}, b""
    if content is not None:
        headers["Content-Type"] = "application/json"
        body = msgspec.json.encode(content)
    with _gateway(settings) as (neighborhood, keyring):
        headers["Authorization"] = f"Bearer {keyring.sign(GATEWAY, 'gateway', _OPERATOR)}"
        answer = neighborhood.send("gateway", method, f"/api/v1{path}", headers, body)
    told = msgspec.json.decode(answer.body)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        _refuse(told)
    return told


@contextmanager
def _gateway(settings: Settings) -> Iterator[tuple[Neighborhood, Keyring]]:
    """Put the gateway together, alone when its neighbors live elsewhere."""
    from entrypoints import migrate

    alone = bool(settings.neighbor_url)
    if not alone:
        whole.need()
    if behind := migrate.behind(settings, ("gateway",) if alone else migrate.MODULES):
        raise click.ClickException(f"Run `university migrate` first: {', '.join(behind)}.")
    if alone:
        from entrypoints import service
        from university.gateway.wiring import GatewayWiring

        neighborhood, keyring = service.surroundings(settings)
        gateway = service.assembled(GatewayWiring, settings, neighborhood, keyring)
        yield neighborhood, keyring
        gateway.primary.close()
        return
    from entrypoints import all_in_one

    university = all_in_one.put_together(settings)
    yield university.neighborhood, university.keyring
    university.stop()


def _refuse(problem: dict[str, Any]) -> None:
    click.echo(problem["title"], err=True)
    for fault in problem.get("errors", ()):
        click.echo(f"  {fault['field']}: {fault['message']}", err=True)
    sys.exit(1)
