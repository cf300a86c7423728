"""The tables as the bytes of a OneRoster zip archive."""

import csv
import io
import zipfile

from university.demo.generation import University
from university.demo.roster import Table

# A fixed moment, so that the same university is the same archive, byte for byte.
MOMENT = (2000, 1, 1, 0, 0, 0)


def to_zip(university: University) -> bytes:
    """One CSV file for each table, the manifest among them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, table in university.tables.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
                _write(table, text)
    return buffer.getvalue()


def _write(table: Table, text: io.TextIOWrapper) -> None:
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
