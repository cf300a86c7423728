"""The gateway's face to entrypoints: the door, the accounts, the one document."""

from functools import partial

from injector import inject, provider, singleton

from university.gateway import api
from university.gateway.clients import SERVICE_NAME, People
from university.gateway.clients.provider import Provider
from university.gateway.limits import Limits
from university.gateway.openapi.merging import Documents
from university.gateway.openapi.pages import Contact, Pages
from university.gateway.proxy.door import Door
from university.gateway.proxy.recognizing import Callers
from university.gateway.rules import Role
from university.gateway.service import forgetting, telling
from university.gateway.service.accounts import Accounts
from university.gateway.service.activating import Activating
from university.gateway.service.claiming import Claims
from university.gateway.service.demo import Demo
from university.gateway.service.enlisting import Enlisting
from university.gateway.service.federation import Federation, Seals
from university.gateway.service.guarding import Guard
from university.gateway.service.integrations import Integrations
from university.gateway.service.metering import Metering, Shared
from university.gateway.service.naming import Naming
from university.gateway.service.owning import Owning
from university.gateway.service.privacy import Privacy
from university.gateway.service.provisioning import Provisioning
from university.gateway.service.refreshing import Refreshing
from university.gateway.service.signing_in import SigningIn
from university.gateway.service.systems import Systems
from university.gateway.service.telling import Telling
from university.gateway.sessions import Cookies
from university.gateway.site.pages import BUILT, Site
from university.platform.assembly import Assembled
from university.platform.database import Primary, Replica
from university.platform.messaging.broker import Hearer
from university.platform.neighbors import Neighborhood
from university.platform.schedule import Chore
from university.platform.security import GATEWAY, Keyring
from university.platform.settings import Settings
from university.platform.sharing import Share
from university.platform.wiring import Wiring


def _hearers() -> dict[str, Hearer]:
    """The gateway hears nothing."""
    return {}


def _chores(primary: Primary) -> list[Chore]:
    return [forgetting.chore(primary)]


class GatewayWiring(Wiring):
    """The gateway, put together like any module, with the door in front."""

    name = "gateway"
    issuers = (GATEWAY, SERVICE_NAME)
    """The names that the gateway signs with: for people, and for itself."""
    built = BUILT
    """Where the user interface is."""
    routes = staticmethod(inject(api.routes))
    hearers = staticmethod(inject(_hearers))
    chores = staticmethod(inject(_chores))

    @singleton
    @provider
    def people(self, neighborhood: Neighborhood, keyring: Keyring) -> People:
        """Students and instructors."""
        return People(neighborhood, keyring)

    @singleton
    @provider
    def guard(self, primary: Primary, keyring: Keyring, settings: Settings) -> Guard:
        """What stands before every check of a password; in production it leaves a thread to everybody else."""
        is_production, half = settings.mode == "production", max(1, settings.threads // 2)
        share = Share(half, queue=half - 1) if is_production else Share(settings.threads)
        return Guard(primary, partial(keyring.seal, GATEWAY), share, limits_addresses=is_production)

    @singleton
    @provider
    def signing_in(self, primary: Primary, people: People, guard: Guard, settings: Settings) -> SigningIn:
        """Tokens; the demo accounts exist in development mode only."""
        return SigningIn(primary, Demo(people) if settings.mode == "development" else None, guard)

    @singleton
    @provider
    def refreshing(self, primary: Primary, signing_in: SigningIn) -> Refreshing:
        """What keeps a program signed in."""
        return Refreshing(primary, signing_in)

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
    def keeping(
        self, primary: Primary, people: People, signing_in: SigningIn, guard: Guard, accounts: Accounts, naming: Naming
    ) -> api.Keeping:
        """How accounts are kept."""
        owning, activating = Owning(primary, signing_in, guard), Activating(primary, signing_in, guard)
        return api.Keeping(accounts, owning, activating, Provisioning(primary, people), naming)

    @singleton
    @provider
    def systems(self, primary: Primary) -> Systems:
        """The bearers of systems' tokens."""
        return Systems(primary)

    @singleton
    @provider
    def integrations(self, primary: Primary, replica: Replica, systems: Systems) -> Integrations:
        """The systems that call by themselves."""
        return Integrations(primary, replica, systems)

    @singleton
    @provider
    def privacy(self, primary: Primary, neighborhood: Neighborhood, keyring: Keyring, signing_in: SigningIn) -> Privacy:
        """What is kept about a student, everywhere."""
        return Privacy(primary, neighborhood, keyring, signing_in)

    @singleton
    @provider
    def naming(self, replica: Replica) -> Naming:
        """Who the actors of the audit are."""
        return Naming(replica)

    @singleton
    @provider
    def telling(self, primary: Primary, settings: Settings) -> Telling:
        """What everybody may know."""
        return Telling(primary, settings.timezone, settings.oidc_label)

    @singleton
    @provider
    def federation(
        self, primary: Primary, people: People, signing_in: SigningIn, keyring: Keyring, settings: Settings
    ) -> Federation:
        """The way to the university's own sign-in, which leads nowhere unless one is named."""
        claims = Claims(
            settings.oidc_student_number_claim,
            settings.oidc_instructor_number_claim,
            settings.oidc_roles_claim,
            {told: Role(role) for told, role in settings.oidc_offices.items()},
        )
        return Federation(
            primary,
            _provider(settings),
            Enlisting(primary, people, signing_in, claims),
            signing_in,
            Seals(partial(keyring.seal, GATEWAY), partial(keyring.is_sealed, GATEWAY)),
            public_url=settings.public_url,
            scopes=settings.oidc_scopes,
        )

    @singleton
    @provider
    def integrating(self, systems: Systems, integrations: Integrations) -> api.Integrating:
        """What is done for other systems."""
        return api.Integrating(systems, integrations)

    @singleton
    @provider
    def services(
        self,
        signing_in: SigningIn,
        refreshing: Refreshing,
        keeping: api.Keeping,
        integrating: api.Integrating,
        federation: Federation,
        privacy: Privacy,
        telling: Telling,
    ) -> api.Services:
        """All that carries out the gateway's own operations."""
        return api.Services(signing_in, refreshing, keeping, integrating, federation, privacy, telling)

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
    def callers(self, signing_in: SigningIn, systems: Systems, cookies: Cookies, settings: Settings) -> Callers:
        """Who is asking."""
        return Callers(signing_in, systems, cookies, settings.trusted_proxies)

    @singleton
    @provider
    def limits(self, primary: Primary, settings: Settings) -> Limits:
        """How much each caller may ask for; gateways that share a server count there, one with a file alone."""
        is_shared = primary.engine.dialect.name == "postgresql"
        return Limits(settings, Metering(Shared(primary) if is_shared else None))

    @singleton
    @provider
    def door(
        self,
        settings: Settings,
        keyring: Keyring,
        neighborhood: Neighborhood,
        callers: Callers,
        limits: Limits,
        documents: Documents,
        site: Site,
    ) -> Door:
        """The door."""
        contact = Contact(settings.security_contact, settings.public_url) if settings.security_contact else None
        return Door(settings, keyring, neighborhood, callers, limits, Pages(documents, contact), site)


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, threads=settings.threads
    )


def door(gateway: Assembled) -> Door:
    """Return the WSGI app that everything public enters by."""
    return gateway.injector.get(Door)


def document(gateway: Assembled) -> bytes:
    """Return the one OpenAPI document as JSON."""
    return gateway.injector.get(Documents).merged()
