"""The catalog as OneRoster tells it: terms, departments, courses, classes and those who teach, in and out.

Read in this order: `columns` (which fact stands in which column), `reading` and `sections` (the files as plain facts,
with every fault), `planning` and `removing` (what is different from what is there), `writing` and `news` (in the same
transaction), `telling` (the way out).
"""

from sqlalchemy.orm import Session

from university.course.imports import planning, reading, writing
from university.course.imports.reading import Catalog
from university.course.repository import catalog
from university.platform.database import Primary
from university.platform.imports import Imports, Order, Part, Plan
from university.platform.sheets import Faults


def _plan(session: Session, read: Catalog, faults: Faults, _order: Order) -> Plan:
    catalog.change(session)
    planned = planning.plan(session, read, faults)
    return Plan(planned.changes(), lambda session: writing.write(session, planned))


class CourseImports(Imports[Catalog]):
    """The imports of the catalog."""

    def __init__(self, primary: Primary) -> None:
        super().__init__(primary, Part(reading.FILES, reading.read, _plan))
