"""Reads the rules of a page's style sheets that could hide something; those of a name only when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
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
Source: TypeAlias = tuple[str, How]


@dataclass(slots=True)
class Rule:
    """One selector with the declarations of all its blocks, and what they may come to, whatever other rules add.

    bodies: the blocks that are still to be read, each with its place in the order of the cascade. ground: the colour
    that it paints. may_hide, tells, tints: see `_mark`.
    """

    chain: tuple[Compound, ...]
    key: str
    how: How
    above: tuple[str, ...]
    bodies: list[tuple[int, str]] = field(default_factory=list)
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

    def read(self) -> bool:
        """Takes in the blocks, in order; False where none of them says anything that bears on hiding."""
        if self.bodies:
            for order, body in self.bodies:
                plain, urgent = _declared(body)
                if plain or urgent:
                    self.values.update(plain)
                    self.urgent.update(urgent)
                    self.rank = sum(one.weight for one in self.chain), order
            self.bodies = []
            own = self.own
            self.ground = paint(_alone(own)) if "background" in own or "background-color" in own else None
        return bool(self.values or self.urgent)


_declared = lru_cache(maxsize=2048)(declared)


class Rules:
    """The rules of some style texts, by the id, class or tag of their subject.

    Most rules of a sheet speak of nothing that is on the page: only their selectors are read, unless they paint.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._shelves: dict[str, list[Rule]] = {}
        self._marked: dict[str, Sequence[Rule]] = {}
        painting: set[str] = set()
        known: dict[Source, Rule | None] = {}
        order = 0
        for css, how in sources:
            for prelude, body in blocks(css):
                lowered = body.lower()
                paints = "background" in lowered or "\\" in lowered  # which may write any letter
                for text in prelude.split(","):
                    order += 1
                    text = text.strip()
                    if (text, how) not in known:
                        if len(known) >= RULES:
                            continue
                        known[text, how] = self._shelved(text, how)
                    rule = known[text, how]
                    if rule is not None:
                        rule.bodies.append((order, body))
                        if paints:
                            painting.add(rule.key)
        self.above = frozenset(name for rule in known.values() if rule is not None for name in rule.above)
        self._grounds = self._painted(painting)

    def __bool__(self) -> bool:
        return bool(self._shelves)

    def get(self, key: str) -> Sequence[Rule]:
        """The rules whose subjects have that name (`#id`, `.class`, `tag` or `*`), each with its marks."""
        found = self._marked.get(key)
        if found is None:
            found = self._marked[key] = self._relevant(key)
            colours = [colour for colour in map(colour_of, self._grounds) if colour]
            for rule in found:
                _mark(rule, colours, every=len(self._grounds) < GROUNDS)
        return found

    def _shelved(self, text: str, how: How) -> Rule | None:
        chain = selector(text) if text and len(text) <= LONGEST_SELECTOR else ()
        if not chain:
            return None
        rule = Rule(chain, _key(chain[0]), how, _above(chain))
        self._shelves.setdefault(rule.key, []).append(rule)
        return rule

    def _relevant(self, key: str) -> Sequence[Rule]:
        return tuple(islice((rule for rule in self._shelves.get(key, ()) if rule.read()), RULES_PER_KEY))

    def _painted(self, keys: Collection[str]) -> Collection[str]:
        """The colours that rules paint, as CSS writes them: not more than can be held against each text."""
        grounds: dict[str, None] = {}
        for key in self._shelves:
            for rule in self._relevant(key) if key in keys else ():
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
