"""Takes the bytes of a robots.txt apart into groups, lines and comments, without a judgement on any of them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from newscrawl.rights.paths import Line
from newscrawl.rulebook import table

LIMIT = 500 * 1024
"""Octets that are read: RFC 9309 §2.5 wants at least 500 KiB."""
LINE_LIMIT = 2083 * 8 - 1
"""Octets of a line that are read, as in the large search engine's open parser."""

_TOKEN = re.compile(r"[A-Za-z_-]*")
_UTF8_BOM = re.compile("\xef(?:\xbb(?:\xbf)?)?")
_FROM_NUL = re.compile("\0[^\n]*")
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Extra(NamedTuple):
    """A line that RFC 9309 §2.2.4 leaves to others: its name as in the rules, its value, its number."""

    name: str
    value: str
    number: int


class Comment(NamedTuple):
    """Comment lines that follow one another, without their `#`, and the numbers of the first and last."""

    text: str
    first: int
    last: int


@dataclass(slots=True)
class Group:
    """Agents, and the lines that hold for all of them.

    agents: the product token of each User-agent line, lower-case; `*` for everyone. names: the same up to the first
    white space or slash, for crawlers whose name is not a product token (AI2Bot).
    extras: an extra line holds for the agents named above it, so it is kept with how many they were.
    """

    agents: list[str]
    names: list[str]
    lines: list[Line]
    extras: list[tuple[int, Extra]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A robots.txt, taken apart. `loose`: extra lines that stand before any group."""

    lines: tuple[str, ...]
    groups: tuple[Group, ...]
    loose: tuple[Extra, ...]
    everywhere: tuple[Extra, ...]
    sitemaps: tuple[str, ...]
    flags: tuple[str, ...]


@cache
def _names() -> tuple[tuple[tuple[str, str], ...], Mapping[str, str]]:
    """The directive of each prefix, longest first, and of each whole name."""
    data = table("robots/directives")
    prefixes, names = data["prefixes"], data["names"]
    assert isinstance(prefixes, dict)
    assert isinstance(names, dict)
    begins = [(one, kind) for kind, many in prefixes.items() for one in many]
    return tuple(sorted(begins, key=lambda pair: -len(pair[0]))), {
        one: kind for kind, many in names.items() for one in many
    }


def directive(name: str) -> str:
    """What a line's name means: `user-agent`, `allow` …, or an empty string.

    >>> directive("Dissallow"), directive("Content-Signals"), directive("Host")
    ('disallow', 'content-signal', '')
    """
    lower = name.lower()
    prefixes, names = _names()
    if lower in names:
        return names[lower]
    return next((kind for begin, kind in prefixes if lower.startswith(begin)), "")


def decode(body: bytes, limit: int = LIMIT) -> tuple[str, tuple[str, ...]]:
    """The file as text with one character for each octet, and what was noticed: `utf-16`, `cut`.

    UTF-16 is read where a byte order mark says so, and set in UTF-8. What lies beyond the limit is cut at the end of
    a line: half a path would forbid more than was meant.
    """
    flags: list[str] = []
    part = body[:limit]
    if part[:2] in _UTF16_BOMS:
        flags.append("utf-16")
        text = part[: len(part) & ~1].decode("utf-16", "replace").encode("utf-8", "replace").decode("latin-1")
    else:
        text = part.decode("latin-1")
        bom = _UTF8_BOM.match(text)
        text = text[bom.end() :] if bom else text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(body) > limit:
        flags.append("cut")
        if not (body[limit : limit + 1] in (b"\n", b"\r") and "utf-16" not in flags):
            text = text[: text.rfind("\n") + 1]
    if "\0" in text:  # the open parser's lines are C strings, which end at a NUL
        text = _FROM_NUL.sub("", text)
    return text, tuple(flags)


def unmarked(octets: str) -> str:
    """Text with one character for each octet as the UTF-8 that it is (RFC 9309 §2.3)."""
    return octets if octets.isascii() else octets.encode("latin-1", "replace").decode("utf-8", "replace")


def _split(line: str) -> tuple[str, str]:
    """Name and value of a line without its comment; white space serves for a colon where just two words stand."""
    name, colon, value = line.partition(":")
    if colon:
        return name.strip(" \t\v\f"), value.strip(" \t\v\f")
    words = line.split()
    return (words[0], words[1]) if len(words) == 2 else ("", "")


def agent_names(value: str) -> tuple[str, str]:
    """The product token of a User-agent line, and the name up to the first white space or slash; lower-case.

    >>> agent_names("AI2Bot/1.0 (x)"), agent_names("* ")
    (('ai', 'ai2bot'), ('*', '*'))
    """
    if value[:1] == "*" and (len(value) == 1 or value[1].isspace()):
        return "*", "*"
    found = _TOKEN.match(value)
    words = value.split("/", 1)[0].split(None, 1)
    return (found[0] if found else "").lower(), (words[0] if words else "").lower()


class _Reader:
    """Reads line by line; a group's header ends only at an allow or disallow line (RFC 9309 §2.2.4)."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.open = False
        self.loose: list[Extra] = []
        self.everywhere: list[Extra] = []
        self.sitemaps: list[str] = []

    def rule(self, allow: bool, value: str, number: int) -> None:
        if not self.groups:
            return
        self.open = False
        rules = self.groups[-1].lines
        rules.append(Line(allow, value, number))
        if not allow:
            return
        # The open parser takes an index file for its folder, too.
        slash = value.rfind("/")
        if slash >= 0 and value.startswith("/index.htm", slash):
            rules.append(Line(True, value[: slash + 1] + "$", number))

    def agent(self, value: str) -> None:
        if not self.open:
            self.groups.append(Group([], [], [], []))
            self.open = True
        token, name = agent_names(value)
        self.groups[-1].agents.append(token)
        self.groups[-1].names.append(name)

    def other(self, kind: str, value: str, number: int) -> None:
        if kind == "sitemap":
            self.sitemaps.append(unmarked(value))
            return
        extra = Extra(kind, unmarked(value), number)
        if kind == "license":
            self.everywhere.append(extra)
        elif self.groups:
            group = self.groups[-1]
            group.extras.append((len(group.agents), extra))
        else:
            self.loose.append(extra)


def take_apart(body: bytes, limit: int = LIMIT) -> Parsed:
    """The groups, lines and comments of a robots.txt. Never raises, whatever the bytes are."""
    text, flags = decode(body, limit)
    lines = text.split("\n")
    kinds: dict[str, str] = {}
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LIMIT:
            line = line[:LINE_LIMIT]
        if "#" in line:
            line = line[: line.index("#")]
        name, value = _split(line)
        if not name:
            continue
        kind = kinds.get(name)
        if kind is None:
            kind = kinds[name] = directive(name)
        if not kind:
            continue
        if kind == "disallow":
            reader.rule(False, value, number)
        elif kind == "allow":
            reader.rule(True, value, number)
        elif kind == "user-agent":
            reader.agent(value)
        else:
            reader.other(kind, value, number)
    if text.lstrip()[:1] == "<":
        flags += ("html",)
    return Parsed(
        lines=tuple(lines),
        groups=tuple(reader.groups),
        loose=tuple(reader.loose),
        everywhere=tuple(reader.everywhere),
        sitemaps=tuple(reader.sitemaps),
        flags=flags,
    )


def comments(lines: Iterable[str]) -> tuple[Comment, ...]:
    """The comments of a file, each run of comment lines as one text, in UTF-8.

    >>> comments(["# All rights", "# reserved", "Disallow: /a # not this"])
    (Comment(text='All rights\\nreserved', first=1, last=2), Comment(text='not this', first=3, last=3))
    """
    found: list[Comment] = []
    running = False
    for number, line in enumerate(lines, 1):
        mark = line.find("#")
        if mark < 0:
            running = False
            continue
        text = unmarked(line[mark:].lstrip("#").strip())
        whole = not line[:mark].strip()
        if whole and running:
            found[-1] = Comment(f"{found[-1].text}\n{text}", found[-1].first, number)
        else:
            found.append(Comment(text, number, number))
        running = whole
    return tuple(one for one in found if one.text.strip())
