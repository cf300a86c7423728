"""The operation by which every module tells its part of an export."""

from typing import Any, ClassVar

from marshmallow import fields

from university.platform.exports import ExportNotFound, Exports
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import Out, PageQuery
from university.platform.web.routes import Routes


class ExportPage(Out):
    """Some rows of a table; each maps columns to texts."""

    items = fields.List(fields.Dict(keys=fields.String(), values=fields.String()), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Cursor of the next page."})

    example: ClassVar = {"items": [{"sourcedId": "d1", "name": "Mathematics", "identifier": "MAT"}], "next": None}


def declare(routes: Routes, exports: Exports, thing: str) -> None:
    """Declare the operation for a thing, such as `course`: its tables are read at `/courses/exports/<table>`."""

    def export(table: str, query: dict[str, Any]) -> Page:
        return exports.page(table, PageRequest(query["limit"], query.get("cursor")))

    export.__name__ = f"export_{thing}s"
    export.__doc__ = f"Read the {thing}s' part of a OneRoster 1.2 export: {', '.join(exports.tables)}."
    routes.get(
        f"/{thing}s/exports/<table>",
        roles=("registrar",),
        query=ExportQuery,
        gives=ExportPage,
        refuses=(ExportNotFound,),
    )(export)


class ExportQuery(PageQuery):
    """Which page of a table."""

    total = None
