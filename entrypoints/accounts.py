"""Create accounts, for one or for everybody, and give out tokens, through the same API that administrators use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import msgspec

from entrypoints import codes, configuration, whole
from entrypoints.codes import Ask
from entrypoints.progress import progress
from university.platform.neighbors import Neighborhood
from university.platform.security import GATEWAY, Keyring, Principal
from university.platform.settings import Settings

_OPERATOR = Principal("command-line", frozenset({"admin"}))


@click.group()
def accounts() -> None:
    """Create accounts, for one or for everybody; give out bearer tokens."""


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


@accounts.command()
@click.option("--students", is_flag=True, help="For students only.")
@click.option("--instructors", is_flag=True, help="For instructors only.")
@click.option("--renew", "names", multiple=True, metavar="USERNAME", help="Only give this one a new code; repeatable.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A new file for usernames and codes, as CSV."
)
def provision(students: bool, instructors: bool, names: tuple[str, ...], out: Path) -> None:  # noqa: FBT001 - click passes the flags so
    """Make accounts for all students and instructors that have none, each with a code to set its password."""
    whom = [name for name, wanted in (("students", students), ("instructors", instructors)) if wanted]
    with codes.file(out) as write, progress(quiet=False) as tell, _asking() as ask:
        if names:
            made = [ask("POST", f"/accounts/{quote(name, safe='')}/activation", None) for name in names]
            write(made)
            told = codes.Told(len(made))
        else:
            told = codes.provide(ask, write, tell, whom or ["students", "instructors"])
    click.echo(told.sentence(out))
    for number in told.taken:
        click.echo(f"{number} is another account's username: no account was made.", err=True)


def _ask(method: str, path: str, content: Any) -> Any:
    with _asking() as ask:
        return ask(method, path, content)


@contextmanager
def _asking() -> Iterator[Ask]:
    """Open the gateway; a refusal ends the command."""
    settings = configuration.read()
    with _gateway(settings) as (neighborhood, keyring):

        def ask(method: str, path: str, content: Any) -> Any:
            headers, body = {}, b""
            if content is not None:
                headers["Content-Type"] = "application/json"
                body = msgspec.json.encode(content)
            headers["Authorization"] = f"Bearer {keyring.sign(GATEWAY, 'gateway', _OPERATOR)}"
            answer = neighborhood.send("gateway", method, f"/api/v1{path}", headers, body)
            told = msgspec.json.decode(answer.body)
            if answer.status >= HTTPStatus.BAD_REQUEST:
                _refuse(told)
            return told

        yield ask


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
        try:
            yield neighborhood, keyring
        finally:
            gateway.primary.close()
        return
    from entrypoints import all_in_one

    university = all_in_one.put_together(settings)
    try:
        yield university.neighborhood, university.keyring
    finally:
        university.stop()


def _refuse(problem: dict[str, Any]) -> None:
    click.echo(problem["title"], err=True)
    for fault in problem.get("errors", ()):
        click.echo(f"  {fault['field']}: {fault['message']}", err=True)
    sys.exit(1)
