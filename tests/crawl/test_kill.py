"""A real crawl that is killed, or whose disk is full, and then goes on: nothing lost, nothing twice, nothing torn."""

import pytest

from tools.faults import crawl_disk, crawl_kill
from tools.faults.crawl_site import served


def test_ten_kills_of_a_real_crawl_lose_nothing() -> None:
    swept = crawl_kill.sweep(kills=10, stories=300, longest=1.0, hold=10)
    assert swept.wrong == []
    assert swept.kills == 10
    assert swept.stories >= 300


def test_a_full_disk_ends_a_crawl_with_3_and_the_next_one_completes_it() -> None:
    tried = 0
    with served(crawl_disk.STORIES) as site:
        for name, wrong in crawl_disk.cases(site):
            tried += wrong is not None
            assert not wrong, (name, wrong)
    if not tried:
        pytest.skip("no file system may be mounted here, and no limit set")
