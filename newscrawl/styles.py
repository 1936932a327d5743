"""Tells whether a page hides an element: by inline styles, `<style>` rules, rules that a script writes, or markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Literal, TypeAlias

from newscrawl.css import LENGTH, PIXELS, RELEVANT, Compound, blocks, declared, pixels, selector, written

How: TypeAlias = Literal["inline", "stylesheet", "script", "markup", "attribute", "noscript", "template"]
STRONG: frozenset[How] = frozenset({"inline", "markup"})
"""Ways of hiding under which no publisher's paragraph was found (0 of 4,317 on 233 pages)."""

Values: TypeAlias = dict[str, tuple[str, How]]
Colour: TypeAlias = tuple[float, float, float, float]

RULES_PER_KEY = 128  # a hostile sheet may pile rules on one class; each element would pay for all of them
SUBJECTS = 4096
LONG_NAMES = 200
KEPT = 1 << 18  # characters of a sheet that is remembered; the 16 sheets of that size take some 40 MB
GROUNDS = 64
RULES = 30_000  # the largest sheets seen inline hold some 6,000
FAR = 500.0  # px beyond an edge; off-canvas menus stand at 200 to 400
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide:
    """Why an element is not to be seen (`top:-152413851px`), and where that is said."""

    why: str
    how: How


@dataclass(slots=True)
class _Rule:
    chain: tuple[Compound, ...]
    order: int
    how: How
    values: dict[str, str]
    urgent: dict[str, str]
    above: tuple[str, ...]
    rank: tuple[int, int] = (0, 0)
    may_hide: bool = False
    paints: bool = False
    tells: bool = False
    tints: tuple[Colour, ...] = ()

    @property
    def own(self) -> dict[str, str]:
        return self.values | self.urgent


@dataclass(slots=True)
class Subject:
    """What a sheet has to say of all elements with one tag, class and id: worked out once for each.

    names: those that a rule may want above another element. fussy: some of the rules ask for further attributes.
    telling: without one of these rules none of them hides, but for a colour of `tinting` on the same ground.
    """

    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rules: tuple[_Rule, ...] = ()
    fussy: bool = False
    hides: bool = False
    paints: bool = False
    telling: tuple[_Rule, ...] = ()
    tinting: tuple[_Rule, ...] = ()
    grounds: dict[Colour, list[_Rule]] = field(default_factory=dict)

    def near(self, ground: Colour) -> list[_Rule]:
        """The rules that give a text the colour of its ground."""
        found = self.grounds.get(ground)
        if found is None:
            if len(self.grounds) >= GROUNDS:
                self.grounds.clear()
            found = [rule for rule in self.tinting if any(_same(one, ground) for one in rule.tints)]
            self.grounds[ground] = found
        return found

    def matched(self, attrs: Mapping[str, str]) -> Sequence[_Rule]:
        """The rules whose subject an element with these attributes is, in the order of the cascade."""
        if not self.fussy:
            return self.rules
        return [one for one in self.rules if not one.chain[0].attrs or one.chain[0].has(attrs)]


