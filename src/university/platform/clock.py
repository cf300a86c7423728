"""The database's clock inside a statement: what `database.now` tells, without asking for it before."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Float, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from university.platform.database import Moment


class Now(FunctionElement[datetime]):
    """The present moment, or another as far from it as is told; a statement with it needs what `told` returns.

    `ahead` names the parameter that says how far, where one statement needs several moments.
    """

    name = "now"
    inherit_cache = True
    type = Moment()

    def __init__(self, ahead: str = "ahead") -> None:
        super().__init__(bindparam(ahead, type_=Float))


def told(session: Session, **ago: timedelta) -> dict[str, float]:
    """Return by how many seconds a session's database is taken to be ahead of its server's clock.

    A parameter named in `ago` is for a moment that is so long before the present one.
    """
    ahead: timedelta = session.info["clock"].ahead
    return {"ahead": ahead.total_seconds(), **{name: (ahead - gone).total_seconds() for name, gone in ago.items()}}


@compiles(Now, "postgresql")
def _of_postgresql(element: Now, compiler: SQLCompiler, **named: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **named)}))"


@compiles(Now, "sqlite")
def _of_sqlite(element: Now, compiler: SQLCompiler, **named: Any) -> str:
    # Spelled as a column keeps a moment, to be compared with one.
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {compiler.process(element.clauses, **named)} || ' seconds')"
