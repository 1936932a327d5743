"""Cleans a corpus on all cores: parts go out to workers, come back in order, and become one file or none."""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from newscrawl import bulk, corpora, desk, rulebook
from newscrawl.bulk import Part, PartResult

SMALLEST, LARGEST, SHARES = 1 << 16, 4 << 20, 64
TRIES = 3
LATER, BROKEN, PIPE = 75, 65, 141
SHOWN = 5
WATCH = 0.5


@dataclass(slots=True)
class Told:
    """What became of all rows so far, and of those that are broken the first few."""

    rows: int = 0
    kept: int = 0
    withheld: int = 0
    broken: int = 0
    passed_over: int = 0
    cut: int = 0
    lines: int = 0
    before: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, one: PartResult) -> None:
        """Counts a part."""
        for key in ("rows", "kept", "withheld", "broken", "passed_over", "cut", "lines", "before"):
            setattr(self, key, getattr(self, key) + getattr(one, key))


class WorkerLost(click.ClickException):
    """A part at which each worker died: out of memory, or killed."""


def clean(name: str, like: Part, output: Path | None, workers: int) -> Told:
    """Cleans the corpus `name` (`-` is standard input) into `output`, or to standard output; says what became of it.

    Parts that are done stay beside the output until all are, so that a run that was stopped goes on where it was.

    Raises:
        click.ClickException: nothing to read, nothing that could be kept, no room, a worker that dies again and again.
    """
    told = Told()
    try:
        with ExitStack() as stack:
            stack.enter_context(_stopped_softly())
            folder = stack.enter_context(_folder(name, like, output))
            parts, seen, total = stack.enter_context(_parts(name, like, folder))
            bar = stack.enter_context(_bar(total))
            files = _Files(output, folder)
            stack.callback(files.stack.close)
            for part, result in _done(parts, workers):
                files.take(part, result, told)
                told.add(result)
                bar(seen(part))
                if part.source != name:  # a piece of what can be read only once
                    Path(part.source).unlink(missing_ok=True)
            if told.rows and told.broken == told.rows:
                raise click.ClickException(f"{name}: no row could be cleaned: {told.first[0]}")
            files.land()
    except corpora.CorpusError as error:
        raise click.ClickException(str(error)) from error
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE)
    except OSError as error:
        where = error.filename or output or name
        raise click.ClickException(f"{where}: {error.strerror}: run the same command again to go on") from error
    return told


# Parts


Seen = Callable[[Part], int]


