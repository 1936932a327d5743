"""Copies are linked across machines as they are on one."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg

from newscrawl.archive import Archive
from newscrawl.archive.copies import CROWD
from newscrawl.cluster.postgres import Postgres
from tests.twins.test_copies import edited, entry, story
from tools.cluster.writing import taken


def opened(url: str, folder: Path, host: str) -> Archive:
    lease = taken(url, host, "tests", ttl=60)
    backing = Postgres(url, lease=lambda: lease)
    return Archive.open(folder, run=f"run-{host}", clock=time.time, link=True, shared=backing)


def test_a_copy_is_found_while_the_first_is_pending_and_then_by_every_machine(database: str, tmp_path: Path) -> None:
    one, two = opened(database, tmp_path, "a"), opened(database, tmp_path, "b")
    one.put(entry("a", story(1)))
    assert one.original(edited(story(1)), story="b") == "a-1"
    assert two.original(edited(story(1)), story="b") is None
    one.commit()
    for archive in (one, two):
        assert archive.original(edited(story(1)), story="b") == "a-1"
        assert archive.original(story(2), story="b") is None
        assert archive.original(edited(story(1), 5), story="a") is None
    two.put(entry("b", edited(story(1)), of="a-1"))
    two.put(entry("c", story(3)))
    assert two.original(edited(story(1)), story="d") == "a-1", "a copy of a copy names the first"
    assert two.original(edited(story(3), 5), story="d") == "c-1"
    two.commit()
    assert one.original(edited(story(1), 5), story="a") is None, "nor is a copy of a copy of its own"
    one.close()
    two.close()


def test_copies_are_found_again_from_the_segments(database: str, tmp_path: Path) -> None:
    archive = opened(database, tmp_path, "a")
    archive.put(entry("a", story(1)))
    archive.close()
    for harm in ("DELETE FROM copy_article", "UPDATE copy_article SET algorithm = '0'"):
        with psycopg.connect(database) as connection:
            connection.execute(harm)
        archive = opened(database, tmp_path, f"b{len(harm)}")
        assert archive.original(edited(story(1)), story="b") == "a-1"
        archive.close()


def test_a_crowd_that_shares_a_phrase_is_not_compared_without_end(database: str, tmp_path: Path) -> None:
    index = Postgres(database).copies(tmp_path)
    for number in range(150):
        index.put(id_=f"{number}", text=f"{story(1, 50)} {story(number + 10, 200)}", story=f"{number}", first=None)
    index.commit({})
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT max(c) FROM (SELECT count(*) AS c FROM copy_key GROUP BY key) AS k"
        ).fetchone()
    assert found is not None
    assert found[0] <= CROWD
    assert index.original(f"{story(1, 50)} {story(149 + 10, 200)}", story="new") == "149"
    index.close()
