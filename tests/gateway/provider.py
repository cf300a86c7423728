"""An OpenID Connect provider that keeps to the rules unless a test has it break one, and a browser that visits it."""

import base64
import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.house import Reply
from university.gateway import wiring
from university.platform.transport.near import call_wsgi
from university.platform.web.management import WsgiApp

CLIENT, SECRET, PUBLIC = "university", "a secret: with signs/+", "https://enroll.example.edu"
PAGE = "/api/v1/auth/oidc"
KEYS: dict[str, Any] = {"RS256": RSAKey.generate_key(2048), "ES256": ECKey.generate_key("P-256")}
ANNA = {"sub": "u-1", "preferred_username": "anna", "name": "Anna Żak", "student_number": "100001"}


@dataclass
class Provider:
    """A WSGI app; what it says of a person is `person`, and a test changes claims, header, key or whole answers."""

    person: dict[str, Any] = field(default_factory=lambda: dict(ANNA))
    issuer: str = ""
    alg: str = "RS256"
    key: Any = None
    kid: str = "first"
    published: dict[str, Any] = field(default_factory=lambda: {"first": KEYS["RS256"]})
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    token: str | None = None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    silence: float = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        time.sleep(self.silence)
        status, body = self.answers.get(path) or self._answer(path, environ)
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def authorize(self, address: str, **changed: str) -> str:
        """Let the person agree; return the query by which the browser comes back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return urlencode({"code": code, "state": asked["state"], "iss": self.issuer, "session_state": "x", **changed})

    def _answer(self, path: str, environ: dict[str, Any]) -> tuple[str, bytes]:
        if path == "/.well-known/openid-configuration":
            told = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }
            return "200 OK", msgspec.json.encode(told)
        if path == "/jwks":
            keys = [{**key.as_dict(private=False), "kid": kid, "use": "sig"} for kid, key in self.published.items()]
            return "200 OK", msgspec.json.encode({"keys": keys})
        if path == "/token":
            return self._exchanged(environ)
        return "404 Not Found", b"{}"

    def _exchanged(self, environ: dict[str, Any]) -> tuple[str, bytes]:
        told = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()))
        named = base64.b64decode(environ["HTTP_AUTHORIZATION"].removeprefix("Basic ")).decode()
        asked = self.codes.pop(told.get("code", ""), None)
        if named != f"{CLIENT}:a%20secret%3A%20with%20signs%2F%2B":
            return "401 Unauthorized", b'{"error": "invalid_client"}'
        challenge = hashlib.sha256(told["code_verifier"].encode()).digest()
        fits = asked and asked["code_challenge"] == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if not asked or not fits or asked["redirect_uri"] != told["redirect_uri"]:
            return "400 Bad Request", b'{"error": "invalid_grant"}'
        token = self.token if self.token is not None else self.minted(asked["nonce"])
        return "200 OK", msgspec.json.encode({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def minted(self, nonce: str) -> str:
        """Return an id token, as the test wants it."""
        now = int(time.time())
        good = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**good, **self.claims}.items() if value is not None}
        header = {"alg": self.alg, "kid": self.kid, **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(header, claims, self.key or KEYS[self.alg], algorithms=[self.alg])


@dataclass
class Browser:
    """A browser: keeps cookies, and follows nothing by itself."""

    house: Any
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Open an address of ours."""
        door: WsgiApp = wiring.door(self.house.modules["gateway"])
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = call_wsgi(door, method, path, headers, b"")
        for name, value in answer.headers:
            if name == "Set-Cookie":
                self._keep(value)
        return Reply(answer.status, dict(answer.headers), answer.body)

    def depart(self, query: str = "") -> str:
        """Leave for the provider; return the address there."""
        reply = self.open(f"{PAGE}/login{query}")
        assert reply.status == 303, reply.body
        return reply.headers["Location"]

    def return_by(self, query: str) -> Reply:
        """Come back."""
        return self.open(f"{PAGE}/callback?{query}")

    def sign_in(self, provider: Provider, query: str = "") -> Reply:
        """Go there and come back."""
        return self.return_by(provider.authorize(self.depart(query)))

    def _keep(self, cookie: str) -> None:
        told, *flags = cookie.split("; ")
        name, _, value = told.partition("=")
        self.cookies.pop(name, None)
        if "Max-Age=0" not in flags:
            self.cookies[name] = value


def problem_of(reply: Reply) -> str:
    """Return the code with which a browser was led back to the sign-in page."""
    assert reply.status == 303, reply.body
    page, _, query = reply.headers["Location"].partition("?")
    assert page == "/sign-in"
    return dict(parse_qsl(query))["problem"]
