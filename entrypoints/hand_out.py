"""Make what the parts of a split university may know, each part's in a folder of its own, for compose.yaml."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from entrypoints import keys, passwords, provision_postgresql
from entrypoints.migrate import MODULES
from university.platform.messaging.topology import SERVICES

REPLICATED = ("course", "student")
"""The modules that read from the replica: enrollment and the gateway decide, and read from their primary."""
SIGNING = "signing-keys.json"
_STORES = ("postgres", "replicator", "admin")
_READABLE = 0o640
"""Its owner writes, its group reads: who makes the files is another than who gets them."""


@click.command("hand-out")
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
def hand_out(folder: Path) -> None:
    """Make keys, passwords and settings for the services of compose.yaml; what is there stays as it is."""
    file = folder / "preparing/passwords.json"
    file.parent.mkdir(exist_ok=True)
    words = passwords.in_file(file, [*provision_postgresql.names(), *SERVICES, *_STORES])
    file.chmod(_READABLE)
    # The settings come last: who waits for them finds the keys beside them.
    told = {**_of_stores(words), **_of_those_who_prepare(words), **_keys(folder), **_of_modules(words)}
    for name, content in told.items():
        _write(folder / name, content)
    click.echo(f"{len(told) + 1} files are there.")


def _of_stores(words: Mapping[str, str]) -> dict[str, str]:
    return {
        "postgresql/postgres-password": words["postgres"],
        "postgresql/replication-password": words["replicator"],
        "postgresql-replica/replication-password": words["replicator"],
        "rabbitmq/admin-password": words["admin"],
    }


def _of_those_who_prepare(words: Mapping[str, str]) -> dict[str, str]:
    migrators = {f"preparing/{module}.env": _database(module, "migrator", words) for module in MODULES}
    return {
        **migrators,
        "preparing/admin-url": f"postgresql://postgres:{words['postgres']}@postgresql/postgres",
        "preparing/management-url": f"http://admin:{words['admin']}@rabbitmq:15672",
    }


def _of_modules(words: Mapping[str, str]) -> dict[str, str]:
    told = {module: _database(module, "app", words) for module in MODULES}
    for module in REPLICATED:
        told[module] += _database(module, "app", words, kind="REPLICA", host="postgresql-replica")
    for module in SERVICES:
        told[module] += f"UNIVERSITY_BROKER_URL=amqp://university-{module}:{words[module]}@rabbitmq:5672/university\n"
    return {f"{module}/settings.env": lines for module, lines in told.items()}


def _database(
    module: str, role: str, words: Mapping[str, str], *, kind: str = "DATABASE", host: str = "postgresql"
) -> str:
    name = f"{provision_postgresql.PREFIX}{module}"
    url = f"postgresql://{name}_{role}:{words[f'{module}_{role}']}@{host}/{name}"
    return f"UNIVERSITY_{kind}_URL__{module.upper()}={url}\n"


def _keys(folder: Path) -> dict[str, str]:
    """Return the files of keys: those that are there, or, where one is missing, all of them fresh."""
    names = [f"{part}/{name}" for part in keys.ISSUERS for name in (SIGNING, keys.TRUSTED)]
    if all((folder / name).exists() for name in names):
        return {name: (folder / name).read_text(encoding="utf-8") for name in names}
    with tempfile.TemporaryDirectory() as made:
        keys.write(Path(made))
        private = {
            f"{part}/{SIGNING}": (Path(made) / f"{part}.json").read_text(encoding="utf-8") for part in keys.ISSUERS
        }
        trusted = (Path(made) / keys.TRUSTED).read_text(encoding="utf-8")
    return {**private, **{f"{part}/{keys.TRUSTED}": trusted for part in keys.ISSUERS}}


def _write(file: Path, content: str) -> None:
    """Write a file whole: who reads it meanwhile finds the one before, or this one."""
    if file.exists() and file.read_text(encoding="utf-8") == content:
        return
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_name(f".{file.name}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _READABLE), "w", encoding="utf-8") as out:
        out.write(content)
    fresh.chmod(_READABLE)
    fresh.replace(file)
