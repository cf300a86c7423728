"""Who is asking: the bearer of a token, or the browser that shows a session."""

from university.gateway import sessions
from university.gateway.proxy import asking
from university.gateway.proxy.asking import Environ
from university.gateway.service.signing_in import InvalidSession, SigningIn
from university.gateway.sessions import Cookies
from university.platform.security import Principal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Callers:
    """Recognizes those who ask; an `Authorization` header goes before a cookie."""

    def __init__(self, signing_in: SigningIn, cookies: Cookies) -> None:
        self._signing_in, self._cookies = signing_in, cookies

    def find(self, environ: Environ, method: str, path: str) -> Principal | None:
        """Return the caller, or None for who shows nothing: catalogs are public.

        Raises `InvalidToken`, `InvalidSession`, and `CsrfFailed` for a change by cookie that another site may have
        sent. Where sessions begin and end, a cookie says nothing of who is asking, and every change is held to that.
        """
        token, session = asking.bearer_of(environ), self._session(environ)
        if method not in SAFE and (path == sessions.PATH or (session is not None and token is None)):
            sessions.check_origin(environ)
        if token is not None:
            return self._signing_in.bearer(token)
        return None if session is None or path == sessions.PATH else self._visitor(session)

    def shown(self, environ: Environ, path: str) -> dict[str, str]:
        """Return the header that tells which session begins or ends; everywhere else cookies stay outside."""
        session = self._session(environ) if path == sessions.PATH else None
        return {} if session is None else {"Cookie": self._cookies.shown(session)}

    def _session(self, environ: Environ) -> str | None:
        return self._cookies.held(environ.get("HTTP_COOKIE"))

    def _visitor(self, session: str) -> Principal:
        try:
            return self._signing_in.visitor(session)
        except InvalidSession as refusal:
            refusal.headers["Set-Cookie"] = self._cookies.taken_back()
            raise
