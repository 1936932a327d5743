"""A schedule, a queue and workers on a database of their own, for every test that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tools.cluster.server import Server
    from tools.cluster.working import Cluster


@pytest.fixture
def made(postgres: Server, tmp_path: Path) -> Iterator[Cluster]:
    """Everything of it lies in `cluster`, beside what a test lays into its folder."""
    from tools.cluster.working import Cluster

    with Cluster(postgres.database(), tmp_path / "cluster") as cluster:
        yield cluster
