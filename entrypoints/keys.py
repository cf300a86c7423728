"""Make the keys by which the parts of a split university know one another, and change them while it is at work."""

import time
from pathlib import Path
from typing import Any

import click
import msgspec

from university.platform import keys as keyfiles, security

ISSUERS = {
    "course": ("course",),
    "student": ("student",),
    "enrollment": ("enrollment",),
    "gateway": (security.GATEWAY, "gateway-service"),
}
"""The names that each process signs with: the gateway for people, and for itself."""
TRUSTED = "trusted.json"
STEPS = ("add", "sign", "retire")
_WAITS = {
    "add": "Hand the files out. When every process has had them for 10 seconds, go on with `sign`.",
    "sign": "Hand the files out. When every process has had them for 6 minutes, no token of the old keys is left: "
    "go on with `retire`.",
    "retire": "Hand the files out. From 10 seconds after a process has them on, it believes the old keys no more.",
}
Jwks = dict[str, list[dict[str, Any]]]


class _Keys(click.Group):
    """A group whose name alone, before a folder, makes the keys."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take what is no command for the arguments of `make`."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["make", *args])


@click.group(cls=_Keys, context_settings={"ignore_unknown_options": True})
def keys() -> None:
    """Make and change the keys of a split university; `keys FOLDER` is `keys make FOLDER`."""


@keys.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--development", is_flag=True, help="Keys that everybody may know; production mode refuses them.")
def make(folder: Path, development: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """Write a file of private keys for each part, and one of everybody's public keys."""
    if existing := [file.name for file in folder.glob("*.json")]:
        raise click.ClickException(f"{folder} holds {', '.join(sorted(existing))} already; keys are never overwritten.")
    write(folder, prefix=keyfiles.DEVELOPMENT if development else "")
    click.echo(f"{folder}: {', '.join(f'{part}.json' for part in ISSUERS)} are private, {TRUSTED} is for all.")


@keys.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("step", type=click.Choice(STEPS))
def rotate(folder: Path, step: str) -> None:
    """Change every key in three steps, of which each may be taken again, and no request is refused.

    `add` lets the next keys be trusted, `sign` lets them sign, `retire` lets the old ones be trusted no more. Between
    two steps the files go to every process; none is restarted.
    """
    change = {"add": _add, "sign": _sign, "retire": _retire}[step]
    before = {part: _read(folder / f"{part}.json") for part in ISSUERS}
    after = {part: {"keys": _each(jwks, change)} for part, jwks in before.items()}
    for part, jwks in after.items():
        if jwks != before[part]:
            _write(folder / f"{part}.json", jwks, mode=0o600)
    _write(folder / TRUSTED, keyfiles.public_keys(*after.values()))
    signing = [names[0] for jwks in after.values() for names in _names(jwks).values()]
    click.echo(f"{folder}: {', '.join(signing)} sign.\n{_WAITS[step]}")


def write(folder: Path, *, prefix: str = "") -> None:
    """Write the files, each key named by its issuer after a prefix; only their owner may read the private ones."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {part: keyfiles.new_keys(*(prefix + issuer for issuer in issuers)) for part, issuers in ISSUERS.items()}
    for part, jwks in made.items():
        _write(folder / f"{part}.json", jwks, mode=0o600)
    _write(folder / TRUSTED, keyfiles.public_keys(*made.values()))


def _each(jwks: Jwks, change: Any) -> list[dict[str, Any]]:
    """Return the keys of a file, those of each issuer changed."""
    of = {key["kid"]: key for key in jwks["keys"]}
    return [key for names in _names(jwks).values() for key in change([of[name] for name in names])]


def _add(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the next key behind the one that signs, if there is none."""
    newest = _newest(held)
    if newest is not held[0]:
        return held
    if len(held) > 1:
        raise click.ClickException(f"{newest['kid']} signs, and an older key is still trusted: `retire` it first.")
    issuer, _, made = newest["kid"].partition(".")
    moment = max(int(time.time()), int(made or "0", 16) + 1)
    (added,) = keyfiles.new_keys(f"{issuer}.{moment:x}")["keys"]
    return [*held, added]


def _sign(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let the newest key sign."""
    if len(held) == 1:
        raise click.ClickException(f"There is no next key of {held[0]['kid']}: `add` it first.")
    newest = _newest(held)
    return [newest, *(key for key in held if key is not newest)]


def _retire(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave the newest key alone, which signs."""
    newest = _newest(held)
    if newest is not held[0]:
        raise click.ClickException(f"{newest['kid']} does not sign yet: `sign` first.")
    return [newest]


def _newest(held: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the key that was made last: a name without a moment is older than all."""
    return max(held, key=lambda key: int(key["kid"].partition(".")[2] or "0", 16))


def _names(jwks: Jwks) -> dict[str, list[str]]:
    """Return the names of each issuer's keys, in order."""
    names: dict[str, list[str]] = {}
    for key in jwks["keys"]:
        names.setdefault(keyfiles.issuer_of(key["kid"]), []).append(key["kid"])
    return names


def _read(file: Path) -> Jwks:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Jwks)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{file} cannot be used: {error}.") from error


def _write(file: Path, jwks: dict[str, Any], mode: int = 0o644) -> None:
    """Put a whole file in the place of the one before: nobody reads half of it."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=mode)
    fresh.write_bytes(msgspec.json.encode(jwks))
    fresh.replace(file)
