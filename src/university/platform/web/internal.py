"""Internal operations: lean views between modules, msgspec in and out; the gateway never routes to them."""

from collections.abc import Callable
from typing import Any

import flask
import msgspec
from flask import Response

from university.platform import security
from university.platform.errors import InvalidRequest
from university.platform.web.routes import MalformedJson, whole_body


class InternalRoutes:
    """Operations under `/internal` that only services may call."""

    def __init__(self, name: str) -> None:
        self.blueprint = flask.Blueprint(f"{name}-internal", name, url_prefix="/internal")

    def post(self, rule: str, takes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an operation: the view gets the decoded body (and path parts) and returns what msgspec can encode."""
        decoder = msgspec.json.Decoder(takes)

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            def endpoint(**path: str) -> Response:
                security.authorize(security.SERVICE)
                return _answer(view(_decode(decoder), **path))

            self.blueprint.add_url_rule(rule, view.__name__, endpoint, methods=["POST"])
            return view

        return declare

    def get(self, rule: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a reading operation."""

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            def endpoint(**path: str) -> Response:
                security.authorize(security.SERVICE)
                return _answer(view(**path))

            self.blueprint.add_url_rule(rule, view.__name__, endpoint, methods=["GET"])
            return view

        return declare


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
