"""The gateway's own operations: signing in, the accounts, and the systems that call by themselves."""

from dataclasses import dataclass

from university.gateway.api import (
    accounting,
    auditing,
    browsing,
    federating,
    integrating,
    owning,
    privacy as private,
    provisioning,
    tokens,
)
from university.gateway.schemas import AboutOut
from university.gateway.service.accounts import Accounts
from university.gateway.service.activating import Activating
from university.gateway.service.federation import LASTS, Federation
from university.gateway.service.integrations import Integrations
from university.gateway.service.naming import Naming
from university.gateway.service.owning import Owning
from university.gateway.service.privacy import Privacy
from university.gateway.service.provisioning import Provisioning
from university.gateway.service.refreshing import Refreshing
from university.gateway.service.signing_in import SigningIn
from university.gateway.service.systems import Systems
from university.gateway.service.telling import About, Telling
from university.gateway.sessions import Cookies
from university.platform.database import Primary
from university.platform.settings import Settings
from university.platform.web import audit
from university.platform.web.routes import PUBLIC, Routes


@dataclass(frozen=True, slots=True)
class Keeping:
    """Those by whom accounts are kept: by administrators, and by the people themselves."""

    accounts: Accounts
    owning: Owning
    activating: Activating
    provisioning: Provisioning
    naming: Naming


@dataclass(frozen=True, slots=True)
class Integrating:
    """Those who let other systems in, and keep them."""

    systems: Systems
    integrations: Integrations


@dataclass(frozen=True, slots=True)
class Services:
    """Those by whom the operations are carried out."""

    signing_in: SigningIn
    refreshing: Refreshing
    keeping: Keeping
    integrating: Integrating
    federation: Federation
    privacy: Privacy
    telling: Telling


def routes(services: Services, cookies: Cookies, settings: Settings, primary: Primary) -> list[Routes]:
    """Return what the gateway serves itself."""
    declared = Routes("gateway", primary)
    _tell(declared, services.telling)
    tokens.declare(declared, services.signing_in, services.refreshing, services.keeping.accounts)
    browsing.declare(declared, services.signing_in, cookies)
    journeys = Cookies(secure=settings.mode == "production", name="sign-in", seconds=int(LASTS.total_seconds()))
    federating.declare(declared, services.federation, cookies, journeys)
    owning.declare(declared, services.keeping.owning, services.keeping.activating, cookies)
    accounting.declare(declared, services.keeping.accounts)
    provisioning.declare(declared, services.keeping.provisioning, services.keeping.activating)
    integrating.declare(declared, services.integrating.systems, services.integrating.integrations)
    private.declare(declared, services.privacy)
    audit.declare(declared, primary, "gateway")
    auditing.declare(declared, services.keeping.naming)
    return [declared]


def _tell(routes: Routes, telling: Telling) -> None:
    @routes.get("/about", roles=(PUBLIC,), gives=AboutOut, shared_for=1)
    def get_about() -> About:
        """Tell the university's time and time zone, and the release that answers."""
        return telling.about()
