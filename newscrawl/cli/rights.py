"""`newscrawl rights`: the table of signals of a page, and the verdict."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from newscrawl import rights as wing
from newscrawl.cli.pages import is_address, page_at, surroundings
from newscrawl.model import AI_USES, USES, Decision, Signal, Verdict
from newscrawl.record import rights_record

RESERVED, UNKNOWN = 3, 4


def verdict_of(name: str, url: str | None, licences: wing.Licences | None) -> Verdict:
    """The verdict on a file or an address; of a file, the host's own files are not checked."""
    signals: tuple[Signal, ...] = ()
    left: tuple[str, ...] = ("robots.txt", "tdmrep.json")
    at = None
    if is_address(name):
        signals, allowed = surroundings(name)
        left = ()
        if not allowed:
            return wing.decide(signals, licences=licences, not_checked=("the page: its robots.txt does not let us",))
    page = page_at(name, url)
    at = page.fetched
    return wing.decide((*signals, *wing.signals_in_page(page)), licences=licences, not_checked=left, at=at)


def show(console: Console, name: str, verdict: Verdict) -> None:
    """The verdict as a person reads it."""
    table = Table(title=name, title_justify="left")
    for head in ("protocol", "where", "says", "of", "basis", "quote"):
        table.add_column(head, overflow="fold")
    for one in verdict.signals:
        table.add_row(one.protocol, one.where, str(one.says), ", ".join(one.scope), str(one.basis), one.quote)
    console.print(table if verdict.signals else f"{name}: no signal")
    console.print("  ".join(f"{use}: {verdict.uses.get(use, Decision.UNKNOWN)}" for use in USES))
    if verdict.not_checked:
        console.print(f"not checked: {', '.join(verdict.not_checked)}")
    console.print(f"verdict for {' and '.join(AI_USES)}: {verdict.status}")


@click.command()
@click.argument("names", metavar="FILE|URL…", nargs=-1, required=True)
@click.option("--url", help="The address that a FILE came from.")
@click.option("--licences", "licence_file", type=click.Path(exists=True, dir_okay=False), help="Your permissions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a page.")
@click.pass_context
def rights(
    ctx: click.Context, names: tuple[str, ...], url: str | None, licence_file: str | None, as_json: bool
) -> None:
    """Print every signal of a page and the verdict.

    Exit code 0: allowed or none found; 3: reserved; 4: unknown.

    \b
    newscrawl rights page.html --url https://example.org/a
    newscrawl rights https://example.org/a --json
    """
    licences = wing.Licences.load(licence_file) if licence_file else None
    console = Console()
    worst = 0
    for name in names:
        verdict = verdict_of(name, url, licences)
        if as_json:
            click.echo(json.dumps({"name": name} | rights_record(verdict)))
        else:
            show(console, name, verdict)
        code = {Decision.RESERVED: RESERVED, Decision.UNKNOWN: UNKNOWN}.get(verdict.status, 0)
        worst = RESERVED if RESERVED in (worst, code) else max(worst, code)
    ctx.exit(worst)
