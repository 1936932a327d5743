"""Reads preference values: AIPREF's Content-Usage (RFC 9651) and Content-Signal, the same in a file and a header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import http_sf

from newscrawl.model import AI_USES, USES, Decision, Use
from newscrawl.rulebook import table

Dialect = Literal["content-usage", "content-signal"]
PROTOCOL: Mapping[Dialect, str] = {"content-usage": "aiprefs", "content-signal": "content-signal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One label with its value as written, the uses that it speaks of, and what it says of them."""

    label: str
    value: str
    scope: tuple[Use, ...]
    says: Decision

    @property
    def text(self) -> str:
        """The preference as `label=value`."""
        return f"{self.label}={self.value}" if self.value else self.label


@dataclass(frozen=True, slots=True)
class _Words:
    labels: Mapping[str, tuple[Use, ...]]
    values: Mapping[str, Decision]


@cache
def _words(dialect: Dialect) -> _Words:
    data = table("robots/preferences")[dialect]
    assert isinstance(data, dict)
    labels = {label: tuple(use for use in USES if use in uses) for label, uses in data["labels"].items()}
    values = dict.fromkeys(data["allowed"], Decision.ALLOWED) | dict.fromkeys(data["reserved"], Decision.RESERVED)
    return _Words(labels, values)


def _preference(label: str, value: str, words: _Words) -> Preference:
    scope = words.labels.get(label, ())
    return Preference(label=label, value=value, scope=scope, says=words.values.get(value, Decision.UNKNOWN))


def unreadable(text: str) -> Preference:
    """A value that does not parse: it spoke of AI use, and nobody knows what it said."""
    return Preference(label=text[:100], value="", scope=AI_USES, says=Decision.UNKNOWN)


def content_usage(text: str) -> tuple[Preference, ...]:
    """The preferences of a Content-Usage value, a Dictionary of RFC 9651 §3.2 (AIPREF vocabulary, draft 08).

    Labels and values are case-sensitive; of a label that stands twice the last counts; a value that is not `y` or `n`
    is unknown, and so is the whole where it does not parse.

    >>> [(one.text, str(one.says)) for one in content_usage("train-ai=n, search=y")]
    [('train-ai=n', 'reserved'), ('search=y', 'allowed')]
    """
    try:
        members = http_sf.parse(text.strip().encode("ascii"), tltype="dictionary")
    except (ValueError, RecursionError):
        return (unreadable(text),)
    assert isinstance(members, dict)
    words = _words("content-usage")
    found = []
    for label, member in members.items():
        bare = member[0] if isinstance(member, tuple) else member
        value = str(bare) if isinstance(bare, http_sf.Token) else repr(bare)
        found.append(_preference(str(label), value, words))
    return tuple(found)


def content_signal(text: str) -> tuple[Preference, ...]:
    """The preferences of a Content-Signal value, read leniently: any case, commas or semicolons, any spacing.

    A label that stands twice keeps its most restrictive value. A label without a value says nothing.

    >>> [(one.text, str(one.says)) for one in content_signal("Search=Yes;ai-train = no, use=reference")]
    [('search=yes', 'allowed'), ('ai-train=no', 'reserved'), ('use=reference', 'unknown')]
    """
    words = _words("content-signal")
    found: dict[str, Preference] = {}
    for part in text.replace(";", ",").split(","):
        label, equals, value = (piece.strip().lower() for piece in part.partition("="))
        if not label or not equals or not value:
            continue
        one = _preference(label, value, words)
        known = found.get(label)
        if known is None or one.says is Decision.RESERVED or known.says is Decision.ALLOWED:
            found[label] = one
    return tuple(found.values())


def read(dialect: Dialect, text: str) -> tuple[Preference, ...]:
    """The preferences of a value in its dialect."""
    return content_usage(text) if dialect == "content-usage" else content_signal(text)


def split_path(value: str) -> tuple[str, str]:
    """The path pattern and the preferences of a robots.txt line; without a pattern the line holds for every path.

    >>> split_path("/ai-ok/ train-ai=y"), split_path("train-ai=n")
    (('/ai-ok/', 'train-ai=y'), ('/', 'train-ai=n'))
    """
    if value[:1] not in ("/", "*"):
        return "/", value
    words = value.split(None, 1)
    return words[0], words[1] if len(words) == 2 else ""


def strictest(preferences: list[Preference]) -> list[Preference]:
    """Of each label, the most restrictive: no before yes before unknown (AIPREF attach, draft 05, §6)."""
    order = (Decision.RESERVED, Decision.ALLOWED, Decision.UNKNOWN)
    found: dict[str, Preference] = {}
    for one in preferences:
        known = found.get(one.label)
        if known is None or order.index(one.says) < order.index(known.says):
            found[one.label] = one
    return list(found.values())
