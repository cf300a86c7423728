"""How a module declares its operations: who may call, what it takes and gives, which refusals it knows."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import marshmallow as ma
import msgspec
from flask import Response, request
from flask_smorest import Blueprint

from university.platform import auditing, security
from university.platform.conditions import IfMatch, IfMatchMissing, StaleVersion, etag
from university.platform.database import Primary
from university.platform.errors import (
    InvalidRequest,
    Malformed,
    Refusal,
    TooLarge,
    Unauthenticated,
    UnsupportedMedia,
    invalid,
)
from university.platform.idempotency import (
    AlreadyAnswered,
    Answer,
    IdempotencyKeyBusy,
    IdempotencyKeyReused,
    Once,
)
from university.platform.language import Words
from university.platform.web import caching, document, fault_words
from university.platform.web.fields import In, Out, Query
from university.platform.web.problems import flatten

PUBLIC = "public"
"""As a role: anybody may call, signed in or not. Beside other roles: what else lets in, the operation finds out."""
SIGNED_IN = "signed-in"
"""As a role: anybody who is signed in."""
BODY, JSON, CSV = "body", "application/json", "text/csv"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
View = Callable[..., Any]


class MalformedJson(Malformed):
    """The body is not JSON."""

    title = Words("The body is not valid JSON.", "Treść nie jest poprawnym JSON-em.")


class NotJson(UnsupportedMedia):
    """The body is not announced as JSON."""

    title = Words("Send application/json.", "Prześlij application/json.")


class Routes:
    """The public operations of a module.

    A view takes by name what it needs of: path parts, `body`, `query`, `who`, `once`, `if_match`, `upload`, `sheet`;
    its name is the operationId and its docstring the summary. A view returns what `gives` presents; the ETag comes from
    the result's `version`.
    """

    def __init__(self, name: str, primary: Primary) -> None:
        self.blueprint = Blueprint(name, name, url_prefix="/api/v1")
        self._name, self._primary = name, primary

    def get(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """Declare a reading operation."""
        return self._operation("GET", rule, **declared)

    def post(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """Declare an operation that honors `Idempotency-Key` when its view takes `once`."""
        return self._operation("POST", rule, **declared)

    def put(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """Declare a replacing operation."""
        return self._operation("PUT", rule, **declared)

    def patch(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """Declare a partial change."""
        return self._operation("PATCH", rule, **declared)

    def delete(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """Declare a removal."""
        return self._operation("DELETE", rule, **{"status": 204, **declared})

    def _operation(  # noqa: PLR0913 - an operation has this much to declare
        self,
        method: str,
        rule: str,
        *,
        roles: Sequence[str],
        takes: type[In] | None = None,
        query: type[Query] | None = None,
        gives: type[Out] | None = None,
        status: int = 200,
        location: str | None = None,
        refuses: Sequence[type[Refusal]] = (),
        content_type: str | None = None,
        shared_for: int = 0,
        scope: Literal["read", "write", "audit:read"] | None = None,
    ) -> Callable[[View], View]:
        """Take `roles` allowed; `takes`, `query`, `gives` the schemas; `location` a path with `{id}` for Location.

        `shared_for` are the seconds that caches between may give everybody the same answer. A system needs the module's
        `scope`, by its method unless told: a POST that keeps nothing reads. One with a colon is of no single module.
        """
        if shared_for and not (method == "GET" and PUBLIC in roles):
            raise ValueError(f"{method} {rule} is not everybody's to read")

        def declare(view: View) -> View:
            wanted = set(inspect.signature(view).parameters)
            presenter = _Presenter(gives() if gives else None, status, location, whole=method == "GET")
            loaded = takes() if takes else None, query() if query else None
            reach = scope or ("read" if method == "GET" else "write")
            access = _Access(tuple(roles), reach if ":" in reach else f"{self._name}:{reach}")
            served = _Served(self._primary, view, wanted, access, *loaded, presenter)
            known = [*refuses, *_implied(wanted, roles)]
            documented = document.Operation(
                takes, query, gives, status, *access, known, wanted, content_type, bool(location), shared_for
            )
            endpoint = served.as_view(view, documented.apidoc(view), shared_for)
            self.blueprint.route(rule, methods=[method])(endpoint)
            return view

        return declare


class _Access(NamedTuple):
    """Who may call an operation: the roles, and the scope that a system needs beside one of them."""

    roles: tuple[str, ...]
    scope: str

    def caller(self) -> security.Principal | None:
        """Return who calls, or None for nobody in particular; raise what `authorize` does."""
        if PUBLIC not in self.roles:
            return security.authorize(*(role for role in self.roles if role != SIGNED_IN), scope=self.scope)
        who = security.caller()
        if who is not None and not who.reaches(self.scope):
            # A system that was not given the scope may do here what everybody may, and nothing by its roles.
            security.remember(who := None)
        return who


class _Presenter:
    """Turns a result into an answer: JSON body, Location and ETag.

    The tag of a `whole` answer tells its content too: another thing under the same address may have the same version.
    """

    def __init__(self, schema: Out | None, status: int, location: str | None, *, whole: bool) -> None:
        self._schema, self._status, self._location, self._whole = schema, status, location, whole

    def __call__(self, result: Any) -> Answer:
        headers = {}
        told = None if self._schema is None else self._schema.dump(result)
        auditing.shown(told)
        body = b"" if self._schema is None else msgspec.json.encode(told)
        if isinstance(version := getattr(result, "version", None), int):
            headers["ETag"] = etag(version, hashlib.blake2b(body, digest_size=8).hexdigest() if self._whole else "")
        if self._location:
            headers["Location"] = "/api/v1" + self._location.format(id=result.id)
        return Answer(self._status, body, headers)


class _Served:
    """One operation at run time; the order of checks is caller, role, body and query, then the view."""

    def __init__(
        self,
        primary: Primary,
        view: View,
        wanted: set[str],
        access: "_Access",
        takes: In | None,
        query: Query | None,
        present: _Presenter,
    ) -> None:
        self._primary, self._view, self._wanted, self._access = primary, view, wanted, access
        self._takes, self._query, self._present = takes, query, present

    def as_view(self, view: View, apidoc: dict[str, Any], shared_for: int) -> View:
        """Return the function that Flask calls."""

        def endpoint(**path: Any) -> Response:
            return caching.may_share(self._serve(path), shared_for)

        endpoint.__name__ = view.__name__
        endpoint.__doc__ = view.__doc__
        endpoint._apidoc = apidoc  # type: ignore[attr-defined]  # noqa: SLF001 - where flask-smorest looks
        return endpoint

    def _serve(self, path: dict[str, Any]) -> Response:
        who = self._access.caller()
        arguments: dict[str, Any] = dict(path)
        if self._query is not None:
            arguments["query"] = _load(self._query, request.args.to_dict(flat=False))
        elif request.args:
            raise InvalidRequest([(name, fault_words.say("Unknown field.")) for name in request.args])
        if self._takes is not None:
            absent = self._takes.may_be_absent and not whole_body()
            arguments[BODY] = _load(self._takes, {} if absent else _json_body())
        if "upload" in self._wanted:
            arguments["upload"] = _uploaded()
        if "sheet" in self._wanted:
            arguments["sheet"] = _sheet()
        if "if_match" in self._wanted:
            arguments["if_match"] = IfMatch(request.headers.get("If-Match"))
        if "who" in self._wanted:
            arguments["who"] = who
        with auditing.doing(self._deed(who, path, arguments.get(BODY))) as deed:
            response = self._answer(arguments, who)
            if deed is not None:
                auditing.seen(self._primary, deed)
        return response

    def _deed(self, who: security.Principal | None, path: dict[str, Any], body: Any) -> auditing.Deed | None:
        """Return what is to be written down of this request, if it is anybody's whose deeds are.

        What everybody may do concerns nobody, whoever does it: reading the catalog, trying to sign in.
        """
        if who is None or self._access.roles == (PUBLIC,) or not auditing.is_watched(who):
            return None
        kind = auditing.READ if request.method == "GET" else auditing.CHANGE
        return auditing.Deed(who, self._view.__name__, kind, path, *auditing.why(body))

    def _answer(self, arguments: dict[str, Any], who: security.Principal | None) -> Response:
        if "once" in self._wanted:
            return self._serve_once(arguments, who)
        return _respond(self._view(**arguments), self._present)

    def _serve_once(self, arguments: dict[str, Any], who: security.Principal | None) -> Response:
        fingerprint = _fingerprint(arguments.get("upload"))
        once = Once(who.subject if who else "", _key(), self._view.__name__, fingerprint, self._present)
        if once.key is not None:
            with self._primary.read() as session:
                first = once.replay(session)
            if first is not None:
                self._primary.tell_change()
                return _as_response(first)
        try:
            result = self._view(**arguments, once=once)
        except AlreadyAnswered as twin:
            self._primary.tell_change()
            return _as_response(twin.answer)
        return _as_response(once.answer) if once.answer else _respond(result, self._present)


def _implied(wanted: set[str], roles: Sequence[str]) -> list[type[Refusal]]:
    """Return how an operation refuses by what it wants to know, before its own work begins."""
    refusals: list[type[Refusal]] = []
    if PUBLIC not in roles:
        refusals += [Unauthenticated, security.InvalidIdentity, security.RoleMissing, security.ScopeMissing]
    if BODY in wanted:
        refusals += [MalformedJson, NotJson, TooLarge]
    if wanted & {"upload", "sheet"}:
        refusals += [UnsupportedMedia, TooLarge]
    if "if_match" in wanted:
        refusals += [IfMatchMissing, StaleVersion]
    if "once" in wanted:
        refusals += [IdempotencyKeyReused, IdempotencyKeyBusy]
    return refusals


def _respond(result: Any, present: _Presenter) -> Response:
    return result if isinstance(result, Response) else _as_response(present(result))


def _as_response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type=JSON if answer.body else None)
    if not answer.body:
        del response.headers["Content-Type"]
    response.headers.update(answer.headers)
    return response


def _load(schema: ma.Schema, data: Any) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ma.ValidationError as error:
        faults = [(field, fault_words.say(message)) for field, message in flatten(error.messages)]
        raise InvalidRequest(faults) from error
    return loaded


def whole_body() -> bytes:
    """Return the body of the request; raise `TooLarge` for one over the limit."""
    content = request.get_data(cache=True)
    if request.max_content_length is not None and len(content) >= request.max_content_length:
        raise TooLarge
    return content


def _json_body() -> Any:
    if request.mimetype != JSON:
        raise NotJson
    content = whole_body()
    try:
        decoded = msgspec.json.decode(content)
        # The fast decoder keeps the last of two equal names, so that a reader in between may see another request.
        json.loads(content, object_pairs_hook=_refuse_repeated_names)
    except (ValueError, RecursionError) as error:
        raise MalformedJson(str(error)) from error
    return decoded


def _refuse_repeated_names(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise MalformedJson(Words("A name is repeated in one object.", "Nazwa powtarza się w jednym obiekcie."))


def _uploaded() -> bytes:
    """Return the bytes of the multipart part `file`."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMedia
    files = request.files.getlist("file")
    others = {*request.files, *request.form} - {"file"}
    if len(files) != 1 or others:
        raise invalid(
            "file", Words("Send exactly one part, named file.", "Prześlij dokładnie jedną część o nazwie file.")
        )
    content = files[0].stream.read()
    if not content:
        raise invalid("file", Words("The file is empty.", "Plik jest pusty."))
    return content


def _sheet() -> bytes:
    """Return the bytes of a body that is CSV."""
    if request.mimetype != CSV:
        raise UnsupportedMedia(Words("Send text/csv.", "Prześlij text/csv."))
    return whole_body()


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise invalid(
            "Idempotency-Key", Words("1 to 200 visible ASCII characters.", "Od 1 do 200 widocznych znaków ASCII.")
        )
    return key


def _fingerprint(upload: bytes | None) -> bytes:
    """Return what tells this request from others; of an upload only the file, as each sending has another boundary."""
    content = whole_body() if upload is None else upload
    whole = b"\0".join([request.method.encode(), request.full_path.encode(), content])
    return hashlib.blake2b(whole, digest_size=16).digest()