@dataclass(slots=True)
class Path:
    """Where a walk down a page stands: the open elements, root first, and the colour that lies behind their text."""

    sheet: Sheet | None = None
    frames: list[tuple[str, Mapping[str, str], Subject]] = field(default_factory=list)
    grounds: list[str | None] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)

    def push(self, tag: str, attrs: Mapping[str, str], ground: str | None = None) -> None:
        """Steps into an element, which paints `ground` or nothing (see `Sheet.background`)."""
        classes = _classes(attrs["class"]) if "class" in attrs else ()
        above = self.ground
        self.enter(tag, attrs, Subject(classes, (tag, *classes)))
        self.grounds.append(ground or above)

    def enter(self, tag: str, attrs: Mapping[str, str], subject: Subject) -> None:
        """Steps into an element; what it paints is asked of the path's sheet when somebody wants to know."""
        self.frames.append((tag, attrs, subject))
        for name in subject.names:
            self.names[name] = self.names.get(name, 0) + 1

    def pop(self) -> None:
        """Steps out of the element that was entered last."""
        _, _, subject = self.frames.pop()
        del self.grounds[len(self.frames) :]
        for name in subject.names:
            self.names[name] -= 1

    @property
    def ground(self) -> str | None:
        """The nearest known colour behind the text, as CSS writes it."""
        grounds = self.grounds
        for at in range(len(grounds), len(self.frames)):
            tag, attrs, subject = self.frames[at]
            own = self.sheet.painted(tag, attrs, subject, self, at) if self.sheet else None
            grounds.append(own or (grounds[-1] if grounds else None))
        return grounds[-1] if grounds else None

    def holds(self, rule: _Rule, depth: int | None = None) -> bool:
        """Whether the open elements (the first `depth`) are those that a rule wants above its subject."""
        names = self.names
        for name in rule.above:
            if not names.get(name):
                return False
        at = len(self.frames) if depth is None else depth
        for below, one in pairwise(rule.chain):
            while at > 0:
                at -= 1
                tag, attrs, subject = self.frames[at]
                if one.fits(tag, attrs, subject.classes):
                    break
                if below.child:
                    return False
            else:
                return False
        return True


