"""Works on an archive at rest: repair, merge, let old texts go, take one article back. Each needs the lock."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from newscrawl.archive import copies, disk, lines, manifest, recovery, segments, takeover
from newscrawl.archive.index import Backing, Index
from newscrawl.archive.lines import Line
from newscrawl.archive.reading import directory_of, find, withdrawn
from newscrawl.archive.segments import MERGED, NEW, Name, Scanned
from newscrawl.archive.sqlite import INDEX, files_of
from newscrawl.archive.store import ROLL_BYTES
from newscrawl.archive.verify import verify
from newscrawl.archive.words import (
    STREAMS,
    ArchiveError,
    Entry,
    Recovered,
    Repaired,
    Rewritten,
    Sealed,
)
from newscrawl.archive.writer import Archive

DAY = 86400.0


@contextmanager
def _resting(
    path: Path, clock: Callable[[], float], doing: str, shared: Backing | None
) -> Iterator[tuple[Path, Index, Recovered]]:
    directory = directory_of(path)
    with ExitStack() as stack:
        try:
            if shared is None:
                takeover.alone(directory)
                number = None
            else:
                number = takeover.number_of(directory)
            lock = disk.Lock(directory, run=doing)
            stack.callback(lock.release)
            index: Index
            if shared is not None and number is not None:
                index = held = shared.index(directory, number)
                stack.callback(index.close)
                turn = stack.enter_context(held.turn(long=True))
                recovered = takeover.rest(directory, turn, clock=clock, index=held)
            else:
                index, recovered = recovery.recover(directory, clock=clock)
                stack.callback(index.close)
            yield directory, index, recovered
        except (OSError, sqlite3.Error) as error:
            raise disk.refusal(directory, error, doing=f"cannot {doing}") from error


def _replace(
    directory: Path, index: Index, sources: list[Sealed], keep: Callable[[Line, bytes], bytes | None], *, sealed: float
) -> int:
    """Put one segment in the place of some that follow each other; how many bytes it has.

    The manifest line is the moment: before it the new file is nobody's, after it the old ones are. The new one gets
    its name only then, so that a segment which no line lists (a lost manifest) is never one to be thrown away.
    """
    names = [name for row in sources if (name := segments.name_of(row.name)) is not None]
    name = _merged_name(directory, names[-1])
    beside = directory / f"{name}{NEW}"
    disk.unlink(beside)
    fd = disk.create(beside)
    try:
        for row in sources:
            for one in segments.scan(directory / row.name):
                data = keep(one.line, one.raw) if one.line is not None else None
                if data is not None:
                    disk.write(fd, data)
        disk.fsync(fd)
        size = os.fstat(fd).st_size
    finally:
        os.close(fd)
    disk.sync_directory(directory)
    made = segments.summed(beside, name, sealed=sealed, replaces=tuple(row.name for row in sources))
    manifest.append(directory, [made])
    disk.rename(beside, directory / str(name))
    disk.sync_directory(directory)
    recovery.replay(directory, index, name)
    index.add((), {str(name): made.bytes}, gone=made.replaces)
    recovery.remove_replaced(directory)
    return size


def _merged_name(directory: Path, last: Name) -> Name:
    """The number of the last source, so that a later segment still counts as later; a worker part of its own."""
    rows = manifest.load(directory)
    used = {name for row in rows for name in (row.name, *row.replaces)} | segments.files(directory)[0].keys()
    generation = 1
    while str(name := replace(last, run=MERGED, worker=str(generation))) in used:
        generation += 1
    return name


def _tidy_manifest(directory: Path) -> None:
    """Drop the rows of segments that are gone for good."""
    rows = manifest.load(directory)
    sealed, _ = segments.files(directory)
    if not sealed.keys() & manifest.replaced(rows):
        manifest.rewrite(directory, [replace(row, replaces=()) for row in manifest.live(rows).values()])


def _in_order(directory: Path, stream: str) -> list[Sealed]:
    standing = manifest.live(manifest.load(directory)).values()
    named = [(name, row) for row in standing if (name := segments.name_of(row.name)) is not None]
    return [row for name, row in sorted(named, key=lambda one: (one[0].number, one[0])) if name.stream == stream]


def compact(
    path: Path, *, clock: Callable[[], float], target: int = ROLL_BYTES, shared: Backing | None = None
) -> Rewritten:
    """Merge segments that follow each other, up to `target` bytes, and take the text of withdrawn articles out."""
    with _resting(path, clock, "compact", shared) as (directory, index, _):
        back = frozenset(withdrawn(directory))
        stubs = [0]

        def keep(line: Line, raw: bytes) -> bytes:
            if line.id not in back or line.gone is not None or line.withdraws is not None:
                return raw
            stubs[0] += 1
            return lines.stub(line, why="withdrawn")

        before = after = freed = 0
        for stream in STREAMS:
            rows = _in_order(directory, stream)
            before += len(rows)
            holding = frozenset(row.name for row in rows if stream != "withheld" and _holds(directory, row, back))
            for group in _groups(rows, target, holding):
                size = _replace(directory, index, group, keep, sealed=max(row.sealed for row in group))
                freed += sum(row.bytes for row in group) - size
            after += len(_in_order(directory, stream))
        copies.follow(directory)
        _tidy_manifest(directory)
    return Rewritten(before=before, after=after, stubs=stubs[0], freed=freed)


def _groups(rows: list[Sealed], target: int, wanted: frozenset[str]) -> list[list[Sealed]]:
    """Neighbours that fit into `target` bytes together; one alone only where it is wanted for its own sake."""
    groups: list[list[Sealed]] = []
    size = 0
    for row in rows:
        if not groups or size + row.bytes > target:
            groups.append([])
            size = 0
        groups[-1].append(row)
        size += row.bytes
    return [group for group in groups if len(group) > 1 or group[0].name in wanted]


def _holds(directory: Path, row: Sealed, ids: frozenset[str]) -> bool:
    if not ids:
        return False
    found = (one.line for one in segments.scan(directory / row.name))
    return any(line is not None and line.id in ids and line.gone is None for line in found)


def prune(path: Path, keep_days: float, *, clock: Callable[[], float], shared: Backing | None = None) -> Rewritten:
    """Let the texts go of articles and cuts whose segment was sealed more than `keep_days` ago.

    A stub with id, address, story and version stays, so that no story is ever taken twice. What was withheld stays:
    it has no text.
    """
    if keep_days < 0:
        raise ValueError(f"keep_days {keep_days}: a number of days, 0 or more")
    with _resting(path, clock, "prune", shared) as (directory, index, _):
        oldest = clock() - keep_days * DAY
        stubs = freed = before = after = 0
        for stream in ("articles", "cuts"):
            rows = _in_order(directory, stream)
            before += len(rows)
            for row in rows:
                fresh = sum(1 for one in segments.scan(directory / row.name) if one.line and one.line.gone is None)
                if row.sealed >= oldest or not fresh:
                    continue
                size = _replace(directory, index, [row], _pruned, sealed=row.sealed)
                stubs += fresh
                freed += row.bytes - size
            after += len(_in_order(directory, stream))
        copies.follow(directory)
        _tidy_manifest(directory)
    return Rewritten(before=before, after=after, stubs=stubs, freed=freed)


def _pruned(line: Line, raw: bytes) -> bytes:
    return raw if line.gone is not None else lines.stub(line, why="pruned")


def repair(path: Path, *, clock: Callable[[], float], shared: Backing | None = None) -> Repaired:
    """Keep every line that is whole, once; list what is there; build the index anew; say what cannot be had back.

    Bytes that are no whole line go to a .torn file. A segment that the manifest lists and that is missing is `lost`.
    """
    before = verify(path, shared=shared)
    with _resting(path, clock, "repair", shared) as (directory, index, recovered):
        lost = [row for row in manifest.load(directory) if not (directory / row.name).is_file()]
        standing = manifest.live(manifest.load(directory))
        missing = tuple(row.name for row in lost if row.name in standing)
        if missing:
            _drop_rows(directory, missing)
        rewritten, dropped = _rewrite_bad(directory, index, clock)
        if shared is not None:
            index.clear()
            recovery.bring_up(directory, index, recovery.Found())
        else:
            index.close()
    if shared is None:
        for file in files_of(Path(path) / INDEX):
            disk.unlink(file)
        with _resting(path, clock, "repair", None):
            pass
    return Repaired(
        before=before,
        after=verify(path, shared=shared),
        recovered=recovered,
        rewritten=tuple(rewritten),
        dropped_lines=dropped,
        lost=missing,
    )


def _drop_rows(directory: Path, names: tuple[str, ...]) -> None:
    rows = manifest.live(manifest.load(directory)).values()
    manifest.rewrite(directory, [replace(row, replaces=()) for row in rows if row.name not in names])


def _rewrite_bad(directory: Path, index: Index, clock: Callable[[], float]) -> tuple[list[str], int]:
    """Rewrite each segment that is not what the manifest says, or in which an id stands for the second time."""
    rewritten: list[str] = []
    dropped = 0
    for stream in STREAMS:
        seen: set[str] = set()
        for row in _in_order(directory, stream):
            mine: set[str] = set()
            out: list[Scanned] = []
            for one in segments.scan(directory / row.name):
                if one.line is None or one.line.id in seen or one.line.id in mine:
                    out.append(one)
                else:
                    mine.add(one.line.id)
            seen |= mine
            if not out and _sum_of(directory, row) == row.sha256:
                continue
            if out:
                recovery.keep_evidence(directory / row.name, out)
            _replace(directory, index, [row], _once(mine), sealed=row.sealed or clock())
            rewritten.append(row.name)
            dropped += len(out)
    return rewritten, dropped


def _sum_of(directory: Path, row: Sealed) -> str | None:
    name = segments.name_of(row.name)
    return segments.summed(directory / row.name, name, sealed=0.0).sha256 if name else None


def _once(ids: set[str]) -> Callable[[Line, bytes], bytes | None]:
    """Keeps the first line of each of these ids."""
    left = set(ids)

    def keep(line: Line, raw: bytes) -> bytes | None:
        if line.id not in left:
            return None
        left.discard(line.id)
        return raw

    return keep


def tombstone(
    path: Path,
    id_: str,
    reason: str,
    *,
    clock: Callable[[], float],
    run: str = "tombstone",
    shared: Backing | None = None,
) -> bool:
    """Take an article back: a withheld line that says why, and from then on no read or export holds it.

    False if it was taken back already; ArchiveError if the archive has no such article. Its text goes from the disk
    with the next `compact`; the archive never takes the id again.
    """
    articles = [one for one in find(path, id_) if one.stream == "articles"]
    if not articles:
        raise ArchiveError(f"archive {path}: no article {id_}: look for it with `newscrawl find`", path=Path(path))
    if articles[0].withdrawn is not None:
        return False
    with Archive.open(path, run=run, clock=clock, shared=shared) as archive:
        return archive.put(withdrawal(articles[0].record, reason), withdraws=id_)


def withdrawal(record: Mapping[str, object], reason: str) -> Entry:
    """The withheld line that takes an article's record back: no word of its text."""
    id_, url, site = (str(record.get(key, "")) for key in ("id", "url", "site"))
    said = {"id": f"withdrawn:{id_}", "url": url, "site": site, "reason": reason, "withdraws": id_}
    line = json.dumps(said, separators=(",", ":")).encode("ascii")
    return Entry(stream="withheld", id=said["id"], url=url, site=site, version="", story=f"withdrawn:{id_}", line=line)
