"""The page on signals of rights says what the code reads."""

import re
from pathlib import Path

from newscrawl.rights.aiprefs import PROTOCOL
from newscrawl.rights.hostfiles import LABELS
from tools.reference import MADE
from tools.rights_reference import ROWS, rights_page

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r"(?:protocol(?:: str)? ?= ?|PROTOCOL = |answer\.signal\()\"([a-z.-]+)\"")


def test_the_page_is_as_the_code_has_it() -> None:
    page = (ROOT / "docs/reference/rights.md").read_text("utf-8")
    assert page == rights_page(MADE), "docs/reference/rights.md is stale: run `python -m tools.reference`"


def test_every_protocol_that_the_code_writes_has_a_row() -> None:
    sources = [path for room in ("rights", "cli", "crawl") for path in (ROOT / "newscrawl" / room).rglob("*.py")]
    written = {name for path in sources for name in WRITTEN.findall(path.read_text("utf-8"))}
    assert len(written) > 10
    assert written | set(PROTOCOL.values()) | set(LABELS.values()) - {"tdmrep.json"} == (
        {row.protocol for row in ROWS} | {"tdmrep.json"} - {"tdmrep.json"}
    )


def test_the_page_is_in_the_documentation_s_contents() -> None:
    assert "reference/rights.md" in (ROOT / "mkdocs.yml").read_text("utf-8")
