"""The archive as a crawl uses it: exactly once in the files, nothing lost, nothing said that is not so."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.archive import (
    Archive,
    ArchiveError,
    ArchiveLocked,
    Entry,
    Latest,
    SiteCount,
    Stream,
    compact,
    find,
    prune,
    read,
    repair,
    tombstone,
    verify,
)

DAY = 86400.0


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def entry(
    id_: str, *, stream: Stream = "articles", story: str | None = None, version: str = "1", **more: object
) -> Entry:
    said = {"id": id_, "url": f"https://example.org/{id_}", "site": "example", **more}
    return Entry(
        stream=stream,
        id=id_,
        url=str(said["url"]),
        site=str(said["site"]),
        version=version,
        story=story or f"story of {id_}",
        line=json.dumps(said).encode("ascii"),
    )


def fill(
    path: Path, *ids: str, run: str = "r", stream: Stream = "articles", now: float = 1000.0, **more: object
) -> None:
    with Archive.open(path, run=run, clock=Clock(now)) as archive:
        for id_ in ids:
            archive.put(entry(id_, stream=stream, **more))


def ids(path: Path, stream: Stream = "articles") -> list[str]:
    return [str(record["id"]) for record in read(path, stream)]


def segments(path: Path) -> list[str]:
    return sorted(file.name for file in path.glob("*-*-*-*.jsonl*"))


def test_an_entry_is_stored_once_however_often_it_is_put(tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="one", clock=Clock()) as archive:
        assert archive.put(entry("a")) is True
        assert archive.put(entry("a")) is False
        assert archive.seen("a")
        assert archive.commit() == 1
        assert archive.put(entry("a")) is False
    with Archive.open(tmp_path, run="two", clock=Clock()) as archive:
        assert archive.put(entry("a")) is False
        assert archive.put(entry("a", stream="cuts")) is True
    assert ids(tmp_path) == ["a"]
    assert segments(tmp_path) == ["articles-000001-one-0.jsonl", "cuts-000001-two-0.jsonl"]
    assert verify(tmp_path).ok


def test_a_record_comes_back_byte_for_byte(tmp_path: Path) -> None:
    line = b'{"id": "a", "url": "https://example.org/a", "site": "s", "text": "\\u00e9 ,\\"archive\\":{\\"story\\":", "n": 1}'
    with Archive.open(tmp_path, run="r", clock=Clock()) as archive:
        archive.put(
            Entry(stream="articles", id="a", url="https://example.org/a", site="s", version="", story='q"\\', line=line)
        )
        assert archive.latest('q"\\') == Latest(id="a", version="")
    assert list(read(tmp_path, "articles")) == [json.loads(line)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    story=st.text(st.characters(codec="utf-8"), max_size=20),
    version=st.text(st.characters(codec="utf-8"), max_size=8),
    text=st.text(st.characters(codec="utf-8")),
)
def test_whatever_text_a_record_holds_the_tail_comes_off_clean(story: str, version: str, text: str) -> None:
    from newscrawl.archive import lines

    one = replace(entry("a", text=text), story=story, version=version)
    raw = lines.kept(one)
    assert lines.record(raw) == one.line
    said = lines.read(raw)
    assert said is not None
    assert (said.id, said.story, said.version) == ("a", story, version)
    assert all(lines.read(raw[:cut]) is None for cut in range(0, len(raw), 7))


BAD = [
    (b'{"id": "a", "url": "u", "site": "s"}\n', "ASCII without line breaks"),
    ('{"id": "a", "url": "u", "site": "é"}'.encode(), "ASCII without line breaks"),
    (b'{"id": "a", "url": "u", "site": "s"', "not JSON"),
    (b'{"id": "a", "url": "u", "site": "s", "n": NaN}', "not JSON"),
    (b"[" * 100_000, "not JSON"),
    (b'["a"]', "a record is an object"),
    (b'{"id": "b", "url": "u", "site": "s"}', "line's id is 'b', not 'a'"),
    (b'{"id": "a", "site": "s"}', "line's url is None"),
    (b'{"id": "a", "url": "u", "site": "s", "archive": 1}', "belongs to the archive"),
    (b'{"id": "a", "url": "u", "site": "s", "t": "\\ud83d"}', "lone surrogate"),
]


@pytest.mark.parametrize(("line", "words"), BAD, ids=[row[1] for row in BAD])
def test_a_line_that_could_not_be_read_back_is_refused_and_stops_nothing(
    tmp_path: Path, line: bytes, words: str
) -> None:
    with Archive.open(tmp_path, run="r", clock=Clock()) as archive:
        with pytest.raises(ValueError, match=words):
            archive.put(Entry(stream="articles", id="a", url="u", site="s", version="", story="s", line=line))
        assert archive.put(entry("good", text="\U0001f600"))
    assert ids(tmp_path) == ["good"]


@pytest.mark.parametrize("run", ["", "a/b", "../x", "-a", "merged", "a b", "x" * 97])
def test_a_run_that_is_no_part_of_a_file_name_is_refused(tmp_path: Path, run: str) -> None:
    with pytest.raises(ValueError, match="they become part of file names"):
        Archive.open(tmp_path, run=run, clock=Clock())


def test_it_is_time_to_commit_after_a_quarter_of_a_second_or_64_entries(tmp_path: Path) -> None:
    clock = Clock()
    with Archive.open(tmp_path, run="r", clock=clock) as archive:
        assert not archive.due()
        archive.put(entry("a"))
        assert not archive.due()
        clock.now += 0.25
        assert archive.due()
        assert archive.commit() == 1
        assert not archive.due()
        for number in range(63):
            archive.put(entry(f"n{number}"))
        assert archive.pending == 63
        archive.put(entry("last"))
        assert archive.pending == 0
        assert archive.count() == 65


def test_only_committed_lines_are_read_while_the_run_goes_on(tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="r", clock=Clock()) as archive:
        archive.put(entry("a"))
        assert ids(tmp_path) == []
        archive.commit()
        archive.put(entry("b"))
        assert ids(tmp_path) == ["a"]
        with next(tmp_path.glob("*.part")).open("ab") as file:
            file.write(b'{"id": "torn')
        assert ids(tmp_path) == ["a"]
        assert verify(tmp_path).ok
        assert verify(tmp_path).parts == 1


def test_segments_roll_by_size_and_by_age(tmp_path: Path) -> None:
    clock = Clock()
    with Archive.open(tmp_path, run="r", clock=clock, batch=1, roll_bytes=300, roll_seconds=60.0) as archive:
        for number in range(6):
            archive.put(entry(f"a{number}"))
        rolled = len(list(tmp_path.glob("*.jsonl")))
        assert rolled >= 2
        archive.put(entry("b"))
        clock.now += 60
        assert archive.due()
        archive.commit()
        assert not list(tmp_path.glob("*.part"))
    assert verify(tmp_path).ok
    assert len(ids(tmp_path)) == 7


def test_the_newest_version_of_a_story_is_known_while_pending_and_after_every_rebuild(tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="r", clock=Clock(), batch=1, roll_bytes=1) as archive:
        for number in (1, 2, 3):
            archive.put(entry(f"v{number}", story="s", version=str(number)))
            archive.put(entry(f"other{number}"))
    with Archive.open(tmp_path, run="r2", clock=Clock()) as archive:
        assert archive.latest("s") == Latest(id="v3", version="3")
        assert archive.latest("none") is None
        archive.put(entry("v4", story="s", version="4"))
        assert archive.latest("s") == Latest(id="v4", version="4")
    compact(tmp_path, clock=Clock())
    fill(tmp_path, "v5", run="r3", story="s", version="5")
    for _ in range(2):
        with Archive.open(tmp_path, run="r4", clock=Clock()) as archive:
            assert archive.latest("s") == Latest(id="v5", version="5")
        (tmp_path / "index.sqlite").unlink()


def test_a_second_run_is_refused_and_told_who_and_what_to_do(tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="first", clock=Clock()), pytest.raises(ArchiveLocked) as refused:
        Archive.open(tmp_path, run="second", clock=Clock())
    assert refused.value.run == "first"
    assert str(tmp_path) in str(refused.value)
    assert "kill -TERM" in str(refused.value)
    with pytest.raises(ArchiveLocked), Archive.open(tmp_path, run="third", clock=Clock()):
        compact(tmp_path, clock=Clock())
    Archive.open(tmp_path, run="fourth", clock=Clock()).close()


def test_a_path_that_is_no_directory_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(ArchiveError, match="name a directory") as refused:
            Archive.open(path, run="r", clock=Clock())
        assert str(path) in str(refused.value)
    with pytest.raises(ArchiveError, match="no such directory"):
        list(read(tmp_path / "none", "articles"))


def test_nothing_is_accepted_after_the_end(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, run="r", clock=Clock())
    archive.close()
    archive.close()
    for act in (
        lambda: archive.put(entry("a")),
        archive.commit,
        lambda: archive.keep("k", "k", 1),
        lambda: archive.seen("a"),
    ):
        with pytest.raises(ArchiveError, match="nothing more is accepted"):
            act()


def test_an_error_says_how_many_entries_are_not_stored(tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="r", clock=Clock()) as archive:
        archive.put(entry("a"))
        archive.commit()
        archive.put(entry("b"))
        archive.put(entry("c"))
        archive._facts.close()
        with pytest.raises(ArchiveError, match="2 entries are not stored and will be fetched again") as refused:
            archive.keep("k", "k", 1)
        assert refused.value.unstored == 2
    assert ids(tmp_path) == ["a"]


def test_facts_are_kept_between_runs_until_they_expire(tmp_path: Path) -> None:
    clock = Clock()
    with Archive.open(tmp_path, run="r", clock=clock) as archive:
        archive.keep("robots", "example.org", {"status": 200, "body": "é"}, expires=1100.0)
        archive.keep("memory", "example.org", [1, 2])
        archive.keep("memory", "example.org", [1, 2, 3])
        assert archive.state("memory", "other") is None
    clock.now = 1099.0
    with Archive.open(tmp_path, run="r", clock=clock) as archive:
        assert archive.state("robots", "example.org") == {"status": 200, "body": "é"}
        clock.now = 1100.0
        assert archive.state("robots", "example.org") is None
        assert archive.states("robots") == {}
        assert archive.states("memory") == {"example.org": [1, 2, 3]}
        archive.drop("memory", "example.org")
        assert archive.states("memory") == {}
        with pytest.raises(ValueError, match="JSON"):
            archive.keep("k", "k", float("nan"))


DIE = """
import os, sys, time
from pathlib import Path
from newscrawl.archive import Archive
archive = Archive.open(Path(sys.argv[1]), run="r", clock=time.time)
print(archive.start("https://example.org/bad"), flush=True)
if sys.argv[2] == "well":
    archive.close()
