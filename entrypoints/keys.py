"""Make the keys by which the parts of a split university know one another."""

from pathlib import Path

import click
import msgspec

from university.platform import security

ISSUERS = {
    "course": ("course",),
    "student": ("student",),
    "enrollment": ("enrollment",),
    "gateway": (security.GATEWAY, "gateway-service"),
}
"""The names that each process signs with: the gateway for people, and for itself."""
TRUSTED = "trusted.json"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--development", is_flag=True, help="Keys that everybody may know; production mode refuses them.")
def keys(folder: Path, development: bool) -> None:  # noqa: FBT001 - click passes the flag so
    """Write a file of private keys for each part, and one of everybody's public keys."""
    if existing := [file.name for file in folder.glob("*.json")]:
        raise click.ClickException(f"{folder} holds {', '.join(sorted(existing))} already; keys are never overwritten.")
    write(folder, prefix=security.DEVELOPMENT if development else "")
    click.echo(f"{folder}: {', '.join(f'{part}.json' for part in ISSUERS)} are private, {TRUSTED} is for all.")


def write(folder: Path, *, prefix: str = "") -> None:
    """Write the files, each key named by its issuer after a prefix; only their owner may read the private ones."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {part: security.new_keys(*issuers, prefix=prefix) for part, issuers in ISSUERS.items()}
    for part, jwks in made.items():
        file = folder / f"{part}.json"
        file.touch(mode=0o600)
        file.write_bytes(msgspec.json.encode(jwks))
    (folder / TRUSTED).write_bytes(msgspec.json.encode(security.public_keys(*made.values())))
