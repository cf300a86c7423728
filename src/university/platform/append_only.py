"""Tables whose rows nobody changes, and takes away only when they are old: the database itself sees to that."""

REFUSED = "what is written down stays as it is"
YEARS = 5
"""How old a row is before it may go."""
_FUNCTION = """
CREATE FUNCTION {schema}.keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '{years} years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '{refused}' USING ERRCODE = 'insufficient_privilege';
END $$
"""


def sealing(schema: str, dialect: str, *tables: str) -> list[str]:
    """Return the statements that seal tables; each must tell by a column `at` when a row was written."""
    return [statement for table in tables for statement in _SEALING[dialect](schema, table)]


def unsealing(schema: str, dialect: str, *tables: str) -> list[str]:
    """Return the statements that take the seal off tables that are dropped, which take their triggers along."""
    return [f"DROP FUNCTION {schema}.keep_{table}() CASCADE" for table in tables if dialect == "postgresql"]


def _on_postgresql(schema: str, table: str) -> list[str]:
    call = f"FOR EACH ROW EXECUTE FUNCTION {schema}.keep_{table}()"
    return [
        _FUNCTION.format(schema=schema, table=table, years=YEARS, refused=REFUSED),
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {schema}.{table} {call}",
    ]


def _on_sqlite(schema: str, table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    young = f"OLD.at >= datetime('now', '-{YEARS} years')"
    return [
        f"CREATE TRIGGER {schema}.{table}_unchanged BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {schema}.{table}_kept BEFORE DELETE ON {table} WHEN {young} {refuse}",
    ]


_SEALING = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}
