"""Power loss, modelled: after every call, each state that the disk could be in, and what the archive makes of it.

What the model takes for granted: bytes below the last fsync of a file stay, and names change in the order of the
calls. What it takes from the archive: any part of the bytes written since (cut, zeroed or junk from any byte on), any
of the latest name changes, and the index as it was, as it was before, or not at all.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from newscrawl.archive import Entry, compact, disk
from tools.faults.workload import Key, entries, violations, write

INDEX = ("index.sqlite", "index.sqlite-wal")
KEPT = ("facts.sqlite", "facts.sqlite-wal")
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The disk after a call: names and contents that are durable, name changes and bytes that are not, the index."""

    call: str
    names: dict[str, int]
    changes: tuple[tuple[str, str, int], ...]
    durable: dict[int, bytes]
    written: dict[int, bytes]
    index: Files
    acked: frozenset[Key]


class Recorder:
    """Watches the archive's file calls in one directory and notes a moment after each.

    `deaf`: calls that are taken for not made, to see whether the model would notice that one is missing.
    """

    def __init__(self, directory: Path, *, deaf: frozenset[str] = frozenset()) -> None:
        self.moments: list[Moment] = []
        self.acked: set[Key] = set()
        self._directory = directory
        self._deaf = deaf
        self._names: dict[str, int] = {}
        self._changes: list[tuple[str, str, int]] = []
        self._durable: dict[int, bytes] = {}
        self._written: dict[int, bytes] = {}
        for file in directory.iterdir():
            if file.is_file() and not file.name.startswith(("index.", "facts.", ".")):
                number = file.stat().st_ino
                self._names[file.name] = number
                self._durable[number] = self._written[number] = file.read_bytes()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """While in here, calls are noted."""
        with contextlib.ExitStack() as stack:
            for name in ("create", "append_to", "write", "fsync", "truncate", "rename", "unlink", "sync_directory"):
                stack.enter_context(mock.patch.object(disk, name, self._noting(name, getattr(disk, name))))
            yield

    def acknowledge(self, keys: Sequence[Key]) -> None:
        """The archive has called these durable."""
        self.acked |= set(keys)

    def _noting(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object) -> object:
            gone = args[0].stat().st_ino if name == "rename" else 0  # type: ignore[attr-defined]
            was_there = name in ("append_to", "unlink") and args[0].exists()  # type: ignore[attr-defined]
            result = call(*args)
            self._note(name, args, result, number=gone, was_there=was_there)
            self.moments.append(self._moment(name))
            return result

        return noted

    def _note(self, name: str, args: tuple[object, ...], result: object, *, number: int, was_there: bool) -> None:
        if name in ("create", "append_to") and isinstance(result, int) and not was_there:
            number = os.fstat(result).st_ino
            self._changes.append(("add", Path(str(args[0])).name, number))
            self._durable[number] = self._written[number] = b""
        elif name in ("write", "truncate", "fsync") and isinstance(args[0], int):
            number = os.fstat(args[0]).st_ino
            self._written[number] = Path(f"/proc/self/fd/{args[0]}").read_bytes()
            if name == "fsync" and name not in self._deaf:
                self._durable[number] = self._written[number]
        elif name == "rename":
            self._changes += [
                ("add", Path(str(args[1])).name, number),
                ("remove", Path(str(args[0])).name, number),
            ]
        elif name == "unlink" and was_there:
            self._changes.append(("remove", Path(str(args[0])).name, 0))
        elif name == "sync_directory" and name not in self._deaf:
            self._names = _applied(self._names, self._changes)
            self._changes = []

    def _moment(self, call: str) -> Moment:
        return Moment(
            call=call,
            names=dict(self._names),
            changes=tuple(self._changes),
            durable=dict(self._durable),
            written=dict(self._written),
            index=_copied(self._directory, (*INDEX, *KEPT)),
            acked=frozenset(self.acked),
        )


def _applied(
    names: dict[str, int], changes: list[tuple[str, str, int]] | tuple[tuple[str, str, int], ...]
) -> dict[str, int]:
    names = dict(names)
    for what, name, number in changes:
        if what == "add":
            names[name] = number
        else:
            names.pop(name, None)
    return names


