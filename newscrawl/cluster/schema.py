"""The tables of the cluster's database, brought up to date by Alembic; each step is a file in `migrations`."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Bound
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from newscrawl.cluster.database import Unready, connect, told

FOLDER = Path(__file__).parent / "migrations"
TABLE = "newscrawl_version"
LOCK = 7_355_608
"""Key of the advisory lock under which two machines that start at once migrate one after the other."""


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER)])


def newest() -> str:
    """The name of the last step that this version of newscrawl knows."""
    return str(_steps().get_current_head())


def _at(connection: Bound) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": TABLE}).get_current_revision()


def migrate(url: str) -> tuple[str, ...]:
    """Bring a database up to date, in one transaction; the names of the steps that were taken.

    Raises:
        ValueError: the address is none.
        database.Away: the database does not answer.
        Unready: the database is of a newer newscrawl.
    """
    steps = _steps()
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect(url, autocommit=False), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        before = _at(connection)
        if before is not None and before not in {step.revision for step in steps.walk_revisions()}:
            raise Unready(f"{told(url)}: its tables are of a newer newscrawl (step {before}): install that one here")

        def upgrade(revision: object, context: object) -> object:
            return steps._upgrade_revs("head", revision)  # type: ignore[arg-type]

        with EnvironmentContext(Config(), steps, fn=upgrade) as environment:
            environment.configure(connection=connection, version_table=TABLE, transactional_ddl=True)
            environment.run_migrations()
    taken = [step.revision for step in steps.iterate_revisions("head", before or "base")]
    return tuple(reversed(taken))


def pending(url: str) -> tuple[str, ...]:
    """The steps that a database still lacks; empty where it is up to date.

    Raises:
        ValueError, database.Away: as `migrate`.
        Unready: the database is of a newer newscrawl.
    """
    steps = _steps()
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect(url, autocommit=False), poolclass=NullPool)
    with engine.connect() as connection:
        before = _at(connection)
    if before is not None and before not in {step.revision for step in steps.walk_revisions()}:
        raise Unready(f"{told(url)}: its tables are of a newer newscrawl (step {before}): install that one here")
    return tuple(reversed([step.revision for step in steps.iterate_revisions("head", before or "base")]))
