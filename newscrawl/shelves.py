"""Knows the shelves whose rules can be tried on their own examples, and takes a user's own rules into use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

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


def paths_in(value: str) -> tuple[Path, ...]:
    """The files and folders that a setting or an environment variable names, parted by commas or as in PATH.

    >>> [str(path) for path in paths_in("rules, more.toml")]
    ['rules', 'more.toml']
    """
    return tuple(Path(one.strip()) for one in value.replace(os.pathsep, ",").split(",") if one.strip())


def shipped(name: str) -> tuple[rulebook.Rule, ...]:
    """The rules of a shelf that ship with the project, each tried on its own examples.

    Raises:
        RuleError: names the rule and the remedy.
    """
    shelf = SHELVES[name]
    return rulebook.prove(rulebook.shelf(name, shelf.keys), shelf.finds)


def take(paths: Iterable[Path | str]) -> tuple[rulebook.Rule, ...]:
    """Takes a user's own rule files and folders into use, each rule tried on its own examples; gives these rules.

    Raises:
        RuleError: a file or rule that does not load, or fails its own examples: the rules in use stay as they were.
    """
    before = rulebook.own()
    rulebook.use(paths)
    try:
        return tuple(rule for name in SHELVES for rule in _proven(name))
    except rulebook.RuleError:
        rulebook.use(before)
        raise


def _proven(name: str) -> tuple[rulebook.Rule, ...]:
    shelf = SHELVES[name]
    rules = rulebook.shelf(name, shelf.keys, extra=rulebook.own())
    return rulebook.prove((rule for rule in rules if rule.own), shelf.finds)
