"""The door itself, a plain WSGI app: route, caller, body, and on to the module, within the deadline."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from university.gateway import routes
from university.gateway.openapi.pages import Pages
from university.gateway.proxy import answering, asking
from university.gateway.service.signing_in import InvalidToken, SigningIn
from university.platform import deadline, language, telemetry
from university.platform.deadline import DeadlineExceeded
from university.platform.errors import NotFound, Refusal, Unavailable
from university.platform.language import Words
from university.platform.neighbors import Answer, Neighborhood, NeighborUnavailable
from university.platform.security import GATEWAY, Keyring, Principal
from university.platform.settings import Settings
from university.platform.web import metrics

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
_log = telemetry.log("gateway")
_UNKNOWN_OUTCOME = Words(
    "It is not known whether it was done; ask again, with the same Idempotency-Key if you sent one.",
    "Nie wiadomo, czy to wykonano; ponów żądanie z tym samym Idempotency-Key, jeśli został podany.",
)


class MethodNotAllowed(Refusal):
    """The address does not take this method."""

    status = 405
    title = Words("This address does not take this method.", "Ten adres nie obsługuje tej metody.")

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.headers["Allow"] = ", ".join(sorted(allowed))


class ServiceUnavailable(Unavailable):
    """The part of the university that answers here did not."""

    title = Words("This part of the university does not answer right now.", "Ta część systemu chwilowo nie odpowiada.")


class GatewayTimeout(Unavailable):
    """The part of the university that answers here took longer than a request may take."""

    status = 504
    title = Words("This took too long.", "Trwało to zbyt długo.")


@dataclass(slots=True)
class _Visit:
    """What is known of one request by now."""

    method: str
    path: str
    environ: asking.Environ
    template: str = "unknown"
    who: Principal | None = None
    body_taken: bool = False


class Door:
    """Everything public enters here."""

    def __init__(
        self, settings: Settings, keyring: Keyring, neighborhood: Neighborhood, signing_in: SigningIn, pages: Pages
    ) -> None:
        self._settings, self._keyring, self._neighborhood = settings, keyring, neighborhood
        self._signing_in, self._pages = signing_in, pages

    def __call__(self, environ: asking.Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request; write its access line, which holds no query, no body and no name."""
        began = time.perf_counter()
        method: str = environ["REQUEST_METHOD"]
        visit = _Visit(method if method in METHODS else "OTHER", asking.path_of(environ) or "/", environ)
        with telemetry.tracing(environ.get("HTTP_TRACEPARENT")):
            language.choose(environ.get("HTTP_ACCEPT_LANGUAGE"))
            answer = self._answer(visit)
            seconds = time.perf_counter() - began
            metrics.observe("gateway", f"{visit.method} {visit.template}", answer.status, seconds)
            _log.info(
                "request",
                method=visit.method,
                route=visit.template,
                status=int(answer.status),
                ms=round(seconds * 1000, 2),
                subject=visit.who.subject if visit.who else None,
            )
            chunks = answering.send(start_response, answer)
            return chunks if visit.body_taken else answering.Parting(chunks, lambda: asking.forget_rest(environ))

    def _answer(self, visit: _Visit) -> Answer:
        try:
            return self._page(visit) if visit.path in self._pages else self._passed_on(visit)
        except Refusal as refusal:
            return answering.of_refusal(refusal, visit.path, visit.method)
        except Exception:  # noqa: BLE001 - the edge: whatever it was, the client gets a problem
            _log.exception("surprise", path=visit.path)
            return answering.of_surprise(visit.path, visit.method)

    def _page(self, visit: _Visit) -> Answer:
        visit.template = visit.path
        if visit.method not in SAFE:
            raise MethodNotAllowed(SAFE)
        if visit.method == "OPTIONS":
            return answering.of_options(SAFE)
        return answering.of_page(self._pages.read(visit.path), visit.method, visit.environ.get("HTTP_IF_NONE_MATCH"))

    def _passed_on(self, visit: _Visit) -> Answer:
        route = routes.find(visit.path)
        if route is None:
            raise NotFound
        visit.template = route.template
        if visit.method not in METHODS:
            raise MethodNotAllowed(METHODS)
        visit.who = self._caller(route.module, visit)
        may_upload = visit.who is not None and asking.is_upload(visit.environ)
        limit = self._settings.upload_limit if may_upload else self._settings.body_limit
        body = asking.body_of(visit.environ, limit)
        visit.body_taken = True
        return answering.of_module(self._ask(route.module, visit, body), visit.method)

    def _caller(self, module: str, visit: _Visit) -> Principal | None:
        """Return the bearer of the token, or None for who brings none: catalogs are public."""
        token = asking.bearer_of(visit.environ)
        try:
            return None if token is None else self._signing_in.bearer(token)
        except InvalidToken:
            self._refuse_wrong_address(module, visit)
            raise

    def _refuse_wrong_address(self, module: str, visit: _Visit) -> None:
        """Refuse what nobody could ask, whoever it was: what is wrong with the address is told before the token."""
        answer = self._neighborhood.send(module, "OPTIONS", asking.target_of(visit.path, {}), {})
        if answer.status == HTTPStatus.NOT_FOUND:
            raise NotFound
        allowed = next((value.split(", ") for name, value in answer.headers if name == "Allow"), METHODS)
        if visit.method not in allowed:
            raise MethodNotAllowed(allowed)

    def _ask(self, module: str, visit: _Visit, body: bytes) -> Answer:
        moment = time.time() + self._settings.request_timeout
        headers = asking.headers_of(visit.environ)
        headers[deadline.HEADER] = str(int(moment * 1000))
        headers["traceparent"] = telemetry.traceparent() or ""
        if visit.who:
            headers["Authorization"] = f"Bearer {self._keyring.sign(GATEWAY, module, visit.who)}"
        target = asking.target_of(visit.path, visit.environ)
        try:
            with deadline.until(moment):
                return self._neighborhood.send(module, visit.method, target, headers, body)
        except (DeadlineExceeded, NeighborUnavailable) as error:
            kind = GatewayTimeout if time.time() >= moment else ServiceUnavailable
            raise kind(None if visit.method in SAFE else _UNKNOWN_OUTCOME) from error