os._exit(9)
"""


def die(path: Path, how: str = "badly") -> str:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", DIE, str(path), how], capture_output=True, text=True, cwd=root, check=False
    ).stdout


def test_a_story_that_took_the_process_down_twice_is_poison_until_it_is_tried_again(tmp_path: Path) -> None:
    assert die(tmp_path) == "True\n"
    assert die(tmp_path, "well") == "True\n", "a stop in good order is no attempt"
    assert die(tmp_path) == "True\n"
    assert die(tmp_path) == "False\n"
    with Archive.open(tmp_path, run="r", clock=Clock()) as archive:
        assert [one.url for one in archive.poisoned()] == ["https://example.org/bad"]
        assert archive.start("https://example.org/good")
        assert archive.start("https://example.org/good"), "in one process a second start is a retry"
        archive.finish("https://example.org/good")
        archive.poison("https://example.org/slow", "blocked the reactor for 30 s")
        assert not archive.start("https://example.org/slow")
        assert archive.retry("https://example.org/slow") == 1
        assert archive.start("https://example.org/slow")
        assert archive.retry() == 1
        assert archive.start("https://example.org/bad")
        assert archive.poisoned() == ()


@pytest.mark.parametrize("damage", ["deleted", "emptied", "junk", "junk in the middle", "of another archive"])
def test_the_index_is_rebuilt_from_the_segments(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "archive"
    fill(path, *(f"a{number}" for number in range(50)))
    index = path / "index.sqlite"
    if damage == "deleted":
        index.unlink()
    elif damage == "emptied":
        index.write_bytes(b"")
    elif damage == "junk":
        index.write_bytes(b"junk" * 5000)
    elif damage == "junk in the middle":
        data = bytearray(index.read_bytes())
        data[4096:12288] = b"\xff" * 8192
        index.write_bytes(data)
    else:
        fill(tmp_path / "other", "x", run="other")
        (tmp_path / "other" / "index.sqlite").rename(index)
    with Archive.open(path, run="r2", clock=Clock()) as archive:
        assert archive.recovered.rebuilt or archive.recovered.notes
        assert not any(archive.put(entry(f"a{number}")) for number in range(50))
        assert not archive.seen("x")
        assert archive.sites() == (SiteCount(site="example", stream="articles", items=50),)
    assert verify(path).ok


def test_facts_that_cannot_be_read_are_set_aside_and_told(tmp_path: Path) -> None:
    fill(tmp_path, "a")
    (tmp_path / "facts.sqlite").write_bytes(b"junk" * 5000)
    with Archive.open(tmp_path, run="r2", clock=Clock()) as archive:
        assert "set aside" in archive.recovered.notes[0]
        archive.keep("k", "k", 1)
    assert (tmp_path / "facts.sqlite.torn").exists()


def test_no_pickle_and_no_scrapy_in_the_wing() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, newscrawl.archive; print([m for m in ('pickle', 'scrapy', 'twisted') if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert "scrapy" not in done.stdout
    assert "twisted" not in done.stdout
    wing = Path(__file__).parents[2] / "newscrawl" / "archive"
    assert all("import pickle" not in file.read_text() for file in wing.glob("*.py"))


TORN = [b"", b'{"id": "x', b"\0" * 300, b"junk\n", b'{"id": "no tail"}\n', b"[]\n\xff\n{"]


@pytest.mark.parametrize("torn", TORN, ids=["nothing", "half a line", "zeros", "junk", "not ours", "several"])
@pytest.mark.parametrize("sealed", [True, False], ids=["unlisted", "part"])
def test_what_a_dead_run_left_is_sealed_and_the_torn_rest_is_evidence(
    tmp_path: Path, torn: bytes, sealed: bool
) -> None:
    fill(tmp_path, "a", "b")
    name = "articles-000001-r-0.jsonl"
    data = (tmp_path / name).read_bytes()
    (tmp_path / "manifest.jsonl").unlink()
    (tmp_path / name).unlink()
    (tmp_path / (name if sealed else f"{name}.part")).write_bytes(data + torn)
    with Archive.open(tmp_path, run="r2", clock=Clock()) as archive:
        assert archive.recovered.torn_bytes == len(torn)
        assert archive.recovered.sealed == (name,)
        assert not archive.put(entry("b"))
    assert (tmp_path / name).read_bytes() == data
    aside = tmp_path / "articles-000001-r-0.jsonl.torn"
    assert (aside.read_bytes() if aside.exists() else b"") == torn
    assert verify(tmp_path).ok


def test_a_hole_in_the_middle_takes_only_the_lines_that_it_hit(tmp_path: Path) -> None:
    fill(tmp_path, "a", "b", "c")
    name = "articles-000001-r-0.jsonl"
    lines = (tmp_path / name).read_bytes().splitlines(keepends=True)
    (tmp_path / name).unlink()
    (tmp_path / "manifest.jsonl").unlink()
    (tmp_path / f"{name}.part").write_bytes(lines[0] + bytes(len(lines[1]) - 1) + b"\n" + lines[2])
    with Archive.open(tmp_path, run="r2", clock=Clock()) as archive:
        assert archive.put(entry("b"))
        assert not archive.put(entry("c"))
    assert sorted(ids(tmp_path)) == ["a", "b", "c"]
    assert verify(tmp_path).ok


def test_a_torn_manifest_is_mended_without_losing_a_segment(tmp_path: Path) -> None:
    fill(tmp_path, "a")
    fill(tmp_path, "b", run="r2")
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-20])
    assert [problem.kind for problem in verify(tmp_path).problems] == ["manifest", "unlisted"]
    assert sorted(ids(tmp_path)) == ["a", "b"]
    fill(tmp_path, "c", run="r3")
    assert sorted(ids(tmp_path)) == ["a", "b", "c"]
    assert verify(tmp_path).ok


def test_withdrawn_articles_leave_every_read_and_their_text_goes_with_the_next_compact(tmp_path: Path) -> None:
    fill(tmp_path, "a", "b", text="SECRET")
    fill(tmp_path, "a", "b", run="r2", stream="cuts", text="SECRET")
    assert tombstone(tmp_path, "a", "the owner asked", clock=Clock()) is True
    assert tombstone(tmp_path, "a", "again", clock=Clock()) is False
    with pytest.raises(ArchiveError, match="no article nope"):
        tombstone(tmp_path, "nope", "why", clock=Clock())
    assert ids(tmp_path) == ["b"]
    assert ids(tmp_path, "cuts") == ["b"]
    assert next(iter(read(tmp_path, "withheld")))["reason"] == "the owner asked"
    assert [one.withdrawn for one in find(tmp_path, "a")] == ["withdrawn:a"] * 2
    done = compact(tmp_path, clock=Clock())
    assert done.stubs == 2
    lines = b"".join(file.read_bytes() for file in tmp_path.glob("*.jsonl")).splitlines()
    assert [b"SECRET" in line for line in lines if b'"a"' in line and b"withdraws" not in line] == [False, False]
    assert ids(tmp_path) == ["b"]
    with Archive.open(tmp_path, run="r3", clock=Clock()) as archive:
        assert archive.put(entry("a")) is False
    assert verify(tmp_path).ok


def test_pruning_lets_texts_go_and_never_takes_a_story_twice(tmp_path: Path) -> None:
    fill(tmp_path, "old", text="LONG" * 100, now=0.0)
    fill(tmp_path, "new", run="r2", now=9 * DAY)
    done = prune(tmp_path, 7, clock=Clock(10 * DAY))
    assert (done.stubs, ids(tmp_path)) == (1, ["new"])
    assert done.freed > 300
    assert prune(tmp_path, 7, clock=Clock(10 * DAY)).stubs == 0
    (tmp_path / "index.sqlite").unlink()
    with Archive.open(tmp_path, run="r3", clock=Clock()) as archive:
        assert archive.put(entry("old")) is False
        assert archive.latest("story of old") == Latest(id="old", version="1")
    report = verify(tmp_path)
    assert report.ok
    assert report.stubs == 1
    with pytest.raises(ValueError, match="0 or more"):
        prune(tmp_path, -1, clock=Clock())


def test_compacting_keeps_every_record_in_order_in_fewer_files(tmp_path: Path) -> None:
    for number in range(8):
        fill(tmp_path, f"a{number}", f"b{number}", run=f"r{number}")
    before = ids(tmp_path)
    done = compact(tmp_path, clock=Clock(), target=600)
    assert (done.before, done.after) == (8, len(segments(tmp_path)))
    assert done.after < 8
    assert ids(tmp_path) == before
    compact(tmp_path, clock=Clock())
    assert len(segments(tmp_path)) == 1
    assert ids(tmp_path) == before
    assert len((tmp_path / "manifest.jsonl").read_bytes().splitlines()) == 1
    fill(tmp_path, "later", "a0", run="z")
    assert ids(tmp_path) == [*before, "later"]
    assert verify(tmp_path).ok


def test_a_lost_manifest_costs_nothing_even_after_a_compact(tmp_path: Path) -> None:
    for number in range(4):
        fill(tmp_path, f"a{number}", run=f"r{number}")
    compact(tmp_path, clock=Clock())
    fill(tmp_path, "b", run="later")
    (tmp_path / "manifest.jsonl").unlink()
    for file in tmp_path.glob("*.sqlite*"):
        file.unlink()
    fill(tmp_path, "a1", "c", run="last")
    assert ids(tmp_path) == ["a0", "a1", "a2", "a3", "b", "c"]
    assert verify(tmp_path).ok


def test_a_rewrite_that_was_listed_and_not_named_is_read_and_then_named(tmp_path: Path) -> None:
    for number in range(3):
        fill(tmp_path, f"a{number}", run=f"r{number}")
    compact(tmp_path, clock=Clock())
    (name,) = segments(tmp_path)
    (tmp_path / name).rename(tmp_path / f"{name}.new")
    (tmp_path / "articles-000009-half-0.jsonl.new").write_bytes(b"half")
    assert ids(tmp_path) == ["a0", "a1", "a2"]
    assert verify(tmp_path).ok
    fill(tmp_path, "a1", run="last")
    assert segments(tmp_path) == [name]
    assert ids(tmp_path) == ["a0", "a1", "a2"]


def test_a_reader_at_work_keeps_its_files_through_a_compact(tmp_path: Path) -> None:
    for number in range(4):
        fill(tmp_path, f"a{number}", run=f"r{number}")
    reader = read(tmp_path, "articles")
    first = next(reader)
    compact(tmp_path, clock=Clock())
    assert ids(tmp_path) == ["a0", "a1", "a2", "a3"]
    assert [first["id"], *(one["id"] for one in reader)] == ["a0", "a1", "a2", "a3"]
    fill(tmp_path, "a4", run="next")
    assert ids(tmp_path) == ["a0", "a1", "a2", "a3", "a4"]
    assert len(segments(tmp_path)) == 2
    assert verify(tmp_path).ok


DAMAGE = [
    ("a flipped letter", lambda data: data.replace(b"TEXT", b"TEXD", 1), {"sha256"}, 3),
    ("a broken line", lambda data: data.replace(b'{"id": "b"', b'("id": "b"'), {"line", "sha256"}, 2),
    ("a line twice", lambda data: data + data.splitlines(keepends=True)[0], {"twice", "bytes", "records", "sha256"}, 3),
    ("a cut end", lambda data: data[:-10], {"bytes", "sha256", "line"}, 2),
]


@pytest.mark.parametrize(("name", "damage", "kinds", "left"), DAMAGE, ids=[row[0] for row in DAMAGE])
def test_verify_finds_damage_and_repair_keeps_every_line_that_is_whole(
    tmp_path: Path, name: str, damage: object, kinds: set[str], left: int
) -> None:
    fill(tmp_path, "a", "b", "c", text="TEXT")
    segment = tmp_path / "articles-000001-r-0.jsonl"
    segment.write_bytes(damage(segment.read_bytes()))  # type: ignore[operator]
    report = verify(tmp_path)
    assert {problem.kind for problem in report.problems} - {"index"} == kinds
    assert all("articles-000001" in str(problem) or "index" in str(problem) for problem in report.problems)
    done = repair(tmp_path, clock=Clock())
    assert not done.before.ok
    assert done.after.ok
    assert len(ids(tmp_path)) == left
    assert done.rewritten == (segment.name,)


def test_repair_says_what_is_lost_and_a_crawl_gets_it_again(tmp_path: Path) -> None:
    fill(tmp_path, "a")
    fill(tmp_path, "b", run="r2")
    (tmp_path / "articles-000001-r-0.jsonl").unlink()
    assert {problem.kind for problem in verify(tmp_path).problems} == {"missing", "index"}
    with pytest.raises(ArchiveError, match="newscrawl repair"):
        ids(tmp_path)
    done = repair(tmp_path, clock=Clock())
    assert done.lost == ("articles-000001-r-0.jsonl",)
    assert done.after.ok
    with Archive.open(tmp_path, run="r3", clock=Clock()) as archive:
        assert archive.put(entry("a")) is True
    assert sorted(ids(tmp_path)) == ["a", "b"]


def test_verify_tells_an_index_that_lies(tmp_path: Path) -> None:
    fill(tmp_path, "a")
    with sqlite3.connect(tmp_path / "index.sqlite") as database:
        database.execute("INSERT INTO seen VALUES ('articles', 'ghost', 's')")
        database.execute("DELETE FROM seen WHERE id='a'")
    database.close()
    assert [str(problem).split(":")[2].strip() for problem in verify(tmp_path).problems] == [
        "it has articles ghost, no segment has",
        "it lacks articles a of articles-000001-r-0.jsonl",
    ]
    assert repair(tmp_path, clock=Clock()).after.ok


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_history_of_runs_and_upkeep_leaves_each_record_once(data: st.DataObject) -> None:
    import tempfile

    clock = Clock()
    put: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        fill(path)
        for number in range(data.draw(st.integers(1, 7))):
            clock.now += 100
            step = data.draw(st.sampled_from(["run", "run", "die", "compact", "prune", "lose index", "repair"]))
            if step in ("run", "die"):
                archive = Archive.open(
                    path,
                    run=f"r{number}",
                    clock=clock,
                    batch=data.draw(st.integers(1, 5)),
                    roll_bytes=data.draw(st.integers(1, 900)),
                )
                for id_ in data.draw(st.lists(st.integers(0, 30).map(str), max_size=20)):
                    assert archive.put(entry(id_)) == (id_ not in put)
                    put.add(id_)
                archive.commit()
                archive.close() if step == "run" else archive._let_go()
            elif step == "compact":
                compact(path, clock=clock, target=data.draw(st.integers(1, 2000)))
            elif step == "prune":
                prune(path, 1 / 400, clock=clock)
            elif step == "repair":
                assert repair(path, clock=clock).after.ok
            else:
                (path / "index.sqlite").unlink(missing_ok=True)
        with Archive.open(path, run="last", clock=clock) as archive:
            assert archive.count() == len(put)
        report = verify(path)
        assert report.problems == ()
        assert report.items["articles"] == len(put)
        assert len(ids(path)) == len(put) - report.stubs
