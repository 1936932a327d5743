"""Reads the rules of a page's style sheets that could hide something; those of a name only when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from newscrawl.css import RELEVANT, Compound, blocks, declared, selector
from newscrawl.unseen import Colour, How, Values, colour_of, paint, same, why

RULES = 30_000  # the largest sheets seen inline hold some 6,000
RULES_PER_KEY = 128  # a hostile sheet may pile rules on one class; each element would pay for all of them
GROUNDS = 64
LONGEST_SELECTOR = 300

COLOURS = frozenset(("color", "-webkit-text-fill-color"))
TELLING = RELEVANT - COLOURS - {"position", "overflow", "overflow-x", "overflow-y", "padding-top", "padding-bottom"}
PLACED: Values = {"position": ("absolute", "inline"), "overflow": ("hidden", "inline")}
PAINTS = frozenset(("background", "background-color"))
NONE: Mapping[str, str] = {}
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

    @property
    def own(self) -> dict[str, str]:
        """What the rule alone would give an element."""
        return self.values | self.urgent


class Rules:
    """The rules of some style texts, by the id, class or tag of their subject.

    Many rules of a sheet speak of nothing on the page: what one may hide is worked out when somebody asks for it.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._shelves: dict[str, list[Rule]] = {}
        self._marked: dict[str, Sequence[Rule]] = {}
        known = self._read(sources)
        self.above = frozenset(name for rule in known if rule is not None for name in rule.above)
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
            found = self._marked[key] = self._shelves[key]
            for rule in found:
                rule.rank = sum(one.weight for one in rule.chain), rule.order
                _mark(rule, self._colours, every=len(self._grounds) < GROUNDS)
        return found

    def _read(self, sources: Iterable[Source]) -> Collection[Rule | None]:
        known: dict[Source, Rule | None] = {}
        order = 0
        for css, how in sources:
            for prelude, body in blocks(css):
                plain, urgent = declared(body)
                if not plain and not urgent:
                    continue
                for text in prelude.split(","):
                    order += 1
                    text = text.strip()
                    if (text, how) not in known:
                        if len(known) >= RULES:
                            continue
                        known[text, how] = self._shelved(text, how, order)
                    rule = known[text, how]
                    if rule is not None:
                        rule.values.update(plain)
                        rule.urgent.update(urgent)
                        rule.order = order
        return known.values()

    def _shelved(self, text: str, how: How, order: int) -> Rule | None:
        chain = selector(text) if text and len(text) <= LONGEST_SELECTOR else ()
        if not chain:
            return None
        rule = Rule(chain, how, order, _above(chain))
        pile = self._shelves.setdefault(_key(chain[0]), [])
        if len(pile) < RULES_PER_KEY:
            pile.append(rule)
        return rule

    def _painted(self) -> Collection[str]:
        """The colours that rules paint, as CSS writes them: not more than can be held against each text."""
        grounds: dict[str, None] = {}
        for rule in (rule for pile in self._shelves.values() for rule in pile):
            own = NONE if PAINTS.isdisjoint(rule.values) and PAINTS.isdisjoint(rule.urgent) else rule.own
            rule.ground = paint(_alone(own)) if own else None
            if rule.ground is not None and len(grounds) < GROUNDS:
                grounds[rule.ground] = None
        return grounds


def _above(chain: tuple[Compound, ...]) -> tuple[str, ...]:
    if len(chain) == 1:
        return ()
    return tuple({name: None for one in chain[1:] for name in (*one.classes, one.tag) if name})


def _key(subject: Compound) -> str:
    if subject.id:
        return "#" + subject.id
    return "." + subject.classes[0] if subject.classes else subject.tag or "*"


def _alone(own: Mapping[str, str]) -> Values:
    return {name: (value, "inline") for name, value in own.items()}


def _mark(rule: Rule, painted: Sequence[Colour], *, every: bool) -> None:
    """Says of a rule whether it may hide, alone or with others, given the colours that rules paint (`every`: all)."""
    own = rule.own
    found = [colour_of(one[name]) for one in (rule.values, rule.urgent) for name in COLOURS if name in one]
    rule.tints = tuple(one for one in found if one is not None)
    alike = {one for one in rule.tints if any(same(one, other) for other in painted)} if rule.tints else frozenset()
    rule.tells = (
        bool(alike)
        or any(one[3] <= 0.05 or not every for one in rule.tints)
        or any(_could_hide(name, value) for one in (rule.values, rule.urgent) for name, value in one.items())
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
