"""The columns that go out are those that the documents name."""

import re
from pathlib import Path

from tests.oneroster.conftest import Registry
from tests.oneroster.files import Files

DOCUMENT = Path(__file__).parents[2] / "docs" / "oneroster.md"


def documented() -> dict[str, set[str]]:
    """Return the extension columns of each file."""
    rows = re.findall(r"^\| (\w+) \| (.*metadata\..*) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return {file: set(re.findall(r"`(metadata\.\w+)`", columns)) for file, columns in rows}


def test_every_extension_column_that_is_exported_is_documented_and_no_other(registry: Registry, files: Files) -> None:
    registry.take_in(files.zip())

    told = {
        table: {column for row in rows for column in row if column.startswith("metadata.")}
        for table, rows in registry.exported().items()
    }

    without_a_class = {"enrollments": {"metadata.course", "metadata.term"}}
    expected = {file: columns - without_a_class.get(file, set()) for file, columns in documented().items()}
    assert {table: columns for table, columns in told.items() if columns} == expected
