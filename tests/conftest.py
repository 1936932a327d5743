"""A PostgreSQL server for every test that needs one: one for each pytest process, on a loopback port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tools.cluster.server import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running server; a test that asks for it is skipped, with a reason, where PostgreSQL is not installed."""
    pytest.importorskip("psycopg", reason="the extra cluster is not installed: pip install -r requirements-cluster.txt")
    from tools.cluster.server import binaries, running

    if binaries() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with running() as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """The address of a new database with our tables; it is gone after the test."""
    url = postgres.database()
    yield url
    postgres.drop(url)
