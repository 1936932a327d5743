"""A child dies with its parent, whichever way the parent dies, and its death can be proved."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.cluster.children import TIES, Child
from newscrawl.cluster.children_deaths import begun, dead, folder

SLEEPER = [sys.executable, "-c", "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"]
DEAF = [
    sys.executable, "-c",
    "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)",
]  # fmt: skip
PARENT = """
import asyncio, sys
from pathlib import Path
from newscrawl.cluster.children import Child
from newscrawl.cluster.children_deaths import begun
async def main():
    life = begun(Path(sys.argv[2]), "run", {"job": 7})
    child = await Child.begin(sys.argv[3:], ties=sys.argv[1].split(","), keep=[life.fd])
    await child.wait()
asyncio.run(main())
"""


def until(true: Callable[[], object], within: float = 20.0) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, "it did not come true"
        time.sleep(0.01)
    return time.monotonic() - began


def number(path: Path) -> int:
    until(lambda: path.exists() and path.read_text())
    return int(path.read_text())


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("words", [SLEEPER, DEAF], ids=["sleeper", "deaf"])
@pytest.mark.parametrize("ties", ["signal,pipe", "signal", "pipe"])
def test_a_child_is_gone_within_two_seconds_of_the_kill_of_its_parent(
    tmp_path: Path, ties: str, words: list[str]
) -> None:
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, ties, str(tmp_path), *words, str(told)])
    child = number(told)
    assert list(dead(tmp_path)) == []
    parent.kill()
    parent.wait()
    assert until(lambda: gone(child)) <= 2.0
    until(lambda: (tmp_path / "run.life").exists() is False or list(dead(tmp_path)) == [{"job": 7}])
    assert list(dead(tmp_path)) == []


def test_a_child_without_ties_lives_on_and_so_its_run_is_not_called_dead(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, "", str(tmp_path), *SLEEPER, str(told)])
    child = number(told)
    parent.kill()
    parent.wait()
    time.sleep(0.3)
    assert not gone(child)
    assert list(dead(tmp_path)) == []
    os.kill(child, signal.SIGKILL)
    until(lambda: list(dead(tmp_path)) == [{"job": 7}])


def test_a_run_is_found_again_by_the_next_who_looks_when_the_first_could_not_act(tmp_path: Path) -> None:
    life = begun(tmp_path, "run", {"job": 7})
    os.close(life.fd)
    looking = dead(tmp_path)
    assert next(looking) == {"job": 7}
    looking.close()
    assert list(dead(tmp_path)) == [{"job": 7}]
    assert list(dead(tmp_path)) == []


def test_a_run_that_ended_leaves_nothing(tmp_path: Path) -> None:
    begun(tmp_path, "run", {}).end()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "here"))
    assert folder().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("program", "code"),
    [("raise SystemExit(75)", 75), ("pass", 0), ("import os; os.kill(os.getpid(), 9)", 137)],
)
@pytest.mark.parametrize("ties", [TIES, ("signal",), ()], ids=str)
def test_the_exit_code_is_the_programs_own(ties: tuple[str, ...], program: str, code: int) -> None:
    async def run() -> int:
        child = await Child.begin([sys.executable, "-c", program], ties=ties)
        return await child.wait()

    assert asyncio.run(run()) in (code, 128 - code if code > 128 else code)


@pytest.mark.parametrize("ties", [TIES, ("signal",)], ids=str)
def test_a_child_that_does_not_end_when_asked_is_ended(tmp_path: Path, ties: tuple[str, ...]) -> None:
    async def run() -> int:
        child = await Child.begin([*DEAF, str(tmp_path / "pid")], ties=ties)
        while not (tmp_path / "pid").exists():
            await asyncio.sleep(0.01)
        return await child.stop(within=0.3)

    asyncio.run(run())
    assert until(lambda: gone(number(tmp_path / "pid"))) < 2.0


def test_a_child_ends_well_when_asked(tmp_path: Path) -> None:
    program = "import signal, sys, time; signal.signal(15, lambda *a: sys.exit(0)); print(flush=True); time.sleep(60)"

    async def run() -> int:
        child = await Child.begin([sys.executable, "-c", program], ties=("signal", "pipe"), log=tmp_path / "log")
        while not (tmp_path / "log").stat().st_size:
            await asyncio.sleep(0.01)
        return await child.stop()

    assert asyncio.run(run()) == 0


def test_a_child_answers_line_by_line_and_its_death_is_an_empty_answer() -> None:
    program = "import sys\nfor line in sys.stdin:\n    print(line.strip()[::-1], flush=True)"

    async def run() -> list[bytes]:
        child = await Child.begin([sys.executable, "-c", program], talks=True)
        answers = [await child.ask(b"abc"), await child.ask(b"de")]
        child.kill()
        answers.append(await child.ask(b"f"))
        await child.wait()
        return answers

    assert asyncio.run(run()) == [b"cba\n", b"ed\n", b""]
