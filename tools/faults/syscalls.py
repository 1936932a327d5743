"""At every file call of a process at work on an archive: kill -9, no room, an I/O error; once, or from there on."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from newscrawl.archive import ArchiveError, Entry, compact
from tools.faults.processes import CALLS, calls_in, traced
from tools.faults.workload import REFUSED, STORED, Key, child, entries, key, stored, violations, write

FAULTS = {
    "kill -9": "signal=SIGKILL:when={n}",
    "ENOSPC once": "error=ENOSPC:when={n}",
    "ENOSPC from there on": "error=ENOSPC:when={n}+",
    "EIO once": "error=EIO:when={n}",
    "EIO from there on": "error=EIO:when={n}+",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What there is before, what the process does, and what part of the entries is acknowledged before it starts."""

    prepare: Callable[[Path, tuple[Entry, ...]], None]
    work: Callable[[Path, tuple[Entry, ...], int], int]
    acked: float = 0.0


def _nothing(directory: Path, every: tuple[Entry, ...]) -> None:
    pass


def _left(directory: Path, every: tuple[Entry, ...]) -> None:
    """What a run leaves that died: an open part with a torn line, a torn manifest, no index."""
    write(directory, every[: len(every) // 2], lambda _: None)
    whole = next(directory.glob("cuts-*.jsonl")).read_bytes().replace(b"id0", b"id9")
    (directory / "cuts-000099-dead-0.jsonl.part").write_bytes(whole + b'{"id":"torn')
    with (directory / "manifest.jsonl").open("ab") as file:
        file.write(b'{"name":')
    (directory / "index.sqlite").unlink()


def _filled(directory: Path, every: tuple[Entry, ...]) -> None:
    write(directory, every, lambda _: None, roll=500)


def _merge(directory: Path, every: tuple[Entry, ...], pipe: int) -> int:
    try:
        compact(directory, clock=time.time)
    except ArchiveError as error:
        os.writev(pipe, [f"! {error}\n".encode()])
        return REFUSED
    return STORED


SCENES = {
    "crawl": Scene(prepare=_nothing, work=child),
    "linked": Scene(prepare=_nothing, work=partial(child, link=True)),
    "resume": Scene(prepare=_left, work=child, acked=0.5),
    "compact": Scene(prepare=_filled, work=_merge, acked=1.0),
}


@dataclass(slots=True)
class Points:
    """What a sweep came to, for one scene and fault: `refused` ended non-zero, `whole` ended 0 with all stored."""

    tried: int = 0
    of: int = 0
    refused: int = 0
    whole: int = 0
    wrong: list[str] = field(default_factory=list)


def sweep(
    *, count: int = 14, sample: int | None = None, seconds: float = 1e9, seed: int = 1
) -> dict[tuple[str, str], Points]:
    """Every call of every scene, times every fault; or `sample` of them drawn evenly, until the time is up.

    NoStrace where there is none.
    """
    every = entries(count)
    swept = {(scene, fault): Points() for scene in SCENES for fault in FAULTS}
    ends = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        points: list[tuple[str, str, str, int]] = []
        for name, scene in SCENES.items():
            counts = _counts(Path(folder) / name, every, scene)
            for fault in FAULTS:
                swept[name, fault].of = sum(counts.values())
                points += [(name, fault, call, n) for call in CALLS for n in range(1, counts[call] + 1)]
        if sample is not None and sample < len(points):
            points = random.Random(seed).sample(points, sample)
        for number, (name, fault, call, n) in enumerate(points):
            if time.monotonic() > ends:
                break
            directory = Path(folder) / str(number)
            _point(directory, every, SCENES[name], fault, call, n, swept[name, fault])
            shutil.rmtree(directory, ignore_errors=True)
    return swept


def _counts(directory: Path, every: tuple[Entry, ...], scene: Scene) -> dict[str, int]:
    directory.mkdir()
    scene.prepare(directory, every)
    ended, log = traced(partial(scene.work, directory, every), "-e", f"trace={','.join(CALLS)}")
    assert ended.code == STORED, ended
    return calls_in(log)


def _point(
    directory: Path, every: tuple[Entry, ...], scene: Scene, fault: str, call: str, n: int, points: Points
) -> None:
    directory.mkdir()
    scene.prepare(directory, every)
    before = {key(entry) for entry in every[: int(len(every) * scene.acked)]}
    inject = f"inject={call}:{FAULTS[fault].format(n=n)}"
    ended, _ = traced(partial(scene.work, directory, every), "-e", f"trace={call}", "-e", inject)
    points.tried += 1
    wrong = _judged(ended.code, fault, {key(entry) for entry in every} - set(stored(directory)), points)
    wrong += violations(directory, before | ended.acked, every)
    points.wrong += [f"{fault}, {call} {n}: {one} {ended.error[:200]}" for one in wrong[:3]]


def _judged(code: int, fault: str, missing: set[Key], points: Points) -> list[str]:
    """An exit code that tells the truth: 0 only where everything is stored, and no crash of ours."""
    if fault == "kill -9":
        return [] if code in (-9, STORED) else [f"exit code {code}"]
    points.refused += code != STORED
    points.whole += code == STORED and not missing
    if code == STORED and missing:
        return [f"exit code 0, {len(missing)} not stored"]
    return [] if code in (STORED, REFUSED) else [f"exit code {code}"]
