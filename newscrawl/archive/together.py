"""Makes pending entries durable, then seen, where many write: each into segments of its own, fenced by its epoch.

The index decides. A batch is one transaction of it: this run is the owner (and nobody can become it before the end);
what of the batch is new; the new lines are written and made durable; commit. A line that was not committed does not
count, wherever it stands: the next try, or whoever takes over, cuts the segment to its committed end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newscrawl.archive import disk, manifest
from newscrawl.archive.index import Batch, Shared, Turn
from newscrawl.archive.segments import PART, Name, Standing, Writer
from newscrawl.archive.store import Guard, Lined, Place, Segments, by_stream, rows_of
from newscrawl.archive.words import ArchiveAway, Sealed, Stream


@dataclass(slots=True)
class _Try:
    """What one try to write a batch left in a segment: how far it was before, and how far it would be."""

    writer: Writer
    before: Standing
    end: int


class Together(Segments):
    """The store of a directory with many writers."""

    def __init__(self, place: Place, index: Shared, guard: Guard) -> None:
        super().__init__(place, guard)
        self._index = index

    def commit(self, pending: Sequence[Lined]) -> Mapping[str, int]:
        batches = by_stream(pending)
        with self._guard(f"cannot write {', '.join(batches)}", unstored=len(pending)):
            writers = {stream: self._writer(stream) for stream in batches}
            tried: list[_Try] = []
            times = 0
            while True:
                try:
                    with self._index.batch(str(writer.name) for writer in writers.values()) as batch:
                        if not _came_through(tried, batch):
                            _take_back(tried)
                            tried = []  # filled line by line, so that an error leaves what there is to take back
                            self._write(batch, batches, tried)
                    break
                except ArchiveAway as error:
                    times += 1
                    error.unstored = len(pending)
                    self._index.again(error, times)
                except OSError:
                    _take_back(tried)  # the transaction did not come to its commit
                    raise
        return {str(writer.name): writer.size for writer in writers.values()}

    def _write(self, batch: Batch, batches: Mapping[Stream, list[Lined]], tried: list[_Try]) -> None:
        rows = [row for stream, lined in batches.items() for row in rows_of(self._writers[stream].name, lined)]
        new = batch.add(rows)
        for stream, lined in batches.items():
            fresh = [raw for entry, raw in lined if (stream, entry.id) in new]
            writer = self._writers[stream]
            tried.append(_Try(writer=writer, before=writer.standing(), end=writer.size))
            if fresh:
                writer.append(b"".join(fresh), len(fresh))
                tried[-1].end = writer.size
        batch.mark({str(one.writer.name): one.end for one in tried})

    def _begin(self, stream: Stream) -> Name:
        number = self._index.begin(lambda number: str(self._place.name(stream, number)))
        return self._place.name(stream, number)

    def _seal(self, stream: Stream) -> None:
        """The list of segments is everybody's: it is written in a turn, by an owner."""
        writer, row, times = self._writers[stream], None, 0
        doing = f"the entries are stored, but cannot seal {stream}, which the next owner does"
        with self._guard(doing, unstored=0):
            while True:
                try:
                    with self._index.turn(fenced=True) as turn:
                        if writer.size:
                            row = row or writer.seal(sealed=self._place.clock())
                            self._enter(row, turn, again=times > 0)
                        else:
                            disk.unlink(self._place.path / f"{writer.name}{PART}")
                            turn.forget(str(writer.name))
                    break
                except ArchiveAway as error:
                    times += 1
                    self._index.again(error, times)
        writer.abandon()
        del self._writers[stream]

    def _enter(self, row: Sealed, turn: Turn, *, again: bool) -> None:
        if not again or row.name not in manifest.live(manifest.load(self._place.path)):
            manifest.append(self._place.path, [row])
        turn.sealed(row.name, row.bytes)


def _came_through(tried: Sequence[_Try], batch: Batch) -> bool:
    """Was an earlier try committed, although nobody told us? Its rows are locked now: what is said is the last word."""
    return bool(tried) and all(batch.ends[str(one.writer.name)] == one.end for one in tried)


def _take_back(tried: Sequence[_Try]) -> None:
    for one in tried:
        one.writer.back(one.before)
