"""A module's web app: every request traced, bounded, identified; every answer conditional or a problem."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from flask import Flask, Response, request
from flask_smorest import Api

from university.platform import auditing, deadline, language, positions, security, telemetry
from university.platform.errors import NotFound, PreconditionFailed, Refusal
from university.platform.security import InvalidIdentity, Keyring
from university.platform.settings import Settings
from university.platform.web import caching, internal_document, metrics, problems
from university.platform.web.document import name_enums
from university.platform.web.internal import InternalRoutes
from university.platform.web.routes import Routes

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
_BEGAN = "university.began"
Operations = Routes | InternalRoutes
"""What a module's `routes` returns several of."""


class ModuleApp(Flask):
    """Flask whose surprises are told once, by the problem handler; nothing in it is asynchronous."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: to look whether it waits, at each of them for each request, takes time."""
        return func

    def log_exception(self, _exc_info: Any) -> None:
        """Say nothing: the handler of surprises does."""


class ModuleApi(Api):
    """flask-smorest without its own errors and page headers."""

    def _register_error_handlers(self) -> None:
        problems.answer_problems(self._app)

    def _register_pagination_header(self) -> None:
        """Document no page headers: pages tell their cursor in the body."""

    def _register_responses(self) -> None:
        """Register the one default response; everything else is documented by operation."""
        self.spec.components.schema("Problem", schema=problems.Problem)
        content = {problems.PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        self.spec.components.response("DEFAULT_ERROR", {"description": "A problem.", "content": content})


def create_app(name: str, settings: Settings, keyring: Keyring, operations: Sequence[Operations]) -> Flask:
    """Return the web app of a module: its operations, its problems, and its documents.

    The public operations are told at `/openapi.json`, the internal ones at `/internal/openapi.json`, to services only.
    """
    app = ModuleApp(name, static_folder=None)
    app.config.update(
        API_TITLE=f"University {name}",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        MAX_CONTENT_LENGTH=settings.upload_limit,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # a redirect would tell the address of a host that nobody outside knows
    api = ModuleApi(app)
    name_enums(api)
    app.before_request(_receiving(name, keyring, settings.body_limit))
    app.after_request(_leaving(name))
    for declared in operations:
        (api if isinstance(declared, Routes) else app).register_blueprint(declared.blueprint)
    app.extensions["document"] = api.spec.to_dict
    app.add_url_rule("/openapi.json", "document", _document(api.spec.to_dict))
    app.add_url_rule("/internal/openapi.json", "internal_document", _for_services(_internal(name, operations)))
    app.wsgi_app = _bounded(name, keyring, app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def _bounded(name: str, keyring: Keyring, inner: WsgiApp) -> WsgiApp:
    """Wrap an app so that its work is traced, in the caller's language and within the caller's deadline."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[_BEGAN] = time.perf_counter()
        told = environ.get
        with (
            telemetry.tracing(told("HTTP_TRACEPARENT")),
            deadline.until(deadline.parse(told("HTTP_X_REQUEST_DEADLINE"))),
            security.calling(None),
            auditing.doing(None),
            positions.following(name, told("HTTP_X_READ_AFTER"), keyring.seal, keyring.is_sealed),
            language.speaking(told("HTTP_ACCEPT_LANGUAGE")),
        ):
            return inner(environ, start_response)

    serve.__name__ = f"serve_{name}"
    return serve


def _document(told: Callable[[], dict[str, Any]]) -> Callable[[], Response]:
    """Return the view of a document, which is encoded once."""
    encoded = cache(lambda: msgspec.json.encode(told()))
    return lambda: Response(encoded(), content_type="application/json")


def _internal(name: str, operations: Sequence[Operations]) -> Callable[[], Response]:
    declared = [one for routes in operations if isinstance(routes, InternalRoutes) for one in routes.operations]
    return _document(lambda: internal_document.document(name, declared))


def _for_services(view: Callable[[], Response]) -> Callable[[], Response]:
    def endpoint() -> Response:
        security.authorize(security.SERVICE)
        return view()

    return endpoint


def _receiving(name: str, keyring: Keyring, body_limit: int) -> Callable[[], Response | None]:
    """Return what is done before each operation."""

    def receive() -> Response | None:
        _limit_body(body_limit)
        _look_at_path()
        return _identify(name, keyring)

    return receive


def _leaving(name: str) -> Callable[[Response], Response]:
    """Return what is done after each operation."""

    def leave(response: Response) -> Response:
        _measure(name, response)
        _tell_position(response)
        return _conditional(response)

    return leave


def _measure(name: str, response: Response) -> None:
    """Count the request by operation."""
    operation = (request.endpoint or "unknown").rpartition(".")[2]
    metrics.observe(name, operation, response.status_code, time.perf_counter() - request.environ[_BEGAN])


def _limit_body(limit: int) -> None:
    """Let one byte more through than is allowed: a body of untold length is cut there, not refused."""
    announced = request.environ.get("CONTENT_TYPE")
    if announced == "application/json" or request.mimetype != "multipart/form-data":
        request.max_content_length = limit + 1


def _look_at_path() -> None:
    """Answer that nothing is at an address with a NUL: no database can even be asked for it."""
    if "\0" in request.path:
        raise NotFound


def _identify(name: str, keyring: Keyring) -> Response | None:
    """Verify the identity token when there is one; operations decide whether they need it."""
    if request.routing_exception is not None:
        return None
    deadline.check()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    try:
        if scheme.lower() != "bearer":
            raise InvalidIdentity
        security.remember(keyring.verify(name, token))
    except Refusal as refusal:
        return problems.respond(refusal)
    return None


def _tell_position(response: Response) -> None:
    """Tell, after a change that a replica may not show yet, what to bring along to read it."""
    if position := positions.taken_away():
        response.headers[positions.HEADER] = position


def _conditional(response: Response) -> Response:
    """Give every readable JSON answer an ETag, and answer 304 when the caller holds it already."""
    caching.bound(response)
    if request.method in {"GET", "HEAD"} and response.status_code == 200 and not response.is_streamed:
        if "ETag" not in response.headers:
            response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest())
        response.make_conditional(request)
        if response.status_code == PreconditionFailed.status:
            return caching.bound(problems.respond(PreconditionFailed()))
    return response
