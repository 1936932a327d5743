"""Recomputes everything that the archive claims, from the bytes, and changes nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from newscrawl.archive import manifest, recovery, segments
from newscrawl.archive.reading import directory_of
from newscrawl.archive.segments import PART, TORN, Name
from newscrawl.archive.sqlite import FACTS, INDEX
from newscrawl.archive.words import STREAMS, Problem, Report, Sealed


@dataclass(slots=True)
class _Tally:
    items: Counter[str] = field(default_factory=Counter)
    size: int = 0
    stubs: int = 0
    withdrawn: int = 0
    ids: dict[str, dict[bytes, str]] = field(default_factory=lambda: {stream: {} for stream in STREAMS})
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, kind: str, name: str, detail: str, *, line: int = 0) -> None:
        self.problems.append(Problem(kind=kind, name=name, line=line, detail=detail))


def verify(path: Path) -> Report:
    """Sums, counts, every line, ids that stand twice, and what the index believes. Safe beside a running crawl."""
    directory = directory_of(path)
    tally = _Tally()
    with recovery.reading(directory):
        marks = recovery.marks_of(directory)
        sealed, parts = segments.files(directory)
        rows, bad = _manifest(directory)
        for number in bad:
            tally.wrong("manifest", manifest.NAME, "this line is not whole: run `newscrawl repair`", line=number)
        standing = manifest.live(rows)
        for text, row in sorted(standing.items()):
            _check_sealed(directory, text, row, tally)
        open_parts = [text for text in parts if text not in standing]
        for text in open_parts:
            _check_part(directory, parts[text], marks.get(text, 0), tally)
        _check_strays(directory, sealed.keys() - standing.keys() - manifest.replaced(rows), tally)
        _check_index(directory, marks, standing, open_parts, tally)
    return Report(
        path=directory,
        segments=len(standing),
        parts=len(open_parts),
        items={stream: tally.items[stream] for stream in STREAMS},
        bytes=tally.size,
        withdrawn=tally.withdrawn,
        stubs=tally.stubs,
        problems=tuple(tally.problems),
        notes=tuple(tally.notes),
    )


def _manifest(directory: Path) -> tuple[tuple[Sealed, ...], tuple[int, ...]]:
    try:
        return manifest.parse((directory / manifest.NAME).read_bytes())
    except FileNotFoundError:
        return (), ()


def _check_sealed(directory: Path, text: str, row: Sealed, tally: _Tally) -> None:
    name = segments.name_of(text)
    path = directory / text
    if name is None or not path.is_file():
        tally.wrong(
            "missing", text, f"the manifest lists it with {row.items} records: restore it, or `newscrawl repair`"
        )
        return
    size, items, digest = _check_lines(path, name, tally, stop=None)
    tally.size += size
    for what, is_, was in (("bytes", size, row.bytes), ("records", items, row.items)):
        if is_ != was:
            tally.wrong(what, text, f"it has {is_:,}, the manifest says {was:,}: run `newscrawl repair`")
    if digest != row.sha256:
        tally.wrong("sha256", text, f"it is {digest[:16]}…, the manifest says {row.sha256[:16]}…: its bytes changed")


def _check_part(directory: Path, name: Name, mark: int, tally: _Tally) -> None:
    path = directory / f"{name}{PART}"
    with contextlib.suppress(FileNotFoundError):
        size, _, _ = _check_lines(path, name, tally, stop=mark)
        tally.size += size
        left = path.stat().st_size - size
        if size < mark:
            tally.wrong("bytes", path.name, f"{mark:,} bytes were acknowledged, {size:,} are whole: `newscrawl repair`")
        tally.notes.append(f"{path.name}: open, {size:,} bytes committed, {left:,} not yet")


def _check_lines(path: Path, name: Name, tally: _Tally, *, stop: int | None) -> tuple[int, int, str]:
    total = hashlib.sha256()
    size = items = 0
    seen = tally.ids[name.stream]
    for one in segments.scan(path, stop=stop):
        total.update(one.raw)
        size += len(one.raw)
        items += 1
        if one.line is None:
            tally.wrong("line", path.name, "it is not a whole record: run `newscrawl repair`", line=items)
            continue
        key = one.line.id.encode()
        if key in seen:
            tally.wrong(
                "twice", path.name, f"id {one.line.id} stands in {seen[key]} too: `newscrawl repair`", line=items
            )
        seen.setdefault(key, str(name))
        tally.items[name.stream] += 1
        tally.stubs += one.line.gone is not None
        tally.withdrawn += one.line.withdraws is not None
    return size, items, total.hexdigest()


def _check_strays(directory: Path, strays: frozenset[str] | set[str], tally: _Tally) -> None:
    for text in sorted(strays):
        tally.wrong("unlisted", text, "no manifest line lists it: the next run or `newscrawl repair` does")
    torn = [file for file in sorted(os.listdir(directory)) if file.endswith(TORN)]
    for file in torn:
        tally.notes.append(f"{file}: {(directory / file).stat().st_size:,} bytes of torn lines, kept as evidence")


def _check_index(directory: Path, marks: object, standing: dict[str, Sealed], parts: list[str], tally: _Tally) -> None:
    if not (directory / INDEX).exists():
        tally.notes.append(f"{INDEX}: not there: the next run builds it from the segments")
        return
    try:
        with contextlib.closing(sqlite3.connect(f"file:{directory / INDEX}?mode=ro", uri=True)) as database:
            for (said,) in database.execute("PRAGMA integrity_check"):
                if said != "ok":
                    tally.wrong("index", INDEX, f"{said}: run `newscrawl repair`")
            _compare(database, tally)
    except sqlite3.Error as error:
        tally.wrong("index", INDEX, f"{error}: run `newscrawl repair`")
    if (directory / FACTS).exists():
        try:
            with contextlib.closing(sqlite3.connect(f"file:{directory / FACTS}?mode=ro", uri=True)) as database:
                database.execute("SELECT count(*) FROM state").fetchone()
        except sqlite3.Error as error:
            tally.wrong("facts", FACTS, f"{error}: the next run sets it aside and begins anew")


def _compare(database: sqlite3.Connection, tally: _Tally) -> None:
    """Both ways: an id that only the index has would be lost, one that only the segments have would come twice."""
    for stream in STREAMS:
        left = set(tally.ids[stream])
        for (id_,) in database.execute("SELECT id FROM seen WHERE stream=?", (stream,)):
            key = str(id_).encode()
            if key in tally.ids[stream]:
                left.discard(key)
            else:
                tally.wrong("index", INDEX, f"it has {stream} {id_}, no segment has: run `newscrawl repair`")
        for key in sorted(left):
            name = tally.ids[stream][key]
            tally.wrong("index", INDEX, f"it lacks {stream} {key.decode()} of {name}: the next run or repair adds it")
