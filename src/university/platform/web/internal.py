"""Internal operations: lean views between modules, msgspec in and out; the gateway never routes to them."""

from collections.abc import Callable, Sequence
from typing import Any

import flask
import msgspec
from flask import Response

from university.platform import security
from university.platform.errors import InvalidRequest, Refusal
from university.platform.web.internal_document import InternalOperation
from university.platform.web.routes import MalformedJson, whole_body

View = Callable[..., Any]


class InternalRoutes:
    """Operations under `/internal` that only services may call.

    A view gets path parts by name and returns what msgspec can encode; its name is the operationId and its docstring
    the summary. The document tells the answer as `gives`, or else as the view is annotated, and `refuses` beside what
    every operation refuses.
    """

    def __init__(self, name: str) -> None:
        self.blueprint = flask.Blueprint(f"{name}-internal", name, url_prefix="/internal")
        self.operations: list[InternalOperation] = []

    def post(
        self, rule: str, takes: Any, *, gives: Any = None, refuses: Sequence[type[Refusal]] = ()
    ) -> Callable[[View], View]:
        """Declare an operation whose view gets the decoded body first."""
        decoder = msgspec.json.Decoder(takes)

        def declare(view: View) -> View:
            def endpoint(**path: str) -> Response:
                security.authorize(security.SERVICE)
                return _answer(view(_decode(decoder), **path))

            self._add(InternalOperation("POST", rule, view, takes, gives, refuses), endpoint)
            return view

        return declare

    def get(self, rule: str, *, gives: Any = None, refuses: Sequence[type[Refusal]] = ()) -> Callable[[View], View]:
        """Declare a reading operation."""

        def declare(view: View) -> View:
            def endpoint(**path: str) -> Response:
                security.authorize(security.SERVICE)
                return _answer(view(**path))

            self._add(InternalOperation("GET", rule, view, None, gives, refuses), endpoint)
            return view

        return declare

    def _add(self, operation: InternalOperation, endpoint: View) -> None:
        self.operations.append(operation)
        name = operation.view.__name__
        self.blueprint.add_url_rule(operation.rule, name, endpoint, methods=[operation.method])


def _decode(decoder: msgspec.json.Decoder[Any]) -> Any:
    try:
        return decoder.decode(whole_body())
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise InvalidRequest([(place.strip(".`"), message)]) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedJson from error


def _answer(result: Any) -> Response:
    return Response(msgspec.json.encode(result), content_type="application/json")
