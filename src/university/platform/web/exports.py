"""The operation by which every module tells its part of an export."""

from typing import Any, ClassVar

from marshmallow import fields

from university.platform import auditing
from university.platform.exports import ExportNotFound, Exports
from university.platform.paging import Page, PageRequest
from university.platform.web.fields import Out, PageQuery, list_of
from university.platform.web.routes import Routes


class ExportRowOut(Out):
    """A row of a table: texts by column."""

    cells = fields.Dict(keys=fields.String(), values=fields.String(), required=True)

    example: ClassVar = {"cells": {"sourcedId": "d1", "status": "active", "name": "Mathematics", "identifier": "MAT"}}


ExportRowList = list_of(ExportRowOut)


def declare(routes: Routes, exports: Exports, thing: str) -> None:
    """Declare the operation for a thing, such as `course`: its tables are read at `/courses/exports/<table>`."""

    def export(table: str, query: dict[str, Any]) -> Page:
        auditing.notable()
        page = exports.page(table, PageRequest(query["limit"], query.get("cursor"), query["total"]))
        return Page([{"cells": row} for row in page.items], page.next, page.total)

    export.__name__ = f"export_{thing}s"
    export.__doc__ = f"Read the {thing}s' part of a OneRoster 1.2 export; its tables are {', '.join(exports.tables)}."
    path = f"/{thing}s/exports/<table>"
    routes.get(path, roles=("registrar",), query=PageQuery, gives=ExportRowList, refuses=(ExportNotFound,))(export)
