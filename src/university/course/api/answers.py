"""Answers that hold more than one record: their ETag tells the record's version and also what else they hold."""

import hashlib
from typing import Any

import msgspec
from flask import Response

from university.platform.conditions import etag
from university.platform.paging import PageRequest
from university.platform.web.fields import Out


def tagged(schema: Out, result: Any) -> Response:
    """Return the JSON of a result that has a `version`; the ETag is good for `If-Match` and for `If-None-Match`."""
    body = msgspec.json.encode(schema.dump(result))
    response = Response(body, content_type="application/json")
    response.headers["ETag"] = etag(result.version, hashlib.blake2b(body, digest_size=8).hexdigest())
    return response


def split(query: dict[str, Any]) -> tuple[dict[str, Any], PageRequest]:
    """Return the filters and the page that a list's query asks for."""
    filters = dict(query)
    page = PageRequest(filters.pop("limit"), filters.pop("cursor", None), filters.pop("total"))
    return filters, page
