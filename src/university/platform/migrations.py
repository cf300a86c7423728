"""Each module's own schema history: one Alembic environment a module, built in code and not loaded to serve."""

import importlib.resources
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, Connection, MetaData, Table, inspect, text

from university.platform.database import Primary, metadata_of

_REVISION = re.compile(r'^(down_)?revision(?:: [^=]+)? = "(\w+)"', re.MULTILINE)
VERSION_TABLE = "schema_version"


def scripts_of(module: str) -> Path:
    """Return the folder of a module's migrations."""
    return Path(str(importlib.resources.files(f"university.{module}"))) / "migrations"


def head_of(module: str) -> str:
    """Return the revision a module's code expects, read from the names its migrations give one another."""
    revisions: set[str] = set()
    ancestors: set[str] = set()
    for script in scripts_of(module).glob("*.py"):
        for is_ancestor, name in _REVISION.findall(script.read_text()):
            (ancestors if is_ancestor else revisions).add(name)
    (head,) = revisions - ancestors
    return head


def at_head(primary: Primary) -> bool:
    """Tell whether the database is at the revision that the code expects."""
    with primary.read() as session:
        connection = session.connection()
        if not inspect(connection).has_table(VERSION_TABLE, schema=primary.schema):
            return False
        found = connection.execute(text(f"SELECT version_num FROM {primary.schema}.{VERSION_TABLE}"))  # noqa: S608
        return found.scalar_one_or_none() == head_of(primary.schema)


def upgrade(primary: Primary, revision: str = "head") -> None:
    """Bring the database to a revision."""
    _run(primary, lambda script, rev, _context: script._upgrade_revs(revision, rev))  # noqa: SLF001 - Alembic's own way


def downgrade(primary: Primary, revision: str = "base") -> None:
    """Take the database back to a revision."""
    _run(primary, lambda script, rev, _context: script._downgrade_revs(revision, rev))  # noqa: SLF001


def differences(primary: Primary) -> list[Any]:
    """Return what distinguishes the database from the models; empty when the migrations equal the models."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - never loaded in a serving process
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with primary.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_options(primary.schema))
        found = list(compare_metadata(context, metadata_of(primary.schema)))
        return found or _differing_checks(connection, metadata_of(primary.schema))


def write(primary: Primary, message: str) -> Path:
    """Write the next migration of a module from what its models say and its database lacks; return the file."""
    from alembic.autogenerate import produce_migrations, render_python_code  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    module = primary.schema
    folder = scripts_of(module)
    existing = sorted(folder.glob("[0-9]*.py"))
    revision = f"{len(existing) + 1:04d}"
    with primary.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_options(module))
        script = produce_migrations(context, metadata_of(module))
        assert script.upgrade_ops is not None and script.downgrade_ops is not None  # noqa: S101, PT018 - for mypy
        up, down = (
            render_python_code(operations, migration_context=context, render_item=_render_item)
            for operations in (script.upgrade_ops, script.downgrade_ops)
        )
    previous = f'"{len(existing):04d}"' if existing else "None"
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")
    file = folder / f"{revision}_{slug}.py"
    file.write_text(_TEMPLATE.format(message=message, revision=revision, previous=previous, up=up, down=down))
    return file


def _differing_checks(connection: Connection, metadata: MetaData) -> list[Any]:
    """Return the check constraints that only one side has, by name; Alembic overlooks them."""
    inspector = inspect(connection)
    differing: list[Any] = []
    for table in metadata.sorted_tables:
        wanted = {check.name for check in _checks_of(table)}
        found = {check["name"] for check in inspector.get_check_constraints(table.name, schema=table.schema)}
        differing += [("add_check", table.name, name) for name in wanted - found]
        differing += [("remove_check", table.name, name) for name in found - wanted]
    return differing


def _checks_of(table: Table) -> list[CheckConstraint]:
    constraints = [*table.constraints, *(one for column in table.columns for one in column.constraints)]
    return [constraint for constraint in constraints if isinstance(constraint, CheckConstraint)]


def _options(schema: str) -> dict[str, Any]:
    def only_ours(name: str | None, kind: str, _parents: Any) -> bool:
        return name == schema if kind == "schema" else name != VERSION_TABLE

    return {
        "target_metadata": metadata_of(schema),
        "version_table": VERSION_TABLE,
        "version_table_schema": schema,
        "include_schemas": True,
        "include_name": only_ours,
        "compare_type": True,
    }


def _render_item(kind: str, item: Any, _context: Any) -> Any:
    """Write our own column types by their names in the platform."""
    if kind == "type" and type(item).__name__ == "Moment":
        return "database.Moment()"
    if kind == "type" and type(item).__name__ == "Uuid":
        return "database.Id"
    return False


def _run(primary: Primary, steps: Callable[..., Any]) -> None:
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    folder = scripts_of(primary.schema)
    script = ScriptDirectory(str(folder), version_locations=[str(folder)])
    from alembic.config import Config  # noqa: PLC0415

    environment = EnvironmentContext(Config(), script)
    with primary.engine.connect() as connection, _let_go(connection):
        _prepare(connection, primary.schema)
        environment.configure(
            connection=connection,
            fn=lambda rev, context: steps(script, rev, context),
            transactional_ddl=True,
            **_options(primary.schema),
        )
        with environment, environment.begin_transaction():
            environment.run_migrations()
        connection.commit()


@contextmanager
def _let_go(connection: Connection) -> Iterator[None]:
    """Close a connection afterwards: what it set and locked for migrating must not come back from the pool."""
    try:
        yield
    finally:
        connection.invalidate()


def _prepare(connection: Connection, schema: str) -> None:
    """Let one migrate at a time, wait two seconds at most for what serves, and make the schema unless it is there.

    A statement may take its time (an index made concurrently does), but never while everybody waits behind its lock.
    """
    if connection.dialect.name != "postgresql":
        return
    driver: Any = connection.connection.driver_connection
    driver.patience = None
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_lock(hashtext(:schema))"), {"schema": f"migrating {schema}"})
    connection.execute(text("SET lock_timeout = '2s'"))
    if not inspect(connection).has_schema(schema):
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    connection.commit()


_TEMPLATE = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

from university.platform import database

revision = "{revision}"
down_revision = {previous}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''
