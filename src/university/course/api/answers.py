"""Answers that hold more than one record: their ETag tells the record's version and also what else they hold."""

import hashlib
from typing import Any

import msgspec
from flask import Response

from university.platform.conditions import etag
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import Out
from university.platform.web.routes import JSON

CATALOG = 60
"""Seconds that caches may give everybody the same catalog."""


def tagged(result: Any, schema: Out | None = None) -> Response:
    """Return a result that has a `version`, as JSON; the ETag is good for `If-Match` and for `If-None-Match`.

    Without a schema the result is JSON already.
    """
    body = msgspec.json.encode(schema.dump(result) if schema else result)
    response = Response(body, content_type=JSON)
    response.headers["ETag"] = etag(result.version, hashlib.blake2b(body, digest_size=8).hexdigest())
    return response


def listed(page: Page) -> Response:
    """Return a page whose items are JSON already: a catalog's page is too long to be presented field by field."""
    told: dict[str, Any] = {"items": page.items, "next": page.next}
    if page.total is not None:
        told["total"] = page.total
    return Response(msgspec.json.encode(told), content_type=JSON)


def split(query: dict[str, Any]) -> tuple[dict[str, Any], PageRequest]:
    """Return the filters and the page that a list's query asks for."""
    filters = dict(query)
    page = PageRequest(filters.pop("limit"), filters.pop("cursor", None), filters.pop("total"))
    return filters, page
