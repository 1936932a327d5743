"""Finds, in plain words, where a publisher reserves its pages against AI, text and data mining or crawling.

A reservation is an object and an operator in the publisher's own voice. The words of each language stand in
rules/notices; here stands only how they have to come together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from newscrawl.model import Decision, Draft, Signal, Use
from newscrawl.rights.folded import Folded, fold, phrase
from newscrawl.rights.grammar import ANTIS, Grammar, Hit, Kind, Span, Word, grammar
from newscrawl.rights.sentences import Sentence, sentences

if TYPE_CHECKING:
    from newscrawl.markup import Document

NEAR = 260  # folded letters between object and operator in one sentence; terms of use list their verbs at length
NEXT = 120  # the same across two sentences
QUOTE = 300  # letters of a notice that are kept as evidence
LONG = 1 << 18  # letters; of a longer text the head and the foot are read, half of this each
TRIES = 400  # windows that are weighed in one text; where there are more, the first and the last half of these
CROWD = 40  # words of one kind in one window that are looked at
PLENTY = 40  # notices in one text, after which further ones tell nothing new
FOOTER = 0  # the weight of "all rights reserved": it reserves what is named beside it, and nothing else
APART = re.compile(r"[|•●]| · ")  # what sets the items of a footer apart
BARE = 0.72  # of a sentence's letters, which the words of a notice cover where it says nothing else
LIKELY = 0.8  # of the letters that the best language covers, which another must cover to be read as well
ALONE = 240  # letters beside the notices, up to which a page holds nothing but them
TOGETHER = {"not allow": 70, "not do": 45, "not train": 45}  # how far a negation reaches
COSTS = {"report": 3, "news": 2, "tool": 2, "privacy": 4, "author": 4, "permit": 4}
ELSEWHERE = frozenset({"body", "text", "paragraph"})

Prior: TypeAlias = Callable[[int, int], tuple[int, str]]
"""From a span of the source to what its place speaks for (own voice) or against, and the name of that place."""


@dataclass(frozen=True)
class Window:
    """One or two neighbouring sentences, with the words that stand in them as one language has them."""

    start: int
    end: int
    text: str
    line: int
    hits: list[tuple[str, int, int]]
    gap: int

    @cached_property
    def by_class(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for name, start, end in self.hits:
            spans = found.setdefault(name, [])
            if len(spans) < CROWD:
                spans.append((start, end))
            if name.startswith("object:"):
                found.setdefault("object", spans)
        return found

    def of(self, name: str) -> list[Span]:
        return self.by_class.get(name, [])

    def distinct(self, name: str, beside: str = "") -> int:
        """How many words of a class stand in the window, off the words of another; one inside another counts once."""
        count, reach = 0, -1
        for start, end in sorted(self.of(name)):
            if start >= reach and not any(one[0] < end and start < one[1] for one in self.of(beside)):
                count += 1
            reach = max(reach, end)
        return count

    @cached_property
    def bare(self) -> bool:
        """True if nearly every letter of the window belongs to a word of the grammar."""
        covered, reach = 0, 0
        for _, start, end in sorted(self.hits, key=lambda hit: hit[1]):
            start = max(start, reach)
            covered += sum(char.isalnum() for char in self.text[start:end])
            reach = max(reach, end)
        return covered >= BARE * sum(char.isalnum() for char in self.text[self.start : self.end])

    def quoted(self, one: Span, other: Span) -> bool:
        """True if both stand between the same two quotation marks."""
        low, high = min(one[0], other[0]), max(one[1], other[1])
        before = self.text.count('"', max(self.line, low - 1500), low)
        return before % 2 == 1 and '"' not in self.text[low:high] and '"' in self.text[high : high + 400]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A reservation that was weighed and found to be one."""

    start: int
    end: int
    focus: int
    kinds: tuple[Kind, ...]
    scope: tuple[Use, ...]
    search: bool
    score: int
    place: str
    language: str


