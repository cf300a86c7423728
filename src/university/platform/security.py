"""Who is asking: short-lived signed tokens between the parts of the university, and the roles they carry."""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from university.platform.errors import Denied, Unauthenticated
from university.platform.language import Words

LIFETIME = 300
"""Seconds a token lives at most."""
TYPE = "identity+jwt"
GATEWAY = "gateway"
"""The only issuer that vouches for people; every other issuer vouches for itself, as a service."""
SERVICE = "service"
DEVELOPMENT = "development-"
"""What the name (`kid`) of a key begins with that everybody may know; the issuer's name follows."""
CACHED = 20_000
_REGISTRY = jwt.JWTClaimsRegistry(
    iss={"essential": True},
    aud={"essential": True},
    exp={"essential": True},
    sub={"essential": True},
    roles={"essential": True},
)
_caller: ContextVar["Principal | None"] = ContextVar("caller", default=None)


class InvalidIdentity(Unauthenticated):
    """The identity token is missing, expired, forged or meant for somebody else."""

    title = Words("The identity is not valid.", "Tożsamość jest nieważna.")


class RoleMissing(Denied):
    """The caller has none of the roles this needs."""

    title = Words("Your role does not allow this.", "Twoja rola na to nie pozwala.")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: a name to remember, and what the name may do. Carries no personal data."""

    subject: str
    roles: frozenset[str]
    student_id: str | None = None
    instructor_id: str | None = None

    def has(self, *roles: str) -> bool:
        """Tell whether the principal has one of the roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(slots=True)
class Keyring:
    """The keys of one process: its own to sign with, and everybody's public ones to verify with.

    Tokens are cached in both directions until shortly before they expire; the caches are bounded.
    """

    private: dict[str, ECKey]
    public: dict[str, ECKey]
    _signed: dict[tuple[str, str, Principal], tuple[float, str]] = field(default_factory=dict)
    _verified: dict[tuple[str, str], tuple[float, Principal]] = field(default_factory=dict)
    _seals: dict[str, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def ephemeral(cls, *issuers: str) -> "Keyring":
        """Return fresh keys for issuers that live and die in this process."""
        keys = {issuer: ECKey.generate_key("P-256") for issuer in issuers}
        return cls(keys, keys)

    @classmethod
    def of_files(cls, signing: Path, trusted: Path, *, secret: bool = False) -> "Keyring":
        """Return the keys of two JWKS files, each key named (`kid`) by its issuer; raise `ValueError`, `OSError`.

        Where they must be `secret`, a development key in either is refused: whoever has read our files could sign.
        """
        return cls(_keys_of(signing, secret=secret), _keys_of(trusted, secret=secret))

    def sign(self, issuer: str, audience: str, principal: Principal) -> str:
        """Return a token by which `audience` knows that `issuer` vouches for the principal."""
        wanted = (issuer, audience, principal)
        expires, token = self._signed.get(wanted, (0.0, ""))
        if expires - time.time() > LIFETIME / 5:
            return token
        expires = int(time.time()) + LIFETIME
        claims = {
            "iss": issuer,
            "aud": audience,
            "sub": principal.subject,
            "roles": sorted(principal.roles),
            "student_id": principal.student_id,
            "instructor_id": principal.instructor_id,
            "exp": expires,
        }
        token = jwt.encode({"alg": "ES256", "typ": TYPE, "kid": issuer}, claims, self.private[issuer])
        with self._lock:
            _forget_half(self._signed)
            self._signed[wanted] = (expires, token)
        return token

    def verify(self, audience: str, token: str) -> Principal:
        """Return the principal a token vouches for; raise `InvalidIdentity`."""
        expires, principal = self._verified.get((audience, token), (0.0, None))
        if principal is not None and expires > time.time():
            return principal
        claims = self._claims(token)
        if claims["aud"] != audience:
            raise InvalidIdentity
        principal = Principal(
            claims["sub"], frozenset(claims["roles"]), claims.get("student_id"), claims.get("instructor_id")
        )
        with self._lock:
            _forget_half(self._verified)
            self._verified[audience, token] = (claims["exp"], principal)
        return principal

    def seal(self, issuer: str, text: str) -> str:
        """Return a mark of 32 characters that only a holder of the issuer's private key can put on a text."""
        if issuer not in self._seals:
            private: Any = self.private[issuer].as_dict(private=True)["d"]
            self._seals[issuer] = hashlib.sha256(f"seal of {issuer}: {private}".encode()).digest()
        return hmac.digest(self._seals[issuer], text.encode(), "sha256").hex()[:32]

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            decoded = jwt.decode(token, lambda held: self.public[held.headers()["kid"]], algorithms=["ES256"])
            _REGISTRY.validate(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise InvalidIdentity from error
        issuer = decoded.header["kid"]
        if decoded.header.get("typ") != TYPE or decoded.claims["iss"] != issuer:
            raise InvalidIdentity
        if not _may_vouch(issuer, decoded.claims["sub"], decoded.claims["roles"]):
            raise InvalidIdentity
        return decoded.claims


@contextmanager
def calling(principal: Principal | None) -> Iterator[None]:
    """Remember who is asking for the duration of one request."""
    token = _caller.set(principal)
    try:
        yield
    finally:
        _caller.reset(token)


def caller() -> Principal | None:
    """Return who is asking, or None when nobody said."""
    return _caller.get()


def authorize(*roles: str) -> Principal:
    """Return the caller, who has one of the roles; raise `Unauthenticated` or `RoleMissing`. No roles: any caller."""
    principal = _caller.get()
    if principal is None:
        raise Unauthenticated
    if roles and not principal.has(*roles):
        raise RoleMissing
    return principal


def new_keys(*issuers: str, prefix: str = "") -> dict[str, Any]:
    """Return fresh private keys as a JWKS, each named by its issuer; `prefix` may be `DEVELOPMENT`."""
    keys = [ECKey.generate_key("P-256", {"kid": prefix + issuer, "use": "sig", "alg": "ES256"}) for issuer in issuers]
    return {"keys": [key.as_dict(private=True) for key in keys]}


def public_keys(*private: Mapping[str, Any]) -> dict[str, Any]:
    """Return the public halves of several JWKS as one."""
    keys = [ECKey.import_key(dict(key)) for jwks in private for key in jwks["keys"]]
    return {"keys": [key.as_dict(private=False) for key in keys]}


def _keys_of(file: Path, *, secret: bool) -> dict[str, ECKey]:
    told = msgspec.json.decode(file.read_bytes(), type=dict[str, list[dict[str, str | list[str]]]])
    keys = {str(key["kid"]): ECKey.import_key(key) for key in told["keys"]}
    if secret and (known := [name for name in keys if name.startswith(DEVELOPMENT)]):
        raise ValueError(f"{file} holds development keys ({', '.join(known)}), and production mode takes none")
    return {name.removeprefix(DEVELOPMENT): key for name, key in keys.items()}


def _may_vouch(issuer: str, subject: str, roles: list[str]) -> bool:
    """Tell whether an issuer is believed: the gateway about people, everybody else only about being themselves."""
    if issuer == GATEWAY:
        return SERVICE not in roles
    return roles == [SERVICE] and subject == issuer


def _forget_half(cache: dict[Any, Any]) -> None:
    """Keep a cache bounded: past the limit its older half goes."""
    if len(cache) >= CACHED:
        for key in list(cache)[: CACHED // 2]:
            del cache[key]


def remember(principal: Principal) -> None:
    """Take note of the caller of the request being served; only the platform's web layer says so."""
    _caller.set(principal)
