"""`newscrawl rights`: the table of signals of a page, and the verdict."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from newscrawl import rights as wing
from newscrawl.cli.hosts import Answered, Hosts
from newscrawl.cli.pages import host_in, is_address, page_at
from newscrawl.model import AI_USES, USES, Decision
from newscrawl.record import rights_record
from newscrawl.rights.hostfiles import LABELS

RESERVED, UNKNOWN = 3, 4


def verdict_of(name: str, url: str | None, licences: wing.Licences | None, *, infer: bool = True) -> Answered:
    """The verdict on a file or an address; of a file, the host's own files are not checked.

    Raises:
        click.ClickException: no such file, or no page in it.
    """
    if is_address(name):
        return Hosts(may=host_in(name), infer=infer).ask(name, licences=licences)
    page = page_at(name, url)
    left = ("robots.txt", *LABELS.values())
    verdict = wing.decide(wing.signals_in_page(page), licences=licences, not_checked=left, at=page.fetched)
    return Answered(verdict=verdict, robots=None)


def show(console: Console, name: str, answered: Answered) -> None:
    """The verdict as a person reads it."""
    verdict = answered.verdict
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
@click.option("--infer/--no-infer", default=True, help="Whether a rule against a training crawler counts.")
@click.pass_context
def rights(
    ctx: click.Context,
    names: tuple[str, ...],
    url: str | None,
    licence_file: str | None,
    as_json: bool,
    infer: bool,
) -> None:
    """Print every signal of a page and the verdict.

    Of an address, its host is asked too: robots.txt, tdmrep.json, trust.txt, ai.txt, RSL documents; so is the host of
    its source. Exit code 0: allowed or none found; 3: reserved; 4: unknown; 1: something could not be looked at.

    \b
    newscrawl rights page.html --url https://example.org/a
    newscrawl rights https://example.org/a --json
    """
    licences = wing.Licences.load(licence_file) if licence_file else None
    console = Console()
    codes = set()
    for name in names:
        try:
            answered = verdict_of(name, url, licences, infer=infer)
        except click.ClickException as error:
            error.show()
            codes.add(1)
            continue
        verdict = answered.verdict
        if as_json:
            click.echo(json.dumps({"name": name} | rights_record(verdict, answered.robots, answered.source_robots)))
        else:
            show(console, name, answered)
        codes.add({Decision.RESERVED: RESERVED, Decision.UNKNOWN: UNKNOWN}.get(verdict.status, 0))
    ctx.exit(next((code for code in (RESERVED, UNKNOWN, 1) if code in codes), 0))