def notices_in(
    text: str, *, place: str | None = None, host: str | None = None, at: datetime | None = None
) -> tuple[Signal, ...]:
    """The reservations in a text, such as a page's words, a footer, a `dcterms:rights`, the comments of a robots.txt.

    A place other than "text" or "body" says that the publisher speaks there, and counts as evidence of it.
    Offsets are code points of `text`; `quote` is the notice as it stands, 300 letters of it at most.

    >>> [(one.scope, one.language) for one in notices_in("No part of this site may be used to train AI models.")]
    [(('train', 'input'), 'en')]
    """
    prior = (2 if place is not None and place not in ELSEWHERE else 0), place or "text"
    return tuple(_signal(text, one, host, at) for one in found(text, lambda start, end: prior))


def signals(doc: Document) -> tuple[Signal, ...]:
    """The reservations in all the words of a page as it came, foot, asides and hidden parts too."""
    draft = doc.draft
    prior = _Places(draft)
    return tuple(_signal(draft.text, one, doc.host, doc.page.fetched) for one in found(draft.text, prior))


def only_a_notice(doc: Document) -> bool:
    """True if a page says nothing but its reservation, as some sites answer a crawler with status 200."""
    draft = doc.draft
    spans = [(one.start, one.end) for one in found(draft.text, _Places(draft))]
    if not spans:
        return False
    beside = [(mark.start, mark.end) for mark in draft.marks if mark.kind in ("link", "hidden", "foot", "heading")]
    covered = bytearray(len(draft.text))
    for start, end in spans + beside:
        covered[start:end] = b"\x01" * (end - start)
    return sum(1 for char, taken in zip(draft.text, covered, strict=True) if not taken and char.isalnum()) <= ALONE


class _Places:
    """What the marks of a draft say of a span: whose voice speaks there, and how that place is called."""

    VOICE = (("foot", 2), ("small", 2), ("hidden", 1), ("aside", 0))
    FOREIGN = (("quote", -3), ("heading", -2), ("link", -2))

    def __init__(self, draft: Draft) -> None:
        self.length = len(draft.text)
        wanted = dict(self.VOICE) | dict(self.FOREIGN)
        self.marks = [mark for mark in draft.marks if mark.kind in wanted]

    def __call__(self, start: int, end: int) -> tuple[int, str]:
        half = (end - start) / 2
        kinds = {mark.kind for mark in self.marks if min(mark.end, end) - max(mark.start, start) >= half}
        points = sum(points for kind, points in (*self.VOICE[:1], *self.FOREIGN) if kind in kinds)
        if "foot" not in kinds:
            points += next((points for kind, points in self.VOICE if kind in kinds), 0)
        name = next((kind for kind, _ in (*self.VOICE, *self.FOREIGN) if kind in kinds), "text")
        return points, "footer" if name == "foot" else name


def _signal(text: str, notice: Notice, host: str | None, at: datetime | None) -> Signal:
    start = notice.start
    if notice.end - start > QUOTE and notice.focus - start > QUOTE // 2:
        start = max(start, notice.focus - 60)
        start = next((i + 1 for i in range(start, notice.focus) if text[i].isspace()), start)
    return Signal(
        protocol="prose",
        where=notice.place,
        quote=text[start : notice.end][:QUOTE],
        value="reserved; except search" if notice.search else "reserved",
        scope=notice.scope,
        says=Decision.RESERVED,
        host=host,
        rule=notice.kinds[0].rule.name,
        language=notice.language,
        machine_readable=False,
        start=start,
        end=notice.end,
        at=at,
    )


