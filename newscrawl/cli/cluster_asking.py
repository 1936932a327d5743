"""What the commands of a cluster share: the database's address, a connection, and what is said when it is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, ParamSpec

import click

if TYPE_CHECKING:
    from newscrawl.cluster.database import Connection

P = ParamSpec("P")
LATER, CONFIGURATION = 75, 78
NEEDED = ("psycopg", "psycopg_pool", "procrastinate", "alembic", "croniter")
INDEX = click.option(
    "--index",
    "url",
    envvar="NEWSCRAWL_INDEX",
    show_envvar=True,
    required=True,
    metavar="URL",
    help="The database: postgresql://USER@HOST/NAME.",
)


def lacking() -> str:
    """The packages of a cluster that are not installed, with the remedy; empty where none is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    return f"{', '.join(missing)}: not installed: pip install 'newscrawl[cluster]'" if missing else ""


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Turns what the database says into one line and an exit code: 75 where it is away, 78 where it is not ready."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        if missing := lacking():
            raise click.ClickException(missing)
        from newscrawl.cluster.database import Away, Unready

        try:
            command(*args, **kwargs)
        except Away as error:
            click.echo(f"newscrawl: {error}", err=True)
            raise SystemExit(LATER) from error
        except Unready as error:
            click.echo(f"newscrawl: {error}", err=True)
            raise SystemExit(CONFIGURATION) from error

    return run


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection for one transaction."""
    from newscrawl.cluster.database import Database

    database = Database(url)
    try:
        with database.transaction() as connection:
            yield connection
    finally:
        database.close()


def logs() -> None:
    """Log lines of a process that runs for long, on standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    for name in ("procrastinate", "psycopg"):
        logging.getLogger(name).setLevel(logging.WARNING)


def ready(url: str) -> None:
    """Looks whether the tables are those of this version; a database that is away is waited for later.

    Raises:
        Unready: they are not.
    """
    from newscrawl.cluster.database import Away, Unready
    from newscrawl.cluster.database import told as where
    from newscrawl.cluster.schema import pending

    with suppress(Away):
        if missing := pending(url):
            raise Unready(f"{where(url)}: lacks the steps {', '.join(missing)}: run `newscrawl cluster init`")
