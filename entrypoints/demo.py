"""Fill a university with a generated one: by its import file, as any other data arrives, and by the API."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from entrypoints import calling, configuration, exchange
from entrypoints.calling import Api, Tell
from entrypoints.progress import progress
from university import demo as made_up
from university.platform import oneroster, sheets

if TYPE_CHECKING:
    from entrypoints.all_in_one import University

FEW = 300
"""Students of a first start: enough to look alive, and there within seconds."""
Told = dict[str, dict[str, int]]
"""How much was created and updated, by part."""
_PAUSE = 2.0
"""Seconds between two attempts to reach a university that is away."""
_ADDED = ("metadata.holds", "metadata.recognized")


@click.command()
@click.option("--students", type=click.IntRange(1, 100_000), default=2_000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another university.")
@click.option("--url", help="The university's address; without it the one that runs here, else this process.")
@click.option("--token", envvar="UNIVERSITY_TOKEN", help="A registrar's bearer token.")
@click.option("--if-empty", is_flag=True, help="Leave a university alone that is not empty.")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Seconds in which a university that does not answer, or not as a whole, is asked again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def demo(url: str | None, token: str | None, patience: float, as_json: bool, **wish: Any) -> None:  # noqa: FBT001 - click passes the flag so
    """Fill the university with a generated Polish one of a chosen size."""
    told = _persistently(lambda: _filled(url, token, quiet=as_json, **wish), patience)
    if as_json:
        click.echo(msgspec.json.encode(told).decode())
        return
    for part, counts in told.items():
        click.echo(f"{part}: {counts['created']:,} created, {counts['updated']:,} updated")
    if not told:
        click.echo("The university is not empty.")


def _persistently(fill: Callable[[], Told], patience: float) -> Told:
    """Try again while the university is away; what was brought in before is then found there."""
    until = time.monotonic() + patience
    while True:
        try:
            return fill()
        except calling.Away:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)


def _filled(url: str | None, token: str | None, *, students: int, seed: int, if_empty: bool, quiet: bool) -> Told:
    """Fill a university and wait until everybody heard; return what came of each part, nothing if it was left alone."""
    today = datetime.now(configuration.read().zone).date()
    with calling.university(url, token) as api, progress(quiet=quiet) as tell:
        made = made_up.generate(students, seed=seed, today=today)
        told = {} if if_empty and not _takes(api, made) else _fill(api, made, tell)
        api.settle(tell)
    return told


def fill_if_empty(university: "University", *, students: int = FEW) -> bool:
    """Fill a started university that is empty, and wait until everybody heard; tell whether it was filled."""
    today = datetime.now(university.settings.zone).date()
    return move_in(calling.inside(university), today=today, students=students)


def move_in(api: Api, *, today: date, students: int = FEW) -> bool:
    """Fill a university that is empty; tell whether it was.

    A university whose filling was interrupted has the terms of the made-up one and no window yet: it is filled on.
    """
    moving_in = made_up.generate(students, today=today)
    if not _takes(api, moving_in):
        return False
    _fill(api, moving_in, _silently)
    api.settle(_silently)
    return True


def _takes(api: Api, university: made_up.University) -> bool:
    """Tell whether a university is empty, or holds the beginning of this one."""
    present = {(term["code"], term["title"]) for term in api.get("/terms", limit=200)["items"]}
    if present and api.get("/registration-windows", limit=1)["items"]:
        return False
    return not present or present == _terms(university)


def _silently(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _fill(api: Api, university: made_up.University, tell: Tell) -> Told:
    outcome = exchange.bring_in(api, packed(university), tell, judge_first=False)
    if outcome.faults:
        raise click.ClickException(f"The generated university does not fit: {outcome.faults[0]}")
    opened = _open_windows(api, university)
    return {**outcome.parts, "windows": {"created": opened, "updated": 0}}


def packed(university: made_up.University) -> bytes:
    """Return the import file, with each student's holds and recognized credits beside the student."""
    tables: dict[str, Any] = {name: [table.columns, *table.rows] for name, table in university.tables.items()}
    users = university.tables[oneroster.USERS]
    number = users.columns.index("identifier")
    told = (_by_student(university.holds), _by_student(university.recognized))
    tables[oneroster.USERS] = [
        (*users.columns, *_ADDED),
        *((*row, *(cells.get(row[number], "") for cells in told)) for row in users.rows),
    ]
    return sheets.write(tables)


def _terms(university: made_up.University) -> set[tuple[str, str]]:
    rows = university.tables[oneroster.SESSIONS]
    return {(row["metadata.code"], row["title"]) for row in rows if row["type"] == "term"}


def _by_student(facts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return a cell of JSON by student number."""
    owned: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        owned.setdefault(fact["student_id"], []).append({name: fact[name] for name in fact if name != "student_id"})
    return {student: msgspec.json.encode(told).decode() for student, told in owned.items()}


def _open_windows(api: Api, university: made_up.University) -> int:
    """Open the registration windows that the term has not got yet; return how many."""
    present = {window["name"] for window in api.get("/registration-windows", term=university.term, limit=200)["items"]}
    missing = [window for window in university.windows if window["name"] not in present]
    for window in missing:
        api.post("/registration-windows", window)
    return len(missing)
