"""The cookie by which a browser shows its session, and what tells its own pages from other people's."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from university.platform.errors import Denied
from university.platform.language import Words

PATH = "/api/v1/auth/session"
"""Where sessions begin and end."""
HEADER, WANTED = "X-CSRF", "1"
"""What a page's own script sends with every change: no form can, and no other site's script may."""
_NOT_SENT = Words("Send the header X-CSRF: 1.", "Wyślij nagłówek X-CSRF: 1.")
_ELSEWHERE = Words("The request comes from another site.", "Żądanie pochodzi z innej witryny.")


class CsrfFailed(Denied):
    """A change that a browser was perhaps led to send by somebody else's page."""

    title = Words(
        "This change did not come from the university's own pages.",
        "Ta zmiana nie pochodzi ze stron uczelni.",
    )


class Cookies:
    """The session's cookie; a `secure` one is sent by https alone, and nobody else on the domain can set it."""

    def __init__(self, *, secure: bool) -> None:
        self.name = "__Host-session" if secure else "session"
        self._flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    def held(self, header: str | None) -> str | None:
        """Return the session in a request's `Cookie` header."""
        for cookie in (header or "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == self.name and value:
                return value
        return None

    def shown(self, session: str) -> str:
        """Return the `Cookie` header of a session."""
        return f"{self.name}={session}"

    def given(self, session: str) -> str:
        """Return the `Set-Cookie` header that hands out a session; it goes with the browser's last window."""
        return f"{self.name}={session}{self._flags}"

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
    # Whoever ends TLS in front knows the scheme; a script of the same host by http would need leave to send the header.
    if origin is not None and urlsplit(origin).netloc.lower() != environ.get("HTTP_HOST", "").lower():
        raise CsrfFailed(_ELSEWHERE)
