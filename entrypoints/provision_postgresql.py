"""Prepare a PostgreSQL server: each module a database, a schema and three roles that cannot enter another's."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from entrypoints.migrate import MODULES

ROLES = ("app", "migrator", "reader")
"""Who serves (reads and changes rows), who makes and changes tables, who only looks."""
PREFIX = "university_"
_BOUNDS = {
    "app": {"statement_timeout": "30s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "30s"},
    "migrator": {"lock_timeout": "2s", "idle_in_transaction_session_timeout": "60s"},
    "reader": {
        "default_transaction_read_only": "on",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "60s",
    },
}
_ACTING_IS_A_RIGHT = 160_000
"""The version of PostgreSQL from which on membership alone does not let act as a role."""
_GRANTS: Mapping[str, tuple[LiteralString, LiteralString]] = {
    "app": ("SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"),
    "reader": ("SELECT", "SELECT"),
}
"""What a role may do with the migrator's tables and with its sequences."""


@dataclass(frozen=True)
class Access:
    """The addresses of one module's database, with passwords, by what they allow."""

    app: str
    migrator: str
    reader: str


def names(modules: Sequence[str] = MODULES) -> list[str]:
    """Return what passwords are called: `course_app`, ..."""
    return [f"{module}_{role}" for module in modules for role in ROLES]


def prepare(
    admin_url: str, passwords: Mapping[str, str], modules: Sequence[str] = MODULES, *, prefix: str = PREFIX
) -> dict[str, Access]:
    """Make what is missing on a server and set what is there right; return the addresses by module.

    The administrator needs CREATEDB and CREATEROLE. Tables that the migrator makes later come with the right grants.
    Raises `psycopg.Error` when the server refuses, `ValueError` for an address it cannot read.
    """
    address = make_url(admin_url)
    shared = address.difference_update_query(["passfile"]).set(drivername="postgresql")
    given = {}
    for module in modules:
        with _connected(admin_url, address.database or "postgres") as admin:
            admin.execute("SELECT pg_advisory_lock(hashtext('provisioning'))")
            for role in ROLES:
                _make_role(admin, f"{prefix}{module}_{role}", passwords[f"{module}_{role}"], _BOUNDS[role])
            _make_database(admin, f"{prefix}{module}", f"{prefix}{module}_")
            with _connected(admin_url, f"{prefix}{module}") as inside:
                _make_schema(inside, module, f"{prefix}{module}_")
        database = shared.set(database=f"{prefix}{module}")
        urls = {
            role: database.set(username=f"{prefix}{module}_{role}", password=passwords[f"{module}_{role}"])
            for role in ROLES
        }
        given[module] = Access(**{role: url.render_as_string(hide_password=False) for role, url in urls.items()})
    return given


def _make_role(admin: "psycopg.Connection[Any]", name: str, password: str, bounds: Mapping[str, str]) -> None:
    """Only a digest of the password is sent: the server may log its statements."""
    digest = admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        _run(admin, "CREATE ROLE {} NOINHERIT", name)
    _run(admin, "ALTER ROLE {} LOGIN PASSWORD {}", name, sql.Literal(digest))
    for setting, value in bounds.items():
        _run(admin, "ALTER ROLE {} SET {} = {}", name, setting, sql.Literal(value))


def _make_database(admin: "psycopg.Connection[Any]", name: str, prefix: str) -> None:
    """It belongs to the administrator, so that not even the migrator can make other schemas or remove it."""
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        _run(admin, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", name)
    _run(admin, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    for role in ROLES:
        _run(admin, "GRANT CONNECT ON DATABASE {} TO {}", name, f"{prefix}{role}")


def _make_schema(admin: "psycopg.Connection[Any]", schema: str, prefix: str) -> None:
    migrator = f"{prefix}migrator"
    with _member_of(admin, migrator):
        _run(admin, "CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}", schema, migrator)
        _run(admin, "SET ROLE {}", migrator)
        for role, (on_tables, on_sequences) in _GRANTS.items():
            for kind, rights in ((sql.SQL("TABLES"), on_tables), (sql.SQL("SEQUENCES"), on_sequences)):
                parts = (sql.SQL(rights), kind, schema, f"{prefix}{role}")
                _run(admin, "GRANT {} ON ALL {} IN SCHEMA {} TO {}", *parts)
                later = (schema, sql.SQL(rights), kind, f"{prefix}{role}")
                _run(admin, "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT {} ON {} TO {}", *later)
            _run(admin, "GRANT USAGE ON SCHEMA {} TO {}", schema, f"{prefix}{role}")
        _run(admin, "RESET ROLE")


@contextmanager
def _member_of(admin: "psycopg.Connection[Any]", role: str) -> Iterator[None]:
    """Let an administrator that is no superuser act as a role for a while."""
    # Since PostgreSQL 16 whoever has made a role is its member, but may not act as it.
    acting = "SET" if admin.info.server_version >= _ACTING_IS_A_RIGHT else "MEMBER"
    found = admin.execute("SELECT pg_has_role(current_user, %s, %s)", [role, acting]).fetchone()
    if found == (True,):
        yield
        return
    me = admin.execute("SELECT current_user").fetchone()
    assert me is not None  # noqa: S101 - for mypy
    _run(admin, "GRANT {} TO {}", role, me[0])
    try:
        yield
    finally:
        _run(admin, "REVOKE {} FROM {}", role, me[0])


def _run(admin: "psycopg.Connection[Any]", statement: LiteralString, *parts: str | sql.Composable) -> None:
    """Run a statement with names, or other parts, put in."""
    admin.execute(sql.SQL(statement).format(*(sql.Identifier(one) if isinstance(one, str) else one for one in parts)))


@contextmanager
def _connected(admin_url: str, database: str) -> Iterator["psycopg.Connection[Any]"]:
    address = make_url(admin_url).set(database=database)
    asked = {**address.query, **address.translate_connect_args(username="user", database="dbname")}
    with psycopg.connect(autocommit=True, connect_timeout=5, **asked) as admin:
        yield admin


def is_coming(error: psycopg.Error) -> bool:
    """Tell whether a server may yet answer: nobody listens, or it does not serve so far."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError) and "authentication failed" not in str(error)
    return error.sqlstate in {"57P01", "57P02", "57P03"}