def _classes(value: str) -> tuple[str, ...]:
    return tuple(value.split()[:40])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rules of one page that could hide something, by the id, class or tag of the element they speak of."""

    rules: Mapping[str, Sequence[_Rule]] = field(default_factory=dict)
    above: frozenset[str] = frozenset()
    subjects: dict[tuple[str, str | None, str | None], Subject] = field(default_factory=dict)

    def subject(self, tag: str, names: str | None, id_: str | None) -> Subject:
        """What the sheet has for elements with a tag, a class attribute and an id (None: no such attribute)."""
        if len(names or "") + len(id_ or "") > LONG_NAMES:
            return self._subject(tag, names, id_)
        key = tag, names, id_
        found = self.subjects.get(key)
        if found is None:
            if len(self.subjects) >= SUBJECTS:
                self.subjects.clear()
            found = self.subjects[key] = self._subject(tag, names, id_)
        return found

    def _subject(self, tag: str, names: str | None, id_: str | None) -> Subject:
        classes = _classes(names) if names else ()
        wanted = tuple(name for name in (tag, *classes) if name in self.above)
        if not self.rules:
            return Subject(classes, wanted)
        own = [rule for one in classes if (pile := self.rules.get("." + one)) for rule in pile]
        if id_ is not None:
            own += self.rules.get("#" + id_, ())
        own = [rule for rule in own if rule.chain[0].is_named(tag, id_, classes)]
        if own or id_ or names:
            bare = self.subject(tag, None, None)
            if own:
                return _subject(classes, wanted, sorted([*own, *bare.rules], key=RANK))
            return Subject(
                classes,
                wanted,
                bare.rules,
                bare.fussy,
                bare.hides,
                bare.paints,
                bare.telling,
                bare.tinting,
                bare.grounds,
            )
        return _subject(classes, wanted, sorted([*self.rules.get(tag, ()), *self.rules.get("*", ())], key=RANK))

    def background(self, tag: str, attrs: Mapping[str, str], *, path: Path | None = None) -> str | None:
        """The colour that the element paints behind its text, as CSS writes it; None where it paints none."""
        return self.painted(tag, attrs, self.subject(tag, attrs.get("class"), attrs.get("id")), path)

    def painted(
        self, tag: str, attrs: Mapping[str, str], subject: Subject, path: Path | None, depth: int | None = None
    ) -> str | None:
        """As `background`, for an element whose subject is at hand; it stands below the first `depth` of the path."""
        if "style" in attrs or subject.paints:
            rules = subject.matched(attrs)
            if "style" in attrs or any(rule.paints for rule in rules):
                found = _paint(_values(_holding(rules, path, depth), attrs))
                if found is not None:
                    return found
        return attrs.get("bgcolor")

    def hides(
        self, tag: str, attrs: Mapping[str, str], *, background: str | None = None, path: Path | None = None
    ) -> Hide | None:
        """How the page hides this one element, or None. Its ancestors are the caller's to ask, from the root down.

        attrs: lower-cased names. path: the ancestors, for rules such as `.box p` and the colour behind the text;
        without it such rules are left out. background: that colour, where it is known without a path.

        >>> sheet([".x1{height:0;overflow:hidden}"]).hides("div", {"class": "x1"})
        Hide(why='height:0', how='stylesheet')
        """
        subject = self.subject(tag, attrs.get("class"), attrs.get("id"))
        return self.hidden(tag, attrs, subject, path, background)

    def hidden(
        self, tag: str, attrs: Mapping[str, str], subject: Subject, path: Path | None, background: str | None = None
    ) -> Hide | None:
        """As `hides`, for an element whose subject is at hand."""
        if "style" in attrs or subject.hides:
            hide = self._styled(tag, attrs, subject, path, background)
            if hide is not None:
                return hide
        return _by_markup(tag, attrs, path, background)

    def _tells(self, attrs: Mapping[str, str], subject: Subject, path: Path | None, background: str | None) -> bool:
        """Whether a rule holds that may hide; else all of them together do not."""
        for rule in subject.telling:
            if rule.chain[0].attrs and not rule.chain[0].has(attrs):
                continue
            if len(rule.chain) == 1 or (path is not None and path.holds(rule)):
                return True
        ground = (background or (path.ground if path is not None else None)) if subject.tinting else None
        behind = _colour(ground) if ground else None
        if behind is None:
            return False
        return bool(_holding(subject.near(behind), path))

    def _styled(
        self, tag: str, attrs: Mapping[str, str], subject: Subject, path: Path | None, background: str | None
    ) -> Hide | None:
        if "style" not in attrs:
            if not self._tells(attrs, subject, path, background):
                return None
            rules = subject.matched(attrs)
            if subject.fussy and not any(rule.may_hide for rule in rules):
                return None
        else:
            rules = subject.matched(attrs)
            if not _inline(attrs["style"])[2] and not any(rule.tells or rule.tints for rule in rules):
                return None
        values = _values(_holding(rules, path), attrs)
        why, name = _why(values, path, background)
        if not why:
            return None
        how = values[name][1]
        return Hide(why=why, how=how if tag not in ("noscript", "template") or how == "inline" else _weak(tag))


RANK = attrgetter("rank")


def _subject(classes: tuple[str, ...], names: tuple[str, ...], rules: list[_Rule]) -> Subject:
    if not rules:
        return Subject(classes, names)
    return Subject(
        classes,
        names,
        tuple(rules),
        any(rule.chain[0].attrs for rule in rules),
        any(rule.may_hide for rule in rules),
        any(rule.paints for rule in rules),
        tuple(rule for rule in rules if rule.tells),
        tuple(rule for rule in rules if rule.tints and not rule.tells),
    )


def _holding(rules: Iterable[_Rule], path: Path | None, depth: int | None = None) -> list[_Rule]:
    return [one for one in rules if len(one.chain) == 1 or (path is not None and path.holds(one, depth))]


def _inline(style: str) -> tuple[dict[str, str], dict[str, str], bool]:
    """What a style attribute declares, plain and `!important`, and whether any of it could hide."""
    return _inline_short(style) if len(style) <= 400 else _inline_any(style)


def _inline_any(style: str) -> tuple[dict[str, str], dict[str, str], bool]:
    plain, urgent = declared(style)
    return plain, urgent, _tells(plain) or _tells(urgent)


_inline_short = lru_cache(maxsize=4096)(_inline_any)


def _values(holding: Iterable[_Rule], attrs: Mapping[str, str]) -> Values:
    """The declarations that win for an element (CSS Cascade 5 §6, without layers), each with the place it stands in."""
    values: Values = {}
    for rule in holding:
        values.update({name: (value, rule.how) for name, value in rule.values.items()})
    plain, urgent, _ = _inline(attrs["style"]) if "style" in attrs else ({}, {}, False)
    values.update({name: (value, "inline") for name, value in plain.items()})
    for rule in holding:
        values.update({name: (value, rule.how) for name, value in rule.urgent.items()})
    values.update({name: (value, "inline") for name, value in urgent.items()})
    return values


def sheet(css_texts: Iterable[str], scripts: Iterable[str] = ()) -> Sheet:
    """Reads a page's `<style>` texts and the rules that its inline scripts write. Never raises; linear in their length.

    >>> sheet([], ["s.append(document.createTextNode('#k9{position:fixed;top:-9999px}'))"]).hides("p", {"id": "k9"})
    Hide(why='top:-9999px', how='script')
    """
    styled: list[tuple[str, How]] = [(css, "stylesheet") for css in css_texts]
    sources = (*styled, *((css, "script") for script in scripts for css in written(script)))
    return _kept(sources) if sum(len(css) for css, _ in sources) <= KEPT else _read(sources)


def _read(sources: tuple[tuple[str, How], ...]) -> Sheet:
    known: dict[tuple[str, How], _Rule | None] = {}
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
                    chain = selector(text) if text and len(text) <= 300 else ()
                    known[text, how] = _Rule(chain, order, how, {}, {}, _above(chain)) if chain else None
                rule = known[text, how]
                if rule is not None:
                    rule.values.update(plain)
                    rule.urgent.update(urgent)
                    rule.order = order
    kept = [rule for rule in known.values() if rule is not None]
    shelves = _shelved(kept)
    return Sheet(rules=shelves, above=frozenset(name for rule in kept for name in rule.above))


_kept = lru_cache(maxsize=16)(_read)  # the pages of a site bring the same rules along, page after page

COLOURS = frozenset(("color", "-webkit-text-fill-color"))
TELLING = RELEVANT - COLOURS - {"position", "overflow", "overflow-x", "overflow-y", "padding-top", "padding-bottom"}
PLACED: Values = {"position": ("absolute", "inline"), "overflow": ("hidden", "inline")}


def _shelved(rules: Sequence[_Rule]) -> dict[str, list[_Rule]]:
    """The rules by their subjects' keys, each marked with whether it may hide or paint, whatever other rules add."""
    shelves: dict[str, list[_Rule]] = {}
    for rule in rules:
        pile = shelves.setdefault(_key(rule.chain[0]), [])
        if len(pile) < RULES_PER_KEY:
            pile.append(rule)
    kept = [rule for pile in shelves.values() for rule in pile]
    grounds: set[str] = set()
    for rule in kept:
        own = rule.own
        found = _paint(_alone(own)) if "background" in own or "background-color" in own else None
        rule.paints = found is not None
        if found is not None and len(grounds) < GROUNDS:
            grounds.add(found)
    painted = [colour for colour in map(_colour, grounds) if colour]
    for rule in kept:
        rule.rank = sum(one.weight for one in rule.chain), rule.order
        _mark(rule, painted, every=len(grounds) < GROUNDS)
    return shelves


