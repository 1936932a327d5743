"""`newscrawl rules check`: tries the rules on their own examples."""

from __future__ import annotations

import os
from pathlib import Path

import click

from newscrawl import rulebook, shelves
from newscrawl.shelves import SHELVES

__all__ = ["SHELVES", "check", "rules", "take_own"]
VARIABLE = "NEWSCRAWL_RULES"


class BadRules(click.ClickException):
    """A rule of the user's own that does not load."""

    exit_code = 78


def take_own() -> int:
    """Takes the rules that the environment names into use, and says how many they are.

    Raises:
        click.ClickException: a rule does not load; the exit code is 78.
    """
    try:
        return len(shelves.take(shelves.paths_in(os.environ.get(VARIABLE, ""))))
    except rulebook.RuleError as error:
        raise BadRules(f"{VARIABLE}: {error}") from error


@click.group()
def rules() -> None:
    """Check rule files.

    \b
    newscrawl rules check
    newscrawl rules check my/wrappers/pl.toml
    """


@rules.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Try each rule of FILES, or of the files in these folders, on its own examples.

    Without FILES: all that ship, and your own that NEWSCRAWL_RULES names. A file's shelf (wrappers, spam, notices) is
    the name of its folder, or what `shelf` at its top says.

    \b
    newscrawl rules check
    newscrawl rules check my/wrappers/pl.toml
    """
    before = rulebook.own()
    try:
        number = len(shelves.take(files)) or sum(len(shelves.shipped(name)) for name in SHELVES) + take_own()
    except rulebook.RuleError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{number} rules hold their examples; rules version {rulebook.version()}")
    rulebook.use(before)
