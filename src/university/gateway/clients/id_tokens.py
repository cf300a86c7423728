"""Whether an id token is the one that was asked for: signed by the provider, for us, for this sign-in, just now."""

from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from university.gateway.clients.provider import Provider

ALGORITHMS = ["RS256", "ES256"]
"""By which a token may be signed: a public key for each, so that whoever verifies could not have signed."""
SKEW = timedelta(seconds=60)
"""How far the provider's clock may be from ours."""
OLDEST = timedelta(minutes=10)
"""How long ago it may have been issued: it comes straight from the provider."""
LONGEST_SUBJECT = 255


class IdTokenRefused(Exception):
    """The token is not believed; why is for the log alone."""


def claims(provider: Provider, token: str, nonce: str, now: datetime) -> dict[str, Any]:
    """Return what a token claims; raise `IdTokenRefused`, or `ProviderUnavailable` where its key cannot be learned."""
    told = _signed(provider, token)
    issued = _moment(told, "iat")
    faults = {
        "iss": told.get("iss") != provider.issuer,
        "aud": not _is_for(told, provider.client_id),
        "azp": told.get("azp", provider.client_id) != provider.client_id,
        "exp": _moment(told, "exp") + SKEW.total_seconds() <= now.timestamp(),
        "iat": abs(now.timestamp() - issued) > (OLDEST if issued < now.timestamp() else SKEW).total_seconds(),
        "nonce": told.get("nonce") != nonce,
        "sub": not _is_subject(told.get("sub")),
    }
    if wrong := [name for name, is_wrong in faults.items() if is_wrong]:
        raise IdTokenRefused(", ".join(wrong))
    return told


def _signed(provider: Provider, token: str) -> dict[str, Any]:
    def key(held: Any) -> Any:
        header = held.headers()
        found = provider.key(header.get("kid"))
        # A kind of key that does not belong to the algorithm is refused by the library.
        if found is None:
            raise IdTokenRefused("kid")
        return found

    try:
        decoded = jwt.decode(token, key, algorithms=ALGORITHMS)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IdTokenRefused(type(error).__name__) from error
    return decoded.claims


def _is_for(told: dict[str, Any], client_id: str) -> bool:
    """Tell whether a token is for a client: for others too only if it says who it was given to."""
    audience = told.get("aud")
    if isinstance(audience, list):
        return client_id in audience and (len(audience) == 1 or told.get("azp") == client_id)
    return bool(audience == client_id)


def _is_subject(told: Any) -> bool:
    return isinstance(told, str) and 0 < len(told) <= LONGEST_SUBJECT and "\0" not in told


def _moment(told: dict[str, Any], name: str) -> float:
    moment = told.get(name)
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise IdTokenRefused(name)
    return float(moment)
