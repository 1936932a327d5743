"""The archive's tests run with its index in SQLite files, and in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.houses import House


def _forget(path: Path) -> None:
    (path / "index.sqlite").unlink(missing_ok=True)


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """An archive's doors, twice."""
    if request.param == "sqlite":
        yield House(None, _forget)
        return
    url: str = request.getfixturevalue("database")
    import psycopg

    from newscrawl.cluster.lease import Lease, Leases
    from newscrawl.cluster.postgres import Postgres

    def lose(_: Path) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("TRUNCATE stored, segment")

    held: list[Lease] = []
    with Leases(url) as leases:

        def take() -> None:
            for old in held[-1:]:
                leases.release(old)
            lease = leases.take("host.example", "tests", 3600)
            assert lease is not None
            held.append(lease)

        take()
        yield House(Postgres(url, lease=lambda: held[-1]), lose, take)
