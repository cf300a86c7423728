"""Who is asking: short-lived signed tokens between the parts of the university, and the roles they carry."""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
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
from university.platform.keys import LOOK, LOOK_SOONER, KeyFiles, Keys, issuer_of
from university.platform.language import Words

LIFETIME = 300
"""Seconds a token lives at most."""
TYPE, LIMITED = "identity+jwt", "limited-identity+jwt"
"""The types of tokens; whoever knows nothing of scopes yet does not know the type of a token limited to them either."""
GATEWAY = "gateway"
"""The only issuer that vouches for people; every other issuer vouches for itself, as a service."""
SERVICE = "service"
SKEW = 30
"""Seconds by which the clock of who signed may be ahead of one's own; nobody's is behind when a token expires."""
LONGEST = 4_096
"""Characters of a token that are looked at."""
CACHED = 20_000
_HEADER = {"alg", "typ", "kid"}
_caller: ContextVar["Principal | None"] = ContextVar("caller", default=None)


class InvalidIdentity(Unauthenticated):
    """The identity token is missing, expired, forged or meant for somebody else."""

    title = Words("The identity is not valid.", "Tożsamość jest nieważna.")


class RoleMissing(Denied):
    """The caller has none of the roles this needs."""

    title = Words("Your role does not allow this.", "Twoja rola na to nie pozwala.")


class ScopeMissing(Denied):
    """The caller is a system, and was not given the scope that this needs."""

    title = Words("This system was not given that scope.", "Temu systemowi nie nadano tego zakresu.")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: a name to remember, and what the name may do. Carries no personal data.

    A system has `scopes` as well, and its roles reach no further than these; a person has none and needs none.
    """

    subject: str
    roles: frozenset[str]
    student_id: str | None = None
    instructor_id: str | None = None
    scopes: frozenset[str] | None = None

    def has(self, *roles: str) -> bool:
        """Tell whether the principal has one of the roles."""
        return not self.roles.isdisjoint(roles)

    def reaches(self, scope: str) -> bool:
        """Tell whether the principal is a person, or a system that was given the scope."""
        return self.scopes is None or scope in self.scopes


class Claims(msgspec.Struct, frozen=True):
    """What a token says: who vouches to whom for whom, and from when until when, in seconds since the epoch."""

    iss: str
    aud: str
    sub: str
    roles: list[str]
    iat: int
    exp: int
    nbf: int = 0
    student_id: str | None = None
    instructor_id: str | None = None
    scopes: list[str] | msgspec.UnsetType = msgspec.UNSET

    @property
    def type(self) -> str:
        """The `typ` of a token that says this."""
        return TYPE if self.scopes is msgspec.UNSET else LIMITED

    @property
    def principal(self) -> Principal:
        """Who it is about."""
        scopes = None if self.scopes is msgspec.UNSET else frozenset(self.scopes)
        return Principal(self.sub, frozenset(self.roles), self.student_id, self.instructor_id, scopes)

    def holds_at(self, now: float) -> bool:
        """Tell whether the token is good now, and lives no longer than tokens do."""
        return max(self.iat, self.nbf) <= now + SKEW and now < self.exp <= self.iat + LIFETIME


@dataclass(slots=True)
class Keyring:
    """The keys of one process: its own to sign with, and everybody's public ones to verify with.

    Keys of files are looked at again every few seconds. Tokens are cached in both directions until shortly before they
    expire or the keys change; the caches are bounded.
    """

    private: Keys
    public: Keys
    files: KeyFiles | None = None
    _signed: dict[tuple[str, str, Principal], tuple[float, str]] = field(default_factory=dict)
    _verified: dict[tuple[str, str], tuple[float, Principal]] = field(default_factory=dict)
    _seals: dict[str, bytes] = field(default_factory=dict)
    _looked: float = field(default_factory=time.monotonic)
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
        files = KeyFiles(signing, trusted, secret)
        return cls(*files.read(), files)

    def sign(self, issuer: str, audience: str, principal: Principal) -> str:
        """Return a token by which `audience` knows that `issuer` vouches for the principal."""
        self._look(LOOK)
        wanted, cache = (issuer, audience, principal), self._signed
        expires, token = cache.get(wanted, (0.0, ""))
        if expires - time.time() > LIFETIME / 5:
            return token
        name, key = self._own(issuer)[0]
        now = int(time.time())
        claims = Claims(
            iss=issuer,
            aud=audience,
            sub=principal.subject,
            roles=sorted(principal.roles),
            iat=now,
            exp=now + LIFETIME,
            nbf=now,
            student_id=principal.student_id,
            instructor_id=principal.instructor_id,
            scopes=msgspec.UNSET if principal.scopes is None else sorted(principal.scopes),
        )
        header = {"alg": "ES256", "typ": claims.type, "kid": name}
        token = jwt.encode(header, msgspec.to_builtins(claims), key)
        with self._lock:
            _forget_half(cache)
            cache[wanted] = (now + LIFETIME, token)
        return token

    def verify(self, audience: str, token: str) -> Principal:
        """Return the principal a token vouches for; raise `InvalidIdentity`."""
        self._look(LOOK)
        # Who verifies while the keys change keeps the result where nobody looks any more.
        cache = self._verified
        expires, principal = cache.get((audience, token), (0.0, None))
        if principal is not None and expires > time.time():
            return principal
        claims = self._claims(token)
        if claims.aud != audience:
            raise InvalidIdentity
        principal = claims.principal
        with self._lock:
            _forget_half(cache)
            cache[audience, token] = (claims.exp, principal)
        return principal

    def seal(self, issuer: str, text: str) -> str:
        """Return a mark of 32 characters that only a holder of the issuer's private key can put on a text."""
        seals = self._seals
        return _mark(seals, *self._own(issuer)[0], text)

    def is_sealed(self, issuer: str, text: str, mark: str) -> bool:
        """Tell whether a text bears the mark of any private key of the issuer: of the one before, and the next, too."""
        seals = self._seals
        return any(hmac.compare_digest(_mark(seals, *own, text), mark) for own in self._own(issuer))

    def _own(self, issuer: str) -> list[tuple[str, ECKey]]:
        """Return an issuer's private keys by name, the one that signs first; raise `KeyError`."""
        found = [(name, key) for name, key in self.private.items() if issuer_of(name) == issuer]
        if not found:
            raise KeyError(issuer)
        return found

    def _look(self, patience: float) -> None:
        """Take the keys of the files if they have changed and nobody has looked for so many seconds."""
        if self.files is None or time.monotonic() - self._looked < patience:
            return
        with self._lock:
            if time.monotonic() - self._looked < patience:
                return
            if found := self.files.read_again():
                self.private, self.public = found
                self._signed, self._verified, self._seals = {}, {}, {}
            self._looked = time.monotonic()

    def _claims(self, token: str) -> Claims:
        if len(token) > LONGEST:
            raise InvalidIdentity
        try:
            decoded = jwt.decode(token, lambda held: self._known(held.headers()["kid"]), algorithms=["ES256"])
            claims = msgspec.convert(decoded.claims, Claims)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise InvalidIdentity from error
        if decoded.header.keys() != _HEADER or decoded.header["typ"] != claims.type:
            raise InvalidIdentity
        if claims.iss != issuer_of(decoded.header["kid"]) or not claims.holds_at(time.time()):
            raise InvalidIdentity
        if not _may_vouch(claims.iss, claims.sub, claims.roles):
            raise InvalidIdentity
        return claims

    def _known(self, name: str) -> ECKey:
        if name not in self.public:
            self._look(LOOK_SOONER)
        return self.public[name]


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


