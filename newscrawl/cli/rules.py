"""`newscrawl rules check`: tries the rules on their own examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from newscrawl import markup, rulebook
from newscrawl.clean import Context, lexicon, phrases, wrappers
from newscrawl.clean.places import KINDS
from newscrawl.model import Draft
from newscrawl.rights import grammar, notices_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """How the rules of a shelf are read, and what it means that one of them finds an example."""

    keys: rulebook.Keys
    finds: Callable[[rulebook.Rule, str], bool]


def _wrapper(rule: rulebook.Rule, example: str) -> bool:
    draft = markup.fragment(example).draft if example.startswith("<") else Draft(text=example)
    points = wrappers.find(draft, Context(), phrases=phrases.read((rule,), KINDS))
    return any(point.rule == rule.name for point in points)


def _notice(rule: rulebook.Rule, example: str) -> bool:
    return bool(notices_in(example))


SHELVES = {
    "wrappers": Shelf(keys=phrases.KEYS, finds=_wrapper),
    "spam": Shelf(keys=lexicon.KEYS, finds=lexicon.finds),
    "notices": Shelf(keys=grammar.KEYS, finds=_notice),
}


def _rules_of(files: tuple[Path, ...], name: str, shelf: Shelf) -> tuple[rulebook.Rule, ...]:
    if not files:
        return rulebook.shelf(name, shelf.keys)
    chosen = [path for path in files if path.resolve().parent.name == name]
    return tuple(rule for path in chosen for rule in rulebook.read_file(path, name, shelf.keys))


@click.group()
def rules() -> None:
    """Check rule files.

    \b
    newscrawl rules check
    newscrawl rules check my/wrappers/pl.toml
    """


@rules.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Try each rule of FILES (all shipped rules, if none is named) on its own examples.

    A file's shelf is the name of its folder: wrappers/pl.toml.

    \b
    newscrawl rules check
    newscrawl rules check my/wrappers/pl.toml
    """
    strays = [str(path) for path in files if path.resolve().parent.name not in SHELVES]
    if strays:
        raise click.ClickException(f"{', '.join(strays)}: put the file in a folder named {', '.join(SHELVES)}")
    number = 0
    for name, shelf in SHELVES.items():
        found = _rules_of(files, name, shelf)
        try:
            rulebook.prove(found, shelf.finds)
        except rulebook.RuleError as error:
            raise click.ClickException(str(error)) from error
        number += len(found)
    click.echo(f"{number} rules hold their examples; rules version {rulebook.version()}")
