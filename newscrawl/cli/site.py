"""`newscrawl site`: proposes a site file from a few of its pages, and tells which layouts stopped matching."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from newscrawl import archive, markup, read, sitebook
from newscrawl.archive import Stream
from newscrawl.cli import coverage
from newscrawl.cli.hosts import Hosts, NotAsked
from newscrawl.cli.pages import host_in, is_address
from newscrawl.markup import Document
from newscrawl.model import Story
from newscrawl.read import proposals

STORIES = 3
WIDE = 70
PAUSE = 1.0
"""Seconds between two requests to a host, at least."""

GOLDEN = Path("tests/sites")
STREAMS_READ: tuple[Stream, ...] = ("articles", "withheld")


@click.group()
def site() -> None:
    """Propose a site file, and check those there are.

    \b
    newscrawl site new https://example.org/
    newscrawl site check
    """


FOLDER = click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=sitebook.SITES, help="Where site files lie."
)
PAGES = click.option(
    "--golden", type=click.Path(file_okay=False, path_type=Path), default=GOLDEN, help="Where golden pages lie."
)


def _page(hosts: Hosts, url: str) -> Document:
    """A page that its robots.txt lets us fetch.

    Raises:
        click.ClickException: it does not, or the page did not come.
    """
    try:
        page = hosts.page(url)
    except NotAsked as error:
        raise click.ClickException(str(error)) from error
    if not 200 <= page.status < 300:
        raise click.ClickException(f"{url}: answered {page.status}: give the address of a listing that is there")
    return markup.document(page)


def _leads(document: Document, known: sitebook.Site | None = None) -> tuple[str, ...]:
    page = document.page
    kind = read.sniff(page)
    if kind in ("feed", "jsonfeed"):
        listing = read.feed(page)
    elif kind == "sitemap":
        listing = read.sitemap(page)
    else:
        listing = read.listing(document, known)
    home = read.registrable(markup.host_of(page.url))
    own = [one.url for one in listing.stories if read.registrable(markup.host_of(one.url)) == home]
    return tuple(dict.fromkeys(own))


def _stories(hosts: Hosts, leads: tuple[str, ...]) -> list[Document]:
    found: list[Document] = []
    for url in leads[: 3 * STORIES]:
        if len(found) == STORIES:
            break
        try:
            document = _page(hosts, url)
        except click.ClickException as error:
            click.echo(f"  left out: {error.message}", err=True)
            continue
        if read.story_in(document) is not None:
            found.append(document)
    return found


def _name(host: str) -> str:
    """A file's stem for a host: its registrable domain's first label in letters, digits and _."""
    stem = re.sub(r"[^a-z0-9]+", "_", read.registrable(host).partition(".")[0].lower()).strip("_")
    return stem if sitebook.STEM.match(stem) else f"site_{stem}"[:40]


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _file(url: str, host: str, story: Story, found: tuple[proposals.Proposal, ...], day: str) -> str:
    lines = [
        f"outlet = {_toml(story.site or host)}",
        f"hosts = [{_toml(host.removeprefix('www.'))}]",
        f"starts = [{_toml(url)}]",
    ]
    if story.language:
        lines.append(f"language = {_toml(story.language)}")
    if any(one.field in ("body", "title") for one in found):
        lines += ["", "[[layout]]", f"since = {day}", *(f"{one.field} = {_toml(one.selector)}" for one in found)]
    return "\n".join(lines) + "\n"


@site.command()
@click.argument("url")
@click.option("--name", default=None, help="The spider's name; the host's, if none is given.")
@click.option("--write", is_flag=True, help="Write the site file and a golden page.")
@FOLDER
@PAGES
def new(url: str, name: str | None, write: bool, folder: Path, golden: Path) -> None:
    """Propose a site file for the listing at URL, with selectors that hold on three of its stories.

    Each page is asked for only where its robots.txt lets us. Nothing is written without --write.

    \b
    newscrawl site new https://example.org/
    newscrawl site new https://example.org/ --name example --write
    """
    if not is_address(url):
        raise click.ClickException(f"{url}: not an http or https address: write it out, such as https://example.org/")
    hosts = Hosts(may=host_in(url), delay=PAUSE)
    listing = _page(hosts, url)
    leads = _leads(listing)
    documents = _stories(hosts, leads)
    if len(documents) < 2:
        raise click.ClickException(
            f"{url}: {len(leads)} story links, {len(documents)} of them read as stories: two are needed; "
            "give the address of a section that lists stories"
        )
    found = proposals.propose(documents)
    stem = name or _name(listing.host)
    if not sitebook.STEM.match(stem):
        raise click.ClickException(f"--name {stem}: lower-case letters, digits and _, a letter first")
    story = read.story_in(documents[0])
    assert story is not None
    click.echo(f"{len(leads)} story links; read {len(documents)}:")
    _show(documents, found)
    text = _file(url, listing.host, story, found, f"{datetime.now(UTC):%Y-%m-%d}")
    path = folder / f"{stem}.toml"
    if not write:
        click.echo(f"\n{path} would be:\n\n{text}\n--write writes it, and a golden page")
        return
    _write(path, text, golden, documents[0])


def _show(documents: list[Document], found: tuple[proposals.Proposal, ...]) -> None:
    by_field = {one.field: one for one in found}
    for number, document in enumerate(documents):
        click.echo(f"\n{document.page.url}")
        story = read.story_in(document)
        for field in proposals.FIELDS:
            proposal = by_field.get(field)
            if proposal is not None:
                value, how = proposal.values[number], proposal.selector
            else:
                value, how = _generic(story, field), "no selector held: the generic way"
            shown = " ".join(value.split())
            click.echo(f"  {field:10} {shown[:WIDE] or '-'}{'…' if len(shown) > WIDE else ''}  [{how}]")


def _generic(story: Story | None, field: str) -> str:
    if story is None:
        return ""
    if field == "published":
        return story.published.at.isoformat() if story.published else ""
    return ", ".join(story.authors) if field == "authors" else story.text if field == "body" else story.title


def _write(path: Path, text: str, golden: Path, document: Document) -> None:
    if path.exists():
        raise click.ClickException(f"{path} is there already: take it away, or give another --name")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    try:
        known = sitebook.read(path)
        sitebook.read_folder(path.parent)
    except sitebook.SiteError as error:
        path.unlink()
        raise click.ClickException(str(error)) from error
    golden.mkdir(parents=True, exist_ok=True)
    (golden / f"{path.stem}.html").write_bytes(document.page.body)
    record = {"url": document.page.url, "full": proposals.filled(document, known)}
    (golden / f"{path.stem}.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    click.echo(f"\nwritten: {path}, {golden / path.stem}.html and .json")


@site.command()
@click.argument("names", nargs=-1)
@FOLDER
@PAGES
@click.option(
    "--archive",
    "archives",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Also compare the records of this archive: those of late with those before. May be given again.",
)
@click.option("--days", default=3.0, show_default=True, type=click.FloatRange(min=0.01), help="What counts as of late.")
@click.option("--no-fetch", is_flag=True, help="Ask no site; look at the archives alone.")
def check(
    names: tuple[str, ...], folder: Path, golden: Path, archives: tuple[Path, ...], days: float, no_fetch: bool
) -> None:
    """Tell which layouts of NAMES (all sites, if none is named) stopped matching, and by how much.

    Three stories of each site are fetched and read. With --archive, the fields of a site's latest records are held
    against those before: told is what is full less often than chance explains.

    Exit code 1 where a field that used to be full is empty.

    \b
    newscrawl site check
    newscrawl site check kabarkilat
    newscrawl site check --archive archive --no-fetch
    """
    book = sitebook.read_folder(folder)
    for name in names:
        if name not in book:
            raise click.ClickException(f"no site file {folder / name}.toml: those there are: {', '.join(book) or '-'}")
    if no_fetch and not archives:
        raise click.UsageError("--no-fetch leaves nothing to look at: give --archive FOLDER")
    asked = {name: book[name] for name in names or tuple(book)}
    failed = set() if no_fetch else {name for name, known in asked.items() if not _holds(known, golden)}
    failed |= _lost(asked, archives, days)
    if failed:
        raise click.ClickException(f"stopped matching: {', '.join(sorted(failed))}: see newscrawl site new URL")


def _lost(sites: Mapping[str, sitebook.Site], archives: tuple[Path, ...], days: float) -> set[str]:
    """Prints what the records of the archives tell of each site; the names of those that lost a field."""
    if not archives:
        return set()
    records = (record for folder in archives for stream in STREAMS_READ for record in archive.read(folder, stream))
    found = coverage.changes(coverage.rows(records, sites), sites, days=days)
    for one in found:
        what = f"{one.field} by layout" if one.by_layout else one.field
        word = f"lost {one.fell:.0f} of 100" if one.lost else "holds"
        click.echo(f"{one.site}: {what:19} {one.before} before, {one.recent} in the last {days:g} days: {word}")
    for name in sorted(set(sites) - {one.site for one in found}):
        click.echo(f"{name}: too few records to compare: none before the last {days:g} days")
    return {one.site for one in found if one.lost}


def _holds(known: sitebook.Site, golden: Path) -> bool:
    """Prints how many stories fill each field of a site's layouts; False where fields that used to be full are not."""
    hosts = Hosts(may=frozenset(known.hosts), delay=PAUSE)
    documents: list[Document] = []
    for start in (*known.starts, *known.feeds, *known.sitemaps):
        try:
            documents = _stories(hosts, _leads(_page(hosts, start), known))
        except click.ClickException as error:
            click.echo(f"{known.name}: not asked: {error.message}")
            continue
        if documents:
            break
    if not documents:
        click.echo(f"{known.name}: no story came: nothing is known of its layouts")
        return True
    before = _before(golden / f"{known.name}.json")
    rows = [proposals.filled(document, known) for document in documents]
    good = True
    for field in sorted({one for row in rows for one in row}):
        full, count = sum(row.get(field, False) for row in rows), sum(field in row for row in rows)
        used = before.get(field, True)
        lost = full < count and used
        good = good and not lost
        word = f"stopped matching on {count - full} of {count}" if lost else "holds" if full else "empty as before"
        click.echo(f"{known.name}: {field:10} full on {full} of {count}: {word}")
    return good


def _before(path: Path) -> dict[str, bool]:
    """Which fields the site's golden page filled; empty where there is none (then every field counts as full)."""
    try:
        found = json.loads(path.read_text("utf-8"))["full"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(key): bool(value) for key, value in found.items()} if isinstance(found, dict) else {}
