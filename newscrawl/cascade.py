"""Reads the rules of a page's style sheets that could hide something; those of a name only when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from newscrawl.css import RELEVANT, Compound, bears, blocks, declared, selector
from newscrawl.unseen import Colour, How, Values, colour_of, paint, same, why

RULES = 30_000  # the largest sheets seen inline hold some 6,000
RULES_PER_KEY = 128  # a hostile sheet may pile rules on one class; each element would pay for all of them
GROUNDS = 64
LONGEST_SELECTOR = 300

COLOURS = frozenset(("color", "-webkit-text-fill-color"))
TELLING = RELEVANT - COLOURS - {"position", "overflow", "overflow-x", "overflow-y", "padding-top", "padding-bottom"}
PLACED: Values = {"position": ("absolute", "inline"), "overflow": ("hidden", "inline")}
PAINTS = frozenset(("background", "background-color"))
NAMES = re.compile(r"[\w\u0080-\U0010ffff-]+")
COMPOUND = r"[.#]?[\w-]++(?:[.#][\w-]++)*+"
SIMPLE = re.compile(rf"{COMPOUND}(?:(?: > |[ >]){COMPOUND})*+\Z", re.ASCII)
"""Selectors whose subject is told without reading them: nearly all of a sheet."""
Source: TypeAlias = tuple[str, How]


@dataclass(slots=True)
class Rule:
    """One selector with the declarations of all its blocks, and what they may come to, whatever other rules add.

    ground: the colour that it paints. may_hide, tells, tints: see `_mark`.
    """

    chain: tuple[Compound, ...]
    how: How
    order: int
    above: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)
    urgent: dict[str, str] = field(default_factory=dict)
    rank: tuple[int, int] = (0, 0)
    ground: str | None = None
    may_hide: bool = False
    tells: bool = False
    tints: tuple[Colour, ...] = ()


class Rules:
    """The rules of some style texts, by the id, class or tag of their subject.

    Many rules of a sheet speak of nothing on the page: what one may hide is worked out when somebody asks for it.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._said: dict[Source, tuple[int, str]] = {}
        self._before: dict[Source, list[str]] = {}
        self._shelves = self._read(sources)
        self._marked: dict[str, Sequence[Rule]] = {}
        self.above = self._parents()
        self._grounds = self._painted()
        self._colours = tuple(colour for colour in map(colour_of, self._grounds) if colour)

    def __bool__(self) -> bool:
        return bool(self._shelves)

    def get(self, key: str) -> Sequence[Rule]:
        """The rules whose subjects have that name (`#id`, `.class`, `tag` or `*`), each with its marks."""
        found = self._marked.get(key)
        if found is None:
            if key not in self._shelves:
                return ()
            found = self._marked[key] = tuple(map(self._rule, self._shelves[key]))
        return found

    def _rule(self, source: Source) -> Rule:
        chain = selector(source[0])
        order, body = self._said[source]
        plain, urgent = _together(self._bodies(source)) if source in self._before else declared(body)
        rule = Rule(chain, source[1], order, _above(chain), plain, urgent)
        rule.rank = sum(one.weight for one in chain), order
        own = plain | urgent if urgent else plain
        rule.ground = _ground(own)
        _mark(rule, own, self._colours, every=len(self._grounds) < GROUNDS)
        return rule

    def _bodies(self, source: Source) -> tuple[str, ...]:
        return (*self._before.get(source, ()), self._said[source][1])

    def _read(self, sources: Iterable[Source]) -> dict[str, tuple[Source, ...]]:
        """The selectors by the names of their subjects; they stay texts, of which a page asks for a few."""
        said = self._said
        piles: dict[str, list[Source]] = {}
        order = 0
        for css, how in sources:
            for prelude, body in blocks(css):
                if not bears(body):
                    continue
                for text in prelude.split(","):
                    order += 1
                    source = text.strip(), how
                    known = said.get(source)
                    if known is not None:
                        self._before.setdefault(source, []).append(known[1])
                    elif len(said) >= RULES:
                        continue
                    said[source] = order, body
                    if known is None and (key := _key(source[0])):
                        pile = piles.setdefault(key, [])
                        if len(pile) < RULES_PER_KEY:
                            pile.append(source)
        return {key: tuple(pile) for key, pile in piles.items()}

    def _parents(self) -> frozenset[str]:
        """The names that rules want above their subjects, and perhaps a few more."""
        heads: set[str] = set()
        escaped: set[str] = set()
        for text, _ in (source for pile in self._shelves.values() for source in pile):
            if "\\" in text:
                escaped.update(_above(selector(text)))
            elif not text.isprintable():
                heads.add(text)
            elif (end := max(text.rfind(" "), text.rfind(">"))) > 0:
                heads.add(text[:end])
        names = " ".join(heads)
        return frozenset((*NAMES.findall(names), *NAMES.findall(names.lower()), *escaped))

    def _painted(self) -> Collection[str]:
        """The colours that rules paint, as CSS writes them: not more than can be held against each text."""
        grounds: dict[str, None] = {}
        known: dict[tuple[str, ...], str | None] = {}
        for source in (source for pile in self._shelves.values() for source in pile):
            bodies = self._bodies(source) if source in self._before else self._said[source][1:]
            if bodies not in known:
                known[bodies] = _painted(bodies)
            ground = known[bodies]
            if ground is not None:
                grounds[ground] = None
                if len(grounds) == GROUNDS:
                    break
        return grounds


