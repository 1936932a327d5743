"""A small crawl's worth of records, a process that writes them, and the check of what must hold after any fault."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from newscrawl.archive import Archive, ArchiveError, Entry, Stream, read, verify

Key = tuple[str, str]
STORED = 0
REFUSED = 3


def entries(count: int, *, size: int = 20) -> tuple[Entry, ...]:
    """`count` stories with a ledger line each, the ledger first as a crawl puts it, and every fifth one withheld."""
    made: list[Entry] = []
    for number in range(count):
        url = f"https://example.org/{number}"
        streams: tuple[Stream, ...] = ("withheld",) if number % 5 == 4 else ("cuts", "articles")
        for stream in streams:
            id_ = f"id{number:05d}"
            said = {"id": id_, "url": url, "site": "example", "text": "x" * size}
            line = json.dumps(said, separators=(",", ":")).encode("ascii")
            made.append(
                Entry(stream=stream, id=id_, url=url, site="example", version="1", story=f"s{number}", line=line)
            )
    return tuple(made)


def key(entry: Entry) -> Key:
    """What is counted once: stream and id."""
    return (entry.stream, entry.id)


def write(
    directory: Path,
    batch: Iterable[Entry],
    acknowledge: Callable[[list[Key]], None],
    *,
    run: str = "w",
    size: int = 3,
    roll: int = 900,
    link: bool = False,
    clock: Callable[[], float] = time.time,
) -> None:
    """Put every entry; tell which are durable as soon as the archive says so."""
    waiting: list[Key] = []
    with Archive.open(directory, run=run, clock=clock, batch=size, roll_bytes=roll, link=link) as archive:
        archive.keep("robots", "example.org", {"status": 200})
        for number, entry in enumerate(batch):
            if number % 4 == 0:
                archive.start(entry.url)
                archive.finish(entry.url)
            if archive.put(entry):
                waiting.append(key(entry))
            if not archive.pending and waiting:
                acknowledge(waiting)
                waiting = []
        archive.commit()
        acknowledge(waiting)


def child(
    directory: Path,
    batch: Iterable[Entry],
    pipe: int,
    *,
    run: str = "w",
    size: int = 3,
    roll: int = 900,
    link: bool = False,
) -> int:
    """The body of a writing process. It acknowledges by writev, a call that no sweep touches; the exit code."""

    def acknowledge(keys: list[Key]) -> None:
        os.writev(pipe, [b"".join(f"{stream} {id_}\n".encode() for stream, id_ in keys)])

    try:
        write(directory, batch, acknowledge, run=run, size=size, roll=roll, link=link)
    except ArchiveError as error:
        os.writev(pipe, [f"! {error}\n".encode()])
        return REFUSED
    return STORED


def told(data: bytes) -> tuple[set[Key], str]:
    """What a writing process acknowledged, and the error that it told."""
    acked: set[Key] = set()
    error = ""
    for line in data.decode("utf-8", "replace").splitlines():
        first, _, rest = line.partition(" ")
        if first == "!":
            error = rest
        elif rest:
            acked.add((first, rest))
    return acked, error


def stored(directory: Path) -> Counter[Key]:
    """Every record that a reader gets, with how often."""
    return Counter(
        (stream, str(one["id"])) for stream in ("articles", "withheld", "cuts") for one in read(directory, stream)
    )


def violations(directory: Path, acked: set[Key], every: Iterable[Entry], *, resume: bool = True) -> list[str]:
    """Everything that does not hold after a fault: open the archive, look, go on to the end, look again."""
    every = tuple(every)
    wrong: list[str] = []
    try:
        with Archive.open(directory, run="after", clock=time.time) as archive:
            wrong += [f"{one} acknowledged, not seen" for one in sorted(acked) if not archive.seen(one[1], one[0])]  # type: ignore[arg-type]
        wrong += _look(directory, acked)
        if resume:
            write(directory, every, lambda _: None, run="resumed", size=64, roll=1 << 20)
            wrong += _look(directory, {key(entry) for entry in every})
            texts = {key(entry): json.loads(entry.line) for entry in every}
            wrong += [
                f"{(stream, one['id'])} changed"
                for stream in ("articles", "withheld", "cuts")
                for one in read(directory, stream)
                if texts.get((stream, str(one["id"])), one) != one
            ]
    except ArchiveError as error:
        wrong.append(f"does not open: {error}")
    return wrong


def _look(directory: Path, acked: set[Key]) -> list[str]:
    found = stored(directory)
    wrong = [f"{one} acknowledged, lost" for one in sorted(acked) if not found[one]]
    wrong += [f"{one} stands {times} times" for one, times in found.items() if times > 1]
    wrong += [f"{one} has no ledger" for one in found if one[0] == "articles" and not found["cuts", one[1]]]
    return wrong + [str(problem) for problem in verify(directory).problems]
