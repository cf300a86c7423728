"""The cookie by which a browser shows its session, and what tells its own pages from other people's."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from university.platform.errors import Denied
from university.platform.language import Words

PATH = "/api/v1/auth/session"
"""Where sessions begin and end."""
OIDC = "/api/v1/auth/oidc/"
"""Where the way leads to the provider and back; there, too, a session begins."""
AUTH = "/api/v1/auth/"
"""Below this, operations are told what was shown to the door, and where from."""
SHOWN, ADDRESS = "X-Shown", "X-Client-Address"
"""The headers that tell it: the digest of a token or a session, and an address."""
HEADER, WANTED = "X-CSRF", "1"
"""What a page's own script sends with every change: no form can, and no other site's script may."""
_USUAL = {"http": 80, "https": 443}
_NOT_SENT = Words("Send the header X-CSRF: 1.", "Wyślij nagłówek X-CSRF: 1.")
_ELSEWHERE = Words("The request comes from another site.", "Żądanie pochodzi z innej witryny.")


class CsrfFailed(Denied):
    """A change that a browser was perhaps led to send by somebody else's page."""

    title = Words(
        "This change did not come from the university's own pages.",
        "Ta zmiana nie pochodzi ze stron uczelni.",
    )


class Cookies:
    """A cookie, the session's unless told; a `secure` one is sent by https alone, and nobody else can set it.

    It goes with the browser's last window, or after some `seconds`.
    """

    def __init__(self, *, secure: bool, name: str = "session", seconds: int | None = None) -> None:
        self.name = f"__Host-{name}" if secure else name
        self._age = "" if seconds is None else f"; Max-Age={seconds}"
        self._flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    def held(self, header: str | None) -> str | None:
        """Return what it holds in a request's `Cookie` header."""
        for cookie in (header or "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == self.name and value:
                return value
        return None

    def shown(self, session: str) -> str:
        """Return the `Cookie` header of a session."""
        return f"{self.name}={session}"

    def given(self, session: str) -> str:
        """Return the `Set-Cookie` header that hands it out."""
        return f"{self.name}={session}{self._age}{self._flags}"

    def taken_back(self) -> str:
        """Return the `Set-Cookie` header that makes a browser forget its session."""
        return f"{self.name}=; Max-Age=0{self._flags}"


def check_origin(environ: Mapping[str, Any]) -> None:
    """Raise `CsrfFailed` for a change that a page of this very origin cannot have sent."""
    if environ.get("HTTP_X_CSRF") != WANTED:
        raise CsrfFailed(_NOT_SENT)
    if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") != "same-origin":
        raise CsrfFailed(_ELSEWHERE)
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and not _is_here(origin, environ.get("HTTP_HOST", "")):
        raise CsrfFailed(_ELSEWHERE)


def _is_here(origin: str, host: str) -> bool:
    """Tell whether an origin is the host that was asked.

    Whoever ends TLS in front knows by which scheme; a script of the same host by another one would need leave to send
    the header.
    """
    scheme, _, place = origin.partition("://")
    try:
        (its_name, its_port), (name, port) = _place(place, scheme), _place(host, scheme)
    except ValueError:
        return False
    return name is not None and (its_name, its_port) == (name, port)


def _place(text: str, scheme: str) -> tuple[str | None, int | None]:
    """Return name and port of `name:port`, without regard to case and to whether the usual port is told."""
    told = urlsplit(f"//{text}")
    return told.hostname, told.port or _USUAL.get(scheme)
