"""Turns at a host, and the keeper of a lease: what keeps many machines polite."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from newscrawl.archive import ArchiveAway
from newscrawl.cluster.lease import Leases
from newscrawl.cluster.lease_keeper import Keeper, Taken, myself
from newscrawl.cluster.postgres_slots import Slots


def test_turns_of_many_machines_at_one_host_are_its_delay_apart(database: str) -> None:
    keeper = Keeper.hold(database, host="a.example")

    def want(_: int) -> float:
        slots = Slots(database, Path("x"), keeper)
        try:
            wait = slots.claim("source.example", 0.3)
            assert wait is not None
            return time.monotonic() + wait
        finally:
            slots.close()

    with ThreadPoolExecutor(8) as pool:
        turns = sorted(pool.map(want, range(12)))
    keeper.stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(turns)]
    assert min(gaps) > 0.25, "the answer's own way is all that may be missing"
    assert 12 * 0.3 - 0.5 < turns[-1] - turns[0] + 0.3 < 12 * 0.3 + 1


def test_hosts_do_not_wait_for_each_other_and_a_quiet_one_not_for_its_past(database: str) -> None:
    keeper = Keeper.hold(database, host="a.example")
    slots = Slots(database, Path("x"), keeper)
    assert slots.claim("one.example", 5.0) == 0.0
    assert slots.claim("two.example", 5.0) == 0.0
    assert slots.claim("short.example", 0.05) == 0.0
    time.sleep(0.2)
    assert slots.claim("short.example", 0.05) == 0.0
    slots.close()
    keeper.stop()


def test_a_turn_that_is_too_far_away_is_not_taken(database: str) -> None:
    keeper = Keeper.hold(database, host="a.example")
    slots = Slots(database, Path("x"), keeper)
    assert [slots.claim("slow.example", 60.0, far=100.0) is None for _ in range(4)] == [False, False, True, True]
    assert slots.claim("slow.example", 60.0, far=1000.0) == pytest.approx(120, abs=2)
    slots.close()
    keeper.stop()


def test_a_keeper_renews_and_gives_back_what_is_its_own(database: str) -> None:
    keeper = Keeper.hold(database, host="a.example", ttl=0.6)
    with Leases(database) as leases:
        with pytest.raises(Taken, match=r"held by .* \(epoch 1\) for \d more seconds"):
            Keeper.hold(database, host="a.example", ttl=0.6)
        time.sleep(1.2)
        assert leases.held()[0].left > 0, "it is renewed"
        assert keeper.sure()
        keeper.stop()
        assert leases.held() == ()
        assert leases.take("a.example", "next") is not None


def test_a_keeper_of_a_workers_lease_leaves_it_to_the_worker(database: str) -> None:
    with Leases(database) as leases:
        lease = leases.take("a.example", "worker-1", ttl=30)
        keeper = Keeper.hold(database, named=str(lease), ttl=30)
        assert keeper.lease.epoch == 1
        keeper.stop()
        assert leases.held()[0].owner == "worker-1"
        with pytest.raises(Taken, match="held by worker-1"):
            Keeper.hold(database, named="a.example:worker-1:7")
        with pytest.raises(Taken, match="the lease is lost"):
            Keeper.hold(database, named="b.example:worker-1:1")


def test_a_lease_that_is_lost_is_told_at_the_next_renewal_and_never_sure_again(database: str) -> None:
    keeper = Keeper.hold(database, host="a.example", ttl=0.6)
    told = threading.Event()
    keeper.lost = told.set
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE site_lease SET epoch = epoch + 1, owner = 'another'")
    assert told.wait(2)
    assert keeper.is_lost
    assert not keeper.sure()
    keeper.stop()
    with Leases(database) as leases:
        assert leases.held()[0].owner == "another", "what is another's is not given back"


def test_past_the_deadline_the_database_is_asked_and_an_answer_in_our_favour_goes_on(database: str) -> None:
    keeper = Keeper.hold(database, host="a.example", ttl=0.2)
    slots = Slots(database, Path("x"), keeper)
    keeper._over.set()  # its thread sleeps: the process was stopped
    keeper._thread.join()
    keeper._over.clear()
    time.sleep(0.3)
    assert keeper.lease.left < 0
    assert slots.sure()
    assert keeper.lease.left > 0
    time.sleep(0.3)
    with Leases(database) as leases:
        assert leases.take("a.example", "another") is not None
    assert not slots.sure()
    slots.close()
    keeper.stop()


def test_without_an_answer_nothing_is_asked_of_a_host(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.cluster.postgres_asking.FIRST", 0.01)
    keeper = Keeper.hold(database, host="a.example")
    slots = Slots("postgresql://me:hush@127.0.0.1:9/gone", Path("x"), keeper, wait=0.2)
    with pytest.raises(ArchiveAway) as caught:
        slots.claim("b.example", 1.0)
    assert "hush" not in str(caught.value)
    slots.close()
    keeper.stop()


def test_no_two_processes_have_one_name() -> None:
    assert myself() != myself()
    assert ":" not in myself()