def authorize(*roles: str, scope: str | None = None) -> Principal:
    """Return the caller, who has one of the roles and reaches the scope. No roles: any caller; no scope: any reach.

    Raises `Unauthenticated`, `ScopeMissing` or `RoleMissing`.
    """
    principal = _caller.get()
    if principal is None:
        raise Unauthenticated
    if scope is not None and not principal.reaches(scope):
        raise ScopeMissing(scope=scope)
    if roles and not principal.has(*roles):
        raise RoleMissing
    return principal


def _mark(seals: dict[str, bytes], name: str, key: ECKey, text: str) -> str:
    if name not in seals:
        private: Any = key.as_dict(private=True)["d"]
        seals[name] = hashlib.sha256(f"seal of {issuer_of(name)}: {private}".encode()).digest()
    return hmac.digest(seals[name], text.encode(), "sha256").hex()[:32]


def _may_vouch(issuer: str, subject: str, roles: list[str]) -> bool:
    """Tell whether an issuer is believed: the gateway about people, everybody else only about being themselves."""
    if issuer == GATEWAY:
        return bool(subject and roles) and SERVICE not in roles
    return roles == [SERVICE] and subject == issuer


def _forget_half(cache: dict[Any, Any]) -> None:
    """Keep a cache bounded: past the limit its older half goes."""
    if len(cache) >= CACHED:
        for key in list(cache)[: CACHED // 2]:
            del cache[key]


def remember(principal: Principal | None) -> None:
    """Take note of the caller of the request being served, or of nobody; only the platform's web layer says so."""
    _caller.set(principal)
