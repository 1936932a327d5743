"""Every attack of the table through one real crawl: the good stories beside them all come home."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newscrawl.archive import verify
from tests.crawl.hostile import BAD, DOMAIN, END, GOOD, Case, Hostile
from tests.crawl.hostile import CASES as FIRST
from tests.crawl.hostile_rows import ROWS
from tests.crawl.running import ROOT, Ran

CASES = (*FIRST, *ROWS)
MOST_RSS = 600 << 10
BLOCKED = 5000
"""Milliseconds of the processor, since the machine that tests may be a busy one."""


@dataclass(frozen=True)
class Attacked:
    """What the crawl of the hostile web came to."""

    ran: Ran
    seconds: float
    rss: int
    inside: list[bytes]
    asked: list[tuple[str, str]]
    texts: dict[str, str]
    """Of each story that was exported, by its URL's host and path."""
    flags: dict[str, list[str]]


def _most_resident(pid: int) -> int:
    """KiB of memory that a process held at most; its own, which getrusage mixes with its parent's before exec."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def attack(folder: Path, hostile: Hostile, *args: str) -> tuple[Ran, float, int]:
    chosen = {
        "NEWSCRAWL_ARCHIVE": folder / "archive", "NEWSCRAWL_HOSTS": json.dumps(hostile.hosts), "DOWNLOAD_DELAY": 0,
        "NEWSCRAWL_WATCHDOG_SECONDS": 30, "DOWNLOAD_TIMEOUT": 8, "RETRY_TIMES": 1, "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "NEWSCRAWL_HOLD": 0,
    }  # fmt: skip
    flags = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
    words = [sys.executable, "-m", "scrapy", "crawl", "aggregator", *args, *flags]
    began = time.monotonic()
    with open(folder / "said", "wb") as said:
        crawl = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=said, stderr=said)
        most = 0
        while crawl.poll() is None:
            most = max(most, _most_resident(crawl.pid))
            time.sleep(0.1)
    text = (folder / "said").read_text("utf-8", "replace")
    return Ran(code=crawl.returncode, said=text, folder=folder), time.monotonic() - began, most


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("hostile")
    with Hostile(CASES) as hostile:
        (folder / "starts").write_text("\n".join(hostile.starts))
        ran, seconds, rss = attack(folder, hostile, "-a", f"urls={folder / 'starts'}", "-a", "stories=5000")
        lines = {
            str(line["url"]).partition("://")[2].replace(f":{hostile.web.port}", ""): line
            for line in ran.lines("articles")
        }
        texts = {at: str(line["text"]) for at, line in lines.items()}
        flags = {at: list(line["flags"]) for at, line in lines.items()}
        yield Attacked(ran, seconds, rss, list(hostile.inside), list(hostile.web.asked), texts, flags)


def fate(attacked: Attacked, case: Case) -> str:
    text = attacked.texts.get(case.host + BAD)
    if text is None:
        return "dropped"
    if END in text:
        return "exported"
    return "marked" if "truncated" in attacked.flags[case.host + BAD] else "cut"


def test_there_are_at_least_90_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 90


def test_the_crawl_comes_to_its_end(attacked: Attacked) -> None:
    assert attacked.ran.code == 0, attacked.ran.said[-4000:]
    assert "Traceback" not in attacked.ran.said, attacked.ran.said[attacked.ran.said.index("Traceback") - 500 :][:4000]
    assert verify(attacked.ran.folder / "archive").ok


def test_no_page_blocks_the_crawl_for_five_seconds(attacked: Attacked) -> None:
    assert "reactor hangs" not in attacked.ran.said
    assert attacked.ran.run_report()["stats"]["newscrawl/watchdog/milliseconds"] < BLOCKED


def test_memory_stays_bounded(attacked: Attacked) -> None:
    assert attacked.rss < MOST_RSS


def test_nobody_inside_is_asked(attacked: Attacked) -> None:
    assert attacked.inside == []


def test_no_file_is_read_and_nothing_inside_is_kept(attacked: Attacked) -> None:
    kept = "".join(path.read_text("utf-8", "replace") for path in attacked.ran.folder.rglob("*.json*"))
    assert "root:x:0:0" not in kept
    assert "Secret of the house" not in kept


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_under_attack_is_whole_or_it_is_not_exported(attacked: Attacked, case: Case) -> None:
    found = fate(attacked, case)
    if case.at != BAD and not case.robots:
        return  # the attack was on a listing: its bad story is a good one
    assert found in (("dropped", "exported", "marked") if case.fate == "either" else (case.fate,))


@pytest.mark.parametrize("case", [one for one in CASES if not one.robots], ids=lambda case: case.name)
def test_the_good_story_beside_an_attack_is_exported(attacked: Attacked, case: Case) -> None:
    assert END in attacked.texts.get(case.host + GOOD, "")


def test_a_torn_body_is_asked_for_again_before_it_is_dropped(attacked: Attacked) -> None:
    asked = Counter(attacked.asked)
    torn = [case for case in CASES if case.name.startswith("torn-")]
    assert {asked[case.host, BAD] for case in torn} == {2}
    stats = attacked.ran.run_report()["stats"]
    assert stats["newscrawl/bodies/truncated"] >= len(torn)


def test_traps_are_left(attacked: Attacked) -> None:
    asked = Counter(host for host, _ in attacked.asked)
    assert asked[f"trap-calendar.{DOMAIN}"] < 20
    assert asked[f"trap-growing.{DOMAIN}"] < 20
    assert asked[f"map-recursive.{DOMAIN}"] < 70


def test_no_line_of_the_log_is_forged(attacked: Attacked) -> None:
    assert not [line for line in attacked.ran.said.splitlines() if line.startswith("2026-01-01 ERROR: forged")]
    assert not set(attacked.ran.said) & set("\x1b\u202e\u2066\x00")


def test_the_table(attacked: Attacked, capsys: pytest.CaptureFixture[str]) -> None:
    fates = Counter((case.name.partition("-")[0], fate(attacked, case)) for case in CASES)
    longest = attacked.ran.run_report()["stats"]["newscrawl/watchdog/milliseconds"]
    with capsys.disabled():
        print(
            f"\nhostile: {len(CASES)} cases, {attacked.seconds:.0f} s, {attacked.rss >> 10} MiB, "
            f"{len(attacked.asked)} asked, {len(attacked.inside)} inside, longest block {longest} ms of CPU"
        )
        print("  " + ", ".join(f"{kind} {what} {number}" for (kind, what), number in sorted(fates.items())))
    assert "cut" not in {what for _, what in fates}