def _mark(rule: _Rule, painted: Sequence[Colour], *, every: bool) -> None:
    """Says of a rule whether it may hide, alone or with others, given the colours that rules paint (`every`: all)."""
    own = rule.own
    found = [_colour(one[name]) for one in (rule.values, rule.urgent) for name in COLOURS if name in one]
    rule.tints = tuple(one for one in found if one is not None)
    alike = {one for one in rule.tints if any(_same(one, other) for other in painted)} if rule.tints else frozenset()
    rule.tells = (
        bool(alike)
        or any(one[3] <= 0.05 or not every for one in rule.tints)
        or any(_could_hide(name, value) for one in (rule.values, rule.urgent) for name, value in one.items())
    )
    if rule.tells:
        colour = _colour(own["color"]) if "color" in own else None
        rule.may_hide = bool(_why({**PLACED, **_alone(own)}, None)[0]) or colour in alike


def _above(chain: tuple[Compound, ...]) -> tuple[str, ...]:
    if len(chain) == 1:
        return ()
    return tuple({name: None for one in chain[1:] for name in (*one.classes, one.tag) if name})


def _alone(own: Mapping[str, str]) -> Values:
    return {name: (value, "inline") for name, value in own.items()}


def _tells(own: Mapping[str, str]) -> bool:
    """Whether one of these declarations could hide together with others: where none could, none of them does."""
    return any(name in COLOURS or _could_hide(name, value) for name, value in own.items())


