"""Tells whether a page hides an element: by inline styles, `<style>` rules, rules that a script writes, or markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from newscrawl.css import LENGTH, PIXELS, Compound, blocks, declared, pixels, selector, written

How: TypeAlias = Literal["inline", "stylesheet", "script", "markup", "attribute", "noscript", "template"]
STRONG: frozenset[How] = frozenset({"inline", "markup"})
"""Ways of hiding under which no publisher's paragraph was found (0 of 4,317 on 233 pages)."""

Values: TypeAlias = dict[str, tuple[str, How]]

RULES_PER_KEY = 128  # a hostile sheet may pile rules on one class; each element would pay for all of them
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
    may_hide: bool = False
    paints: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        return sum(one.weight for one in self.chain), self.order


@dataclass(slots=True)
class Path:
    """Where a walk down a page stands: the open elements, root first, and the colour that lies behind their text."""

    frames: list[tuple[str, Mapping[str, str], list[str]]] = field(default_factory=list)
    grounds: list[str | None] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)

    def push(self, tag: str, attrs: Mapping[str, str], ground: str | None = None) -> None:
        """Steps into an element, which paints `ground` or nothing (see `Sheet.background`)."""
        classes = attrs["class"].split()[:40] if "class" in attrs else []
        self.frames.append((tag, attrs, classes))
        self.grounds.append(ground or self.ground)
        for name in (tag, *classes):
            self.names[name] = self.names.get(name, 0) + 1

    def pop(self) -> None:
        """Steps out of the element that was pushed last."""
        tag, _, classes = self.frames.pop()
        self.grounds.pop()
        for name in (tag, *classes):
            self.names[name] -= 1

    @property
    def ground(self) -> str | None:
        """The nearest known colour behind the text, as CSS writes it."""
        return self.grounds[-1] if self.grounds else None

    def holds(self, chain: tuple[Compound, ...]) -> bool:
        """Whether the open elements are those that a selector, subject first, wants above its subject."""
        for one in chain[1:]:
            if not all(self.names.get(name) for name in one.classes) or (one.tag and not self.names.get(one.tag)):
                return False
        at = len(self.frames)
        for below, one in pairwise(chain):
            while at > 0:
                at -= 1
                if one.fits(*self.frames[at]):
                    break
                if below.child:
                    return False
            else:
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rules of one page that could hide something, by the id, class or tag of the element they speak of."""

    rules: Mapping[str, Sequence[_Rule]] = field(default_factory=dict)

    def _matched(self, tag: str, attrs: Mapping[str, str]) -> list[_Rule]:
        if not self.rules:
            return []
        classes = attrs["class"].split()[:40] if "class" in attrs else []
        keys = [tag, "*", *(f".{one}" for one in classes)]
        if "id" in attrs:
            keys.append("#" + attrs["id"])
        return [
            rule
            for key in keys
            if key in self.rules
            for rule in self.rules[key]
            if rule.chain[0].fits(tag, attrs, classes)
        ]

    def background(self, tag: str, attrs: Mapping[str, str], *, path: Path | None = None) -> str | None:
        """The colour that the element paints behind its text, as CSS writes it; None where it paints none."""
        rules = self._matched(tag, attrs)
        if "style" not in attrs and not any(rule.paints for rule in rules):
            return attrs.get("bgcolor")
        found = _paint(_values(rules, attrs, path))
        return found if found is not None else attrs.get("bgcolor")

    def hides(
        self, tag: str, attrs: Mapping[str, str], *, background: str | None = None, path: Path | None = None
    ) -> Hide | None:
        """How the page hides this one element, or None. Its ancestors are the caller's to ask, from the root down.

        attrs: lower-cased names. path: the ancestors, for rules such as `.box p` and the colour behind the text;
        without it such rules are left out. background: that colour, where it is known without a path.

        >>> sheet([".x1{height:0;overflow:hidden}"]).hides("div", {"class": "x1"})
        Hide(why='height:0', how='stylesheet')
        """
        behind = background or (path.ground if path else None)
        rules = self._matched(tag, attrs)
        if "style" in attrs or any(rule.may_hide for rule in rules):
            values = _values(rules, attrs, path)
            why, name = _why(values, behind)
            if why:
                how = values[name][1]
                return Hide(why=why, how=how if tag not in ("noscript", "template") or how == "inline" else _weak(tag))
        return _by_markup(tag, attrs, behind)


def _values(rules: Iterable[_Rule], attrs: Mapping[str, str], path: Path | None) -> Values:
    """The declarations that win for an element (CSS Cascade 5 §6, without layers), each with the place it stands in."""
    holding = [rule for rule in rules if len(rule.chain) == 1 or (path is not None and path.holds(rule.chain))]
    holding.sort(key=lambda rule: rule.rank)
    values: Values = {}
    for rule in holding:
        values.update({name: (value, rule.how) for name, value in rule.values.items()})
    plain, urgent = declared(attrs["style"]) if "style" in attrs else ({}, {})
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
    sources: list[tuple[str, How]] = [(css, "stylesheet") for css in css_texts]
    sources += [(css, "script") for script in scripts for css in written(script)]
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
                    known[text, how] = _Rule(chain, order, how, {}, {}) if chain else None
                rule = known[text, how]
                if rule is not None:
                    rule.values.update(plain)
                    rule.urgent.update(urgent)
                    rule.order = order
    return Sheet(rules=_shelved([rule for rule in known.values() if rule is not None]))


PLACED: Values = {"position": ("absolute", "inline"), "overflow": ("hidden", "inline")}


def _shelved(rules: Sequence[_Rule]) -> dict[str, list[_Rule]]:
    """The rules by their subjects' keys, each marked with whether it may hide or paint, whatever other rules add."""
    shelves: dict[str, list[_Rule]] = {}
    for rule in rules:
        pile = shelves.setdefault(_key(rule.chain[0]), [])
        if len(pile) < RULES_PER_KEY:
            pile.append(rule)
    kept = [(rule, _alone(rule)) for pile in shelves.values() for rule in pile]
    grounds: set[str] = set()
    for rule, own in kept:
        found = _paint(own)
        rule.paints = found is not None
        if found is not None and len(grounds) < 64:
            grounds.add(found)
    painted = [colour for colour in map(_colour, grounds) if colour]
    for rule, own in kept:
        colour = _colour(own["color"][0]) if "color" in own else None
        rule.may_hide = bool(_why({**PLACED, **own}, None)[0]) or (
            colour is not None and any(_same(colour, one) for one in painted)
        )
    return shelves


