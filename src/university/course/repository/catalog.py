"""The catalog as one thing: its revision, which grows with every change of a term, a course or an equivalence."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.course.models import CatalogRevision
from university.platform import database

REVISION = select(CatalogRevision.__table__.c.revision)


def change(session: Session) -> None:
    """Count one change; until the transaction ends, nobody else changes the catalog.

    So no two changes, each harmless alone, can close a circle of requisites together.
    """
    counted = database.insert(session, CatalogRevision).values(id=1, revision=1)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=[CatalogRevision.id], set_={"revision": CatalogRevision.revision + 1}
        )
    )


def revision(session: Session) -> int:
    """Return the catalog's revision."""
    return session.scalar(REVISION) or 0
