"""The gateway's face to entrypoints: the door, the accounts, the one document."""

from injector import inject, provider, singleton

from university.gateway import api
from university.gateway.clients import SERVICE_NAME, People
from university.gateway.openapi.merging import Documents
from university.gateway.openapi.pages import Pages
from university.gateway.proxy.door import Door
from university.gateway.proxy.recognizing import Callers
from university.gateway.service import telling
from university.gateway.service.accounts import Accounts
from university.gateway.service.demo import Demo
from university.gateway.service.signing_in import SigningIn
from university.gateway.service.telling import Telling
from university.gateway.sessions import Cookies
from university.gateway.site.pages import BUILT, Site
from university.platform.assembly import Assembled
from university.platform.database import Primary, Replica
from university.platform.messaging.broker import Hearer
from university.platform.neighbors import Neighborhood
from university.platform.security import GATEWAY, Keyring
from university.platform.settings import Settings
from university.platform.wiring import Wiring


def _hearers() -> dict[str, Hearer]:
    """The gateway hears nothing."""
    return {}


class GatewayWiring(Wiring):
    """The gateway, put together like any module, with the door in front."""

    name = "gateway"
    issuers = (GATEWAY, SERVICE_NAME)
    """The names that the gateway signs with: for people, and for itself."""
    built = BUILT
    """Where the user interface is."""
    routes = staticmethod(inject(api.routes))
    hearers = staticmethod(inject(_hearers))

    @singleton
    @provider
    def people(self, neighborhood: Neighborhood, keyring: Keyring) -> People:
        """Students and instructors."""
        return People(neighborhood, keyring)

    @singleton
    @provider
    def signing_in(self, primary: Primary, people: People, settings: Settings) -> SigningIn:
        """Tokens; the demo accounts exist in development mode only."""
        return SigningIn(primary, Demo(people) if settings.mode == "development" else None)

    @singleton
    @provider
    def cookies(self, settings: Settings) -> Cookies:
        """The session's cookie; production is reached by https, which ends before it comes here."""
        return Cookies(secure=settings.mode == "production")

    @singleton
    @provider
    def accounts(self, primary: Primary, replica: Replica, people: People, signing_in: SigningIn) -> Accounts:
        """The accounts."""
        return Accounts(primary, replica, people, signing_in)

    @singleton
    @provider
    def telling(self, primary: Primary, settings: Settings) -> Telling:
        """What everybody may know."""
        return Telling(primary, settings.timezone)

    @singleton
    @provider
    def documents(self, neighborhood: Neighborhood) -> Documents:
        """The one document."""
        return Documents(neighborhood, telling.version())

    @singleton
    @provider
    def site(self) -> Site:
        """The pages for people."""
        return Site(self.built)

    @singleton
    @provider
    def door(
        self,
        settings: Settings,
        keyring: Keyring,
        neighborhood: Neighborhood,
        signing_in: SigningIn,
        cookies: Cookies,
        documents: Documents,
        site: Site,
    ) -> Door:
        """The door."""
        return Door(settings, keyring, neighborhood, Callers(signing_in, cookies), Pages(documents), site)


def door(gateway: Assembled) -> Door:
    """Return the WSGI app that everything public enters by."""
    return gateway.injector.get(Door)


def document(gateway: Assembled) -> bytes:
    """Return the one OpenAPI document as JSON."""
    return gateway.injector.get(Documents).merged()
