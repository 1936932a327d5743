"""Builds the report: an index, a page a site, a page a story with its cuts, a page a withheld story with its notice."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newscrawl import rulebook
from newscrawl.model import Cleaned
from newscrawl.record import VERSION, cleaned_record
from newscrawl.report import runs
from newscrawl.report.labels import EVIDENCE, PROTOCOLS, REASONS, called, ended
from newscrawl.report.rightsviews import rights_view
from newscrawl.report.runviews import index_charts, run_charts, run_view
from newscrawl.report.views import (
    Reason,
    Record,
    StoryView,
    cut_sizes,
    pieces_of,
    slug,
    spam_of,
    story_view,
    wrappers_of,
)

TEMPLATES = Path(__file__).parent / "templates"
PER_PAGE = 500
MOST_RUNS = 500
STAMP = ".stamp"
OURS = re.compile(
    r"(?:(?:stories|withheld)/[0-9a-f]{16}-[0-9a-f]{8}|runs/[0-9TZ]+-[\w.-]+|site-[a-z0-9-]+-[0-9a-f]{6}(?:-\d+)?|cluster)"
    r"\.html\Z"
)
"""Pages that a report is made of: those of them that a build no longer has are taken away, and no other file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was built: the page to open, and how many pages there are."""

    index: Path
    stories: int
    withheld: int
    not_fetched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What a cluster says of itself at one moment (ISO 8601): a line, and tables of title, heads and rows as text."""

    at: str
    summary: str
    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...]


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
    not_fetched: int = 0
    found: int = 0
    spam: int = 0
    wrappers: int = 0
    cut: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)


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
    found.filters |= {
        "shorten": shorten,
        "clock": clock,
        "ended": ended,
        "reason": partial(called, REASONS),
        "evidence": partial(called, EVIDENCE),
    }
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
    return render("story.html", reasons=story.reasons, story=story, rights=None, alone=True)


@cache
def made_by() -> str:
    """A sum of all that makes a page what it is, beside its record."""
    sources = sorted((*TEMPLATES.iterdir(), *Path(__file__).parent.glob("*.py")))
    total = hashlib.sha256(f"{VERSION} {rulebook.version()}".encode())
    for path in sources:
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()


def run_page(run: Record, history: Iterable[Record], *, trail: bool = False) -> str:
    """One run: its counts, a line a site, cuts, coverage, hosts, settings; beside the runs of its spider before it."""
    now = runs.figures(run)
    earlier = runs.before(now, (runs.figures(one) for one in history))
    return render(
        "run.html", view=run_view(run), now=now, earlier=earlier, lines=runs.comparison(now, earlier), trail=trail,
        charts=run_charts(run, now, earlier), titles=runs.TITLES,
    )  # fmt: skip


def cluster_page(cluster: Cluster, *, trail: bool = False) -> str:
    """The machines that work at an archive together."""
    return render("cluster.html", cluster=cluster, trail=trail)


