"""Guesses the language of a draft, so that a cut is named after a rule of the text's own language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache

from newscrawl import rulebook
from newscrawl.clean.words import WORD

ENOUGH = 3_000
"""So many letters of a draft tell its language."""
SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
"""Scripts that one language of ours is written in; kana before han, since Japanese has both."""
MARKS = {"fa": re.compile("[پچژگ]"), "uk": re.compile("[іїє]"), "ru": re.compile("[ыэё]")}
PAIRS = (("id", "ms"), ("zh-hans", "zh-hant"))


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Each small word, with the languages that have it; the fewer they are, the more it tells."""
    found: dict[str, set[str]] = {}
    for language, words in rulebook.table("words/function").items():
        for word in str(words).split():
            found.setdefault(word, set()).add("id" if language == "ms" else language)
    return {word: dict.fromkeys(sorted(languages), 1 / len(languages)) for word, languages in found.items()}


@cache
def _telling(name: str) -> frozenset[str]:
    words = str(rulebook.table("names/tongues")[name])
    return frozenset(words) if name.startswith("zh") else frozenset(words.split())


def language(text: str, *, among: Collection[str] = ()) -> str:
    """The language (one of `among`, if given) of a text, by its script and its small words; "" where nothing tells.

    >>> language("Der Fluss ist in der Nacht über die Ufer getreten."), language("政府表示,新的航线将开通。")
    ('de', 'zh-hans')
    """
    head = text[:ENOUGH].lower()
    letters = sum(map(str.isalpha, head))
    for name, script in SCRIPTS:
        if len(script.findall(head)) * 5 > letters > 0:
            return _pair("zh-hans", head) if name == "zh" else name
    words = WORD.findall(head)
    votes: Counter[str] = Counter()
    weights = _weights()
    for word in words:
        for name, weight in weights.get(word, {}).items():
            votes[name] += weight  # type: ignore[assignment]
    for name in list(votes) if among else ():
        if name not in among:
            del votes[name]
    for name, mark in MARKS.items():
        if name in votes:
            votes[name] *= 1.3 if mark.search(head) else 0.7  # type: ignore[assignment]
    if not votes:
        return ""
    best = votes.most_common(1)[0][0]
    return _pair(best, words) if best == "id" else best


def _pair(first: str, parts: str | list[str]) -> str:
    """Of two languages that are written alike the one whose own words (or letters) are more."""
    other = next(two for one, two in PAIRS if one == first)
    seen = Counter(parts)
    own, its = _telling(first) - _telling(other), _telling(other) - _telling(first)
    return other if sum(seen[one] for one in its) > sum(seen[one] for one in own) else first
