"""`newscrawl clean` and `newscrawl explain`: a page or a corpus, cleaned and shown, without a crawl."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.text import Text

from newscrawl import clean as wing
from newscrawl import desk, markup, read, record
from newscrawl import rights as rights_wing
from newscrawl.cli.pages import page_at
from newscrawl.model import Cleaned, Decision, Page

RESERVED = 3
CHUNK = 64


def cleaned_page(page: Page) -> Cleaned:
    """The text of a page's story, cleaned; where no story is found, the page is taken for the article's container."""
    document = markup.document(page)
    story = read.story_in(document)
    if story is None:
        return wing.sanitize_draft(document.draft, url=page.url or None)
    return wing.sanitize_draft(story.body, title=story.title, summary=story.summary, url=page.url or None)


def _refuse_reserved(page: Page, licences: rights_wing.Licences | None) -> None:
    verdict = desk.judge(desk.look(page), licences=licences)
    if verdict.status is Decision.RESERVED:
        quote = next((one.quote for one in verdict.because), "")
        click.echo(f"newscrawl: withheld: reserved by its notice: {quote}", err=True)
        sys.exit(RESERVED)


@click.command()
@click.argument("name", metavar="FILE.html|FILE.jsonl|-")
@click.option("--field", default="text", show_default=True, help="The field of each JSON line to clean.")
@click.option("--title-field", default="title", show_default=True, help="The field that has the title, if any.")
@click.option("--jsonl", is_flag=True, help="Standard input is JSONL.")
@click.option("--url", help="The address that a page came from.")
@click.option("--licences", "licence_file", type=click.Path(exists=True, dir_okay=False), help="Your permissions.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here, whole or not at all."
)
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes for a JSONL file.")
def clean(
    name: str,
    field: str,
    title_field: str,
    jsonl: bool,
    url: str | None,
    licence_file: str | None,
    output: Path | None,
    workers: int,
) -> None:
    """Clean a page, or one field of each line of a JSONL file.

    A page or a line whose own text forbids its use is withheld: exit code 3 for a page; left out of the output,
    counted, and listed in OUTPUT.withheld.jsonl for a line.

    \b
    newscrawl clean page.html
    newscrawl clean corpus.jsonl --field body -o clean.jsonl
    """
    licences = rights_wing.Licences.load(licence_file) if licence_file else None
    if not (jsonl or name.endswith((".jsonl", ".jl", ".ndjson"))):
        page = page_at(name, url)
        _refuse_reserved(page, licences)
        text = cleaned_page(page).text + "\n"
        if output is None:
            click.echo(text, nl=False)
        else:
            _whole(output, [text.encode("utf-8", "replace")])
        return
    source = sys.stdin.buffer if name == "-" else _open(name)
    with source:
        _clean_lines(source, name, field, title_field, output, max(1, workers))


def _open(name: str) -> IO[bytes]:
    try:
        return open(name, "rb")
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}: give an HTML or JSONL file, or -") from error


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


def _clean_lines(source: IO[bytes], name: str, field: str, title_field: str, output: Path | None, workers: int) -> None:
    withheld: list[bytes] = []
    counts = {"lines": 0, "cut": 0}

    def results() -> Iterator[bytes]:
        chunks = _chunks(source, field, title_field)
        console = Console(stderr=True)
        columns = ("cleaning", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("cleaning", total=None)
            for done in _mapped(chunks, workers):
                for kept, cut, line in done:
                    counts["lines"] += 1
                    counts["cut"] += cut
                    progress.advance(task)
                    if kept:
                        yield line
                    else:
                        withheld.append(line)

    try:
        if output is None:
            for line in results():
                sys.stdout.buffer.write(line)
        else:
            _whole(output, results())
            if withheld:
                _whole(output.with_name(f"{output.stem}.withheld.jsonl"), withheld)
    except LineError as error:
        raise click.ClickException(f"{name} {error}") from error
    click.echo(
        f"newscrawl: {counts['lines']} lines, {counts['cut']:,} characters cut, {len(withheld)} withheld", err=True
    )


def _mapped(chunks: Iterator[list[Job]], workers: int) -> Iterator[list[tuple[bool, int, bytes]]]:
    if workers == 1:
        yield from map(clean_chunk, chunks)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: list[object] = []
        for chunk in chunks:
            waiting.append(pool.submit(clean_chunk, chunk))
            if len(waiting) > 4 * workers:
                yield waiting.pop(0).result()  # type: ignore[attr-defined]
        for future in waiting:
            yield future.result()  # type: ignore[attr-defined]


class LineError(ValueError):
    """A line of the input that is no record, by number."""


Job = tuple[int, bytes, str, str]


def _chunks(source: IO[bytes], field: str, title_field: str) -> Iterator[list[Job]]:
    chunk: list[Job] = []
    for number, line in enumerate(source, 1):
        if line.strip():
            chunk.append((number, line, field, title_field))
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def clean_chunk(jobs: list[Job]) -> list[tuple[bool, int, bytes]]:
    """Cleans some lines: whether each is kept, how many characters were cut, and the line to write."""
    return [_clean_line(*job) for job in jobs]


def _clean_line(number: int, line: bytes, field: str, title_field: str) -> tuple[bool, int, bytes]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise LineError(f"line {number}: no JSON ({error}): mend or remove it") from error
    if not isinstance(row, dict) or not isinstance(row.get(field), str):
        raise LineError(f"line {number}: no text in field {field!r}: name the field with --field")
    text, title = row[field], row.get(title_field)
    notices = rights_wing.notices_in(text)
    if any(notice.says is Decision.RESERVED for notice in notices):
        kept = {key: value for key, value in row.items() if key in ("id", "url")}
        verdict = rights_wing.decide(notices)
        return False, 0, record.line(kept | {"withheld": True, "rights": record.rights_record(verdict)}) + b"\n"
    cleaned = wing.sanitize_text(text, title=title if isinstance(title, str) else None)
    told = record.cleaned_record(cleaned)
    row[field] = cleaned.text
    row["removals"] = told["removals"]
    return True, len(text) - len(cleaned.text), record.line(row) + b"\n"


@click.command()
@click.argument("name", metavar="FILE|URL")
@click.option("--url", help="The address that a FILE came from.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page instead.")
def explain(name: str, url: str | None, html_file: Path | None) -> None:
    """Show the text with each cut struck through, and the rule, reason and evidence of each.

    \b
    newscrawl explain page.html
    newscrawl explain https://example.org/a --html cuts.html
    """
    cleaned = cleaned_page(page_at(name, url))
    if html_file is not None:
        from newscrawl.report import cuts_page

        _whole(html_file, [cuts_page(name, cleaned).encode("utf-8", "replace")])
        click.echo(f"newscrawl: {html_file}: {len(cleaned.removals)} cuts", err=True)
        return
    console = Console(highlight=False)
    console.print(_shown(cleaned))
    for number, cut in enumerate(cleaned.removals, 1):
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
