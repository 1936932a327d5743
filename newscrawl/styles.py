"""Tells whether a page hides an element: by inline styles, `<style>` rules, rules that a script writes, or markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from newscrawl.cascade import GROUNDS, Rule, Rules, Source, tells
from newscrawl.css import declared, written
from newscrawl.unseen import NUMBER, Colour, How, Values, colour_of, paint, same, why

STRONG: frozenset[How] = frozenset({"inline", "markup"})
"""Ways of hiding under which no publisher's paragraph was found (0 of 4,317 on 233 pages)."""
SUBJECTS = 4096
LONG_NAMES = 200
KEPT = 1 << 18  # characters of a sheet that is remembered; the 16 sheets of that size take some 40 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide:
    """Why an element is not to be seen (`top:-152413851px`), and where that is said."""

    why: str
    how: How


@dataclass(slots=True)
class Subject:
    """What a sheet has to say of all elements with one tag, class and id: worked out once for each.

    names: those that a rule may want above another element. fussy: some of the rules ask for further attributes.
    telling: without one of these rules none of them hides, but for a colour of `tinting` on the same ground.
    """

    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    fussy: bool = False
    hides: bool = False
    paints: bool = False
    telling: tuple[Rule, ...] = ()
    tinting: tuple[Rule, ...] = ()
    grounds: dict[Colour, list[Rule]] = field(default_factory=dict)

    def near(self, ground: Colour) -> list[Rule]:
        """The rules that give a text the colour of its ground."""
        found = self.grounds.get(ground)
        if found is None:
            if len(self.grounds) >= GROUNDS:
                self.grounds.clear()
            found = [rule for rule in self.tinting if any(same(one, ground) for one in rule.tints)]
            self.grounds[ground] = found
        return found

    def matched(self, attrs: Mapping[str, str]) -> Sequence[Rule]:
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
        if len(self.grounds) > len(self.frames):
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

    def holds(self, rule: Rule, depth: int | None = None) -> bool:
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

    rules: Rules = field(default_factory=Rules)
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
        wanted = tuple(name for name in (tag, *classes) if name in self.rules.above)
        if not self.rules:
            return Subject(classes, wanted)
        own = [rule for one in classes if (pile := self.rules.get("." + one)) for rule in pile]
        if id_ is not None:
            own += self.rules.get("#" + id_)
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
        return _subject(classes, wanted, sorted([*self.rules.get(tag), *self.rules.get("*")], key=RANK))

    def background(self, tag: str, attrs: Mapping[str, str], *, path: Path | None = None) -> str | None:
        """The colour that the element paints behind its text, as CSS writes it; None where it paints none."""
        return self.painted(tag, attrs, self.subject(tag, attrs.get("class"), attrs.get("id")), path)

    def painted(
        self, tag: str, attrs: Mapping[str, str], subject: Subject, path: Path | None, depth: int | None = None
    ) -> str | None:
        """As `background`, for an element whose subject is at hand; it stands below the first `depth` of the path."""
        if "style" in attrs or subject.paints:
            rules = subject.matched(attrs)
            if "style" in attrs or any(rule.ground is not None for rule in rules):
                found = paint(_values(_holding(rules, path, depth), attrs))
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
        behind = colour_of(ground) if ground else None
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
        said, name = why(values, lambda: background or (path.ground if path is not None else None))
        if not said:
            return None
        how = values[name][1]
        return Hide(why=said, how=how if tag not in ("noscript", "template") or how == "inline" else _weak(tag))


RANK = attrgetter("rank")


def _subject(classes: tuple[str, ...], names: tuple[str, ...], rules: list[Rule]) -> Subject:
    if not rules:
        return Subject(classes, names)
    return Subject(
        classes,
        names,
        tuple(rules),
        any(rule.chain[0].attrs for rule in rules),
        any(rule.may_hide for rule in rules),
        any(rule.ground is not None for rule in rules),
        tuple(rule for rule in rules if rule.tells),
        tuple(rule for rule in rules if rule.tints and not rule.tells),
    )


def _holding(rules: Iterable[Rule], path: Path | None, depth: int | None = None) -> list[Rule]:
    return [one for one in rules if len(one.chain) == 1 or (path is not None and path.holds(one, depth))]


def _inline(style: str) -> tuple[dict[str, str], dict[str, str], bool]:
    """What a style attribute declares, plain and `!important`, and whether any of it could hide."""
    return _inline_short(style) if len(style) <= 400 else _inline_any(style)


def _inline_any(style: str) -> tuple[dict[str, str], dict[str, str], bool]:
    plain, urgent = declared(style)
    return plain, urgent, tells(plain) or tells(urgent)


_inline_short = lru_cache(maxsize=4096)(_inline_any)


def _values(holding: Iterable[Rule], attrs: Mapping[str, str]) -> Values:
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


def _read(sources: tuple[Source, ...]) -> Sheet:
    return Sheet(rules=Rules(sources))


_kept = lru_cache(maxsize=16)(_read)  # the pages of a site bring the same rules along, page after page


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
        colour, behind = colour_of(attrs["color"]), colour_of(ground)
        if colour and behind and same(colour, behind):
            return Hide(why=f"color={attrs['color']} on {ground}", how="markup")
    if "hidden" in attrs:
        return Hide(why="hidden", how="attribute")
    if "aria-hidden" in attrs and attrs["aria-hidden"].strip().lower() == "true":
        return Hide(why="aria-hidden", how="attribute")
    return None
