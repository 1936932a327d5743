"""Young stories are asked for again, old ones are not, however many runs there were."""

from pathlib import Path

from tests.crawl.hostile import Case, Hostile, says, story
from tests.crawl.running import Ran, started


def test_what_a_run_keeps_of_young_stories_is_known_to_the_next_ones(tmp_path: Path) -> None:
    cases = tuple(Case(f"young-{n}", says(story(f"young {n}"))) for n in range(3))
    counts = []
    with Hostile(cases) as hostile:
        for hours in (48, 48, 0, 48):
            assert started(tmp_path, hostile, settings={"NEWSCRAWL_REVISIT_HOURS": hours}).wait(60) == 0
            stats = Ran(code=0, said="", folder=tmp_path).run_report()["stats"]
            counts.append((stats.get("newscrawl/stories/known", 0), stats.get("newscrawl/stories/seen", 0)))
    assert counts == [(0, 6), (0, 6), (6, 0), (0, 6)]