@lru_cache(maxsize=8192)
def _could_hide(name: str, value: str) -> bool:
    return name in TELLING and bool(_why({**PLACED, name: (value, "inline")}, None)[0])


def _key(subject: Compound) -> str:
    if subject.id:
        return "#" + subject.id
    return "." + subject.classes[0] if subject.classes else subject.tag or "*"


def _lengths(value: str) -> list[float]:
    return [float(one[1]) * PIXELS.get(one[2].lower(), 1.0) for one in LENGTH.finditer(value)]


def _why(values: Values, path: Path | None, background: str | None = None) -> tuple[str, str]:
    """What hides, written as CSS, and the property that says it; two empty strings where nothing does."""
    get = {name: value for name, (value, _) in values.items()}
    for test in (_gone, _away, _tiny, _clipped):
        name = test(get)
        if name:
            return f"{name}:{get[name]}", name
    return _unpainted(get, path, background)


def _gone(get: Mapping[str, str]) -> str:
    if get.get("display") == "none":
        return "display"
    if get.get("visibility") in ("hidden", "collapse"):
        return "visibility"
    if get.get("content-visibility") == "hidden":
        return "content-visibility"
    opacity = NUMBER.match(get.get("opacity", ""))
    if opacity and float(opacity[0]) / (100 if "%" in get["opacity"] else 1) <= 0.05:
        return "opacity"
    _name, _, amount = get.get("filter", "").partition("opacity(")
    strength = NUMBER.match(amount)
    return "filter" if strength and float(strength[0]) <= 0.05 else ""


def _away(get: Mapping[str, str]) -> str:
    placed = get.get("position", "")
    for name in ("left", "top", "right", "bottom", "inset"):
        size = pixels(get.get(name, ""))
        if size is None or placed == "static":
            continue
        if size <= (-FAR if placed else -4 * FAR) or (placed in ("absolute", "fixed") and size >= 10 * FAR):
            return name
    for name in ("text-indent", "margin-left", "margin-top", "margin"):
        if any(size <= -2 * FAR for size in _lengths(get.get(name, ""))):
            return name
    for name in ("transform", "translate"):
        value = get.get(name, "")
        if "matrix" in value or "rotate" in value:
            continue
        if value.startswith(("scale(0)", "scale(0,", "scalex(0)", "scaley(0)")):
            return name
        if any(abs(size) >= 4 * FAR for size in _lengths(value)):
            return name
    return ""


def _unreadable(size: str) -> bool:
    found = LENGTH.fullmatch(size)
    return found is not None and float(found[1]) * (0.16 if found[2] == "%" else PIXELS.get(found[2], 1.0)) <= 2


def _tiny(get: Mapping[str, str]) -> str:
    if _unreadable(get.get("font-size", "")):
        return "font-size"
    if any(_unreadable(one.partition("/")[0]) for one in get.get("font", "").split() if not one.isdigit()):
        return "font"
    overflow = " ".join(get.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    if "hidden" not in overflow and "clip" not in overflow:
        return ""
    if any((pixels(get.get(name, "")) or 0) > 0 for name in ("padding-bottom", "padding-top")):
        return ""  # the box of a fixed aspect ratio around a video has no height of its own
    for name in ("height", "width", "max-height", "max-width"):
        if name in get and LENGTH.match(get[name]) and abs(pixels(get[name]) or 0.0) <= 1:
            return name
    return ""


def _clipped(get: Mapping[str, str]) -> str:
    clip = get.get("clip", "")
    if clip.startswith("rect(") and "auto" not in clip and all(abs(one) <= 1 for one in _lengths(clip)):
        return "clip"
    path = get.get("clip-path", "")
    sizes = _lengths(path)
    if not sizes:
        return ""
    if path.startswith(("circle(", "ellipse(")) and sizes[0] <= 1:
        return "clip-path"
    if path.startswith("inset(") and all(one >= 0.5 * 1280 for one in sizes):
        return "clip-path"
    return "clip-path" if path.startswith("polygon(") and all(abs(one) <= 1 for one in sizes) else ""


NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
    "green": (0, 128, 0), "navy": (0, 0, 128), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240),
}  # fmt: skip
HEX = re.compile(r"#([0-9a-f]{3,8})\b")


