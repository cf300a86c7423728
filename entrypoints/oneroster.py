"""The commands `import oneroster` and `export oneroster`."""

import sys
from pathlib import Path

import click
import msgspec

from entrypoints import calling, exchange
from entrypoints.exchange import Outcome
from entrypoints.progress import progress

_URL = click.option("--url", help="The university's address; without it the one that runs here, else this process.")
_TOKEN = click.option("--token", envvar="UNIVERSITY_TOKEN", help="A registrar's bearer token.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.group(name="import")
def bring_in() -> None:
    """Bring data in."""


@click.group(name="export")
def take_out() -> None:
    """Take data out."""


@bring_in.command(name="oneroster")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only judge the file; write nothing.")
@_URL
@_TOKEN
@_JSON
def import_oneroster(path: Path, dry_run: bool, url: str | None, token: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes the flags so
    """Import a OneRoster 1.2 zip: everything or, when anything is wrong, nothing."""
    content = path.read_bytes()
    with calling.university(url, token) as api, progress(quiet=as_json) as tell:
        outcome = exchange.bring_in(api, content, tell, dry_run=dry_run)
        api.settle(tell)
    _show(outcome, as_json=as_json)
    sys.exit(1 if outcome.faults else 0)


@take_out.command(name="oneroster")
@click.argument("path", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@_URL
@_TOKEN
def export_oneroster(path: Path, url: str | None, token: str | None) -> None:
    """Export everything as a OneRoster 1.2 zip."""
    with calling.university(url, token) as api, progress(quiet=False) as tell:
        content = exchange.take_out(api, tell)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    click.echo(f"{path}: {len(content):,} bytes")


def _show(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        result = {"dry_run": outcome.dry_run, "parts": outcome.parts, "errors": outcome.faults}
        click.echo(msgspec.json.encode(result).decode())
        return
    for fault in outcome.faults:
        place = ":".join(str(part) for part in (fault["file"], fault["line"] or "", fault["column"]) if part)
        click.echo(f"{place or 'the file'}: {fault['message']}", err=True)
    if outcome.faults:
        kept = ", ".join(outcome.parts) if not outcome.dry_run else ""
        written = f"{kept} are written; the same file, corrected, finishes it" if kept else "nothing was written"
        click.echo(f"{len(outcome.faults) + outcome.untold} faults; {written}.", err=True)
        return
    for part, counts in outcome.parts.items():
        would = "would be " if outcome.dry_run else ""
        told = ", ".join(f"{count:,} {would}{what}" for what, count in counts.items())
        click.echo(f"{part}: {told}")
