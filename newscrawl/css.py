"""Reads the CSS that a page brings along: style rules that count on a screen, their selectors and declarations.

CSS Syntax 3 and Selectors 4 as far as they bear on hiding: tag, class, id, attribute, descendant and child. It judges
for a screen of 1280 × 720 px, reads each character a bounded number of times, and follows no `@import` and no linked
sheet. What it cannot read it leaves out: an unread rule hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

SCREEN = (1280.0, 720.0)
RELEVANT = frozenset(
    "display visibility opacity position left right top bottom inset text-indent margin margin-left margin-top "
    "transform translate font font-size width height max-width max-height overflow overflow-x overflow-y clip "
    "clip-path color background background-color background-clip -webkit-background-clip -webkit-text-fill-color "
    "filter content-visibility padding-bottom padding-top".split()
)
BEARING = re.compile(rf"(?:\A|;)\s*+(?:{'|'.join(sorted(RELEVANT, reverse=True))})\s*+:\s*+[^;\s]", re.IGNORECASE)
COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|\Z)|<!--|-->")
EDGE = re.compile(r"[{};]|\"[^\"\n]*\"|'[^'\n]*'")
RULE = re.compile(r"([^{}@;\"']*+)\{((?:[^{}\"']++|\"[^\"\n]*+\"|'[^'\n]*+')*+)\}")
"""A style rule that stands by itself: nearly all of a sheet."""
BRACE = re.compile(r"[{}]|\"[^\"\n]*\"|'[^'\n]*'")
ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z%]*)", re.IGNORECASE)
PIXELS = {"": 1.0, "px": 1.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "pt": 1.34, "pc": 16.0, "in": 96.0}
PIXELS |= {"cm": 37.8, "mm": 3.78, "vw": 12.8, "vh": 7.2, "%": 12.8, "vmin": 7.2, "vmax": 12.8, "lh": 20.0}


def pixels(value: str) -> float | None:
    """A CSS length in pixels of the screen that we judge for; of `calc(…)` its first length; None if there is none."""
    found = LENGTH.search(value)
    if found is None:
        return None
    return float(found[1]) * PIXELS.get(found[2].lower(), 1.0)


def bears(body: str) -> bool:
    """Whether a declaration list holds a property that bears on hiding."""
    if "\\" in body or not body.isascii():
        return any(declared(body))
    return BEARING.search(body) is not None


def declared(body: str) -> tuple[dict[str, str], dict[str, str]]:
    """The properties that bear on hiding in a declaration list: the plain ones, and those marked `!important`."""
    plain: dict[str, str] = {}
    urgent: dict[str, str] = {}
    for one in _unescape(body).split(";"):
        name, _, value = one.partition(":")
        if name not in RELEVANT:
            name = name.strip().lower()
            if name not in RELEVANT:
                continue
        value = value.strip().lower()[:200]
        if not value:
            continue
        value, mark, _ = value.partition("!")
        (urgent if mark else plain)[name] = value.strip()
    return plain, urgent


def _shown(prelude: str) -> bool | None:
    """Whether an at-rule's block counts on the screen that we judge for; None: its block holds no style rules."""
    name, _, condition = prelude[1:].partition(" ")
    name, _, rest = name.partition("(")
    condition = (f"({rest} " if rest else "") + condition.lower()
    if name.lower() in ("supports", "layer"):
        return True
    if name.lower() != "media":
        return None
    return any(_on_screen(query) for query in condition.split(","))


