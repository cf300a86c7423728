"""A made-up term in which whoever finds a seat may have it: no requisites, no histories and no linked sections."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date

from university import demo

Rows = list[dict[str, str]]


def term(students: int, today: date) -> bytes:
    """Return a term of so many students as a OneRoster zip, made of the generated university."""
    whole = zipfile.ZipFile(io.BytesIO(demo.to_zip(demo.generate(students, today=today))))
    sessions = [row for row in _rows(whole.read("academicSessions.csv")) if row["type"] == "term"]
    last = max(sessions, key=lambda row: row["endDate"])["sourcedId"]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as plain:
        for name in whole.namelist():
            rows = _rows(whole.read(name))
            kept = {"courses.csv": _free, "enrollments.csv": _nobody}.get(name, list)(rows)
            if name == "classes.csv":
                kept = list(_single(rows, last))
            plain.writestr(name, _text(list(rows[0]), kept))
    return content.getvalue()


def _free(courses: Rows) -> Rows:
    return [{**row, "metadata.requisites": ""} for row in courses]


def _nobody(_enrollments: Rows) -> Rows:
    return []


def _single(classes: Rows, session: str) -> Iterator[dict[str, str]]:
    """Keep the sections of one term, and of each course those of the kind that comes first."""
    kinds: dict[str, str] = {}
    for row in classes:
        is_first = row["metadata.component"] == kinds.setdefault(row["courseSourcedId"], row["metadata.component"])
        if row["termSourcedIds"] == session and is_first:
            yield {**row, "metadata.parent": "", "metadata.reserved": ""}


def _rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _text(columns: list[str], rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
