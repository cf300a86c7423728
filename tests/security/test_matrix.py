"""Every operation refuses everybody who may not, and serves everybody who may: the whole table, asked for real."""

from collections.abc import Callable

import pytest

from tests.security import matrix, table
from tests.security.world import World

PUBLIC_CASES = 1_000
"""Cases there are at least, so that an empty table would not pass."""


@pytest.mark.parametrize("kind", ["public", "internal"])
@pytest.mark.parametrize("module", sorted(table.PUBLIC))
def test_every_operation_has_a_row_and_every_row_an_operation(world: World, module: str, kind: str) -> None:
    rows = {name.partition(" ")[0] for name in (table.PUBLIC if kind == "public" else table.INTERNAL)[module]}
    operations = world.documents(module)[kind]

    lacking = sorted(operations.keys() - rows)
    told = [f'"{name}": Row("<8 statuses>"),  # {" ".join(operations[name])}' for name in lacking]
    assert not told, "Add to tests/security/table (who gets what is told in rows.py):\n" + "\n".join(told)
    assert rows <= operations.keys(), f"no operation has these rows: {sorted(rows - operations.keys())}"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_cell_of_the_table_holds(world: World, record_property: Callable[[str, object], None]) -> None:
    wrong, asked = matrix.faults(world, matrix.cases(world))

    record_property("figures", f"authorization matrix: {asked} cases, {len(wrong)} wrong")
    assert not wrong, f"{len(wrong)} of {asked} cells are wrong:\n" + "\n".join(wrong)
    assert asked > PUBLIC_CASES
