"""While students come and go and news wanders, a cycle finds what is wrong, all of it, and nothing else."""

from sqlalchemy import select, update

from tests.campus import Campus
from tests.house import House
from tests.reconciliation.load import coming_and_going
from tests.reconciliation.views import ROWS, clean, nobody, reconcile, table
from university.platform.messaging.reconciliation import Found, differing

CYCLES = 6


def differences(house: House) -> int:
    """Count the rows that differ as they are read: what would be alarmed at if lateness were a mistake."""
    return sum(
        len(ids)
        for module in house.modules.values()
        for view in module.kept().views
        for ids in differing(module.primary, view, Found(view.copy.subscription), nobody)
    )


def test_there_is_no_false_alarm(campus: Campus) -> None:
    """The twin without judgement would have raised many."""
    cycles, late = [], 0
    with coming_and_going(campus):
        for _ in range(CYCLES):
            late += differences(campus.house)
            cycles.append(reconcile(campus.house))

    assert [found for found in cycles if not clean(found)] == []
    assert late > 0
    assert clean(settled := reconcile(campus.house))
    assert not any(one.late for one in settled.values())
    assert differences(campus.house) == 0


def test_what_is_wrong_is_found_among_what_is_late(campus: Campus) -> None:
    with coming_and_going(campus):
        wrong = {view: corrupted(campus.house, view) for view in ROWS}
        found = reconcile(campus.house)

    assert {view: set(found[view].wrong) for view in ROWS} == wrong
    assert not any(one.left for one in found.values())
    assert clean(reconcile(campus.house))


def corrupted(house: House, view: str, count: int = 20) -> set[str]:
    """Take something away from the oldest rows of a view, some of them a whole version."""
    module, name, key = ROWS[view]
    rows = table(module, name)
    with house.modules[module].primary.begin() as session:
        ids = session.scalars(select(rows.c[key]).order_by(rows.c[key]).limit(count)).all()
        session.execute(update(rows).where(rows.c[key].in_(ids[::2])).values(version=rows.c.version - 1))
        session.execute(update(rows).where(rows.c[key].in_(ids[1::2])).values(section_ids=[]))
    return set(ids)
