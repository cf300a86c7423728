"""Write docs/performance.md: what every benchmark found, of its record in docs/performance, with plots.

What was tried for a target, and did or did not help, is written by hand in docs/performance/tried.md.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bench import plots, results
from bench.targets import TARGETS, Target

PAGE, TRIED = results.ROOT / "docs" / "performance.md", results.FOLDER / "tried.md"
WHOLE = 1000
"""From here on figures are told without decimals."""
ORDER = ("enroll", "stampede", "architectures", "events")
"""Benchmarks that come first; the others follow by name."""
INTRODUCTION = """# Performance

What was measured, on what, and how it compares with what was to be reached. `make report` writes this page and its \
plots from the records in `docs/performance/`, which the benchmarks leave there; what is written by hand is in \
[performance/tried.md](performance/tried.md).

## How it is measured

- Ratios count, not rates: sides of a comparison run on the same machine and the same PostgreSQL, in turn within each \
round, while the others are stopped; the figures are medians over rounds.
- CPU is what the operating system's account says (`/proc`), per process; the database's is that of the server \
processes which serve this side's databases. The load generator runs beside, on the same cores; its own cost is told.
- Ours judges every rule of registration, keeps a history and an answer by key, audits and limits; the peers in \
`bench/peers` do nothing of this, and are tuned honestly.
- A run ends with the counts that must be 0, such as seats oversold and enrollments lost or doubled, and fails if one \
is not. They stand below each benchmark.
"""


def main() -> None:
    """Draw the plots and write the page."""
    records = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in results.FOLDER.glob("*.json")}
    ordered = sorted(records.values(), key=lambda record: _place(record["benchmark"]))
    for record in ordered:
        for plot in record["plots"]:
            plots.draw(plot, results.FOLDER / f"{plot['name']}.svg")
    parts = [INTRODUCTION, *_targets(records.values()), *(_section(record) for record in ordered)]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print(PAGE.relative_to(results.ROOT))


def _place(name: str) -> tuple[int, str]:
    return ORDER.index(name) if name in ORDER else len(ORDER), name


def _targets(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    measured: dict[str, float] = {}
    for record in records:
        measured |= record["measured"]
    if unknown := measured.keys() - {target.key for target in TARGETS}:
        raise SystemExit(f"No such targets: {sorted(unknown)}.")
    yield "## Targets\n"
    rows = [[*_row(target, measured.get(target.key)), _tried(target), _command(target)] for target in TARGETS]
    yield _table(["#", "target", "bound", "measured", "met?", "tried", "command"], rows)


def _row(target: Target, figure: float | None) -> list[str]:
    bound = f"{target.sign} {target.bound:g} {target.unit}".strip()
    if target.stretch is not None:
        bound += f" (stretch {target.stretch:g})"
    if figure is None:
        return [target.key, target.text, bound, "not measured", ""]
    told = f"{figure:.3g}" if abs(figure) < WHOLE else f"{figure:,.0f}"
    return [target.key, target.text, bound, f"{told} {target.unit}".strip(), _verdict(target, figure)]


def _verdict(target: Target, figure: float) -> str:
    if target.is_met(figure):
        return "stretch met" if target.stretch is not None and target.is_met(figure, target.stretch) else "met"
    return f"**gap**: {figure / target.bound:.2f} of the bound" if target.bound else "**gap**"


def _tried(target: Target) -> str:
    """Return a link to what was tried for a target, where that is written down."""
    number = target.key.partition(" ")[0]
    written = TRIED.read_text(encoding="utf-8") if TRIED.exists() else ""
    there = re.search(rf"^## Target {number}$", written, re.MULTILINE)
    return f"[tried](performance/tried.md#target-{number})" if there else ""


def _command(target: Target) -> str:
    """Return the command that measures a target, once there is one."""
    makefile = (results.ROOT / "Makefile").read_text(encoding="utf-8")
    return f"`{target.command}`" if f"\n{target.command.removeprefix('make ')}:" in makefile else ""


def _section(record: dict[str, Any]) -> str:
    parts = [f"## {record['benchmark'].capitalize()}\n", (record["method"] or "").strip() + "\n"]
    told = {name.replace("_", " "): value for name, value in record["options"].items() if value not in (None, False)}
    parts.append(_surroundings(record, told))
    for table in record["tables"]:
        parts += [f"**{table['title']}**\n", _table(table["columns"], table["rows"])]
    for plot in record["plots"]:
        parts.append(f"![{plot['title']}](performance/{plot['name']}.svg)\n")
    names, wrong = ", ".join(record["wrong"]), {name: count for name, count in record["wrong"].items() if count}
    return "\n".join([*parts, f"Counts that must be 0 ({names}): {wrong or 'all are'}.\n"])


def _surroundings(record: dict[str, Any], told: dict[str, Any]) -> str:
    on = record["surroundings"]
    libraries = ", ".join(f"{name} {version}" for name, version in on["libraries"].items())
    how = ", ".join(f"{name} {value}" for name, value in told.items()) or "the usual options"
    return (
        f"Measured {record['at']} at `{record['commit']}` with {how}. "
        f"Python {on['python']}, PostgreSQL {on['postgresql']}, RabbitMQ {on['rabbitmq']}, {libraries}. "
        f"{on['processor']}, {on['cores']} cores, {on['memory']}, {on['kernel']}; load when it ended {on['load']}.\n"
    )


def _table(columns: list[str], rows: list[list[Any]]) -> str:
    lines = [columns, ["---" if at == 0 else "---:" if _is_number(rows, at) else "---" for at in range(len(columns))]]
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in [*lines, *rows]) + "\n"


def _is_number(rows: list[list[Any]], at: int) -> bool:
    return all(isinstance(row[at], int | float) for row in rows)


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    main()
