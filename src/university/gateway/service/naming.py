"""Name those who act: the audit keeps ids, and people read names."""

from collections.abc import Collection
from dataclasses import dataclass

from university.gateway import repository
from university.gateway.repository import integrations
from university.platform import auditing
from university.platform.database import Replica, is_id
from university.platform.paging import Page


@dataclass(frozen=True, slots=True)
class Actor:
    """An account, or a system, which has no username."""

    id: str
    name: str
    username: str | None


class Naming:
    """The accounts and systems of this university by their ids."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def actors(self, ids: Collection[str]) -> Page:
        """Return those who have one of the ids, on one page."""
        wanted = {one.lower() for one in ids if is_id(one)}
        with self._replica.read() as session:
            accounts = repository.accounts_among(session, wanted)
            systems = integrations.among(session, wanted)
        auditing.about(*(account.student_id for account in accounts))
        found = [Actor(one.id, one.name, one.username) for one in accounts]
        return Page([*found, *(Actor(one.id, one.name, None) for one in systems)], None)
