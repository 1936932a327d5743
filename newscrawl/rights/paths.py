"""Matches a URL's path against the path patterns of RFC 9309, one by one or a hundred thousand at once.

The same patterns stand in robots.txt rules, in AIPREF's Content-Usage lines, in tdmrep.json and in RSL documents.
No regular expression is built from a pattern: a match is a walk by `str.find`, linear in the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

GRAM = 5
FEW = 48

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Reserved, but without a part in the structure of a path or a query: encoded and plain are the same (§2.2.2).
_EQUAL = _UNRESERVED | frozenset(":@!'(),;[]")
_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[^!-~]|[\"<>\\^`{|}]")


def _octet(match: re.Match[str]) -> str:
    piece = match[0]
    if len(piece) == 1:
        return f"%{ord(piece):02X}"
    char = chr(int(piece[1:], 16))
    return char if char in _EQUAL else piece.upper()


def _canonical(octets: str) -> str:
    """One spelling for every percent-encoding of the same path; `octets` is text read as Latin-1 (§2.2.2)."""
    if _ODD.search(octets) is None:
        return octets
    plain = _ODD.sub(_octet, octets)
    head, mark, query = plain.partition("?")
    return head + mark + query.replace("%2F", "/").replace("%3F", "?") if mark else plain


def _octets(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")


def path_of(url: str) -> str:
    """Path and query of a URL in the one spelling that patterns are compared in; `/` where there is none.

    Cut as the large search engine's open parser cuts it: a scheme is not needed, a fragment is dropped.

    >>> path_of("https://example.org/a/%7Eb?c=ü#d")
    '/a/~b?c=%C3%BC'
    >>> path_of("https://example.org?q=1")
    '/?q=1'
    """
    start = 2 if url.startswith("//") else 0
    scheme = url.find("://", start)
    if scheme >= 0 and not re.search(r"[/?;]", url[start:scheme]):
        start = scheme + 3
    bare = url[start:].partition("#")[0]
    found = re.search(r"[/?;]", bare)
    if found is None:
        return "/"
    path = bare[found.start() :]
    path = path if path[0] == "/" else "/" + path
    return _canonical(_octets(path)).replace("*", "%2A").replace("$", "%24")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled path pattern: `parts` stand in the path in this order, the first at its start.

    size: the octets of the pattern, by which the most specific match is found (RFC 9309 §2.2.2).
    """

    parts: tuple[str, ...]
    anchored: bool
    size: int

    def matches(self, path: str) -> bool:
        """Whether the pattern matches a path as `path_of` gives it."""
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        if not rest:
            return not self.anchored or at == len(path)
        for part in rest[:-1]:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        last = rest[-1]
        if self.anchored:
            return path.endswith(last) and len(path) - len(last) >= at
        return path.find(last, at) >= 0


def compile_pattern(text: str, *, octets: bool = False) -> Pattern:
    """A pattern as it is written: `*` for any octets, `$` at the end for the end of the path.

    octets: the text was read as Latin-1, one character for each octet.

    >>> compile_pattern("/*.php$").matches("/a/b.php")
    True
    """
    raw = text if octets else _octets(text)
    anchored = raw.endswith("$")
    body = _canonical(raw[:-1] if anchored else raw)
    return Pattern(
        parts=tuple(body.replace("$", "%24").split("*")), anchored=anchored, size=len(body) + (1 if anchored else 0)
    )


kept_pattern = lru_cache(maxsize=4096)(compile_pattern)
"""The same for patterns that are asked for with every page."""


class Line(NamedTuple):
    """One allow or disallow line: what it says, its pattern as octets, its number in the file."""

    allow: bool
    path: str
    number: int


class Hit(NamedTuple):
    """The line that decides, and how specific it is. Hits compare by size, then allow beats disallow."""

    size: int
    allow: bool
    number: int


class _Wild(NamedTuple):
    pattern: Pattern
    hit: Hit


@dataclass(frozen=True, slots=True)
class PathIndex:
    """Allow and disallow lines, indexed: plain ones by length, ones with a `*` or `$` by a rare piece of them."""

    plain: Mapping[str, Line]
    lengths: tuple[int, ...]
    few: tuple[_Wild, ...] = ()
    grams: Mapping[str, tuple[_Wild, ...]] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()

    def best(self, path: str) -> Hit | None:
        """The most specific line that matches; of equals, an allow (RFC 9309 §2.2.2). None: no line matches."""
        best: Hit | None = None
        length, plain = len(path), self.plain
        for size in self.lengths:
            if size <= length and path[:size] in plain:
                line = plain[path[:size]]
                best = Hit(size, line.allow, line.number)
                break
        best = _better(self.few, path, best)
        if self.grams:
            for gram in self._grams_in(path):
                best = _better(self.grams[gram], path, best)
        return best

    def _grams_in(self, path: str) -> Iterable[str]:
        if len(self.grams) < len(path) * len(self.sizes):
            return [gram for gram in self.grams if gram in path]
        pieces = {path[at : at + size] for size in self.sizes for at in range(len(path) - size + 1)}
        return pieces & self.grams.keys()


def _better(rules: Iterable[_Wild], path: str, best: Hit | None) -> Hit | None:
    """The better of a hit and the rules, which stand from the most specific to the least."""
    for pattern, hit in rules:
        if best is not None and hit[:2] <= best[:2]:
            break
        if pattern.matches(path):
            best = hit
    return best


def _rank(rule: _Wild) -> tuple[int, bool]:
    return rule.hit[:2]


def _by_gram(wild: list[_Wild]) -> dict[str, list[_Wild]]:
    """Each rule under the piece of its longest part that the fewest others use; every path it matches has it."""
    grams: dict[str, list[_Wild]] = {}
    for rule in wild:
        part = max(rule.pattern.parts, key=len)
        pieces = [part[at : at + GRAM] for at in range(max(1, len(part) - GRAM + 1))]
        rarest = min(pieces, key=lambda piece: len(grams.get(piece, ())))
        grams.setdefault(rarest, []).append(rule)
    return grams


def index_of(lines: Iterable[Line]) -> PathIndex:
    """An index over allow and disallow lines; a line with an empty path says nothing and is left out (§2.2.2)."""
    plain: dict[str, Line] = {}
    special: dict[str, Line] = {}
    for line in lines:
        path = line.path
        if not path:
            continue
        if "*" in path or "$" in path:
            kept = special
        else:
            kept, path = plain, _canonical(path)
        known = kept.get(path)
        if known is None or (line.allow and not known.allow):
            kept[path] = line
    wild: list[_Wild] = []
    for path, line in special.items():
        pattern = compile_pattern(path, octets=True)
        wild.append(_Wild(pattern, Hit(pattern.size, line.allow, line.number)))
    lengths = tuple(sorted({len(path) for path in plain}, reverse=True))
    wild.sort(key=_rank, reverse=True)
    if len(wild) <= FEW:
        return PathIndex(plain=plain, lengths=lengths, few=tuple(wild))
    grams = _by_gram(wild)
    return PathIndex(
        plain=plain,
        lengths=lengths,
        few=tuple(grams.pop("", ())),
        grams={gram: tuple(rules) for gram, rules in grams.items()},
        sizes=tuple(sorted({len(gram) for gram in grams})),
    )
