"""What a module tells of its things as they stand now, as the events it would announce: others renew copies from it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import Select
from sqlalchemy.orm import Session

from university.platform.database import Primary
from university.platform.errors import invalid
from university.platform.language import Words
from university.platform.messaging.outbox import Announced, Event

MOST = 1_000
"""Most things told in one answer."""
_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_UNKNOWN_KIND = Words("Nothing of this kind is told.", "Niczego takiego się nie podaje.")
Key = Annotated[str, Meta(pattern=_ID)]
Keys = Annotated[list[Key], Meta(max_length=MOST)]


class StatesWanted(msgspec.Struct, frozen=True):
    """Which things of a kind: those of `ids`, or else a page of at most `limit` after an id, in order of ids."""

    kind: str
    ids: Keys | None = None
    after: Key | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 200
    reads: list[str] | None = None
    """The fields of the data that the asker reads; others may be left out. All without."""

    def narrow(self, query: Select[Any], key: Any) -> Select[Any]:
        """Return a question for just these things, by the column of their id."""
        if self.ids is not None:
            return query.where(key.in_(self.ids)).order_by(key)
        if self.after is not None:
            query = query.where(key > self.after)
        return query.order_by(key).limit(self.limit)


class States(msgspec.Struct, frozen=True):
    """Things as they stand; `next` is the id that the next page comes after, None at the end."""

    states: list[Event]
    next: str | None = None


class AnnouncementsWanted(msgspec.Struct, frozen=True):
    """Things whose last news are asked about."""

    ids: Keys


class Announcements(msgspec.Struct, frozen=True):
    """What became of the last news of things; what nobody remembers is left out."""

    announced: list[Announced]


Source = Callable[[Session, StatesWanted], Sequence[Event]]
"""Reads, in order of ids, the things that are wanted."""


def tell(primary: Primary, sources: Mapping[str, Source], wanted: StatesWanted) -> States:
    """Return the wanted states; raise `InvalidRequest` for a kind that nothing is told of."""
    source = sources.get(wanted.kind)
    if source is None:
        raise invalid("kind", _UNKNOWN_KIND)
    with primary.read() as session:
        found = list(source(session, wanted))
    more = wanted.ids is None and len(found) == wanted.limit
    return States(found, found[-1].subject if more else None)