def _copied(directory: Path, names: tuple[str, ...]) -> Files:
    return {name: (directory / name).read_bytes() for name in names if (directory / name).exists()}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One way in which the disk may come back."""

    name: str
    files: Files
    acked: frozenset[Key]


def _tails(durable: bytes, written: bytes, random_: random.Random) -> Iterator[tuple[str, bytes]]:
    """The contents that a file may have: what was durable, and of the rest any beginning; then nothing, 0s or junk."""
    if not written.startswith(durable):
        yield "old", durable
        yield "new", written
        return
    rest = written[len(durable) :]
    for at in range(len(rest) + 1):
        yield f"cut at {at}", durable + rest[:at]
        if at < len(rest):
            yield f"zeroed from {at}", durable + rest[:at] + bytes(len(rest) - at)
            yield f"junk from {at}", durable + rest[:at] + random_.randbytes(len(rest) - at)
    if len(rest) > 32:
        third = len(rest) // 3
        yield "hole", durable + rest[:third] + bytes(third) + rest[2 * third :]


def _orders(moment: Moment) -> Iterator[dict[str, int]]:
    """The names, with none, some or all of the latest changes; a rename is one change."""
    at = 0
    while True:
        yield _applied(moment.names, moment.changes[:at])
        if at >= len(moment.changes):
            return
        at += 1
        if at < len(moment.changes) and moment.changes[at][2] == moment.changes[at - 1][2] != 0:
            at += 1


def states(moments: list[Moment], random_: random.Random) -> Iterator[State]:
    """Every state of every moment, once. Where two calls leave the same, the later one's acknowledgements count."""
    for number, moment in enumerate(moments):
        older = moments[random_.randrange(number)].index if number else {}
        facts = {name: data for name, data in moment.index.items() if name in KEPT}
        kept = {name: data for name, data in moment.index.items() if name in INDEX}
        stale = {name: data for name, data in older.items() if name in INDEX}
        for names in _orders(moment):
            open_ = [one for one in set(names.values()) if moment.durable[one] != moment.written[one]]
            whole = {name: moment.durable[one] for name, one in names.items()}
            tails = _tails(moment.durable[open_[0]], moment.written[open_[0]], random_) if open_ else iter([("", b"")])
            for what, data in tails:
                files = {name: data if open_ and one == open_[0] else whole[name] for name, one in names.items()}
                for how, index in (("kept", kept), ("stale", stale), ("deleted", {})):
                    yield State(
                        name=f"{number} after {moment.call}, {what or 'whole'}, index {how}",
                        files={**files, **index, **facts},
                        acked=moment.acked,
                    )


def _recorded(
    folder: Path, deaf: frozenset[str], action: Callable[[Path, Recorder], None], before: Callable[[Path], None]
) -> list[Moment]:
    directory = folder / "recorded"
    directory.mkdir()
    before(directory)
    recorder = Recorder(directory, deaf=deaf)
    with recorder.watching():
        action(directory, recorder)
    shutil.rmtree(directory)
    return recorder.moments


def moments(folder: Path, every: tuple[Entry, ...], *, deaf: frozenset[str] = frozenset()) -> list[Moment]:
    """A crawl, a crawl over what a dead run left, and a merge."""
    everything = [(entry.stream, entry.id) for entry in every]

    def crawl(directory: Path, recorder: Recorder) -> None:
        write(directory, every, recorder.acknowledge)

    def filled(directory: Path) -> None:
        write(directory, every, lambda _: None, roll=500)

    def left(directory: Path) -> None:
        write(directory, every[:4], lambda _: None)
        name = "cuts-000009-dead-0.jsonl"
        source = next(directory.glob("cuts-*.jsonl")).read_bytes().replace(b"id0", b"id9")
        (directory / f"{name}.part").write_bytes(source + b'{"id":"torn')
        with (directory / "manifest.jsonl").open("ab") as file:
            file.write(b'{"name":')

    def merge(directory: Path, recorder: Recorder) -> None:
        recorder.acknowledge(everything)
        compact(directory, clock=time.time, target=2000)

    def again(directory: Path, recorder: Recorder) -> None:
        recorder.acknowledge(everything[:4])
        write(directory, every[:6], recorder.acknowledge)

    return [
        *_recorded(folder, deaf, crawl, lambda directory: None),
        *_recorded(folder, deaf, again, left),
        *_recorded(folder, deaf, merge, filled),
    ]


@dataclass(slots=True)
class Swept:
    """How many states were tried, how many there are, and what did not hold."""

    tried: int = 0
    of: int = 0
    wrong: list[str] = field(default_factory=list)


def sweep(
    *,
    count: int = 10,
    sample: int | None = None,
    seconds: float = 1e9,
    seed: int = 1,
    deaf: frozenset[str] = frozenset(),
    first: bool = False,
) -> Swept:
    """Try every state, or `sample` of them drawn evenly, until the time is up (or `first`: something is wrong)."""
    random_ = random.Random(seed)
    every = entries(count)
    swept = Swept()
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder, mock.patch.object(os, "fsync", return_value=None):
        every_state = list(states(moments(Path(folder), every, deaf=deaf), random_))
        swept.of = len(every_state)
        ends = time.monotonic() + seconds
        chosen = every_state if sample is None or sample >= len(every_state) else random_.sample(every_state, sample)
        for number, state in enumerate(chosen):
            if time.monotonic() > ends or (first and swept.wrong):
                break
            directory = Path(folder) / f"state{number}"
            directory.mkdir()
            for name, data in state.files.items():
                (directory / name).write_bytes(data)
            swept.tried += 1
            wrong = violations(directory, set(state.acked), every, resume=number % 10 == 0)
            swept.wrong += [f"{state.name}: {one}" for one in wrong[:3]]
            shutil.rmtree(directory)
    return swept
