"""Rules about the source that keep whole kinds of flaws out: each reads a module's files, and tells what breaks it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import university
from tests.security.rules import addressing, deciding, listing, owning, querying, viewing
from tests.security.rules.reading import Sources

Rule = Callable[[Sources], Iterator[str]]

RULES: tuple[Rule, ...] = (
    owning.the_object_is_checked,
    owning.the_owner_is_no_word_of_the_body,
    listing.a_list_is_a_page,
    deciding.what_was_looked_at_is_locked,
    querying.nothing_is_written_into_sql,
    viewing.a_view_opens_no_session,
    addressing.no_address_names_anybody,
)


def sources_of(module: str) -> Sources:
    """Return the files of a module of ours."""
    root = Path(str(university.__file__)).parent / module
    return {str(file.relative_to(root)): ast.parse(file.read_text(encoding="utf-8")) for file in root.rglob("*.py")}
