"""What reconciliation costs: views of many enrollments filled from nothing, compared, corrupted, repaired."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path[:0] = [str(Path(__file__).parents[1])]

import click  # noqa: E402 - the checkout first
from sqlalchemy import select, update  # noqa: E402

from tests.campus import Campus  # noqa: E402
from tests.house import House  # noqa: E402
from tests.reconciliation.views import ROWS, clean, enroll_many, nobody, reconcile, table  # noqa: E402
from university.course.wiring import CourseWiring  # noqa: E402
from university.enrollment.wiring import EnrollmentWiring  # noqa: E402
from university.platform.messaging import copies  # noqa: E402
from university.platform.settings import Settings  # noqa: E402
from university.student.wiring import StudentWiring  # noqa: E402

CORRUPTED = 100
Result = TypeVar("Result")


@click.command()
@click.option("--enrollments", type=int, default=100_000, show_default=True)
@click.option("--postgres", help="The URL of an empty PostgreSQL database; SQLite without.")
def main(enrollments: int, postgres: str | None) -> None:
    """Measure the commands `resynchronize` and `reconcile` on a university of its own."""
    urls = dict.fromkeys(("course", "student", "enrollment"), postgres) if postgres else {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=urls)
        house = House(settings).open(CourseWiring(), StudentWiring(), EnrollmentWiring())
        campus = Campus(house)
        campus.window()
        enroll_many(campus, enrollments)
        outbox = table("enrollment", "outbox")
        with house.modules["enrollment"].primary.begin() as session:
            session.execute(update(outbox).values(status="sent"))
        for name in ("course", "student"):
            module = house.modules[name]
            kept = [copy for copy in module.kept().copies if copy.kind == "enrollment"]
            _measured(
                f"{kept[0].subscription} filled", lambda m=module, k=kept: [*copies.resynchronize(m.primary, k, nobody)]
            )  # type: ignore[misc]
        compared = _measured("compared", lambda: reconcile(house))
        print(f"wrong: {sum(len(one.wrong) for one in compared.values())} of {enrollments:,} enrollments in 2 views")
        for view in ROWS:
            _corrupt(house, view)
        repaired = _measured("compared and repaired", lambda: reconcile(house))
        wrong = {name: len(one.wrong) for name, one in repaired.items()}
        print(f"wrong: {wrong}; afterwards clean: {clean(_measured('compared again', lambda: reconcile(house)))}")
        house.close()


def _corrupt(house: House, view: str) -> None:
    module, name, key = ROWS[view]
    rows = table(module, name)
    with house.modules[module].primary.begin() as session:
        ids = session.scalars(select(rows.c[key]).order_by(rows.c[key]).limit(CORRUPTED)).all()
        session.execute(update(rows).where(rows.c[key].in_(ids)).values(section_ids=[]))


def _measured(what: str, do: Callable[[], Result]) -> Result:
    began, spent = time.perf_counter(), time.process_time()
    result = do()
    print(f"{what}: {time.perf_counter() - began:.1f} s, {time.process_time() - spent:.1f} s of processor time")
    return result


if __name__ == "__main__":
    main()
