"""The table of settings is the code's."""

from collections.abc import Iterator

from tests.docs.pages import page
from university.platform.settings import Settings


def rows() -> Iterator[list[str]]:
    """Yield what the table must say of each setting."""
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        yield [f"`UNIVERSITY_{name.upper()}`", f"`{default}`" if default else "", field.description or ""]


def test_the_table_tells_every_setting() -> None:
    expected = list(rows())

    assert page("docs/operations.md").table("variable", "default", "meaning") == expected, "\n".join(
        f"| {' | '.join(row)} |" for row in expected
    )
