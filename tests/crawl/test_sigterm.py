"""A crawl that is told to stop is out within twelve seconds, and the next run finds all that it left."""

import json
import time
from pathlib import Path

import pytest

from newscrawl.archive import verify
from tests.crawl.hostile import BAD, END, GOOD, Case, Hostile, Web, raw, says, story
from tests.crawl.running import Ran, crawl, started, told_to_stop

GOODS = tuple(Case(f"good-{n}", says(story(f"good {n}"))) for n in range(6))
HELD = Case("held", raw(then=60))
HELD_ROBOTS = Case("heldrobots", raw(then=60), at="/robots.txt", robots=True)


def until_asked(hostile: Hostile, host: str, path: str) -> None:
    ends = time.monotonic() + 40
    while (host, path) not in hostile.web.asked:
        assert time.monotonic() < ends, f"{host}{path} was not asked for"
        time.sleep(0.05)


def exported(folder: Path) -> list[str]:
    return [str(line["url"]) for line in Ran(code=0, said="", folder=folder).lines("articles")]


@pytest.mark.parametrize("held", [HELD, HELD_ROBOTS], ids=lambda case: case.name)
def test_a_server_that_holds_its_answer_does_not_hold_the_end(tmp_path: Path, held: Case) -> None:
    with Hostile((held, *GOODS)) as hostile:
        feed = tmp_path / "out.jsonl"
        crawling = started(tmp_path, hostile, "-O", str(feed), settings={"NEWSCRAWL_HOLD": 0, "DOWNLOAD_TIMEOUT": 60})
        until_asked(hostile, held.host, held.at)
        until_asked(hostile, GOODS[-1].host, BAD)
        time.sleep(1)
        code, seconds = told_to_stop(crawling)
        said = (tmp_path / "said").read_text()
        assert code == 0, said[-3000:]
        assert 8 <= seconds < 12, "what is under way has eight seconds"
        assert hostile.web.asked.count((held.host, held.at)) == 1, "nobody asks in the place of who was cut off"
        assert "Traceback" not in said, said[-3000:]
        before = exported(tmp_path)
        assert len(before) == len(set(before)) >= 11
        assert feed.read_bytes().count(b"\n") == len(before)
        assert verify(tmp_path / "archive").ok

        hostile.cases[held.host] = Case(held.name, says(story("held, and now told")))
        args = ("aggregator", "-a", f"url={hostile.starts[0]}")
        ran = crawl(tmp_path, *args, settings={"NEWSCRAWL_HOSTS": json.dumps(hostile.hosts), "NEWSCRAWL_HOLD": 0})
        assert ran.code == 0, ran.said[-3000:]
        after = {str(line["url"]): str(line["text"]) for line in ran.lines("articles")}
        wanted = {f"http://{host}:{hostile.web.port}{path}" for host in hostile.cases for path in (GOOD, BAD)}
        assert wanted == after.keys()
        assert all(END in text for text in after.values())
        assert len(ran.lines("articles")) == len(after)


def test_all_stories_that_wait_for_one_robots_txt_end_together(tmp_path: Path) -> None:
    """Each that was cut off made way for the next, which asked anew."""

    def many(web: Web) -> str:
        here = f"http://{HELD_ROBOTS.host}:{web.port}/2026/05/05/a-story-about-the-harbour"
        rows = (f"<h2><a href='{here}-{n}.html'>The story number {n} of the harbour</a></h2>" for n in range(14))
        return f"<html><body><main>{''.join(rows)}</main></body></html>"

    with Hostile((HELD_ROBOTS,), listed=many) as hostile:
        crawling = started(tmp_path, hostile, settings={"DOWNLOAD_TIMEOUT": 60})
        until_asked(hostile, HELD_ROBOTS.host, HELD_ROBOTS.at)
        time.sleep(1)
        code, seconds = told_to_stop(crawling)
        said = (tmp_path / "said").read_text()
        assert code == 0, said[-3000:]
        assert 8 <= seconds < 12
        assert "does not come to its end" not in said
        assert "'newscrawl/ending/cut_off': 1," in said, said[-3000:]
        assert hostile.web.asked.count((HELD_ROBOTS.host, HELD_ROBOTS.at)) == 1


def test_a_second_signal_ends_it_at_once_with_the_archive_whole(tmp_path: Path) -> None:
    with Hostile((HELD, *GOODS)) as hostile:
        crawling = started(tmp_path, hostile, settings={"NEWSCRAWL_HOLD": 0, "DOWNLOAD_TIMEOUT": 60})
        until_asked(hostile, HELD.host, BAD)
        until_asked(hostile, GOODS[-1].host, BAD)
        time.sleep(1)
        code, seconds = told_to_stop(crawling, times=2)
        assert code == 3, (tmp_path / "said").read_text()[-3000:]
        assert seconds < 4
        assert "its end was forced" in (tmp_path / "said").read_text()
        assert len(exported(tmp_path)) >= 11
        assert verify(tmp_path / "archive").ok


def test_what_waits_for_its_turn_is_not_waited_for(tmp_path: Path) -> None:
    slow = Case(
        "slow", says("User-agent: *\nCrawl-delay: 30\n", kind="text/plain"), "either", "/robots.txt", robots=True
    )
    with Hostile((slow,)) as hostile:
        crawling = started(tmp_path, hostile)
        until_asked(hostile, slow.host, "/robots.txt")
        time.sleep(1)
        code, seconds = told_to_stop(crawling)
        assert code == 0, (tmp_path / "said").read_text()[-3000:]
        assert seconds < 4


def test_stories_that_were_held_back_are_fetched_again_next_time(tmp_path: Path) -> None:
    with Hostile((HELD, *GOODS)) as hostile:
        crawling = started(tmp_path, hostile, settings={"DOWNLOAD_TIMEOUT": 60})
        until_asked(hostile, HELD.host, BAD)
        until_asked(hostile, GOODS[-1].host, BAD)
        time.sleep(1)
        code, _ = told_to_stop(crawling)
        assert code == 0
        first = exported(tmp_path)
        hostile.cases[HELD.host] = Case(HELD.name, says(story("held, and now told")))
        assert started(tmp_path, hostile).wait(60) == 0
        after = exported(tmp_path)
        assert len(after) == len(set(after)) == 2 * len(hostile.cases)
        assert set(first) <= set(after)