def _alone(rule: _Rule) -> Values:
    return {name: (value, "inline") for name, value in (rule.values | rule.urgent).items()}


def _key(subject: Compound) -> str:
    if subject.id:
        return "#" + subject.id
    return "." + subject.classes[0] if subject.classes else subject.tag or "*"


def _lengths(value: str) -> list[float]:
    return [float(one[1]) * PIXELS.get(one[2].lower(), 1.0) for one in LENGTH.finditer(value)]


def _why(values: Values, background: str | None) -> tuple[str, str]:
    """What hides, written as CSS, and the property that says it; two empty strings where nothing does."""
    get = {name: value for name, (value, _) in values.items()}
    for test in (_gone, _away, _tiny, _clipped):
        name = test(get)
        if name:
            return f"{name}:{get[name]}", name
    return _unpainted(get, background)


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


def _colour(value: str) -> tuple[float, float, float, float] | None:
    """Red, green, blue (0–255) and alpha (0–1) of a CSS colour; None where this reader does not know it."""
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


def _unpainted(get: Mapping[str, str], background: str | None) -> tuple[str, str]:
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
        own, behind = None, _colour(background or "")
    if behind is None or behind[3] < 0.95 or not _same(colour, behind):
        return "", ""
    return f"{name}:{get[name]} on {own or background}", name


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= 10 for a, b in zip(one[:3], other[:3], strict=True))


def _weak(tag: str) -> How:
    return "noscript" if tag == "noscript" else "template"


def _by_markup(tag: str, attrs: Mapping[str, str], background: str | None) -> Hide | None:
    if tag in ("noscript", "template"):
        return Hide(why=f"<{tag}>", how=_weak(tag))
    if tag in ("marquee", "iframe", "div", "object", "table", "td"):
        for name in ("height", "width"):
            size = NUMBER.match(attrs.get(name, "").strip())
            if size and float(size[0]) <= 1 and "%" not in attrs[name]:
                return Hide(why=f"{name}={attrs[name].strip()}", how="markup")
    if tag == "font" and "color" in attrs and background:
        colour, behind = _colour(attrs["color"]), _colour(background)
        if colour and behind and _same(colour, behind):
            return Hide(why=f"color={attrs['color']} on {background}", how="markup")
    if "hidden" in attrs:
        return Hide(why="hidden", how="attribute")
    if attrs.get("aria-hidden", "").strip().lower() == "true":
        return Hide(why="aria-hidden", how="attribute")
    return None
