"""Every real robots.txt of the corpus, where there is one: no exception, and in time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from newscrawl.rights import robots

CORPUS = Path(os.environ.get("NEWSCRAWL_CORPUS", Path(__file__).parents[2] / ".." / "shared" / "corpus")) / "robots"
URLS = (
    "https://example.org/",
    "https://example.org/news/2026/11/24/a-title-of-some-length-1234567.html?utm_source=feed",
)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus")


@pytest.fixture(scope="module")
def bodies() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(CORPUS.iterdir()) if path.is_file()}


def test_no_real_file_raises_and_none_takes_more_than_50_ms(bodies: dict[str, bytes]) -> None:
    slow = {}
    for name, body in bodies.items():
        took = []
        for _ in range(3):
            start = time.process_time()
            rules = robots.parse(body)
            took.append(time.process_time() - start)
            if took[-1] < 0.03:
                break
        for url in URLS:
            rules.allowed(url)
            rules.signals(url)
        rules.crawl_delay()
        if min(took) >= 0.05:
            slow[name] = min(took)
    assert len(bodies) > 1000
    assert slow == {}


def test_no_lookup_in_a_real_file_takes_more_than_a_tenth_of_a_millisecond(bodies: dict[str, bytes]) -> None:
    slow = {}
    for name, body in bodies.items():
        rules = robots.parse(body)
        for url in URLS:
            took = []
            for _ in range(5):
                start = time.process_time()
                for _ in range(5):
                    rules.allowed(url)
                took.append((time.process_time() - start) / 5)
                if took[-1] < 0.0001:
                    break
            if min(took) >= 0.0001:
                slow[name, url] = min(took)
    assert slow == {}
