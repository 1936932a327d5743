"""A part of `make cluster-test`, small: the figures must hold on any machine, however many others use it."""

from collections.abc import Iterator

import pytest

from tools.cluster import proof, server
from tools.cluster.proof import greedy

pytestmark = pytest.mark.skipif(server.binaries() is None, reason="no PostgreSQL here: the cluster was NOT tried")


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    with server.running() as made:
        yield made


def test_a_killed_worker_leaves_no_spider_and_its_site_is_crawled_again_without_meeting_itself(
    running: server.Server,
) -> None:
    rows = list(proof.killed_worker(running, heartbeat=15.0, period=2, ttl=30.0))
    assert all(row.holds for row in rows), rows


@pytest.mark.parametrize(
    ("lengths", "slots", "ideal"), [([3, 3, 2, 2, 2], 2, 7), ([1.0] * 6, 3, 2.0), ([5], 4, 5), ([1, 1, 10], 2, 11)]
)
def test_the_ideal_gives_each_free_slot_the_next_task(lengths: list[float], slots: int, ideal: float) -> None:
    assert greedy(lengths, slots) == ideal
