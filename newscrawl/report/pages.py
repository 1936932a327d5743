"""Builds the report: an index, a page a site, a page a story with its cuts, a page a withheld story with its notice."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newscrawl import rulebook
from newscrawl.model import Cleaned
from newscrawl.record import VERSION, cleaned_record
from newscrawl.report.views import Reason, Record, StoryView, is_spam, pieces_of, slug, story_view

TEMPLATES = Path(__file__).parent / "templates"
PER_PAGE = 500
COUNTED = ("exported", "withheld", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was built: the page to open, and how many pages there are."""

    index: Path
    stories: int
    withheld: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a site's page."""

    title: str
    page: str
    fetched: str
    status: str
    label: str
    spam: int = 0
    wrappers: int = 0


@dataclass(slots=True)
class Site:
    """What the index says of a site."""

    name: str
    page: str
    exported: int = 0
    withheld: int = 0
    found: int = 0
    spam: int = 0
    wrappers: int = 0


def shorten(text: str, length: int = 160) -> str:
    """The beginning and end of a long text, on one line.

    >>> shorten("abcdefghij", 7)
    'ab … ij'
    """
    line = " ".join(text.split())
    half = (length - 3) // 2
    return line if len(line) <= length else f"{line[:half]} … {line[-half:]}"


def clock(moment: str) -> str:
    """A time to the second, with its zone in words where it is UTC.

    >>> clock("2026-05-04T12:30:01.5+00:00")
    '2026-05-04 12:30:01 UTC'
    """
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{at:%Y-%m-%d %H:%M:%S} {at.tzname() or ''}".strip()


@cache
def environment() -> Environment:
    """The templates, with everything escaped that does not say otherwise, and nothing undefined passed over."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    found.filters |= {"shorten": shorten, "clock": clock}
    found.globals |= {"version": VERSION, "rules": rulebook.version()}
    return found


def render(template: str, *, reasons: Iterable[Reason] = (), **values: Any) -> str:
    """One page; its only style sheet is inline, and the policy names that sheet's hash and nothing else."""
    style = (TEMPLATES / "style.css").read_text("utf-8").replace("\n", "")
    style += "".join(
        f"main:has(#f-{one.key}:checked) :is(del,.row):not(.{one.key}){{background:none;color:inherit;"
        f"text-decoration:none;opacity:.45}}main:has(#f-{one.key}:checked) .row:not(.{one.key}){{display:none}}"
        for one in reasons
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = environment().get_template(template)
    return page.render(style=Markup(style), style_hash=f"sha256-{digest}", **values)  # noqa: S704 - the style sheet is ours


def cuts_page(name: str, cleaned: Cleaned) -> str:
    """One text with its cuts, as `newscrawl explain --html` writes it."""
    removals = cleaned_record(cleaned)["removals"]
    assert isinstance(removals, list)
    pieces, cuts = pieces_of(cleaned.text, removals)  # type: ignore[arg-type]
    story = StoryView(title=name, site=name, site_page="", text=cleaned.text, pieces=pieces, cuts=cuts)
    return render("story.html", reasons=story.reasons, story=story, alone=True)


class _Builder:
    """Writes pages one by one, and keeps a line of each for the pages that list them."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.sites: dict[str, Site] = {}
        self.rows: dict[str, list[Row]] = {}
        self.why: Counter[tuple[str, str]] = Counter()

    def site(self, name: str) -> Site:
        return self.sites.setdefault(name, Site(name=name, page=f"site-{slug(name)}-{_tag(name)}.html"))

    def write(self, name: str, text: str) -> None:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", errors="replace")

    def story(self, article: Record, cuts: Record | None) -> None:
        site = self.site(article["site"])
        view = story_view(article, cuts, site.page)
        page = f"stories/{slug(article['id'])}.html"
        self.write(page, render("story.html", reasons=view.reasons, story=view, alone=False))
        site.exported += 1
        site.found += view.length
        site.spam += view.spam
        site.wrappers += view.wrappers
        self._row(article, page, view.title, "allowed", "exported", view.spam, view.wrappers)

    def withheld(self, record: Record) -> None:
        site = self.site(record["site"])
        site.withheld += 1
        page = f"withheld/{slug(record['id'])}.html"
        self.write(page, render("withheld.html", story={**record, "site_page": site.page}))
        for protocol in {one["protocol"] for one in record["rights"]["because"]} or {"none"}:
            self.why[record["reason"], protocol] += 1
        self._row(record, page, record["url"], "reserved", f"withheld: {record['reason'].replace('_', ' ')}")

    def _row(
        self, record: Record, page: str, title: str, status: str, label: str, spam: int = 0, wrappers: int = 0
    ) -> None:
        fetched = (record.get("fetched") or "")[:16].replace("T", " ")
        row = Row(title=title, page=page, fetched=fetched, status=status, label=label, spam=spam, wrappers=wrappers)
        self.rows.setdefault(record["site"], []).append(row)

    def listings(self, runs: Iterable[Record]) -> Path:
        for name, rows in self.rows.items():
            first = self.site(name).page
            count = max(1, -(-len(rows) // PER_PAGE))
            names = [first, *(first.replace(".html", f"-{number}.html") for number in range(2, count + 1))]
            for number, file in enumerate(names, 1):
                part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
                self.write(
                    file,
                    render("site.html", site=name, total=len(rows), page=number, pages=count, names=names, rows=part),
                )
        sites = sorted(self.sites.values(), key=lambda one: one.name)
        figures = [
            ("stories exported", sum(site.exported for site in sites)),
            ("pages withheld", sum(site.withheld for site in sites)),
            ("characters of spam cut", sum(site.spam for site in sites)),
            ("characters of wrappers cut", sum(site.wrappers for site in sites)),
        ]
        why = self.why.most_common()
        self.write("index.html", render("index.html", figures=figures, sites=sites, why=why, runs=_runs(runs)))
        return self.out / "index.html"


def _tag(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]


def _runs(runs: Iterable[Record]) -> list[Record]:
    return [
        {
            "started": str(run.get("started", ""))[:16].replace("T", " "),
            "spider": run.get("spider", ""),
            "finish_reason": run.get("finish_reason", ""),
            "exit_code": run.get("exit_code", ""),
            **{
                what: sum(site.get(what, 0) for site in run["sites"].values())
                for what in ("exported", "withheld", "refused")
            },
            "spam": sum(number for reason, number in run["cut_characters"].items() if is_spam(reason)),
        }
        for run in sorted(runs, key=lambda one: str(one.get("started")), reverse=True)[:200]
    ]


def build(
    out: Path, stories: Iterable[tuple[Record, Record | None]], withheld: Iterable[Record], runs: Iterable[Record]
) -> Built:
    """Writes the report into a folder: stories come with the ledger line of their cuts.

    Memory grows by a line a story, not by its text. Raises OSError where the folder cannot be written.
    """
    builder = _Builder(out)
    counts = [0, 0]
    for article, cuts in stories:
        builder.story(article, cuts)
        counts[0] += 1
    for record in withheld:
        builder.withheld(record)
        counts[1] += 1
    return Built(index=builder.listings(runs), stories=counts[0], withheld=counts[1])
