"""A story that takes the process down twice is set aside, wherever on its way it does, and the others come home."""

import time
from pathlib import Path

from newscrawl.archive import Archive
from tests.crawl.hostile import Case, Hostile, says, story
from tests.crawl.running import Ran, started


def test_a_story_that_kills_the_process_while_it_is_cleaned_is_left_in_the_third_run(tmp_path: Path) -> None:
    cases = (Case("deadly", says(story("deadly", "<p>Which would take the process down, they said.</p>"))),)
    with Hostile(cases) as hostile:
        codes = [
            started(tmp_path, hostile, spider="tests.deadly", settings={"NEWSCRAWL_HOLD": 0}).wait(60) for _ in range(3)
        ]
    assert codes == [-9, -9, 0], (tmp_path / "said").read_text()[-2000:]
    urls = [str(line["url"]) for line in Ran(code=0, said="", folder=tmp_path).lines("articles")]
    assert len(urls) == len(set(urls)) == 1
    with Archive.open(tmp_path / "archive", run="look", clock=time.time) as archive:
        (poison,) = archive.poisoned()
    assert poison.url.startswith("http://deadly.hostile.test")
    assert poison.url.endswith("#cleaned")
