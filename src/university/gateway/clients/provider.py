"""The university's OpenID Connect provider, asked within narrow limits: it may be slow, away, or say anything."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import urllib3
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from urllib3.exceptions import HTTPError

from university.platform import telemetry
from university.platform.errors import Unavailable
from university.platform.language import Words
from university.platform.sharing import Share
from university.platform.transport.breaker import Breaker

FRESH, STALE = 3600.0, 30.0
"""Seconds for which what the provider told is good, and after which an unknown key makes us ask anew."""
LONGEST, LARGEST = 5.0, 262_144
"""Seconds that an answer may take in all, and the bytes it may have."""
_DISCOVERY = "/.well-known/openid-configuration"
_log = telemetry.log("gateway")
Key = ECKey | RSAKey


class ProviderUnavailable(Unavailable):
    """The provider does not answer, or says nothing sensible."""

    title = Words(
        "The university's sign-in service does not answer right now.",
        "Usługa logowania uczelni chwilowo nie odpowiada.",
    )


class CodeRefused(Exception):
    """The provider gives nothing for a code: it is wrong, late or used up."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    tells_issuer: bool
    """Whether its answers by way of the browser name it (RFC 9207)."""


@dataclass(slots=True)
class _Told:
    """Something it told, and when."""

    content: Any = None
    at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Provider:
    """One provider; everything asked of it raises `ProviderUnavailable` when there is no sensible answer.

    Only so many threads wait for it at once, and none while it is known to be away, so that others sign in all the
    same.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, *, threads: int = 4) -> None:
        self.issuer, self.client_id, self._secret = issuer, client_id, client_secret
        self._share, self._breaker = Share(max(1, threads // 4), queue=1), Breaker()
        self._metadata, self._keys = _Told(), _Told()
        timeout = urllib3.Timeout(connect=2.0, read=3.0)
        self._http = urllib3.PoolManager(maxsize=2, timeout=timeout, retries=False)

    def metadata(self) -> Metadata:
        """Return what it publishes of itself, at most an hour old."""
        told: Metadata = self._fresh(self._metadata, self._discover, FRESH)
        return told

    def key(self, kid: str | None) -> Key | None:
        """Return its public key of this name, or its only one for no name; None when it has none like that."""
        keys = self._fresh(self._keys, self._read_keys, FRESH)
        if (found := _named(keys, kid)) is None:
            found = _named(self._fresh(self._keys, self._read_keys, STALE), kid)
        return found

    def id_token(self, code: str, verifier: str, redirect_uri: str) -> str:
        """Return the id token for a code; raise `CodeRefused`."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        # The two are form-encoded before they become the parts of basic authentication (RFC 6749, 2.3.1).
        named = f"{quote(self.client_id, safe='')}:{quote(self._secret, safe='')}"
        headers = urllib3.make_headers(basic_auth=named)
        status, told = self._ask("POST", self.metadata().token_endpoint, headers, fields)
        if status in {400, 401, 403}:
            _log.warning("the provider refused a code", status=status, fault=_word(told.get("error")))
            raise CodeRefused
        if status != 200 or not isinstance(told.get("id_token"), str):  # noqa: PLR2004 - the one success there is
            raise ProviderUnavailable
        token: str = told["id_token"]
        return token

    def _fresh(self, told: _Told, ask: Any, seconds: float) -> Any:
        """Return what was told before, or asked anew once it is older; while one asks, others take what there is."""
        if told.content is not None and time.monotonic() - told.at < seconds:
            return told.content
        if not told.lock.acquire(blocking=told.content is None):
            return told.content
        try:
            if told.content is None or time.monotonic() - told.at >= seconds:
                told.content = ask()
                told.at = time.monotonic()
        except ProviderUnavailable:
            if told.content is None:
                raise
            # What it told before is good enough for a while; the next one to need it asks again.
            told.at = time.monotonic() - FRESH + STALE
        finally:
            told.lock.release()
        return told.content

    def _discover(self) -> Metadata:
        status, told = self._ask("GET", self.issuer.removesuffix("/") + _DISCOVERY, {})
        try:
            metadata = Metadata(
                told["issuer"],
                told["authorization_endpoint"],
                told["token_endpoint"],
                told["jwks_uri"],
                told.get("authorization_response_iss_parameter_supported") is True,
            )
        except KeyError as error:
            raise ProviderUnavailable from error
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        if status != 200 or metadata.issuer != self.issuer or not all(map(self._is_as_safe, addresses)):  # noqa: PLR2004
            _log.warning("the provider describes something else", status=status)
            raise ProviderUnavailable
        return metadata

    def _is_as_safe(self, address: Any) -> bool:
        """Tell whether an address is reached by https, unless the issuer itself is not."""
        return isinstance(address, str) and urlsplit(address).scheme in {"https", urlsplit(self.issuer).scheme}

    def _read_keys(self) -> dict[str | None, Key]:
        status, told = self._ask("GET", self.metadata().jwks_uri, {})
        keys = told.get("keys")
        if status != 200 or not isinstance(keys, list):  # noqa: PLR2004
            raise ProviderUnavailable
        return dict(found for one in keys if isinstance(one, dict) and (found := _key(one)))

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], fields: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        began = time.monotonic()
        if self._breaker.wait(began) or not self._share.take():
            raise ProviderUnavailable
        try:
            status, body = self._answer(method, url, headers, fields, began + LONGEST)
        except (HTTPError, OSError, ValueError) as error:
            self._breaker.failed(began, time.monotonic())
            _log.warning("the provider did not answer", fault=type(error).__name__)
            raise ProviderUnavailable from error
        finally:
            self._share.leave()
        self._breaker.succeeded(began)
        try:
            return status, msgspec.json.decode(body, type=dict[str, Any])
        except (ValueError, RecursionError) as error:
            raise ProviderUnavailable from error

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str], fields: Mapping[str, str] | None, until: float
    ) -> tuple[int, bytes]:
        told = {"Accept": "application/json", **headers}
        options: dict[str, Any] = {"fields": dict(fields), "encode_multipart": False} if fields else {}
        response = self._http.request(method, url, headers=told, redirect=False, preload_content=False, **options)
        try:
            body = b""
            for piece in response.stream(16_384, decode_content=False):
                body += piece
                if len(body) > LARGEST or time.monotonic() > until:
                    raise ValueError("too much, or too slow")
            return response.status, body
        finally:
            # What is left of an answer cut short must not be read as the next one.
            response.close()


def _key(one: dict[str, Any]) -> tuple[str | None, Key] | None:
    """Return a public key by its name, or None for one that is not for signing, or of a kind that we do not take."""
    if one.get("use", "sig") != "sig":
        return None
    try:
        key: Key
        if one.get("kty") == "RSA":
            key = RSAKey.import_key({name: one[name] for name in ("kty", "n", "e")})
        elif one.get("kty") == "EC" and one.get("crv") == "P-256":
            key = ECKey.import_key({name: one[name] for name in ("kty", "crv", "x", "y")})
        else:
            return None
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return (one["kid"] if isinstance(one.get("kid"), str) else None), key


def _named(keys: dict[str | None, Key], kid: str | None) -> Key | None:
    if kid is None:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return keys.get(kid)


def _word(text: Any) -> str | None:
    """Return a provider's error code for the log: a short word, or nothing."""
    return text if isinstance(text, str) and text.isascii() and text.isprintable() and len(text) < 50 else None  # noqa: PLR2004
