"""The measuring script says what it does, with and without the corpus."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools import eval_reading

ROOT = Path(__file__).parents[2]


def test_without_a_corpus_the_measure_says_so_and_succeeds() -> None:
    environment = os.environ | {"NEWSCRAWL_CORPUS": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-m", "tools.eval_reading"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "skipped, no corpus" in done.stdout
    assert "listings: 38 pages" in done.stdout


def test_a_body_that_equals_its_gold_scores_one() -> None:
    assert eval_reading.overlap("one two three four five", "one two three four five") == (1.0, 1.0, 1.0)
    assert eval_reading.overlap("one two three four five", "") == (0.0, 0.0, 0.0)
    assert eval_reading.overlap("青波市の岬", "青波市の港") == (0.8, 0.8, 0.8000000000000002)
