"""`newscrawl rules check`: tries the rules on their own examples."""

from __future__ import annotations

from pathlib import Path

import click

from newscrawl import clean, rights, rulebook


@click.group()
def rules() -> None:
    """Check rule files."""


@rules.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Try each rule of FILES (all shipped rules, if none is named) on its own examples.

    A file's shelf is the name of its folder: wrappers/pl.toml.

    \b
    newscrawl rules check
    newscrawl rules check my/wrappers/pl.toml
    """
    number = clean.check_rules(files) + rights.check_rules(files)
    if not number:
        raise click.ClickException("no rule was checked: put the file in a folder named wrappers, spam or notices")
    click.echo(f"{number} rules hold their examples; rules version {rulebook.version()}")