def _colour(value: str) -> Colour | None:
    """Red, green, blue (0–255) and alpha (0–1) of a CSS colour; None where this reader does not know it."""
    return _colour_of(value[:200])


@lru_cache(maxsize=2048)
def _colour_of(value: str) -> Colour | None:
    value = value.strip().lower()
    if value.startswith("transparent"):
        return 0, 0, 0, 0
    found = HEX.match(value)
    if found:
        digits = found[1] if len(found[1]) > 4 else "".join(one * 2 for one in found[1])
        parts = [int(digits[at : at + 2], 16) for at in range(0, len(digits) - 1, 2)]
        return (parts[0], parts[1], parts[2], parts[3] / 255 if len(parts) > 3 else 1.0) if len(parts) > 2 else None
    if value.startswith(("rgb", "hsl")):
        numbers = [float(one) for one in NUMBER.findall(value.partition("(")[2].partition(")")[0].replace("%", " "))]
        if len(numbers) == 3 and value.startswith("rgb"):
            return numbers[0], numbers[1], numbers[2], 1.0
        if len(numbers) == 4 and (value.startswith("rgb") or numbers[3] == 0):
            return numbers[0], numbers[1], numbers[2], numbers[3]
        return None
    named = NAMED.get(value.partition(" ")[0])
    return (*named, 1.0) if named else None


def _paint(values: Values) -> str | None:
    for name in ("background-color", "background"):
        value = values[name][0] if name in values else ""
        colour = _colour(value) if value and "url(" not in value and "gradient" not in value else None
        if colour is not None and colour[3] > 0.5:
            return value
    return None


def _unpainted(get: Mapping[str, str], path: Path | None, background: str | None) -> tuple[str, str]:
    name = "-webkit-text-fill-color" if "-webkit-text-fill-color" in get else "color"
    colour = _colour(get.get(name, ""))
    if colour is None or "text" in (get.get("background-clip", ""), get.get("-webkit-background-clip", "")):
        return "", ""
    if colour[3] <= 0.05:
        return f"{name}:{get[name]}", name
    own = get.get("background-color") or get.get("background")
    if own and ("url(" in own or "gradient" in own):
        return "", ""
    behind = _colour(own or "")
    if behind is None or not behind[3]:
        background = background or (path.ground if path is not None else None)
        own, behind = None, _colour(background or "")
    if behind is None or behind[3] < 0.95 or not _same(colour, behind):
        return "", ""
    return f"{name}:{get[name]} on {own or background}", name


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= 10 for a, b in zip(one[:3], other[:3], strict=True))


def _weak(tag: str) -> How:
    return "noscript" if tag == "noscript" else "template"


def _by_markup(tag: str, attrs: Mapping[str, str], path: Path | None, background: str | None) -> Hide | None:
    if tag in ("noscript", "template"):
        return Hide(why=f"<{tag}>", how=_weak(tag))
    if tag in ("marquee", "iframe", "div", "object", "table", "td"):
        for name in ("height", "width"):
            size = NUMBER.match(attrs[name].strip()) if name in attrs else None
            if size and float(size[0]) <= 1 and "%" not in attrs[name]:
                return Hide(why=f"{name}={attrs[name].strip()}", how="markup")
    if tag == "font" and "color" in attrs and (ground := background or (path.ground if path is not None else None)):
        colour, behind = _colour(attrs["color"]), _colour(ground)
        if colour and behind and _same(colour, behind):
            return Hide(why=f"color={attrs['color']} on {ground}", how="markup")
    if "hidden" in attrs:
        return Hide(why="hidden", how="attribute")
    if "aria-hidden" in attrs and attrs["aria-hidden"].strip().lower() == "true":
        return Hide(why="aria-hidden", how="attribute")
    return None
