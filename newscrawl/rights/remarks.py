"""Reads what the comments of a robots.txt say: preferences that only they have, and reservations in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from newscrawl.model import AI_USES, Signal
from newscrawl.rights import prose
from newscrawl.rights.robotsfile import Extra, comments
from newscrawl.rulebook import table

_SIGNAL_COMMENT = re.compile(r"content-?signals?[ \t]*:[ \t]*(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the comments say: Content-Signal lines that only they have, and reservations in plain words."""

    signals: tuple[Extra, ...]
    prose: tuple[Signal, ...]


def _counts(notice: Signal) -> bool:
    """Whether words in a comment are more than an explanation of the lines beside it (rules/robots/comments.toml)."""
    weighty = table("robots/comments")["weighty"]
    assert isinstance(weighty, list)
    quote = notice.quote.lower()
    return bool(set(notice.scope) & set(AI_USES)) or any(word in quote for word in weighty)


def remarks_in(lines: Iterable[str]) -> Remarks:
    """What the comments among the lines of a file say."""
    remarks = comments(lines)
    noted = tuple(
        Extra("content-signal", found[1], comment.first + offset)
        for comment in remarks
        for offset, line in enumerate(comment.text.split("\n"))
        if (found := _SIGNAL_COMMENT.match(line))
    )
    words = tuple(
        one if _counts(one) else replace(one, scope=())
        for comment in remarks
        for one in prose.signals_of(comment.text, where=f"robots.txt line {comment.first} comment")
    )
    return Remarks(noted, words)