def found(text: str, prior: Prior) -> list[Notice]:
    """The notices in a text, in its order, none upon another."""
    if len(text) <= LONG:
        return _found(text, 0, prior)
    foot = len(text) - LONG // 2
    return _found(text[: LONG // 2], 0, prior) + _found(text[foot:], foot, prior)


def _found(text: str, shift: int, prior: Prior) -> list[Notice]:
    words = grammar()
    if not words.opens(phrase(text)):
        return []
    folded = fold(text)
    at = folded.at if not shift else [offset + shift for offset in folded.at]
    parts = sentences(folded, text, words)
    starts = [index for index in range(len(parts)) if _candidate(parts, index)]
    if len(starts) > TRIES:
        starts = starts[: TRIES // 2] + starts[-TRIES // 2 :]
    notices: list[Notice] = []
    done = 0
    for index in starts:
        if index < done or len(notices) >= PLENTY:
            continue
        done, notice = _at(index, parts, Folded(folded.text, at), words, prior)
        if notice:
            notices.append(notice)
    return notices


def _candidate(parts: list[Sentence], index: int) -> bool:
    """True if a sentence alone or with the next one has an object and an operator in some language."""
    part, after = parts[index], parts[index + 1] if index + 1 < len(parts) else parts[index]
    return bool(part.objects & (part.operators | after.operators) or part.operators & after.objects)


def _at(
    index: int, parts: list[Sentence], folded: Folded, words: Grammar, prior: Prior
) -> tuple[int, Notice | None]:
    """The notice that begins with a sentence, alone or with the next one, and the sentence to go on from."""
    part = parts[index]
    alone = part.objects & part.operators
    if alone and (notice := _best(alone, (part,), folded, words, prior)):
        return index + 1, notice
    if index + 1 < len(parts):
        after = parts[index + 1]
        pair = (part.objects & after.operators) | (part.operators & after.objects)
        if pair and not after.objects & after.operators and (
            notice := _best(pair, (part, after), folded, words, prior)
        ):
            return index + 2, notice
        both = after.objects & after.operators & (part.objects | part.operators)
        if both and not _best(both, (after,), folded, words, prior) and (
            notice := _best(both, (part, after), folded, words, prior)
        ):
            return index + 2, notice
    return index + 1, None


def _best(
    languages: int, parts: tuple[Sentence, ...], folded: Folded, words: Grammar, prior: Prior
) -> Notice | None:
    """The reading in the language that fits best among those in which there is a notice."""
    for language in _likely(parts):
        if languages >> language & 1 and (notice := _weighed(language, parts, folded, words, prior)):
            return notice
    return None


def _likely(parts: tuple[Sentence, ...]) -> list[int]:
    """The languages whose words cover the sentences nearly as well as those of the best one, that one first."""
    covers: dict[int, int] = {}
    for part in parts:
        reach: dict[int, int] = {}
        met: set[Word] = set()
        for start, end, word in part.hits:
            if word in met:
                continue
            met.add(word)
            for number in word.languages:
                last = reach.get(number, 0)
                if end > last:
                    covers[number] = covers.get(number, 0) + end - max(start, last)
                    reach[number] = end
    most = max(covers.values(), default=0)
    likely = [number for number, length in covers.items() if length >= LIKELY * most]
    return sorted(likely, key=lambda number: -covers[number])


def _senses(hits: tuple[Hit, ...], language: int) -> Iterator[tuple[str, int, int]]:
    for start, end, word in hits:
        for number, name in word.senses:
            if number in (0, language):
                yield name, start, end


def _weighed(
    language: int, parts: tuple[Sentence, ...], folded: Folded, words: Grammar, prior: Prior
) -> Notice | None:
    """Weighs one language's reading of one or two sentences; nothing where the scales stay below one."""
    window = Window(
        start=parts[0].start,
        end=parts[-1].end,
        text=folded.text,
        line=folded.text.rfind("\n", 0, parts[0].start) + 1,
        hits=[sense for part in parts for sense in _senses(part.hits, language)],
        gap=NEAR if len(parts) == 1 else NEXT,
    )
    operators = list(_operators(window))
    if len(parts) > 1 and not window.of("firm"):
        operators = [(weight, span) for weight, span in operators if span not in window.of("rights")]
    if not operators:
        return None
    start, end = folded.at[window.start], folded.at[window.end - 1] + 1
    points, place = prior(start, end)
    voice = points + _voice(window) - _against(window)
    taken: list[tuple[int, Kind, Span]] = []
    for kind in words.kinds[language].values():
        pairs = list(_pairs(kind, window, operators))
        if pairs:
            score, (one, other) = max(pairs, key=lambda pair: pair[0])
            score += voice + kind.weight - (3 if window.quoted(one, other) else 0)
            if score >= 1:
                taken.append((score, kind, (min(one[0], other[0]), max(one[1], other[1]))))
    if not taken:
        return None
    scope, search = _scope(window, tuple(kind for _, kind, _ in taken))
    return Notice(
        start=start,
        end=end,
        focus=folded.at[min(span[0] for _, _, span in taken)],
        kinds=tuple(kind for _, kind, _ in taken),
        scope=scope,
        search=search,
        score=max(score for score, _, _ in taken),
        place=place,
        language=words.languages[language],
    )


def _operators(window: Window) -> Iterator[tuple[int, Span]]:
    """What forbids or reserves, with its weight: a ban outright, a reservation, a footer's all rights reserved."""
    footers = window.of("rights")
    for name, weight in (("forbid", 1), ("reserve", 1), ("must", 0), ("rights", 0)):
        for span in window.of(name):
            part = any(one[0] <= span[0] and span[1] <= one[1] for one in footers)
            if not part or name == "rights":
                yield weight if not part else FOOTER, span
    for no in window.of("not"):
        for name, weight in (("allow", 1), ("do", 0), ("train", 0)):
            for span in window.of(name):
                ahead = 0 <= span[0] - no[1] <= TOGETHER[f"not {name}"]
                behind = name == "allow" and 0 <= no[0] - span[1] <= 12
                if ahead or behind:
                    yield weight, (min(no[0], span[0]), max(no[1], span[1]))


def _pairs(kind: Kind, window: Window, operators: list[tuple[int, Span]]) -> Iterator[tuple[int, tuple[Span, Span]]]:
    """Each object of a kind with the operator that stands near enough to it."""
    if kind.verb and not (window.of("train") or window.of("do")):
        return
    footers = window.of("rights")
    for target in window.of(f"object:{kind.id}"):
        for weight, span in operators:
            low, high = min(span[1], target[1]), max(span[0], target[0])
            if high - low > window.gap or (span in footers and APART.search(window.text, low, high)):
                continue
            yield weight, (target, span)


def _voice(window: Window) -> int:
    """How much sounds like the publisher itself: its own content, a notice's set phrases, an imperative."""
    opening = any(
        not any(char.isalnum() for char in window.text[window.start : start])
        for name in ("forbid", "not", "must")
        for start, _ in window.of(name)
    )
    return (
        (2 if window.distinct("own", beside="object") else 1 if window.distinct("matter", beside="object") else 0)
        + min(window.distinct("firm", beside="object"), 2)
        + (2 if window.of("rights") else 0)
        + (1 if opening else 0)
        + (1 if window.bare and not any(window.of(name) for name in ANTIS) else 0)
    )


def _against(window: Window) -> int:
    """How much sounds like somebody else's voice, or like something else than a reservation."""
    cost = sum(COSTS[name] * min(window.distinct(name), 2) for name in ANTIS if name != "permit")
    cost += COSTS["permit"] if any(_granted(window, span) for span in window.of("permit")) else 0
    return cost + (2 if window.text[window.end - 1] in "?;؟" and window.text[window.end - 1] != ";" else 0)


def _granted(window: Window, permit: Span) -> bool:
    """True if the words of a permission are not themselves denied ("is not allowed")."""
    denied = any(0 <= permit[0] - no[1] <= 12 for no in window.of("not"))
    inside = any(
        ban[0] < permit[1] and permit[0] < ban[1] and not (permit[0] <= ban[0] and ban[1] <= permit[1])
        for name in ("forbid", "must")
        for ban in window.of(name)
    )
    return not denied and not inside


def _scope(window: Window, kinds: tuple[Kind, ...]) -> tuple[tuple[Use, ...], bool]:
    """The uses that are reserved, and whether search engines are let in by name."""
    uses = {use for kind in kinds for use in kind.scope}
    if window.of("index"):
        uses.add("index")
    search = any(0 <= one[0] - but[1] <= 90 for but in window.of("except") for one in window.of("search"))
    if search:
        uses -= {"index"}
    order: tuple[Use, ...] = ("crawl", "index", "train", "input")
    return tuple(use for use in order if use in uses) or ("train",), search
