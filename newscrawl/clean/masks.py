"""Finds runs of disguised words inside a line, from first to last: letters that play others, digits for letters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.clean import evidence as weigh
from newscrawl.clean.blocks import Finding, guards_of
from newscrawl.clean.borders import sentences, snapped
from newscrawl.clean.disguise import SPACES
from newscrawl.clean.reading import Line, Reading
from newscrawl.clean.segments import hits_in
from newscrawl.clean.verdicts import Outcome, decide
from newscrawl.clean.words import Tokens, stem

_LEET = re.compile(r"[^\W\d_][0134578][^\W\d_]")
_MIXED = re.compile(r"(?=\w*\d)(?=\w*[^\W\d_])\w+\Z")
_NAME = re.compile(r"[^\W\d_]*[a-zà-ÿ][A-Z]")
_STOP = frozenset(".!?…。！？।")
GAP = 2
"""So many plain words may stand between two disguised ones of a run."""
INSERT = 4
"""So many disguised words in a row are a block; fewer are a name, and the sentence around it is about that name."""
PLAIN = 70
"""Sentences of so many characters without a disguised word are not taken along with the others of their line."""
FEWEST_LEET = 3
"""Digits for letters are a disguise from so many words on: one is a virus, two are a robot's name."""


@dataclass(frozen=True, slots=True)
class Run:
    """Disguised words in a row: token indices of a line, the kinds of disguise, and how many words wear one."""

    begin: int
    stop: int
    kinds: tuple[str, ...]
    count: int


def runs(reading: Reading, line: Line) -> list[Run]:
    """The runs of a line whose words are disguised, most of them."""
    tokens = reading.tokens(line)
    marked = _marked(reading, line, tokens)
    found: list[Run] = []
    begin = -1
    last = 0
    for i in [*(one for one in sorted(marked) if one < len(tokens)), len(tokens) + GAP + 2]:
        if begin >= 0 and i - last > GAP + 1:
            found.append(_run(reading, line, tokens, marked, begin, last + 1))
            begin = -1
        if begin < 0:
            begin = i
        last = i
    return [one for one in found if one.count * 2 >= one.stop - one.begin]


def _marked(reading: Reading, line: Line, tokens: Tokens) -> dict[int, str]:
    marked: dict[int, str] = {}
    for one in reading.folded.within(line.start, line.end):
        marked[max(0, bisect_right(tokens.starts, one.start) - 1)] = one.kind
    if sum(map(line.text.count, "0134578")) < FEWEST_LEET:
        return marked
    leet = [i for i, word in enumerate(tokens.words) if _LEET.search(word)]
    if len(leet) >= FEWEST_LEET:
        marked |= dict.fromkeys(leet, "leet")
        near = {j for i in leet for j in range(i - GAP, i + GAP + 1)}
        marked |= {i: "leet" for i in near if 0 <= i < len(tokens) and _MIXED.match(tokens.words[i])}
    return marked


def _run(reading: Reading, line: Line, tokens: Tokens, marked: dict[int, str], begin: int, stop: int) -> Run:
    """A run with the plain words at its edges that are of its kind: a brand, a word of its own, single letters."""
    text = reading.text
    kinds = tuple(marked[i] for i in range(begin, stop) if i in marked)
    inside = {tokens.words[i] for i in range(begin, stop) if not tokens.small[i]}

    def joins(i: int) -> bool:
        said = text[tokens.starts[i] : tokens.ends[i]]
        if tokens.words[i] in inside or _NAME.match(said) or _MIXED.match(said):
            return True
        return SPACES in kinds and len(said) == 1 and said.islower()

    while begin > 0 and not _parted(text, tokens, begin) and joins(begin - 1):
        begin -= 1
    while stop < len(tokens) and not _parted(text, tokens, stop) and joins(stop):
        stop += 1
    return Run(begin, stop, kinds, len(kinds))


def _parted(text: str, tokens: Tokens, i: int) -> bool:
    return not _STOP.isdisjoint(text[tokens.ends[i - 1] : tokens.starts[i]])


def within(reading: Reading, line: Line) -> Iterator[Finding]:
    """Runs of disguised words inside a line that also speak of something else."""
    tokens = reading.tokens(line)
    for run in runs(reading, line):
        part = tokens.part(run.begin, run.stop)
        letters = sum(map(len, part.words))
        if letters < 4:
            continue
        stems = {stem(word) for word, small in zip(part.words, part.small, strict=True) if not small and len(word) > 1}
        own = frozenset(stems) if reading.trusted(line) else frozenset()
        size = len(part) * part.weight
        found = [
            weigh.disguised(run.kinds, run.count, len(part) if run.count > 1 else len(tokens)),
            weigh.off_topic(stems, reading.subject, own, reading.outside(line, run.begin, run.stop)),
            weigh.words_of_the_trade(hits_in(reading, part), size, len(part), prose=False),
            weigh.structure(weigh.shape(part, reading.text), reading.usual),
        ]
        kept = [one for one in found if one is not None]
        words = tuple(word for word in part.words if len(word) > 1)
        kept = weigh.stranger(kept, words, reading.shared(frozenset(stems), own), reading.subject)
        start, end = part.starts[0], part.ends[-1]
        outcome = decide(kept, size=size, guards=guards_of(reading, reading.text[start:end]))
        if outcome in (Outcome.CUT, Outcome.SURE):
            start, end = snapped(reading, line, start, end)
            yield Finding(start=start, end=end, line=line.index, rule="span", outcome=outcome, evidence=tuple(kept))


def _around(found: list[Run], tokens: Tokens) -> bool:
    """True where a sentence goes on before and behind the runs, with its small words."""
    low, high = found[0].begin, found[-1].stop
    rest = [*range(low), *range(high, len(tokens))]
    return low > 0 and high < len(tokens) and sum(tokens.small[i] for i in rest) * 4 >= len(rest)


def holds_more(reading: Reading, line: Line) -> bool:
    """True where plain words of this very story stand beside the disguised words of a line, or sentences of any."""
    found = runs(reading, line)
    if not found:
        return False
    tokens = reading.tokens(line)
    inside = {i for one in found for i in range(one.begin, one.stop)}
    rest = [i for i in range(len(tokens)) if i not in inside]
    if len(rest) * tokens.weight < 6:
        return False
    if reading.usual < 0.15:
        return True
    if sum(tokens.small[i] for i in rest) * 6 < len(rest):
        return False
    own = reading.stems(line) if reading.trusted(line) else frozenset()
    known = sum(not tokens.small[i] and reading.subject[key := stem(tokens.words[i])] > (key in own) for i in rest)
    if known or (max(one.count for one in found) >= INSERT and _around(found, tokens)):
        return True
    spans = [(tokens.starts[one.begin], tokens.ends[one.stop - 1]) for one in found]
    open_ones = [
        end - start
        for start, end in sentences(reading.text, line)
        if not any(low < end and start < high for low, high in spans)
    ]
    return sum(open_ones) > PLAIN
