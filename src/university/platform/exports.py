"""Exports: each module tells its tables page by page, as rows of text that its own import understands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from university.platform.database import Primary
from university.platform.errors import NotFound
from university.platform.language import Words
from university.platform.paging import Page, PageRequest

Tell = Callable[[PageRequest], Page]


class ExportNotFound(NotFound):
    """There is no table of this name."""

    title = Words("There is no such table.", "Nie ma takiej tabeli.")


@dataclass
class Exports:
    """The tables of one module by name; a page's items are mappings of columns to texts."""

    tables: Mapping[str, Tell]

    def page(self, table: str, wanted: PageRequest) -> Page:
        """Return a page of a table; raise `ExportNotFound`."""
        if table not in self.tables:
            raise ExportNotFound
        return self.tables[table](wanted)


def reading(primary: Primary, tell: Callable[[Session, PageRequest], Page]) -> Tell:
    """Return what tells a page from the database alone."""

    def page(wanted: PageRequest) -> Page:
        with primary.read() as session:
            return tell(session, wanted)

    return page