def _on_screen(query: str) -> bool:
    if "print" in query or "speech" in query or query.strip().startswith("not"):
        return False
    for feature in query.split("(")[1:]:
        name, _, value = feature.partition(")")[0].partition(":")
        size, side = pixels(value), SCREEN["height" in name]
        name = name.strip()
        if name.startswith("min-") and size is not None and size <= side:
            continue
        if name.startswith("max-") and size is not None and size >= side:
            continue
        return False
    return True


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Prelude and body of each style rule that counts on a screen, in order."""
    if "/*" in css or "--" in css:
        css = COMMENT.sub(" ", css)
    start, depth, skip, body_from, prelude = 0, 0, 0, -1, ""
    at = 0
    while True:
        while at == start and body_from < 0 and not skip and (rule := RULE.match(css, at)):
            prelude = rule[1].strip()[:4000]
            yield prelude, rule[2]
            start = at = rule.end()
        edge = (EDGE if body_from < 0 and not skip else BRACE).search(css, at)
        if edge is None:
            break
        at = edge.end()
        mark = edge[0]
        if mark == "{":
            if skip or body_from >= 0:
                skip += 1
                continue
            prelude = css[start : edge.start()].strip()[:4000]
            if not prelude.startswith("@"):
                body_from = edge.end()
            elif _shown(prelude):
                depth += 1
            else:
                skip = 1
            start = edge.end()
        elif mark == "}":
            if skip:
                skip -= 1
            elif body_from >= 0:
                yield prelude, css[body_from : edge.start()]
                body_from = -1
            elif depth:
                depth -= 1
            start = edge.end()
        elif mark == ";" and body_from < 0 and not skip:
            start = edge.end()
    if body_from >= 0 and not skip:
        yield prelude, css[body_from:]


WRITES = re.compile(
    r"(?:createTextNode|insertRule|addRule|innerHTML|innerText|textContent|cssText|write|writeln|append|html)"
    r"[\s(=+]{1,8}([\"'`])"
)
SETS = re.compile(
    r"getElementById\(\s{0,4}[\"']([\w-]{1,80})[\"']\s{0,4}\)\.style\.(\w{1,30})\s{0,4}=\s{0,4}[\"']([^\"'\n]{1,60})[\"']"
)
STYLE = re.compile(r"<style[^<>]{0,200}>([^<]*)", re.IGNORECASE)
CAMEL = re.compile(r"[A-Z]")


def written(script: str) -> Iterator[str]:
    """The CSS that a script writes into its page: literals given to `createTextNode` and its like, and `.style.x=`."""
    for call in WRITES.finditer(script):
        end = script.find(call[1], call.end(), call.end() + 8000)
        literal = script[call.end() : end] if end >= 0 else ""
        if "{" in literal and ":" in literal:
            yield " ".join(STYLE.findall(literal)) if "<" in literal else literal
    for name, key, value in SETS.findall(script):
        property_name = CAMEL.sub(lambda one: "-" + one[0].lower(), key)
        yield f"#{name}{{{property_name}:{value}}}"


# Selectors

IDENT = r"(?:[\w-]|[^\x00-\x7f]|\\(?:[0-9a-fA-F]{1,6}\s?|.))+"
PIECE = re.compile(
    rf"(?P<gap>\s*[>+~]\s*|\s+)|\#(?P<id>{IDENT})|\.(?P<cls>{IDENT})|\[(?P<attr>[^\[\]]{{1,120}})\]|(?P<tag>\*|{IDENT})"
)
ATTRIBUTE = re.compile(r"\s*([\w-]+)\s*(?:([~|^$*]?=)\s*[\"']?([^\"']*?)[\"']?\s*(?:\s[is])?\s*)?\Z")


@dataclass(frozen=True, slots=True)
class Compound:
    """One compound selector: what a single element must be."""

    tag: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    attrs: tuple[tuple[str, str, str], ...] = ()
    child: bool = False

    def fits(self, tag: str, attrs: Mapping[str, str], classes: Sequence[str]) -> bool:
        """Whether the element is one of these."""
        if not self.is_named(tag, attrs.get("id") if self.id else None, classes):
            return False
        return not self.attrs or self.has(attrs)

    def has(self, attrs: Mapping[str, str]) -> bool:
        """Whether an element's attributes are as this asks."""
        return all(_has(attrs, *one) for one in self.attrs)

    def is_named(self, tag: str, id_: str | None, classes: Sequence[str]) -> bool:
        """Whether an element's tag, id and classes are those of one of these, whatever its other attributes."""
        if (self.tag and self.tag != tag) or (self.id and self.id != id_):
            return False
        for one in self.classes:  # noqa: SIM110 - a generator here costs a third of the time for a page
            if one not in classes:
                return False
        return True

    @property
    def weight(self) -> int:
        """Its share of the specificity, ids before classes before tags."""
        return 10_000 * bool(self.id) + 100 * (len(self.classes) + len(self.attrs)) + bool(self.tag)


