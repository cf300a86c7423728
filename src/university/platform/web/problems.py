"""Every answer of 400 and above is a problem document (RFC 9457), whoever gave it."""

import http
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import marshmallow as ma
import msgspec
from flask import Flask, Response, request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from university.platform import database, telemetry
from university.platform.errors import Conflict, Refusal, Unavailable, Unprocessable, problem
from university.platform.language import Words

_PATH_SIGNS = "/!$&'()*+,;=:@~"
"""What a path may hold as it is; anything else is escaped."""
PROBLEM_JSON = "application/problem+json"
_log = telemetry.log("web")
_TITLES = {
    400: Words("The request cannot be read.", "Nie można odczytać żądania."),
    404: Words("There is nothing at this address.", "Pod tym adresem niczego nie ma."),
    405: Words("This address does not take this method.", "Ten adres nie obsługuje tej metody."),
    413: Words("The request is too large.", "Żądanie jest za duże."),
    414: Words("The address is too long.", "Adres jest za długi."),
    415: Words("This kind of body is not accepted.", "Ten rodzaj treści nie jest przyjmowany."),
    431: Words("The headers are too large.", "Nagłówki są za duże."),
    500: Words("Something went wrong on our side.", "Coś poszło nie tak po naszej stronie."),
}
_CODES = {400: "malformed", 413: "too-large", 414: "address-too-long", 415: "unsupported-media"}
"""Where a refusal of ours has the status, its code; where the standard phrase changes from Python to Python, one."""


class FaultOut(ma.Schema):
    """One faulty field."""

    field = ma.fields.String(required=True, metadata={"description": "Path of the field, such as `meetings[0].start`."})
    message = ma.fields.String(required=True)
    code = ma.fields.String(metadata={"description": "The stable name of the fault, where it has one."})
    line = ma.fields.Integer(metadata={"description": "Line of a file, counted from 1; the field is its column."})


class RemedyOut(ma.Schema):
    """The smallest change that would satisfy a rule."""

    action = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    params = ma.fields.Dict(required=True)


class ViolationOut(ma.Schema):
    """What one rule has against a registration, with everything that would mend it; only `fatal` stands in the way."""

    code = ma.fields.String(required=True)
    severity = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    section_id = ma.fields.String()
    permission_id = ma.fields.String(metadata={"description": "What permits it, where the severity is `permitted`."})
    params = ma.fields.Dict(required=True)
    remedies = ma.fields.List(ma.fields.Nested(RemedyOut), required=True)


class Problem(ma.Schema):
    """Why a request was not carried out (RFC 9457)."""

    class Meta:
        """Further members may come."""

        unknown = ma.INCLUDE

    type = ma.fields.String(required=True, metadata={"format": "uri-reference"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String()
    instance = ma.fields.String(metadata={"format": "uri-reference"})
    code = ma.fields.String(required=True, metadata={"description": "The stable name to match on."})
    trace_id = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(FaultOut))
    violations = ma.fields.List(ma.fields.Nested(ViolationOut))


class DatabaseBusy(Unavailable):
    """The database did not give a connection or a lock in time; nothing was written."""

    title = Words("Too many at once; nothing was changed.", "Zbyt wielu naraz; nic nie zmieniono.")


class DatabaseUnavailable(Unavailable):
    """The database does not answer, or is just being replaced by another; nothing was written."""

    title = Words(
        "The database does not answer right now; nothing was changed.",
        "Baza danych chwilowo nie odpowiada; nic nie zmieniono.",
    )


class RuleOfTheDatabase(Conflict):
    """What a service let through was refused by a constraint, whose name reads as a rule; nothing was written."""

    title = Words("This contradicts what is recorded already.", "To jest sprzeczne z zapisanymi już danymi.")


class ValueOutOfRange(Unprocessable):
    """What a schema let through cannot be kept by the database; nothing was written."""

    title = Words("A value is not one that can be recorded.", "Jednej z wartości nie da się zapisać.")


def answer_problems(app: Flask) -> None:
    """Make the app answer refusals, HTTP errors and surprises as problems."""
    app.register_error_handler(Refusal, respond)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeout, _database_error)


def respond(refusal: Refusal) -> Response:
    """Return the problem document of a refusal."""
    return _response(problem(refusal), refusal.status, refusal.headers)


def document(members: Mapping[str, Any], path: str) -> bytes:
    """Return the bytes of a problem document."""
    return msgspec.json.encode({**members, "instance": quote(path, safe=_PATH_SIGNS), "trace_id": telemetry.trace_id()})


def of_status(status: int) -> dict[str, Any]:
    """Return the members of a problem that has nothing to say but its status."""
    phrase = http.HTTPStatus(status).phrase
    code = _CODES.get(status, phrase.lower().replace(" ", "-"))
    title = _TITLES.get(status, Words(phrase, phrase)).say()
    return {"type": f"/problems/{code}", "title": title, "status": status, "code": code}


def of_database(error: DBAPIError | PoolTimeout, path: str) -> Refusal:
    """Return what a database's error is to the caller; raise it again when it is ours.

    Contention and loss may pass, a broken rule is the caller's.
    """
    if isinstance(error, PoolTimeout) or (database.may_pass(error) and not database.is_gone(error)):
        _log.warning("database busy", path=path, fault=repr(error)[:500])
        return DatabaseBusy()
    if database.is_gone(error):
        _log.warning("database gone", path=path, fault=database.told_by(error))
        return DatabaseUnavailable()
    if isinstance(error, IntegrityError | DataError):
        _log.warning("refused by the database", path=path, fault=database.told_by(error))
        return RuleOfTheDatabase() if isinstance(error, IntegrityError) else ValueOutOfRange()
    raise error


def flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (field, message) for each of marshmallow's nested messages."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = f"[{key}]" if isinstance(key, int) else f".{key}" if path else str(key)
            yield from flatten(inner, path if key == "_schema" else path + step)
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from flatten(inner, path)
    else:
        yield path, str(messages)


def _http_error(error: HTTPException) -> Response:
    headers = {name: value for name, value in error.get_headers(request.environ) if name in {"Allow", "Retry-After"}}
    if allowed := headers.get("Allow"):
        # A set's order is each process's own.
        headers["Allow"] = ", ".join(sorted(allowed.split(", ")))
    if isinstance(error, InternalServerError):
        _log.error("surprise", path=request.path, exc_info=error.original_exception or error)
    return _response(of_status(error.code or 500), error.code or 500, headers)


def _database_error(error: DBAPIError | PoolTimeout) -> Response:
    return respond(of_database(error, request.path))


def _response(members: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    response = Response(document(members, request.path), status, content_type=PROBLEM_JSON)
    response.headers.update(headers)
    return response
