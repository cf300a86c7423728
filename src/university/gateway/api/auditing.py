"""Who the actors of the audit are, over HTTP."""

from typing import Any

from university.gateway.schemas.actors import ActorList, ActorsIn
from university.gateway.service.naming import Naming
from university.platform.paging import Page
from university.platform.web import audit
from university.platform.web.routes import Routes


def declare(routes: Routes, naming: Naming) -> None:
    """Declare it."""

    @routes.post("/audit/actors", roles=audit.READERS, scope=audit.SCOPE, takes=ActorsIn, gives=ActorList)
    def name_actors(body: dict[str, Any]) -> Page:
        """Tell who the actors of the audit are: accounts and systems; of who is gone, nothing is told."""
        return naming.actors(body["ids"])
