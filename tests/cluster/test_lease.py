"""Leases: one owner for a host, by the database's clock; whoever lost one can do nothing more in its name."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from newscrawl.cluster.database import Away, Unready, checked, told
from newscrawl.cluster.lease import Lease, Leases, parse
from newscrawl.cluster.schema import migrate, newest, pending

if TYPE_CHECKING:
    from tools.cluster.server import Server


def test_a_host_has_one_owner_and_each_new_one_has_the_next_epoch(database: str) -> None:
    leases = Leases(database)
    first = leases.take("news.example", "one", ttl=30)
    assert first is not None
    assert (first.host, first.owner, first.epoch, first.ttl) == ("news.example", "one", 1, 30)
    assert 29 < first.left <= 30
    assert leases.take("news.example", "two") is None
    assert leases.take("news.example", "one") is None, "not even its own owner takes it twice"
    assert leases.take("other.example", "two") is not None
    leases.release(first)
    second = leases.take("news.example", "two")
    assert second is not None
    assert second.epoch == 2
    assert leases.renew(first) is None
    leases.release(first)
    assert [(one.host, one.owner, one.epoch) for one in leases.held()] == [
        ("news.example", "two", 2),
        ("other.example", "two", 1),
    ]
    leases.close()


def test_a_lease_that_ran_out_is_anyones_and_until_then_still_its_owners(database: str) -> None:
    leases = Leases(database)
    first = leases.take("news.example", "one", ttl=0.2)
    assert first is not None
    time.sleep(0.3)
    assert first.left < 0
    assert leases.held()[0].left < 0
    again = leases.renew(first)
    assert again is not None, "nobody took it: nothing was lost"
    assert (again.epoch, again.left > 0) == (1, True)
    time.sleep(0.3)
    second = leases.take("news.example", "two")
    assert second is not None
    assert second.epoch == 2
    assert leases.renew(again) is None
    leases.close()


def test_the_deadline_is_never_later_than_the_databases_own(database: str) -> None:
    leases = Leases(database)
    lease = leases.take("news.example", "one", ttl=20)
    for _ in range(20):
        assert lease is not None
        held = leases.held()[0]
        assert lease.left <= held.left + 0.005, "the time the answer took counts against us"
        lease = leases.renew(lease)
    leases.close()


def test_of_many_who_want_a_host_at_once_one_gets_it(database: str) -> None:
    def want(owner: int) -> Lease | None:
        leases = Leases(database)
        try:
            return leases.take("news.example", f"worker-{owner}")
        finally:
            leases.close()

    with ThreadPoolExecutor(16) as pool:
        got = [lease for lease in pool.map(want, range(16)) if lease is not None]
    assert len(got) == 1
    assert got[0].epoch == 1


def test_a_row_that_somebody_holds_open_is_a_busy_host_and_no_endless_wait(database: str) -> None:
    leases = Leases(database)
    lease = leases.take("news.example", "one", ttl=0.01)
    assert lease is not None
    time.sleep(0.05)
    with psycopg.connect(database) as writer:
        writer.execute("SELECT 1 FROM site_lease FOR SHARE")
        began = time.monotonic()
        assert leases.take("news.example", "two") is None
        assert time.monotonic() - began < 8
    assert leases.take("news.example", "two") is not None
    leases.close()


def test_leases_work_over_a_connection_that_is_anothers(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        leases = Leases(connection)
        assert leases.take("news.example", "one") is not None
        leases.close()
        assert not connection.closed


@pytest.mark.parametrize("text", ["", "host", "host:1", ":a:1", "host:a b:1", "host:a:x", "host:a:-1", "host:a:"])
def test_a_text_that_names_no_lease_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no lease"):
        parse(text)


def test_a_lease_comes_back_from_its_text_past_its_deadline() -> None:
    lease = Lease(host="[::1]:80", owner="machine-1@rack.example", epoch=7, ttl=5)
    assert parse(str(lease), ttl=5) == lease
    assert lease.left < 0


@pytest.mark.parametrize("owner", ["", "a b", "a:b", "ä", "-a", "x" * 129])
def test_an_owner_that_could_not_stand_in_a_text_is_refused(database: str, owner: str) -> None:
    with pytest.raises(ValueError, match="owner"):
        Leases(database).take("news.example", owner)


def test_a_server_that_is_not_there_is_away_and_its_password_stays_unsaid() -> None:
    with pytest.raises(Away) as caught:
        Leases("postgresql://me:hush-hush@127.0.0.1:9/x").take("news.example", "one")
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


ADDRESSES = ["", "sqlite:///x", "mysql://a:hush@b/c", "postgresql://a:hush@[::1/x", "postgresql://a:hush@b:port/x?%"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="give postgresql://") as caught:
        checked(url)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_messages_name_a_database_without_user_and_password() -> None:
    assert told("postgres://me:hush@db.example/news?password=hush2") == "database news at db.example"
    assert told("postgresql:///news") == "database news at the local socket"


def test_a_database_without_tables_says_what_to_run(postgres: Server) -> None:
    url = postgres.database(migrated=False)
    with Leases(url) as leases, pytest.raises(Unready, match="newscrawl cluster init"):
        leases.held()
    assert pending(url)[0] == "0001"
    assert migrate(url)[-1] == newest()
    assert migrate(url) == ()
    assert pending(url) == ()
    with Leases(url) as leases:
        assert leases.held() == ()


def test_two_machines_that_migrate_at_once_do_it_once(postgres: Server) -> None:
    url = postgres.database(migrated=False)
    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(migrate, [url] * 3))
    assert sorted(map(len, taken))[:2] == [0, 0]
    assert sum(map(len, taken)) > 0


def test_a_database_of_a_newer_newscrawl_is_left_alone(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE newscrawl_version SET version_num = '9999'")
    for look in (migrate, pending):
        with pytest.raises(Unready, match="newer newscrawl"):
            look(database)
