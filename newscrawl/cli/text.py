"""`newscrawl clean` and `newscrawl explain`: a page or a corpus, cleaned and shown, without a crawl."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from newscrawl import clean as wing
from newscrawl import corpora, desk, markup, read
from newscrawl import rights as rights_wing
from newscrawl.bulk import Part
from newscrawl.cli import corpus
from newscrawl.cli.pages import page_at
from newscrawl.cli.rules import take_own
from newscrawl.model import Cleaned, Decision, Page

RESERVED, STOPPED = 3, 130


def cleaned_page(page: Page) -> Cleaned:
    """The text of a page's story, cleaned; where no story is found, the page is taken for the article's container."""
    document = markup.document(page)
    story = read.story_in(document)
    if story is None:
        return wing.sanitize_draft(document.draft, url=page.url or None)
    return wing.sanitize_draft(story.body, title=story.title, summary=story.summary, url=page.url or None)


def _with_text(name: str, cleaned: Cleaned) -> Cleaned:
    if not cleaned.original.strip():
        raise click.ClickException(f"{name}: there is no text in it: give a page with a story")
    return cleaned


def _refuse_reserved(page: Page, licences: rights_wing.Licences | None) -> None:
    verdict = desk.judge(desk.look(page), licences=licences)
    if verdict.status is Decision.RESERVED:
        quote = next((one.quote for one in verdict.because), "")
        click.echo(f"newscrawl: withheld: reserved by its notice: {quote}", err=True)
        sys.exit(RESERVED)


@click.command()
@click.argument("name", metavar="FILE|-")
@click.option("--field", default="text", show_default=True, help="The field of each row to clean.")
@click.option("--title-field", default="title", show_default=True, help="The field that has the title, if any.")
@click.option("--jsonl", is_flag=True, help="It is JSONL, whatever its name.")
@click.option("--url", help="The address that a page came from.")
@click.option("--licences", "licence_file", type=click.Path(exists=True, dir_okay=False), help="Your permissions.")
@click.option(
    "-o",
    "--out",
    "--output",
    "output",
    type=click.Path(path_type=Path),
    help="Write here, whole or not at all; .gz and .zst pack it.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=os.cpu_count() or 1, show_default="cores", help="For a corpus."
)
@click.option("--cluster", is_flag=True, help="Over the workers of a cluster; FILE may be a folder, OUT is one.")
def clean(
    name: str,
    field: str,
    title_field: str,
    jsonl: bool,
    url: str | None,
    licence_file: str | None,
    output: Path | None,
    workers: int,
    cluster: bool,
) -> None:
    """Clean a page, or one field of each row of a corpus.

    A corpus is JSONL, plain or packed (.gz, .zst), Parquet or WARC; what comes out is JSONL. A page or a row whose own
    text forbids its use is withheld: exit code 3 for a page; a row is left out, counted, and listed in
    OUT.withheld.jsonl. A row that cannot be read goes to OUT.broken.jsonl with its line number: exit code 65.
    A run that was stopped goes on where it was: call it again.

    \b
    newscrawl clean page.html
    newscrawl clean corpus.jsonl.gz --field body --out clean.jsonl.gz
    zcat corpus.jsonl.gz | newscrawl clean --jsonl - > clean.jsonl
    newscrawl clean /shared/corpus --cluster --out /shared/clean
    """
    take_own()
    kind = "jsonl" if jsonl else None if name == "-" else corpora.kind_of(Path(name))
    if cluster:
        if kind is None and not Path(name).is_dir():
            raise click.ClickException(f"{name}: no corpus: give JSONL, Parquet or WARC, or a folder of them")
        _over_cluster(name, corpus.options(name, field, title_field, kind), output)
        return
    if output is not None and output.is_dir():
        raise click.ClickException(f"{output}: this is a folder: give a file to write to")
    if kind is not None:
        _clean_corpus(name, corpus.options(name, field, title_field, kind), output, workers)
        return
    licences = rights_wing.Licences.load(licence_file) if licence_file else None
    page = page_at(name, url)
    _refuse_reserved(page, licences)
    text = _with_text(name, cleaned_page(page)).text + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        _whole(output, [text.encode("utf-8", "replace")])


def _over_cluster(name: str, like: Part, output: Path | None) -> None:
    try:
        from newscrawl.cli.cluster_clean import clean_over
    except ImportError as error:
        raise click.ClickException(f"--cluster: {error}: pip install 'newscrawl[cluster]'") from error
    clean_over(os.environ.get("NEWSCRAWL_INDEX"), name, like, output)


def _clean_corpus(name: str, like: Part, output: Path | None, workers: int) -> None:
    if name != "-" and not Path(name).is_file():
        why = "this is a folder" if Path(name).is_dir() else "No such file"
        raise click.ClickException(f"{name}: {why}: give an HTML page, a corpus (JSONL, Parquet, WARC), or -")
    if output is not None and not output.absolute().parent.is_dir():
        raise click.ClickException(f"{output}: no such folder: make it first")
    if output is not None and output.exists() and name != "-" and output.samefile(name):
        raise click.ClickException(f"{output}: this is what is read: give another name to write to")
    try:
        told = corpus.clean(name, like, output, workers)
    except KeyboardInterrupt:
        again = "" if output is None or name == "-" else ": the same command goes on where it was"
        click.echo(f"newscrawl: stopped{again}", err=True)
        sys.exit(STOPPED)
    parts = [f"{told.kept:,} cleaned", f"{told.withheld:,} withheld"]
    parts += [f"{told.broken:,} broken"] if told.broken else []
    parts += [f"{told.before:,} parts done before"] if told.before else []
    click.echo(f"newscrawl: {told.rows:,} rows: {', '.join(parts)}; {told.cut:,} characters cut", err=True)
    if told.broken:
        for one in told.first:
            click.echo(f"newscrawl: {name}: {one}", err=True)
        aside = f"all in {corpus.beside(output, 'broken')}" if output else "give --out to have them kept aside"
        click.echo(f"newscrawl: {told.broken:,} rows could not be cleaned: {aside}", err=True)
        sys.exit(corpus.BROKEN)


def _whole(path: Path, lines: Iterable[bytes]) -> None:
    """Writes a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb") as out:
            out.writelines(lines)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}: nothing was written there") from error
    finally:
        part.unlink(missing_ok=True)


