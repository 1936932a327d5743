"""Recomputes everything that the archive claims, from the bytes, and changes nothing."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from newscrawl.archive import manifest, recovery, segments, takeover
from newscrawl.archive.index import Backing, Believed
from newscrawl.archive.reading import directory_of
from newscrawl.archive.segments import PART, TORN, Name
from newscrawl.archive.sqlite import FACTS, INDEX
from newscrawl.archive.words import STREAMS, Problem, Report, Sealed


@dataclass(slots=True)
class _Tally:
    marks: Mapping[str, int]
    items: Counter[str] = field(default_factory=Counter)
    size: int = 0
    stubs: int = 0
    withdrawn: int = 0
    ids: dict[str, dict[bytes, str]] = field(default_factory=lambda: {stream: {} for stream in STREAMS})
    indexed: dict[str, set[bytes]] = field(default_factory=lambda: {stream: set() for stream in STREAMS})
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, kind: str, name: str, detail: str, *, line: int = 0) -> None:
        self.problems.append(Problem(kind=kind, name=name, line=line, detail=detail))


def verify(path: Path, *, shared: Backing | None = None) -> Report:
    """Sums, counts, every line, ids that stand twice, and what the index believes. Safe beside a running crawl.

    The index is held as it was at the start, and asked only about the bytes that it had taken in by then.
    """
    directory = directory_of(path)
    with recovery.reading(directory), ExitStack() as stack:
        if shared is not None and takeover.is_shared(directory):
            index, tally = _elsewhere(directory, shared, stack)
        else:
            index, tally = _index(directory, stack)
        sealed, parts = segments.files(directory)
        rows, bad = _manifest(directory)
        for number in bad:
            tally.wrong("manifest", manifest.NAME, "this line is not whole: run `newscrawl repair`", line=number)
        standing = manifest.live(rows)
        for text, row in sorted(standing.items()):
            _check_sealed(directory, text, row, tally)
        known = standing.keys() | manifest.replaced(rows)
        unlisted = [name for text, name in sealed.items() if text not in known]
        unsealed = [name for text, name in parts.items() if text not in known]
        for name in (*unlisted, *unsealed):
            _check_open(directory, name, tally)
        _check_strays(directory, unlisted, tally)
        _compare(index, tally)
        _check_facts(directory, tally)
    return Report(
        path=directory,
        segments=len(standing),
        parts=len(unsealed),
        items={stream: tally.items[stream] for stream in STREAMS},
        bytes=tally.size,
        withdrawn=tally.withdrawn,
        stubs=tally.stubs,
        problems=tuple(tally.problems),
        notes=tuple(tally.notes),
    )


def _elsewhere(directory: Path, shared: Backing, stack: ExitStack) -> tuple[Believed | None, _Tally]:
    index = shared.index(directory, takeover.number_of(directory))
    stack.callback(index.close)
    believed = stack.enter_context(index.believed())
    return believed, _Tally(marks=believed.marks)


def _index(directory: Path, stack: ExitStack) -> tuple[Believed | None, _Tally]:
    """The index in one read transaction, so that a run beside us does not move it, and what it has taken in."""
    if takeover.is_shared(directory):
        return None, _Tally(marks={}, notes=["its index is in PostgreSQL: name it in NEWSCRAWL_INDEX to compare"])
    if not (directory / INDEX).exists():
        return None, _Tally(marks={}, notes=[f"{INDEX}: not there: the next run builds it from the segments"])
    try:
        database = stack.enter_context(recovery.looking_at(directory / INDEX))
        database.execute("BEGIN")
        tally = _Tally(marks=dict(database.execute("SELECT name, bytes FROM mark")))
        for (said,) in database.execute("PRAGMA integrity_check"):
            if said != "ok":
                tally.wrong("index", INDEX, f"{said}: run `newscrawl repair`")
    except sqlite3.Error as error:
        tally = _Tally(marks={})
        tally.wrong("index", INDEX, f"{error}: run `newscrawl repair`")
        return None, tally
    held = database

    def ids(stream: str) -> Iterator[str]:
        for (id_,) in held.execute("SELECT id FROM seen WHERE stream=?", (stream,)):
            yield str(id_)

    return Believed(marks=tally.marks, ids=ids), tally


def _manifest(directory: Path) -> tuple[tuple[Sealed, ...], tuple[int, ...]]:
    try:
        return manifest.parse((directory / manifest.NAME).read_bytes())
    except FileNotFoundError:
        return (), ()


def _check_sealed(directory: Path, text: str, row: Sealed, tally: _Tally) -> None:
    name = segments.name_of(text)
    path = segments.path_of(directory, text)
    if name is None or not path.is_file():
        tally.wrong("missing", text, f"the manifest has {row.items} records of it: restore it, or `newscrawl repair`")
        return
    size, items, digest = _check_lines(path, name, tally, stop=None)
    tally.size += size
    for what, is_, was in (("bytes", size, row.bytes), ("records", items, row.items)):
        if is_ != was:
            tally.wrong(what, text, f"it has {is_:,}, the manifest says {was:,}: run `newscrawl repair`")
    if digest != row.sha256:
        tally.wrong("sha256", text, f"it is {digest[:16]}…, the manifest says {row.sha256[:16]}…: its bytes changed")


def _check_open(directory: Path, name: Name, tally: _Tally) -> None:
    """What no manifest line lists is checked as far as it was acknowledged; it may be sealed while we look."""
    mark = tally.marks.get(str(name), 0)
    part = directory / f"{name}{PART}"
    path = part if part.exists() else directory / str(name)
    try:
        size, _, _ = _check_lines(path, name, tally, stop=mark)
    except FileNotFoundError:
        path = directory / str(name)
        size, _, _ = _check_lines(path, name, tally, stop=mark)
    tally.size += size
    if size < mark:
        tally.wrong("bytes", path.name, f"{mark:,} bytes were acknowledged, {size:,} are whole: `newscrawl repair`")
    tally.notes.append(f"{path.name}: open, {size:,} bytes committed")


def _check_lines(path: Path, name: Name, tally: _Tally, *, stop: int | None) -> tuple[int, int, str]:
    total = hashlib.sha256()
    size = items = 0
    seen = tally.ids[name.stream]
    mark = tally.marks.get(str(name), 0)
    for one in segments.scan(path, stop=stop):
        total.update(one.raw)
        size += len(one.raw)
        items += 1
        if one.line is None:
            tally.wrong("line", path.name, "it is not a whole record: run `newscrawl repair`", line=items)
            continue
        key = one.line.id.encode()
        if key in seen:
            tally.wrong("twice", path.name, f"id {one.line.id} is in {seen[key]} too: `newscrawl repair`", line=items)
        seen.setdefault(key, str(name))
        if size <= mark:
            tally.indexed[name.stream].add(key)
        tally.items[name.stream] += 1
        tally.stubs += one.line.gone is not None
        tally.withdrawn += one.line.withdraws is not None
    return size, items, total.hexdigest()


def _check_strays(directory: Path, unlisted: list[Name], tally: _Tally) -> None:
    listed = manifest.live(manifest.load(directory))
    for name in unlisted:
        if str(name) not in listed:
            tally.wrong("unlisted", str(name), "no manifest line lists it: the next run or `newscrawl repair` does")
    for file in sorted(os.listdir(directory)):
        if file.endswith(TORN):
            tally.notes.append(f"{file}: {(directory / file).stat().st_size:,} bytes of torn lines, kept as evidence")


def _compare(index: Believed | None, tally: _Tally) -> None:
    """Both ways: an id that only the index has would be lost, one that only the segments have would come twice."""
    if index is None:
        return
    try:
        for stream in STREAMS:
            left = set(tally.indexed[stream])
            for id_ in index.ids(stream):
                key = id_.encode()
                left.discard(key)
                if key not in tally.ids[stream] and index.alone:
                    tally.wrong("index", INDEX, f"it has {stream} {id_}, no segment has: run `newscrawl repair`")
            for key in sorted(left):
                name = tally.ids[stream][key]
                tally.wrong("index", INDEX, f"it lacks {stream} {key.decode()} of {name}: run `newscrawl repair`")
    except sqlite3.Error as error:
        tally.wrong("index", INDEX, f"{error}: run `newscrawl repair`")
    behind = sum(len(tally.ids[stream]) - len(tally.indexed[stream]) for stream in STREAMS)
    if behind > 0:
        tally.notes.append(f"{INDEX}: {behind:,} records behind the segments: the next run takes them in")


def _check_facts(directory: Path, tally: _Tally) -> None:
    if not (directory / FACTS).exists():
        return
    try:
        with recovery.looking_at(directory / FACTS) as database:
            database.execute("SELECT count(*) FROM state").fetchone()
    except sqlite3.Error as error:
        tally.wrong("facts", FACTS, f"{error}: the next run sets it aside and begins anew")
