"""The archive as a crawl uses it: exactly once in the files, nothing lost, nothing said that is not so."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.archive import (
    Entry,
    Latest,
    Stream,
    read,
)
from tests.archive.houses import House

DAY = 86400.0
ALONE = House(None, lambda path: (path / "index.sqlite").unlink(missing_ok=True))


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
    path: Path,
    *ids: str,
    run: str = "r",
    stream: Stream = "articles",
    now: float = 1000.0,
    house: House = ALONE,
    **more: object,
) -> None:
    with house.open(path, run=run, clock=Clock(now)) as archive:
        for id_ in ids:
            archive.put(entry(id_, stream=stream, **more))


def ids(path: Path, stream: Stream = "articles") -> list[str]:
    return [str(record["id"]) for record in read(path, stream)]


def segments(path: Path) -> list[str]:
    return sorted(file.name for file in path.glob("*-*-*-*.jsonl*"))


def test_an_entry_is_stored_once_however_often_it_is_put(house: House, tmp_path: Path) -> None:
    with house.open(tmp_path, run="one", clock=Clock()) as archive:
        assert archive.put(entry("a")) is True
        assert archive.put(entry("a")) is False
        assert archive.seen("a")
        assert archive.commit() == 1
        assert archive.put(entry("a")) is False
    with house.open(tmp_path, run="two", clock=Clock()) as archive:
        assert archive.put(entry("a")) is False
        assert archive.put(entry("a", stream="cuts")) is True
    assert ids(tmp_path) == ["a"]
    assert [re.sub(r"\d{6}", "N", name) for name in segments(tmp_path)] == [
        "articles-N-one-0.jsonl",
        "cuts-N-two-0.jsonl",
    ]
    assert house.verify(tmp_path).ok


def test_a_record_comes_back_byte_for_byte(house: House, tmp_path: Path) -> None:
    line = b'{"id": "a", "url": "https://example.org/a", "site": "s", "text": "\\u00e9 ,\\"archive\\":{\\"story\\":", "n": 1}'
    with house.open(tmp_path, run="r", clock=Clock()) as archive:
        archive.put(
            Entry(stream="articles", id="a", url="https://example.org/a", site="s", version="", story='q"\\', line=line)
        )
        assert archive.latest('q"\\') == Latest(id="a", version="")
    assert list(read(tmp_path, "articles")) == [json.loads(line)]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_history_of_runs_and_upkeep_leaves_each_record_once(data: st.DataObject) -> None:
    any_history(ALONE, data)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_and_so_does_any_with_a_shared_index(house: House, data: st.DataObject) -> None:
    any_history(house, data)


def any_history(house: House, data: st.DataObject) -> None:
    import tempfile

    clock = Clock()
    put: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        house.lose(path)
        fill(path, house=house)
        for number in range(data.draw(st.integers(1, 7))):
            clock.now += 100
            step = data.draw(st.sampled_from(["run", "run", "die", "compact", "prune", "lose index", "repair"]))
            if step in ("run", "die"):
                archive = house.open(
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
                if step == "run":
                    archive.close()
                else:
                    archive._let_go()
                    house.die()
            elif step == "compact":
                house.compact(path, clock=clock, target=data.draw(st.integers(1, 2000)))
            elif step == "prune":
                house.prune(path, 1 / 400, clock=clock)
            elif step == "repair":
                assert house.repair(path, clock=clock).after.ok
            else:
                house.lose(path)
        with house.open(path, run="last", clock=clock) as archive:
            assert archive.count() == len(put)
        report = house.verify(path)
        assert report.problems == ()
        assert report.items["articles"] == len(put)
        assert len(ids(path)) == len(put) - report.stubs