def _painted(bodies: tuple[str, ...]) -> str | None:
    if not any("background" in body or "\\" in body or not body.islower() for body in bodies):
        return None
    plain, urgent = _together(bodies)
    return _ground(plain | urgent)


def _together(bodies: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What all blocks with one selector declare, the later ones before the earlier."""
    plain: dict[str, str] = {}
    urgent: dict[str, str] = {}
    for own in map(declared, bodies):
        plain.update(own[0])
        urgent.update(own[1])
    return plain, urgent


def _ground(own: Mapping[str, str]) -> str | None:
    return None if PAINTS.isdisjoint(own) else paint(_alone(own))


def _above(chain: tuple[Compound, ...]) -> tuple[str, ...]:
    if len(chain) == 1:
        return ()
    return tuple({name: None for one in chain[1:] for name in (*one.classes, one.tag) if name})


def _key(text: str) -> str:
    """The name under which a selector's subject is asked for; empty where the selector is not read."""
    if len(text) > LONGEST_SELECTOR or not text:
        return ""
    if not SIMPLE.match(text):
        chain = selector(text)
        return _named(chain[0]) if chain else ""
    last = text.rpartition(" ")[2].rpartition(">")[2]
    if "#" in last:
        return "#" + last.rpartition("#")[2].partition(".")[0]
    tag, _, classes = last.partition(".")
    return "." + classes.partition(".")[0] if classes else tag.lower()


def _named(subject: Compound) -> str:
    if subject.id:
        return "#" + subject.id
    return "." + subject.classes[0] if subject.classes else subject.tag or "*"


def _alone(own: Mapping[str, str]) -> Values:
    return {name: (value, "inline") for name, value in own.items()}


def _mark(rule: Rule, own: Mapping[str, str], painted: Sequence[Colour], *, every: bool) -> None:
    """Says of a rule whether it may hide, alone or with others, given the colours that rules paint (`every`: all)."""
    if not COLOURS.isdisjoint(own):
        found = [colour_of(one[name]) for one in (rule.values, rule.urgent) for name in COLOURS if name in one]
        rule.tints = tuple(one for one in found if one is not None)
    alike = {one for one in rule.tints if any(same(one, other) for other in painted)} if rule.tints else frozenset()
    rule.tells = (
        bool(alike)
        or any(one[3] <= 0.05 or not every for one in rule.tints)
        or any(
            name in TELLING and _could_hide(name, value)
            for one in (rule.values, rule.urgent)
            for name, value in one.items()
        )
    )
    if rule.tells:
        colour = colour_of(own["color"]) if "color" in own else None
        rule.may_hide = bool(why({**PLACED, **_alone(own)})[0]) or colour in alike


def tells(own: Mapping[str, str]) -> bool:
    """Whether one of these declarations could hide together with others: where none could, none of them does."""
    return any(name in COLOURS or _could_hide(name, value) for name, value in own.items())


@lru_cache(maxsize=8192)
def _could_hide(name: str, value: str) -> bool:
    return name in TELLING and bool(why({**PLACED, name: (value, "inline")})[0])
