"""The enrollments of students as OneRoster tells them, in and out: what runs, and what was taken in past terms.

Read in this order: `reading` (rows to bundles, with every fault), `asking` (what the neighbors know of what rows name),
`planning` (what is different from what is there), `writing` (in the same transaction), `telling` (the way out). An
import records what is: it judges no rules, and a section that it fills beyond its capacity is over-full.
"""

from sqlalchemy.orm import Session

from university.enrollment.imports import planning, reading, writing
from university.enrollment.imports.asking import Asking, Known
from university.enrollment.imports.reading import Bundle
from university.platform.database import Primary
from university.platform.imports import Imports, Order, Part, Plan
from university.platform.sheets import Faults, Sheets

Told = tuple[list[Bundle], Known]


class EnrollmentImports(Imports[Told]):
    """The imports of enrollments."""

    def __init__(self, primary: Primary, asking: Asking) -> None:
        def read(sheets: Sheets, order: Order) -> Told:
            bundles = reading.read(sheets)
            return bundles, Known() if sheets.faults else asking.ask(bundles, sheets.faults, trial=order.trial)

        super().__init__(primary, Part(reading.FILES, read, _plan))


def _plan(session: Session, told: Told, _faults: Faults, order: Order) -> Plan:
    bundles, known = told
    planned = planning.plan(session, bundles, known)
    return Plan(planned.changes(), lambda session: writing.write(session, planned, known, order.by))
