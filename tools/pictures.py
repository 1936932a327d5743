"""Takes the README's pictures from a real run of the demo: `python -m tools.pictures [ARCHIVE]`; needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newscrawl.archive import read
from newscrawl.report.views import slug

OUT = Path(__file__).parent.parent / "docs" / "pictures"
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LANGUAGE = "en"
MOST = 250_000
"""Bytes of a picture at most: a README is opened often."""


def shoot(page: Path, name: str, width: int, height: int) -> None:
    """One picture of a page, at a size in CSS pixels."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium on this machine: install it (on Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, *QUIET, f"--user-data-dir={profile}", f"--window-size={width},{height}",
             f"--screenshot={OUT / name}", page.resolve().as_uri()],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
    size = (OUT / name).stat().st_size
    if size > MOST:
        sys.exit(f"docs/pictures/{name}: {size:,} bytes are more than {MOST:,}: choose a smaller window")
    print(f"docs/pictures/{name}: {(OUT / name).stat().st_size:,} bytes")


def main(archive: Path) -> None:
    """The English story with the most kinds of cuts, and a page that was withheld for a sentence in plain words."""
    OUT.mkdir(parents=True, exist_ok=True)
    cuts = {str(row["id"]): {one["reason"] for one in _removals(row)} for row in read(archive, "cuts")}
    stories = [str(row["id"]) for row in read(archive, "articles") if row["language"] == LANGUAGE]
    story = max(stories, key=lambda one: (len(cuts.get(one, ())), "SPAM_KWBLOCK" in cuts.get(one, ())))
    withheld = [row for row in read(archive, "withheld") if "prose" in str(row["rights"])]
    shoot(archive / "report" / "stories" / f"{slug(story)}.html", "story.png", 1000, 1400)
    shoot(archive / "report" / "withheld" / f"{slug(str(withheld[0]['id']))}.html", "withheld.png", 960, 680)


def _removals(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in row["removals"] if str(one["text"]).strip()]


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "data/demo"))
