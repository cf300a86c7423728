"""Tokens as anybody might make them: good ones, changed anywhere, by any key."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from university.platform.security import Keyring

HEADER = {"alg": "ES256", "typ": "identity+jwt", "kid": "gateway"}
STRANGER = ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(2048)


@dataclass(frozen=True)
class Base:
    """A token that a module believes, before anybody changes it: of a person, or of a neighbor."""

    keyring: Keyring
    audience: str
    issuer: str = "gateway"

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return what it says, changed; None leaves a claim out."""
        now = int(time.time())
        is_person = self.issuer == "gateway"
        good = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": "somebody" if is_person else self.issuer,
            "roles": ["registrar", "admin"] if is_person else ["service"],
            "iat": now,
            "exp": now + 100,
            **changed,
        }
        return {name: value for name, value in good.items() if value is not None}

    def header(self, **changed: Any) -> dict[str, Any]:
        """Return its header, changed; None leaves a name out."""
        whole = {**HEADER, "kid": self.issuer, **changed}
        return {name: value for name, value in whole.items() if value is not None}

    def token(self, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
        """Return the token, by the issuer's key unless another is given."""
        whole = self.header(**(header or {}))
        signing = key or self.keyring.private[self.issuer]
        return jwt.encode(whole, self.claims(**changed), signing, algorithms=[str(whole["alg"])])

    def raw(self, header: Any, claims: Any, signature: str = "") -> str:
        """Return a token of any parts."""
        return f"{part(header)}.{part(claims)}.{signature}"

    def by_public_key(self) -> str:
        """Return a token sealed by what everybody may know, as if it were a secret."""
        unsealed = f"{part(self.header(alg='HS256'))}.{part(self.claims())}"
        public = self.keyring.public[self.issuer].as_pem(private=False)
        return f"{unsealed}.{part(hmac.digest(public, unsealed.encode(), 'sha256'))}"


def part(content: Any) -> str:
    """Return one part of a token."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def later(seconds: int) -> int:
    """Return a moment so many seconds from now."""
    return int(time.time()) + seconds


_OTHER = {"course": "student", "student": "enrollment", "enrollment": "course", "gateway": "course"}
Attack = Callable[[Base], str]
_JWK = STRANGER.as_dict(private=False)
_URL = "https://attacker.example.edu/keys.json"


def saying(**changed: Any) -> Attack:
    """Return the good token that says something else."""
    return lambda base: base.token(**changed)


def headed(key: Any = None, **changed: Any) -> Attack:
    """Return the good token with another header, perhaps by another key."""
    return lambda base: base.token(changed, key)


def unsigned(**changed: Any) -> Attack:
    """Return the good token with another header and no signature to speak of."""
    return lambda base: base.raw(base.header(**changed), base.claims(), part(bytes(64)))


UNSIGNED: dict[str, Attack] = {
    **{f"alg {alg!r}": unsigned(alg=alg) for alg in ("none", "None", "NONE", "nOnE", "", 5, ["ES256"], {"a": 1})},
    "alg none, nothing signed": lambda base: base.raw(base.header(alg="none"), base.claims()),
    "HS256 by the public key": lambda base: base.by_public_key(),
    "RS256": headed(RSA, alg="RS256"),
    "no signature": lambda base: base.token().rpartition(".")[0] + ".",
    "another's signature": lambda base: base.token().rpartition(".")[0] + "." + base.token(iat=1).rpartition(".")[2],
    "a null signature": lambda base: base.raw(base.header(), base.claims(), part(bytes(64))),
}
NAMED: dict[str, Attack] = {
    "a stranger's key": headed(STRANGER),
    "a stranger's key, brought along": headed(STRANGER, jwk=_JWK),
    "a stranger's key, to be fetched": headed(STRANGER, jku=_URL),
    "a stranger's certificate, to be fetched": headed(STRANGER, x5u=_URL),
    "a stranger's certificate": headed(STRANGER, x5c=["MIIB"]),
    "a good key with another brought along": headed(jwk=_JWK),
    "a good key with an address": headed(jku=_URL),
    "no kid": headed(kid=None),
    **{
        f"kid {kid!r}": unsigned(kid=kid)
        for kid in ("", "nobody", "../trusted.json", "/dev/null", "gateway' OR '1'='1", "gateway.", ["gateway"], 1)
    },
    "the kid of another": lambda base: base.token({"kid": another(base)}),
    "crit": unsigned(crit=["exp"]),
}
SAYING: dict[str, Attack] = {
    **{f"no {name}": saying(**{name: None}) for name in ("iss", "aud", "sub", "exp", "iat", "roles")},
    "no roles in the list": saying(roles=[]),
    "roles as a word": saying(roles="registrar"),
    "roles as numbers": saying(roles=[1]),
    "another issuer": lambda base: base.token(iss=another(base)),
    "for another": lambda base: base.token(aud=_OTHER[base.audience]),
    "for several": lambda base: base.token(aud=[base.audience, _OTHER[base.audience]]),
    "for a list of one": lambda base: base.token(aud=[base.audience]),
    "for everybody": saying(aud="*"),
    "no typ": headed(typ=None),
    "an access token of another kind": headed(typ="at+jwt"),
    "an ID token": lambda base: base.token({"typ": "JWT"}, nonce="n", email="a@example.edu", azp=base.audience),
    "expired": lambda base: base.token(iat=later(-200), exp=later(-1)),
    "expired long ago": saying(iat=1, exp=2),
    "not yet": lambda base: base.token(nbf=later(60)),
    "signed in the future": lambda base: base.token(iat=later(60), exp=later(100)),
    "living too long": lambda base: base.token(exp=later(302)),
    "living for ever": saying(exp=2**40),
    "expiring at a word": saying(exp="tomorrow"),
    "expiring at no number": saying(exp=float("nan")),
    "expiring at infinity": saying(exp=float("inf")),
    "issued before it was": lambda base: base.token(iat=-(2**60), exp=later(100)),
    "a subject that is none": saying(sub=""),
    "a subject that is a number": saying(sub=5),
    "a student that is a list": saying(student_id=["a"]),
}
VOUCHING: dict[str, Attack] = {
    "a person as a service": lambda base: Base(base.keyring, base.audience).token(roles=["service"], sub="gateway"),
    "a person as a service too": lambda base: Base(base.keyring, base.audience).token(roles=["registrar", "service"]),
    "a person called as a service": lambda base: Base(base.keyring, base.audience).token(
        roles=["service"], sub=_OTHER[base.audience]
    ),
    "a service for a person": lambda base: of_neighbor(base).token(roles=["registrar"]),
    "a service for an administrator": lambda base: of_neighbor(base).token(roles=["admin"], sub="root"),
    "a service for a student": lambda base: of_neighbor(base).token(roles=["student"], student_id="x"),
    "a service with a person's role": lambda base: of_neighbor(base).token(roles=["service", "registrar"]),
    "a service for another": lambda base: of_neighbor(base).token(sub="gateway-service"),
    "a service as the gateway": lambda base: of_neighbor(base).token(iss="gateway", roles=["registrar"]),
    "a service for the asked one": lambda base: of_neighbor(base).token(sub=base.audience),
}
GARBLED: dict[str, Attack] = {
    "nothing": lambda _: "",
    "a word": lambda _: "token",
    "dots": lambda _: "..",
    "four parts": lambda base: base.token() + "." + part({}),
    "five parts": lambda base: ".".join([base.token(), part({}), part({})]),
    "huge": lambda base: base.token(student_id="x" * 10_000),
    "huge and nothing else": lambda _: "x" * 60_000,
    "nested": lambda base: base.raw(b"[" * 3000, b"{" * 3000),
    "a list": lambda base: base.raw([], []),
    "not UTF-8": lambda base: base.raw(b"\xff\xfe", b"\xff"),
    "a token in a token": lambda base: base.raw(base.header(cty="JWT"), base.token()),
    "a name twice": lambda base: base.raw(
        b'{"alg":"none","alg":"ES256","typ":"identity+jwt","kid":"gateway"}', base.claims(), part(bytes(64))
    ),
    "an encrypted one": lambda base: base.raw({"alg": "dir", "enc": "A256GCM", "kid": base.issuer}, "a") + "a.a",
}
ATTACKS = {**UNSIGNED, **NAMED, **SAYING, **VOUCHING, **GARBLED}


def of_neighbor(base: Base) -> Base:
    """Return the token of a neighbor instead."""
    return Base(base.keyring, base.audience, _OTHER[base.audience])


def another(base: Base) -> str:
    """Return an issuer that is not the token's."""
    return next(name for name in _OTHER if name != base.issuer)
