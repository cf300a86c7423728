"""The door itself, a plain WSGI app: route, caller, body, and on to the module, within the deadline."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from university.gateway import routes
from university.gateway.limits import Limits
from university.gateway.openapi.pages import Pages
from university.gateway.proxy import answering, asking
from university.gateway.proxy.asking import Body
from university.gateway.proxy.passing import Passage
from university.gateway.proxy.recognizing import SAFE, Callers
from university.gateway.proxy.refusing import GatewayBusy, MethodNotAllowed, as_seen_outside
from university.gateway.service.signing_in import InvalidSession, InvalidToken
from university.gateway.sessions import CsrfFailed
from university.gateway.site.pages import Site
from university.platform import deadline, language, telemetry
from university.platform.deadline import DeadlineExceeded
from university.platform.errors import NotFound, Refusal, Unavailable
from university.platform.neighbors import Neighborhood, NeighborUnavailable
from university.platform.security import GATEWAY, Keyring, Principal
from university.platform.settings import Settings
from university.platform.sharing import Share
from university.platform.transport.exchange import Answer, Fault, Flow, Request
from university.platform.web import metrics, problems

METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
_log = telemetry.log("gateway")


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
        self,
        settings: Settings,
        keyring: Keyring,
        neighborhood: Neighborhood,
        callers: Callers,
        limits: Limits,
        pages: Pages,
        site: Site,
    ) -> None:
        self._settings, self._keyring, self._callers, self._limits = settings, keyring, callers, limits
        self._pages, self._site = pages, site
        self._passage = Passage(neighborhood, settings.threads)
        self._long_bodies = Share(max(1, settings.threads // 2))

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
            return chunks if visit.body_taken else answering.Parting(chunks, lambda: self._forget_rest(environ))

    def _answer(self, visit: _Visit) -> Answer | Flow:
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

    def _passed_on(self, visit: _Visit) -> Answer | Flow:
        route = routes.find(visit.path)
        if route is None:
            return self._shown(visit)
        visit.template = route.template
        if visit.method not in METHODS:
            raise MethodNotAllowed(METHODS)
        visit.who = self._caller(route.module, visit)
        told = self._limits.hold(visit.who, lambda: self._callers.address(visit.environ))
        body = self._body(visit)
        visit.body_taken = True
        try:
            answer = self._ask(route.module, visit, body)
        finally:
            body.close()
        return answering.of_module(answer, visit.method, told, may_set_cookies=route.module == GATEWAY)

    def _shown(self, visit: _Visit) -> Answer:
        """Show a page for people; to whoever looks for none, nothing is here."""
        path, environ = asking.page_of(visit.environ), visit.environ
        if self._site.is_for_programs(environ["PATH_INFO"]):
            raise NotFound
        found, is_person = self._site.find(path or ""), asking.reads_pages(environ)
        if found is not None and visit.method in {"GET", "HEAD"}:
            visit.template = "page"
            return answering.of_file(found, environ)
        if not is_person:
            raise NotFound
        if found is not None:
            allow, status = ("Allow", "GET, HEAD"), HTTPStatus.METHOD_NOT_ALLOWED
            return answering.of_file(self._site.not_taken, environ, allow, status=status)
        return answering.of_file(self._site.not_found, environ, status=HTTPStatus.NOT_FOUND)

    def _body(self, visit: _Visit) -> Body:
        """Take in the body; of those that a thread may have to wait for, only so many at once."""
        may_upload = visit.who is not None and asking.is_upload(visit.environ)
        limit = self._settings.upload_limit if may_upload else self._settings.body_limit
        if not asking.is_long(visit.environ):
            return asking.body_of(visit.environ, limit)
        if not self._long_bodies.take():
            raise GatewayBusy
        try:
            return asking.body_of(visit.environ, limit)
        finally:
            self._long_bodies.leave()

    def _forget_rest(self, environ: asking.Environ) -> None:
        """Take in a body nobody wanted, for a client that listens only afterwards; never while others wait to send."""
        if asking.is_long(environ) and self._long_bodies.take(0):
            try:
                asking.forget_rest(environ)
            finally:
                self._long_bodies.leave()

    def _caller(self, module: str, visit: _Visit) -> Principal | None:
        """Return who is asking, or None for who does not say; what is wrong with the address is told first."""
        try:
            with deadline.until(time.time() + self._settings.request_timeout):
                return self._callers.find(visit.environ, visit.method, visit.path)
        except (InvalidToken, InvalidSession, CsrfFailed):
            self._limits.hold(None, lambda: self._callers.address(visit.environ))
            self._refuse_wrong_address(module, visit)
            raise
        except (DBAPIError, PoolTimeout) as error:
            raise problems.of_database(error, visit.path) from error

    def _refuse_wrong_address(self, module: str, visit: _Visit) -> None:
        """Refuse what nobody could ask, whoever it was: what is wrong with the address is told before the token."""
        try:
            with deadline.until(time.time() + self._settings.neighbor_timeout):
                answer = self._passage.open(module, Request("OPTIONS", asking.target_of(visit.path, {}), {}))
        except (Unavailable, Fault):
            return
        if answer.status == HTTPStatus.NOT_FOUND:
            raise NotFound
        allowed = next((value.split(", ") for name, value in answer.headers if name == "Allow"), METHODS)
        if visit.method not in allowed:
            raise MethodNotAllowed(allowed)

    def _ask(self, module: str, visit: _Visit, body: Body) -> Answer | Flow:
        moment = time.time() + self._settings.request_timeout
        headers = asking.headers_of(visit.environ) | self._callers.shown(visit.environ, visit.path)
        headers[deadline.HEADER] = str(int(moment * 1000))
        headers["traceparent"] = telemetry.traceparent() or ""
        if visit.who:
            headers["Authorization"] = f"Bearer {self._keyring.sign(GATEWAY, module, visit.who)}"
        target = asking.target_of(visit.path, visit.environ)
        try:
            with deadline.until(moment):
                return self._passage.open(module, Request(visit.method, target, headers, body.content, body.length))
        except (DeadlineExceeded, NeighborUnavailable, Fault) as error:
            raise as_seen_outside(error, visit.method) from error