def _has(attrs: Mapping[str, str], name: str, operator: str, wanted: str) -> bool:
    value = attrs.get(name)
    if value is None or not operator:
        return value is not None
    if operator == "=":
        return value == wanted
    if operator == "~=":
        return wanted in value.split()
    if operator == "|=":
        return value == wanted or value.startswith(wanted + "-")
    if not wanted:
        return False
    if operator == "^=":
        return value.startswith(wanted)
    return value.endswith(wanted) if operator == "$=" else wanted in value


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def letter(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else 0
        return (chr(code) if 0 < code < 0x110000 else "\ufffd") if match[1] else match[2]

    return ESCAPE.sub(letter, text)


UNREAD = re.compile(r"[:+~%@]")
PLAIN = re.compile(r"[\w.> \t\r\n\f-]+\Z", re.ASCII)


def _plain(text: str) -> tuple[Compound, ...]:
    """As `selector`, where only tags, classes, descendants and children are spoken of: most are such."""
    chain: list[Compound] = []
    child = False
    for word in text.replace(">", " > ").split():
        if word == ">":
            if child or not chain:
                return ()
            child = True
            continue
        one = _compound(word, child)
        if one is None:
            return ()
        chain.append(one)
        child = False
    chain.reverse()
    return tuple(chain[:8])


@lru_cache(maxsize=8192)
def _compound(word: str, child: bool) -> Compound | None:
    tag, *classes = word.split(".")
    return Compound(tag.lower(), "", tuple(classes), (), child) if all(classes) else None


def selector(text: str) -> tuple[Compound, ...]:
    """The compounds of one complex selector, subject first; empty where it says something this reader leaves out."""
    if UNREAD.search(text) and "[" not in text and "\\" not in text:
        return ()
    if PLAIN.match(text):
        return _plain(text)
    chain: list[Compound] = []
    parts: dict[str, str] = {}
    classes: list[str] = []
    attrs: list[tuple[str, str, str]] = []
    at, child = 0, False

    def close() -> None:
        chain.append(Compound(parts.get("tag", ""), parts.get("id", ""), tuple(classes), tuple(attrs), child))
        for one in (parts, classes, attrs):
            one.clear()

    while at < len(text):
        piece = PIECE.match(text, at)
        if piece is None:
            return ()
        at = piece.end()
        kind, value = piece.lastgroup, piece[piece.lastgroup or 0]
        if kind == "gap":
            if value.strip() in ("+", "~") or not (parts or classes or attrs):
                return ()
            close()
            child = value.strip() == ">"
        elif kind == "cls":
            classes.append(_unescape(value))
        elif kind == "attr":
            found = ATTRIBUTE.match(value)
            if found is None or found[1].lower() in ("hidden", "aria-hidden"):
                return ()  # normalize.css says [hidden]{display:none}: that is the attribute again, and no more proof
            attrs.append((found[1].lower(), found[2] or "", found[3] or ""))
        elif kind:
            parts[kind] = _unescape(value).lower() if kind == "tag" else _unescape(value)
            if parts[kind] == "*":
                parts[kind] = ""
    if parts or classes or attrs:
        close()
    subject_first = tuple(reversed(chain))
    return subject_first[:8] if any(one.weight for one in chain) else ()
