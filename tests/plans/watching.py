"""Statements as the server carried them out: which it ran, by which plan, and how many rows it touched."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import event

from tests.house import House

SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Tid Scan"}
_TOLD = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
}


@dataclass(frozen=True)
class Scan:
    """A table that a statement looked into: how, and how many of its rows it touched."""

    statement: str
    kind: str
    table: str
    rows: int


class Watch:
    """Hears of every statement that a house's connections carry out while it is watched."""

    def __init__(self) -> None:
        self.plans: list[dict[str, Any]] = []
        self._on = False

    @contextmanager
    def watched(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the plans of what is carried out in the block."""
        self.plans, self._on = [], True
        try:
            yield self.plans
        finally:
            self._on = False

    def attend(self, house: House) -> None:
        """Listen to all connections that are opened from now on; those of before are closed."""
        for module in house.modules.values():
            event.listen(module.primary.engine, "connect", self._listen)
            module.primary.engine.pool.dispose()

    def _listen(self, connection: "psycopg.Connection[Any]", _record: object) -> None:
        connection.add_notice_handler(self._hear)

    def _hear(self, told: psycopg.errors.Diagnostic) -> None:
        _, found, plan = (told.message_primary or "").partition("plan:\n")
        if self._on and found:
            self.plans.append(json.loads(plan))


def tell_plans(connection: "psycopg.Connection[Any]") -> None:
    """Let the server tell every later session of this database the plan of each statement."""
    name = connection.info.dbname
    for setting, value in _TOLD.items():
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                sql.Identifier(name),
                sql.SQL(setting),
                sql.Literal(value),
            )
        )


def scans(plan: dict[str, Any]) -> Iterator[Scan]:
    """Yield the tables that a statement looked into, those of its triggers' statements apart."""
    waiting = [plan["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", ())
        if node["Node Type"] in SCANS:
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            touched = round((node["Actual Rows"] + removed) * node["Actual Loops"])
            yield Scan(plan["Query Text"], node["Node Type"], node["Relation Name"], touched)
