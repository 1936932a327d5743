"""The index of copies knows what is durable or pending and nothing else, and is built again from the segments."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscrawl import archive
from newscrawl.archive import Archive, Entry, copies
from newscrawl.archive.copies import COPIES, Copies

WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("an", "ero", "il", "osa", "uv") for c in ("do", "ka", "ri", "sel")
]


def story(seed: int, words: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def edited(text: str, seed: int = 0) -> str:
    words = text.split()
    words[10 + seed] = "indeed"
    return " ".join(words)


def entry(key: str, text: str, *, version: str = "1", of: str | None = None) -> Entry:
    said = {"id": f"{key}-{version}", "url": f"https://{key}.example/", "site": key, "text": text, "duplicate_of": of}
    line = json.dumps(said).encode("ascii")
    return Entry(
        stream="articles",
        id=f"{key}-{version}",
        url=f"https://{key}.example/",
        site=key,
        version=version,
        story=key,
        line=line,
    )


def opened(folder: Path, run: str = "run") -> Archive:
    return Archive.open(folder, run=run, clock=time.time, link=True)


def test_a_copy_is_found_while_the_first_is_pending_and_when_it_is_durable(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put(entry("a", story(1)))
        assert kept.original(edited(story(1)), story="b") == "a-1"
        kept.commit()
        assert kept.original(edited(story(1)), story="b") == "a-1"
        assert kept.original(story(2), story="b") is None
    with opened(tmp_path, "next") as kept:
        assert kept.original(edited(story(1)), story="b") == "a-1"
    assert archive.verify(tmp_path).problems == ()


def test_a_version_of_a_story_is_no_copy_of_the_story_nor_of_its_copies(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put(entry("a", story(1)))
        kept.put(entry("b", edited(story(1)), of="a-1"))
        assert kept.original(edited(story(1), 5), story="a") is None
        assert kept.original(edited(story(1), 5), story="b") == "a-1"


def test_a_copy_of_a_copy_names_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put(entry("a", story(1)))
        kept.put(entry("b", edited(story(1)), of="a-1"))
        assert kept.original(edited(story(1)), story="c") == "a-1"


def test_many_versions_of_one_page_do_not_hide_the_first_copy(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put(entry("a", story(1)))
        for number in range(40):
            kept.put(entry("live", edited(story(1), number), version=str(number), of="a-1"))
        assert kept.original(edited(story(1), 41), story="live") == "a-1"


def test_a_crowd_that_shares_a_phrase_is_not_compared_without_end(tmp_path: Path) -> None:
    index = Copies(None)
    for number in range(300):
        index.put(id_=f"{number}", text=f"{story(1, 50)} {story(number + 10, 200)}", story=f"{number}", first=None)
    found = index._db.execute("SELECT max(c) FROM (SELECT count(*) AS c FROM key GROUP BY key)").fetchone()[0]
    assert found <= copies.CROWD
    assert index.original(f"{story(1, 50)} {story(299 + 10, 200)}", story="new") == "299"
    index.close()


@pytest.mark.parametrize("harm", ["deleted", "junk", "other algorithm", "from a later day"])
def test_the_index_is_built_again_from_the_segments(tmp_path: Path, harm: str) -> None:
    with opened(tmp_path) as kept:
        kept.put(entry("a", story(1)))
        kept.put(entry("b", edited(story(1)), of="a-1"))
    if harm == "deleted":
        (tmp_path / COPIES).unlink()
    elif harm == "junk":
        (tmp_path / COPIES).write_bytes(b"SQLite format 3\x00" + b"junk" * 5000)
    else:
        index = Copies(tmp_path)
        if harm == "other algorithm":
            index._db.execute("UPDATE algorithm SET name='0'")
        else:
            index.put(id_="ghost", text=story(9), story="ghost", first=None)
            index.commit({"articles-000099-gone-0.jsonl": 5})
        index.close()
    with opened(tmp_path, "next") as kept:
        assert kept.original(edited(story(1), 3), story="c") == "a-1"
        assert kept.original(edited(story(1), 3), story="a") is None
        assert kept.original(story(9), story="c") is None


def test_articles_of_runs_that_did_not_link_are_taken_in_later(tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="plain", clock=time.time) as kept:
        kept.put(entry("a", story(1)))
        assert kept.original(story(1), story="b") is None
    with opened(tmp_path, "next") as kept:
        assert kept.original(story(1), story="b") == "a-1"


KILLED = """
import os, signal, sys, time, pathlib
from tests.twins.test_copies import entry, opened, story
kept = opened(pathlib.Path(sys.argv[1]), "killed")
kept.put(entry("a", story(1)))
kept.commit()
kept.put(entry("b", story(2)))
print(kept.original(story(2), story="c"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_a_kill_only_what_is_durable_is_found(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert ran.stdout == "b-1\n"
    with opened(tmp_path, "next") as kept:
        assert kept.original(story(1), story="c") == "a-1"
        assert kept.original(story(2), story="c") is None
        assert kept.put(entry("b", story(2)))
    assert archive.verify(tmp_path).problems == ()


def test_what_could_not_be_stored_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    kept = opened(tmp_path)
    kept.put(entry("a", story(1)))
    kept.commit()
    kept.put(entry("b", story(2)))
    with monkeypatch.context() as patched:
        patched.setattr("newscrawl.archive.disk.write", full)
        with pytest.raises(archive.ArchiveFull):
            kept.commit()
        kept.close()
    with opened(tmp_path, "next") as kept:
        assert kept.original(story(1), story="c") == "a-1"
        assert kept.original(story(2), story="c") is None


def test_merging_and_pruning_keep_what_is_known(tmp_path: Path) -> None:
    for number in range(3):
        with opened(tmp_path, f"run{number}") as kept:
            kept.put(entry(f"a{number}", story(number)))
    archive.compact(tmp_path, clock=time.time)
    with opened(tmp_path, "later") as kept:
        assert [kept.original(story(number), story="c") for number in range(3)] == ["a0-1", "a1-1", "a2-1"]
        assert kept._copies is not None
        assert len(kept._copies.marks()) == 1
    archive.prune(tmp_path, 0, clock=lambda: time.time() + 9)
    with opened(tmp_path, "last") as kept:
        assert kept.original(story(1), story="c") == "a1-1"
    assert archive.verify(tmp_path).problems == ()


def test_a_story_whose_first_text_was_pruned_is_still_no_copy_of_itself(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put(entry("a", story(1)))
    archive.prune(tmp_path, 0, clock=lambda: time.time() + 9)
    with opened(tmp_path, "next") as kept:
        kept.put(entry("b", edited(story(1)), of="a-1"))
    (tmp_path / COPIES).unlink()
    with opened(tmp_path, "last") as kept:
        assert kept.original(edited(story(1), 4), story="c") == "a-1"
        assert kept.original(edited(story(1), 4), story="a") is None


def test_20_000_stories_take_less_than_a_millisecond_each_and_each_copy_is_found(tmp_path: Path) -> None:
    index = Copies(tmp_path)
    firsts = {number * 100: story(number * 100, 45) for number in range(100)}
    missed, wrong = [], []
    start = time.process_time()
    for number in range(20_000):
        of = number - 37 if number % 100 == 37 and number - 37 in firsts else None
        text = edited(firsts[of]) if of is not None else firsts.get(number) or story(number, 45)
        found = index.original(text, story=f"s{number}")
        if of is not None and found != f"i{of}":
            missed.append(number)
        if of is None and found is not None:
            wrong.append(number)
        index.put(id_=f"i{number}", text=text, story=f"s{number}", first=found)
        if number % 64 == 63:
            index.commit({"articles-000001-run-0.jsonl": number})
    took = time.process_time() - start
    index.close()
    assert missed == []
    assert wrong == []
    assert took < 20_000 * 0.001