class _Builder:
    """Writes pages one by one; of what is listed it keeps a page of lines a site, whatever the archive's size."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.sites: dict[str, Site] = {}
        self.rows: dict[str, list[Row]] = {}
        self.full: Counter[str] = Counter()
        self.days: dict[str, Counter[str]] = {}
        self.kept: set[int] = set()
        self.stands = self._stamp() == made_by()
        with suppress(FileNotFoundError):
            (out / STAMP).unlink()  # a build that is broken off leaves no page that the next one trusts unseen

    def _stamp(self) -> str:
        try:
            return (self.out / STAMP).read_text("ascii", errors="replace").strip()
        except OSError:
            return ""

    def site(self, name: str) -> Site:
        return self.sites.setdefault(name, Site(name=name, page=f"site-{slug(name)}-{_tag(name)}.html"))

    def write(self, name: str, text: str) -> None:
        """Writes a page whole or not at all."""
        path = os.path.join(self.out, name)  # a Path interns its parts: half a kilobyte a story
        try:
            file = open(f"{path}.part", "w", encoding="utf-8", errors="replace")  # noqa: SIM115
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            file = open(f"{path}.part", "w", encoding="utf-8", errors="replace")  # noqa: SIM115
        with file:
            file.write(text)
        os.replace(f"{path}.part", path)
        self.keep(name)

    def keep(self, name: str) -> None:
        self.kept.add(hash(name))

    def has(self, name: str) -> bool:
        """Whether a page of a record stands already as it would be written: a record never changes under its id."""
        if self.stands and os.path.exists(os.path.join(self.out, name)):
            self.keep(name)
            return True
        return False

    def story(self, article: Record, cuts: Record | None) -> None:
        site = self.site(article["site"])
        page = f"stories/{slug(article['id'])}.html"
        sizes = cut_sizes(cuts)
        spam = spam_of(sizes)
        wrappers = wrappers_of(sizes)
        if not self.has(page):
            view = story_view(article, cuts, site.page)
            rights = rights_view(article["rights"]) if article.get("rights") else None
            self.write(page, render("story.html", reasons=view.reasons, story=view, rights=rights, alone=False))
        site.exported += 1
        site.found += int((cuts or {}).get("original_length", len(article["text"])))
        site.spam += spam
        site.wrappers += wrappers
        site.cut.update(sizes)
        self._row(article, page, article["title"] or article["url"], "allowed", "exported", spam, wrappers)

    def withheld(self, record: Record) -> None:
        site = self.site(record["site"])
        fetched = bool(record.get("fetched"))
        site.withheld += fetched
        site.not_fetched += not fetched
        page = f"withheld/{slug(record['id'])}.html"
        if not self.has(page):
            story = {**record, "site_page": site.page}
            self.write(page, render("withheld.html", story=story, rights=rights_view(record["rights"])))
        for protocol in {one["protocol"] for one in record["rights"]["because"]} or {"none"}:
            told = f"{record['reason'].replace('_', ' ')}: {called(PROTOCOLS, protocol)}"
            site.why[told if fetched else f"not fetched: {told}"] += 1
        self._row(record, page, record["url"], "reserved", "withheld" if fetched else "not fetched")

    def _row(
        self, record: Record, page: str, title: str, status: str, label: str, spam: int = 0, wrappers: int = 0
    ) -> None:
        fetched = (record.get("fetched") or "")[:16].replace("T", " ")
        self.days.setdefault(fetched[:10], Counter())[label] += 1
        rows = self.rows.setdefault(record["site"], [])
        if len(rows) == PER_PAGE:
            self._full(record["site"])
        rows.append(
            Row(title=title[:200], page=page, fetched=fetched, status=status, label=label, spam=spam, wrappers=wrappers)
        )

    def _full(self, name: str) -> None:
        """Writes the lines of a site that fill a page; the site's own page has the newest, and leads to these."""
        self.full[name] += 1
        self._listing(name, self.full[name], f"{self.site(name).page.removesuffix('.html')}-{self.full[name]}.html")
        self.rows[name].clear()

    def _listing(self, name: str, page: int, file: str) -> None:
        first = self.site(name).page
        older = first.replace(".html", f"-{page - 1}.html") if page > 1 else None
        oldest = first.replace(".html", "-1.html") if page > 2 else None
        rows = self.rows[name][::-1]
        self.write(
            file,
            render(
                "site.html",
                site=self.site(name),
                page=page,
                first=first,
                last=file == first,
                older=older,
                oldest=oldest,
                rows=rows,
            ),
        )

    def runs(self, found: Sequence[Record]) -> None:
        """A page a run."""
        for number, run in enumerate(found):
            name = f"runs/{runs.stem(run)}.html"
            if OURS.match(name):
                self.write(name, run_page(run, found[number + 1 :], trail=True))

    def listings(self, found: Sequence[Record], cluster: Cluster | None) -> Path:
        for name in self.rows:
            self._listing(name, self.full[name] + 1, self.site(name).page)
        sites = sorted(self.sites.values(), key=lambda one: one.name)
        totals = [
            ("stories exported", sum(site.exported for site in sites)),
            ("pages withheld", sum(site.withheld for site in sites)),
            ("not fetched", sum(site.not_fetched for site in sites)),
            ("characters of spam cut", sum(site.spam for site in sites)),
            ("characters of wrappers cut", sum(site.wrappers for site in sites)),
        ]
        shown = [runs.figures(run) for run in found]
        linked = {one.name for one in shown if OURS.match(f"runs/{one.name}.html")}
        why = sum((site.why for site in sites), Counter[str]()).most_common()
        drawn = index_charts(sites, self.days, shown, found[0] if found else {})
        self.write(
            "index.html",
            render(
                "index.html",
                figures=totals,
                sites=sites,
                why=why,
                runs=shown,
                linked=linked,
                charts=drawn,
                cluster=cluster,
            ),
        )
        return self.out / "index.html"

    def sweep(self) -> None:
        """Takes away pages of records that were withdrawn or pruned: their text may not stay behind."""
        for folder in ("stories", "withheld", "runs", ""):
            try:
                with os.scandir(self.out / folder) as entries:
                    names = (f"{folder}/{entry.name}" if folder else entry.name for entry in entries)
                    gone = [name for name in names if OURS.match(name) and hash(name) not in self.kept]
            except FileNotFoundError:
                continue
            for name in gone:
                (self.out / name).unlink()
        (self.out / STAMP).write_text(f"{made_by()}\n", "ascii")


def _tag(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]


def build(
    out: Path,
    stories: Iterable[tuple[Record, Record | None]],
    withheld: Iterable[Record],
    found: Iterable[Record],
    *,
    cluster: Cluster | None = None,
) -> Built:
    """Writes the report into a folder: stories come with the ledger line of their cuts; `found` are run reports.

    Memory grows by eight bytes a story, and by a page of lines a site. A story's page that stands is left as it is;
    one whose record is gone is taken away. Raises OSError where the folder cannot be written.
    """
    builder = _Builder(out)
    for article, cuts in stories:
        builder.story(article, cuts)
    for record in withheld:
        builder.withheld(record)
    newest = sorted(found, key=lambda one: str(one.get("started")), reverse=True)[:MOST_RUNS]
    builder.runs(newest)
    if cluster is not None:
        builder.write("cluster.html", cluster_page(cluster, trail=True))
    index = builder.listings(newest, cluster)
    builder.sweep()
    sites = builder.sites.values()
    return Built(
        index=index,
        stories=sum(site.exported for site in sites),
        withheld=sum(site.withheld for site in sites),
        not_fetched=sum(site.not_fetched for site in sites),
    )