@contextmanager
def _parts(name: str, like: Part, folder: Path) -> Iterator[tuple[Iterator[Part], Seen, int | None]]:
    """The parts of a corpus, what of the file has been read when one is done, and how much there is in all."""
    if name == "-":
        with corpora.unpacked(Path(name), sys.stdin.buffer) as stream:
            yield bulk.parts_in(stream, folder, LARGEST // 4, like=like), lambda part: 0, None
        return
    path = Path(name)
    length = path.stat().st_size
    size = max(SMALLEST, min(LARGEST, length // SHARES))
    if like.kind == "jsonl" and corpora.packing_of(path):
        with path.open("rb") as file, corpora.unpacked(path, file) as stream:
            yield bulk.parts_in(stream, folder, LARGEST // 4, like=like), lambda part: file.tell(), length
        return
    parts = bulk.parts_of(
        [path], folder, size, field=like.field, title_field=like.title_field, rules=like.rules, kind=like.kind
    )
    bytewise = like.kind == "jsonl"
    yield iter(parts), lambda part: part.end or 0 if bytewise else part.number + 1, length if bytewise else len(parts)


@contextmanager
def _folder(name: str, like: Part, output: Path | None) -> Iterator[Path]:
    """Where parts lie until all are done: beside the output, under a name that says what is read and how."""
    if output is None or name == "-":
        with tempfile.TemporaryDirectory(prefix="newscrawl-", dir=output.parent if output else None) as made:
            yield Path(made)
        return
    about = Path(name).stat()
    what = (str(Path(name).absolute()), about.st_size, about.st_mtime_ns, like.field, like.title_field)
    key = hashlib.sha256(repr((*what, rulebook.version(like.rules))).encode()).hexdigest()[:12]
    folder = output.with_name(f".{output.name}.parts-{key}")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            click.echo(f"newscrawl: {output}: another run is writing it", err=True)
            sys.exit(LATER)
        for stale in output.parent.glob(f".{output.name}.parts-*"):
            if stale != folder:
                shutil.rmtree(stale, ignore_errors=True)
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


# Workers


def _done(parts: Iterator[Part], workers: int) -> Iterator[tuple[Part, PartResult]]:
    """Each part with what became of it, in order, with few under way at a time."""
    first = next(parts, None)
    second = next(parts, None)
    if first is None:
        return
    if workers == 1 or second is None:
        for part in (first, *((second,) if second else ()), *parts):
            yield part, bulk.do_part(part)
        return
    desk.ready()
    with _Pool(workers) as pool:
        pool.send(first)
        pool.send(second)
        for part in parts:
            pool.send(part)
            while pool.full:
                yield pool.take()
        while pool.waiting:
            yield pool.take()


class _Pool:
    """Workers, and the parts that are with them; where one is killed, all parts under way are sent out again."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.waiting: deque[tuple[Part, Future[PartResult], int]] = deque()
        self.pool = self._new(workers)

    def _new(self, workers: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(os.getpid(),))

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for child in multiprocessing.active_children():
                child.kill()
        self.pool.shutdown(wait=True, cancel_futures=True)

    @property
    def full(self) -> bool:
        return len(self.waiting) > 3 * self.workers

    def send(self, part: Part) -> None:
        """Gives a part to the workers."""
        try:
            self._submit(part, 1)
        except BrokenProcessPool:
            self._mend()
            self._submit(part, 1)

    def _submit(self, part: Part, tries: int) -> None:
        self.waiting.append((part, self.pool.submit(bulk.do_part, part), tries))

    def take(self) -> tuple[Part, PartResult]:
        """The first part under way, when it is done."""
        while True:
            part, future, _ = self.waiting[0]
            try:
                result = future.result()
            except BrokenProcessPool:
                self._mend()
                continue
            self.waiting.popleft()
            return part, result

    def _mend(self) -> None:
        """New workers, and all parts again: those that are done say so at once.

        Whoever waits first may not be the one that kills, so it has its last try alone.
        """
        self.pool.shutdown(wait=True, cancel_futures=True)
        click.echo("newscrawl: a worker was killed: its part is done again", err=True)
        old, self.waiting = self.waiting, deque()
        if old and old[0][2] == TRIES - 1:
            part = old[0][0]
            try:
                with self._new(1) as alone:
                    alone.submit(bulk.do_part, part).result()
            except BrokenProcessPool:
                raise WorkerLost(
                    f"{part.source}, part {part.number + 1} (from byte {part.start}): the worker died {TRIES} times "
                    "(out of memory?): give it more room, or take that part out; what is done is kept"
                ) from None
        self.pool = self._new(self.workers)
        for number, (part, _, tries) in enumerate(old):
            self._submit(part, tries + (number == 0))


def _begin(parent: int) -> None:
    """What a worker does first: Ctrl-C is its parent's to answer, and it does not outlive its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _stopped_softly() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does: no worker and no half file stays behind."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar(total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere. It has no thread of its own: workers are forked beside it."""
    console = Console(stderr=True)
    columns = (TextColumn("cleaning"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, auto_refresh=False) as progress:
        task = progress.add_task("cleaning", total=total)
        yield lambda seen: progress.update(task, completed=seen, refresh=True)


# Files


class _Files:
    """The output and what stands beside it, each written under another name until all are whole."""

    def __init__(self, output: Path | None, folder: Path) -> None:
        self.output = output
        self.folder = folder
        self.stack = ExitStack()
        self.open: dict[str, IO[bytes]] = {}
        self.places: dict[str, Path] = {}
        if output is None:
            return
        self.places = {side: beside(output, side) for side in bulk.SIDES} | {"kept": output}

    def _file(self, name: str) -> IO[bytes]:
        if name not in self.open:
            place = self.places[name]
            self.open[name] = self.stack.enter_context(corpora.packed(self._beside(place), place))
        return self.open[name]

    def take(self, part: Part, result: PartResult, told: Told) -> None:
        """Appends what a part left; the lines of broken rows are numbered through the whole file."""
        out = self._file("kept") if self.output else sys.stdout.buffer
        with open(result.final, "rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)
        if result.withheld and self.output:
            self._file("withheld").write(Path(f"{result.final}.withheld.jsonl").read_bytes())
        if result.broken:
            self._take_broken(Path(f"{result.final}.broken.jsonl"), 0 if part.first else told.lines, told)

    def _take_broken(self, path: Path, base: int, told: Told) -> None:
        with path.open("rb") as file:
            for raw in file:
                row = json.loads(raw)
                row["row"] += base
                if len(told.first) < SHOWN:
                    told.first.append(f"line {row['row']}: {row['why']}")
                if self.output:
                    self._file("broken").write(json.dumps(row).encode("ascii") + b"\n")

    def land(self) -> None:
        """All is whole: every file gets its name, the output last."""
        if self.output is None:
            sys.stdout.buffer.flush()
            return
        self._file("kept")
        self.stack.close()
        for name, place in self.places.items():
            if name not in self.open:
                place.unlink(missing_ok=True)
                continue
            with self._beside(place).open("rb") as file:
                os.fsync(file.fileno())
            self._beside(place).replace(place)
        bulk.sync(self.output.absolute().parent)

    def _beside(self, place: Path) -> Path:
        return self.folder / f"{place.name}.whole"


def beside(output: Path, side: str) -> Path:
    """Where withheld and broken rows go: out.jsonl.gz has out.broken.jsonl beside it."""
    stem = output.name
    for ending in (*corpora.PACKINGS, *corpora.ENDINGS):
        stem = stem.removesuffix(ending)
    return output.with_name(f"{stem}.{side}.jsonl")


def options(name: str, field: str, title_field: str, kind: corpora.Kind | None) -> Part:
    """What all parts of a command share."""
    part = Part(number=0, source=name, final="", field=field, title_field=title_field)
    return replace(part, kind=kind or "jsonl", rules=tuple(map(str, rulebook.own())))
