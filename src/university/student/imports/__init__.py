"""The students as OneRoster tells them, in and out.

Read in this order: `columns` (which fact stands in which column), `reading` (the files as plain facts, with every
fault), `planning` (what is different from what is there, and its writing), `telling` (the way out).
"""

from university.platform.database import Primary
from university.platform.imports import Imports, Part
from university.student.imports import planning, reading
from university.student.imports.reading import StudentEntry


class StudentImports(Imports[dict[str, StudentEntry]]):
    """The imports of students."""

    def __init__(self, primary: Primary) -> None:
        super().__init__(primary, Part(reading.FILES, reading.read, planning.plan))
