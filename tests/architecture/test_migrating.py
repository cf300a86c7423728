"""A migration runs while the version before it serves: none locks it out, none takes from it what it uses."""

from pathlib import Path

import pytest

from tests.architecture.migrating import FIRST, unsafe

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted(ROOT.glob("src/university/*/migrations/[0-9]*.py"))
UNSAFE = {
    "a column that nobody fills": "op.add_column('term', sa.Column('a', sa.Text(), nullable=False), schema='course')",
    "a column with an index": "op.add_column('term', sa.Column('kind', sa.String(9), unique=True), schema='course')",
    "an index that blocks": "op.create_index('ix_term_kind', 'term', ['kind'], schema='course')",
    "a unique rule": "op.create_unique_constraint('term_kind_unique', 'term', ['kind'], schema='course')",
    "a check that scans": "op.create_check_constraint('term_has_kind', 'term', 'kind > 0', schema='course')",
    "a key that scans": "op.create_foreign_key('term_kind_exists', 'term', 'kind', ['kind'], ['id'])",
    "another type": "op.alter_column('term', 'kind', type_=sa.Text(), schema='course')",
    "another name": "op.alter_column('term', 'kind', new_column_name='sort', schema='course')",
    "no more empty values": "op.alter_column('term', 'kind', nullable=False, schema='course')",
    "a column taken away": "op.drop_column('term', 'kind', schema='course')",
    "a table taken away": "op.drop_table('term', schema='course')",
    "a table renamed": "op.rename_table('term', 'semester', schema='course')",
    "a rule taken away in a batch": "with op.batch_alter_table('term') as batch:\n        batch.drop_constraint('a')",
    "an index in words": "op.execute('CREATE UNIQUE INDEX ix ON course.term (kind)')",
    "a type in words": "op.execute(sa.text('ALTER TABLE course.term ALTER COLUMN kind TYPE text'))",
    "a rule in words": "op.execute('ALTER TABLE course.term ADD CONSTRAINT a CHECK (kind > 0)')",
    "a column taken away in words": "op.execute('alter table course.term drop column kind')",
    "a full vacuum": "op.execute('VACUUM FULL course.term')",
}
SAFE = {
    "a column that may be empty": "op.add_column('term', sa.Column('kind', sa.String(9)), schema='course')",
    "a column with a default": (
        "op.add_column('term', sa.Column('kind', sa.String(9), nullable=False, server_default='x'), schema='course')"
    ),
    "an index beside the work": (
        "op.create_index('ix', 'term', ['kind'], schema='course', postgresql_concurrently=True)"
    ),
    "a check for what comes": (
        "op.create_check_constraint('a', 'term', 'kind > 0', schema='course', postgresql_not_valid=True)"
    ),
    "a new table with all it needs": (
        "op.create_table('kind', sa.Column('id', sa.Integer(), nullable=False), schema='course')\n"
        "    op.create_index('ix_kind', 'kind', ['id'], schema='course')"
    ),
    "rows": "op.execute('UPDATE course.term SET kind = 1 WHERE kind IS NULL')",
    "validation": "op.execute('ALTER TABLE course.term VALIDATE CONSTRAINT term_has_kind')",
}


def migration(body: str, *, revision: str = "0002", step: str = "expand") -> str:
    return (
        f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{revision}"\nstep = "{step}"\n\n\n'
        f'def upgrade() -> None:\n    {body}\n\n\ndef downgrade() -> None:\n    op.drop_table("term")\n'
    )


@pytest.mark.parametrize("file", MIGRATIONS, ids=[f"{file.parts[-3]} {file.stem}" for file in MIGRATIONS])
def test_no_migration_locks_out_who_serves(file: Path) -> None:
    assert unsafe(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("offense", UNSAFE)
def test_what_would_is_found(offense: str) -> None:
    assert len(unsafe(migration(UNSAFE[offense]))) == 1
    assert unsafe(migration(UNSAFE[offense], revision=FIRST)) == []


@pytest.mark.parametrize("work", SAFE)
def test_what_would_not_is_allowed(work: str) -> None:
    assert unsafe(migration(SAFE[work])) == []


@pytest.mark.parametrize("offense", [name for name in UNSAFE if "taken away" in name or name == "a table renamed"])
def test_a_contract_step_may_take_away(offense: str) -> None:
    assert unsafe(migration(UNSAFE[offense], step="contract")) == []
