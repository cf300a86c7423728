"""docs/retention.md as the modules declare it: `python -m tests.security.kept` writes it."""

from collections.abc import Iterable
from pathlib import Path

from university.course.repository.personal import RECORDS as COURSE
from university.enrollment.repository.personal import RECORDS as ENROLLMENT
from university.gateway.service.privacy import RECORDS as GATEWAY
from university.platform.personal import PLATFORM, Keeping
from university.student.repository.personal import RECORDS as STUDENT

PAGE = Path(__file__).parents[2] / "docs" / "retention.md"
ALL = (COURSE, STUDENT, ENROLLMENT, GATEWAY)
_BEFORE = """\
# What is kept, and for how long

Every table of every module, as its code declares it; `.venv/bin/pytest tests/security/test_privacy.py` finds tables \
that nobody declared, and holds this page to what `.venv/bin/python -m tests.security.kept` writes. What ends by \
itself goes by the chores of [operations.md](operations.md#what-comes-round-by-itself). What an erasure does is in \
[security.md](security.md#what-the-law-gives).
"""


def text() -> str:
    """Return the page."""
    own = [(records.schema, [one for one in records.keepings.values() if one not in PLATFORM]) for records in ALL]
    parts = [_section(name.capitalize(), keepings) for name, keepings in own]
    return "\n".join([_BEFORE, *parts, _section("In every module", PLATFORM)])


def _section(title: str, keepings: Iterable[Keeping]) -> str:
    head = f"## {title}\n\n| table | keeps | how long | of a student who is erased |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| `{one.table}` | {one.what} | {one.how_long} | {_erased(one)} |\n" for one in keepings)


def _erased(keeping: Keeping) -> str:
    if keeping.student is None:
        return ""
    if keeping.table == "student":
        return "name, number, address and groups are written over"
    if isinstance(keeping.erased, str):
        return "nothing stays"
    if keeping.erased:
        return f"{' and '.join(f'`{column}`' for column in keeping.erased)} emptied"
    return "stays, under the id"


if __name__ == "__main__":
    PAGE.write_text(text())
