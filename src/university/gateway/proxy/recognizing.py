"""Who is asking: the bearer of a token (a person or a system), or the browser that shows a session."""

from university.gateway import rules, sessions
from university.gateway.proxy import asking
from university.gateway.proxy.addresses import address_of
from university.gateway.proxy.asking import Environ
from university.gateway.service.signing_in import InvalidSession, SigningIn
from university.gateway.service.systems import Systems
from university.gateway.sessions import Cookies
from university.platform.security import Principal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Callers:
    """Recognizes those who ask; an `Authorization` header goes before a cookie."""

    def __init__(self, signing_in: SigningIn, systems: Systems, cookies: Cookies, proxies: int) -> None:
        self._signing_in, self._systems, self._cookies, self._proxies = signing_in, systems, cookies, proxies

    def find(self, environ: Environ, method: str, path: str) -> Principal | None:
        """Return the caller, or None for who shows nothing: catalogs are public.

        Raises `InvalidToken`, `InvalidSession`, and `CsrfFailed` for a change by cookie that another site may have
        sent. Where sessions begin and end, a cookie says nothing of who is asking, and every change is held to that.
        """
        token, session = asking.bearer_of(environ), self._session(environ)
        if method not in SAFE and (path == sessions.PATH or (session is not None and token is None)):
            sessions.check_origin(environ)
        if token is not None:
            return self._systems.bearer(token) or self._signing_in.bearer(token)
        begins = path == sessions.PATH or path.startswith(sessions.OIDC)
        return None if session is None or begins else self._visitor(session)

    def address(self, environ: Environ) -> str:
        """Return where a request came from."""
        return address_of(environ, self._proxies)

    def shown(self, environ: Environ, path: str) -> dict[str, str]:
        """Return the headers that tell operations of signing in what they need; everywhere else it stays outside.

        That is where the request came from, the digest of what its sender showed, and the session that begins or ends.
        """
        if not path.startswith(sessions.AUTH):
            return {}
        told = {sessions.ADDRESS: self.address(environ)}
        token, session = asking.bearer_of(environ), self._session(environ)
        digest = rules.session_digest(session or "") if token is None else rules.digest(token)
        if digest is not None:
            told[sessions.SHOWN] = digest.hex()
        if path == sessions.PATH and session is not None:
            told["Cookie"] = self._cookies.shown(session)
        if path.startswith(sessions.OIDC) and (cookies := environ.get("HTTP_COOKIE")):
            told["Cookie"] = cookies
        return told

    def _session(self, environ: Environ) -> str | None:
        return self._cookies.held(environ.get("HTTP_COOKIE"))

    def _visitor(self, session: str) -> Principal:
        try:
            return self._signing_in.visitor(session)
        except InvalidSession as refusal:
            refusal.headers["Set-Cookie"] = self._cookies.taken_back()
            raise