@click.command()
@click.argument("name", metavar="FILE|URL")
@click.option("--url", help="The address that a FILE came from.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page instead.")
def explain(name: str, url: str | None, html_file: Path | None) -> None:
    """Show the text with each cut struck through, and the rule, reason and evidence of each.

    White space that a cut leaves over is a cut too, and counts in the numbers, as in `newscrawl undo`.

    \b
    newscrawl explain page.html
    newscrawl explain https://example.org/a --html cuts.html
    """
    take_own()
    cleaned = _with_text(name, cleaned_page(page_at(name, url)))
    if html_file is not None:
        from newscrawl.report import cuts_page

        _whole(html_file, [cuts_page(name, cleaned).encode("utf-8", "replace")])
        click.echo(f"newscrawl: {html_file}: {len(cleaned.removals)} cuts", err=True)
        return
    console = Console(highlight=False)
    console.print(_shown(cleaned))
    for number, cut in enumerate(cleaned.removals, 1):
        if not cut.text.strip():
            continue
        evidence = ", ".join(f"{one.kind} {one.strength:.2f} {one.detail}".strip() for one in cut.evidence)
        console.print(
            Text(f"[{number}] {cut.start}-{cut.end} {cut.reason} {cut.rule}" + (f" ({evidence})" if evidence else ""))
        )
    for suspect in cleaned.suspects:
        console.print(Text(f"[?] {suspect.start}-{suspect.end} kept, though suspect: {suspect.reason}"))


def _shown(cleaned: Cleaned) -> Text:
    text = Text()
    at = 0
    for number, cut in enumerate(cleaned.removals, 1):
        text.append(cleaned.original[at : cut.start])
        text.append(cut.text, style="red strike")
        if cut.text.strip():
            text.append(f"[{number}]", style="bold red")
        at = cut.end
    text.append(cleaned.original[at:])
    return text
