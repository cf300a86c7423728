"""Sign people in whom the university's OpenID Connect provider vouches for: code with PKCE, one browser, once."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import msgspec

from university.gateway.clients import id_tokens
from university.gateway.clients.id_tokens import IdTokenRefused
from university.gateway.clients.provider import CodeRefused, Provider, ProviderUnavailable
from university.gateway.repository import federated
from university.gateway.service.enlisting import Enlisting, FederationRefused
from university.gateway.service.signing_in import InvalidCredentials, SigningIn
from university.platform import database, telemetry
from university.platform.database import Primary
from university.platform.errors import NotFound, Unavailable
from university.platform.language import Words

LASTS = timedelta(minutes=10)
"""How long somebody may take at the provider."""
_COOKIE = re.compile(r"([\w-]{1,4000})\.([0-9a-f]{32})", re.ASCII)
_LONGEST_NEXT = 1000
_log = telemetry.log("gateway")


class SignInCanceled(FederationRefused):
    """Whoever signs in, or the provider, broke off there."""

    title = Words("Signing in was broken off.", "Logowanie zostało przerwane.")


class SignInFailed(FederationRefused):
    """What came back is not what this browser was sent for, is late, came before, or is not believed."""

    title = Words("Signing in did not work; try again.", "Logowanie nie powiodło się; spróbuj ponownie.")


class SignInUnavailable(FederationRefused):
    """The provider, or who knows students and instructors, does not answer."""

    title = Words("The university's sign-in does not answer right now.", "Logowanie uczelni chwilowo nie odpowiada.")


@dataclass(frozen=True, slots=True)
class Journey:
    """What a browser keeps while it is at the provider: a secret, when it left, and where it wants to be after."""

    secret: str
    left_at: datetime
    next: str

    def derived(self, purpose: str) -> str:
        """Return what the secret gives for a purpose: nobody gets one of them from another."""
        mark = hmac.digest(self.secret.encode(), purpose.encode(), "sha256")
        return base64.urlsafe_b64encode(mark).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Seals:
    """How a text is marked as ours, and how a mark is told from another."""

    put: Callable[[str], str]
    fits: Callable[[str, str], bool]


class Federation:
    """Leads browsers to the provider and takes them back; without a provider, everything raises `NotFound`."""

    def __init__(
        self,
        primary: Primary,
        provider: Provider | None,
        enlisting: Enlisting,
        signing_in: SigningIn,
        seals: Seals,
        *,
        public_url: str,
        scopes: str,
    ) -> None:
        self._primary, self._known, self._seals = primary, provider, seals
        self._enlisting, self._signing_in, self._scopes = enlisting, signing_in, scopes
        self._redirect_uri = public_url.rstrip("/") + "/api/v1/auth/oidc/callback"

    @property
    def _provider(self) -> Provider:
        if self._known is None:
            raise NotFound
        return self._known

    def begin(self, wanted: str | None) -> tuple[str, str]:
        """Return the provider's address to go to, and the cookie to take along; raise `SignInUnavailable`."""
        try:
            address = self._provider.metadata().authorization_endpoint
        except ProviderUnavailable as error:
            raise SignInUnavailable from error
        with self._primary.read() as session:
            journey = Journey(secrets.token_urlsafe(32), database.now(session), local(wanted))
        challenge = hashlib.sha256(journey.derived("verifier").encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self._scopes,
            "state": journey.derived("state"),
            "nonce": journey.derived("nonce"),
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(address).query else "?"
        return f"{address}{joint}{urlencode(query)}", self._sealed(journey)

    def finish(self, told: Mapping[str, str], cookie: str | None, before: str | None) -> tuple[str, str]:
        """Return a new session, and where its browser wants to be; raise a `FederationRefused`.

        `told` is what the provider says by way of the browser. The session that the browser had `before` ends.
        """
        provider, journey = self._provider, self._journey(cookie)
        try:
            code = self._code(told, journey)
            token = provider.id_token(code, journey.derived("verifier"), self._redirect_uri)
            with self._primary.read() as session:
                now = database.now(session)
            claims = id_tokens.claims(provider, token, journey.derived("nonce"), now)
            account = self._enlisting.account_of(provider.issuer, claims)
            session_text = self._signing_in.vouched(account, before)
        except (CodeRefused, IdTokenRefused, InvalidCredentials) as error:
            _log.warning("federated sign-in failed", kind=type(error).__name__, fault=str(error))
            raise SignInFailed from error
        except Unavailable as error:
            raise SignInUnavailable from error
        return session_text, journey.next

    def _code(self, told: Mapping[str, str], journey: Journey) -> str:
        """Return the code that the provider gave for a journey, which is over with this; raise `SignInFailed`."""
        if not hmac.compare_digest(told.get("state", "").encode(), journey.derived("state").encode()):
            raise SignInFailed
        with self._primary.begin() as session:
            now = database.now(session)
            if not journey.left_at - LASTS < now < journey.left_at + LASTS:
                raise SignInFailed
            digest = hashlib.sha256(journey.secret.encode()).digest()
            if not federated.use_up(session, digest, journey.left_at + LASTS):
                raise SignInFailed
        metadata = self._provider.metadata()
        if told.get("iss", metadata.issuer) != metadata.issuer or (metadata.tells_issuer and "iss" not in told):
            raise SignInFailed
        if "error" in told or not told.get("code"):
            raise SignInCanceled
        return told["code"]

    def _sealed(self, journey: Journey) -> str:
        packed = base64.urlsafe_b64encode(msgspec.json.encode(journey)).decode().rstrip("=")
        return f"{packed}.{self._seals.put(f'journey {packed}')}"

    def _journey(self, cookie: str | None) -> Journey:
        """Return what a browser took along; raise `SignInFailed` for what we did not seal."""
        parts = _COOKIE.fullmatch(cookie or "")
        if parts is None or not self._seals.fits(f"journey {parts[1]}", parts[2]):
            raise SignInFailed
        packed = parts[1] + "=" * (-len(parts[1]) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(packed), type=Journey)


def local(wanted: str | None) -> str:
    """Return an address of our own pages: the one wanted, or the first page for one that could lead elsewhere."""
    if not wanted or len(wanted) > _LONGEST_NEXT or not wanted.isprintable() or "\\" in wanted or " " in wanted:
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_path = wanted.startswith("/") and not wanted.startswith("//") and not parts.scheme and not parts.netloc
    # A page, and nothing that programs ask for: an address of the API could do something.
    return wanted if is_path and not parts.path.startswith("/api/") else "/"
