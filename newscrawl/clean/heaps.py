"""Judges short lines in company: consecutive ones as one block, and those that stand strewn between paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newscrawl.clean import evidence as weigh
from newscrawl.clean.blocks import Finding, finding_of, links_of, listed
from newscrawl.clean.lexicon import Hits
from newscrawl.clean.reading import SHORT, Line, Reading, quoted, reporting
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import Tokens
from newscrawl.model import Evidence

FEW = 3
"""So many lines make a group."""
UNSPACED = 14
"""The same where words are not set apart: a phrase of two or three words is counted by its letters."""
ROW = 5
"""So many lines that are links to other sites, one under the other, are a row."""
LONE = 1.5
"""A strewn line of fewer words is a label or a sign."""
_SIGNS = frozenset('/\\:()[]{}@©®|,;.!?"“”„«»<>=+*#')
WHOLE = 0.75
"""A line that is a link from end to end says so as loudly."""
_CUTS = (Outcome.CUT, Outcome.SURE)


def _short(line: Line) -> bool:
    """A line that could be one of a heap: few words, no sentence, no markup that vouches for it."""
    most = SHORT if line.weight == 1 else UNSPACED
    return 0 < line.size < most and not (line.ended and line.size > 4) and line.small <= 0.5


def groups(reading: Reading) -> Iterator[Finding]:
    """Consecutive short lines, weighed together: one phrase a line is a block with line breaks."""
    group: list[Line] = []
    for line in [*reading.lines, None]:
        if line is not None and _short(line):
            group.append(line)
            continue
        if len(group) >= FEW:
            yield from _heap(reading, group, "lines")
        group = []


def linked(reading: Reading) -> Iterator[Finding]:
    """Consecutive lines that are nothing but links to other sites, no titles, and share no word with the story.

    A list of further reading names titles, which begin with a capital, or says a word of the story in one line of
    three. Where letters have no case, they must be other letters than the story's, or come back.
    """
    if not reading.links:
        return
    group: list[Line] = []
    for line in [*reading.lines, None]:
        if line is not None and _short(line) and line.size > 1 and not line.text[0].isupper():
            link = links_of(reading, line.start, line.end)
            if link is not None and link.strength >= WHOLE:
                group.append(line)
                continue
        if len(group) >= ROW:
            yield from _linked(reading, group)
        group = []


def _linked(reading: Reading, group: Sequence[Line]) -> Iterator[Finding]:
    cased = sum(map(_low, group)) * 5 >= len(group) * 4
    strange = sum(bool(reading.alien(line)) for line in group) * 5 >= len(group) * 4
    back = weigh.twice([line.text for line in group])
    if not (cased or strange or back):
        return
    told = sum(any(reading.subject[one] for one in reading.stems(line)) for line in group)
    topic = weigh.off_topic(set().union(*(reading.stems(line) for line in group)), reading.subject)
    if topic is None or told * 3 > len(group):
        return
    detail = f"{len(group)} lines in a row that are links to other sites, and no titles"
    found = [
        Evidence(kind=weigh.LINK, strength=0.8, detail=detail),
        back or Evidence(kind=weigh.STRUCT, strength=0.6, detail="lines that are no sentences and no headings"),
        topic,
    ]
    concerned = reading.concerns("\n".join(line.text for line in group))
    outcome = decide(found, size=sum(line.size for line in group), guards={Guard.TOPICAL} if concerned else set())
    for line in group:
        if outcome != Outcome.KEEP and not quoted(line.text) and not reporting(line.text):
            yield finding_of(line, "lines", outcome, found)


def scattered(reading: Reading) -> Iterator[Finding]:
    """Short lines between paragraphs, weighed together: they resemble each other and nothing else on the page."""
    alone = strewn(reading)
    if len(alone) >= FEW:
        yield from _heap(reading, alone, "line")
    elif len(alone) == FEW - 1 and all(stray(reading, line) for line in alone):
        yield from _pair(reading, alone)


def strewn(reading: Reading, *, told: bool = False) -> list[Line]:
    """Short lines that stand by themselves between paragraphs, are no headings, and say nothing of the story.

    With `told`, what they say does not matter.
    """
    alone: list[Line] = []
    short = [False, *(_short(line) for line in reading.lines), False]
    for line in reading.lines:
        if not short[line.index + 1] or line.marks or (short[line.index] and short[line.index + 2]):
            continue
        first = line.text[0]
        if (first.isupper() and line.goods < 0.2) or first.isdigit() or line.ended:
            continue
        stems = reading.stems(line)
        known = sum(reading.subject[one] > 0 for one in stems)
        if known and not told and not (_low(line) and known * 3 <= len(stems)):
            continue
        alone.append(line)
    return alone


def stray(reading: Reading, line: Line) -> bool:
    """True where a strewn line is nothing but words, two or more, and begins as neither a sentence nor a heading does.

    It begins small, or is in letters that the story is not written in; signs of agencies and names have other marks.
    """
    return line.size >= LONE and _SIGNS.isdisjoint(line.text) and (_low(line) or strange(reading, line))


def strange(reading: Reading, line: Line) -> bool:
    """True where a line stands in letters that the story is not written in, from end to end."""
    if line.text[0].isupper():
        return False
    return sum(end - start for start, end in reading.alien(line)) * 10 >= (line.end - line.start) * 9


def _pair(reading: Reading, pair: Sequence[Line]) -> Iterator[Finding]:
    """Two strewn lines: that says little, and a third kind of evidence must speak as well."""
    shared, size = _weigh(reading, pair, "line", strewn=False)
    rest = [one for one in shared if one.kind != weigh.STRUCT]
    found = [*rest, Evidence(kind=weigh.STRUCT, strength=weigh.VARIED, detail="two lines strewn between paragraphs")]
    text = "\n".join(line.text for line in pair)
    outcome = decide(found, size=size, guards={Guard.TOPICAL} if reading.concerns(text) else set())
    if outcome not in _CUTS or any(quoted(line.text) or reporting(line.text) for line in pair):
        return
    for line in pair:
        yield finding_of(line, "line", outcome, found)


def _low(line: Line) -> bool:
    """True where a line of a script with capitals begins without one: neither a sentence nor a heading does."""
    return line.text[0].islower()


def _belongs(line: Line, rule: str, counts: Counter[str], reading: Reading) -> bool:
    """True where a line shares a word with the others, or is nothing but words of the trade."""
    if line.goods >= 0.5 and line.hits is not None and len(line.hits.covered) * 2 >= len(line.words):
        return True
    plain = rule == "lines" or not line.text[0].isupper() or line.disguised > 0
    return plain and any(counts[one] > 1 for one in reading.stems(line))


def _heap(reading: Reading, group: Sequence[Line], rule: str) -> Iterator[Finding]:
    """Weighs lines as one, lets go of those that share no word with the others, and takes in what stands between."""
    counts: Counter[str] = Counter()
    for line in group:
        counts.update(reading.stems(line))
    belongs = [line for line in group if _belongs(line, rule, counts, reading)]
    small = [line for line in group if rule == "line" and line.size >= LONE and (_low(line) or strange(reading, line))]
    if len(small) >= FEW and len(small) > len(belongs):
        belongs = small
    if len(belongs) < FEW:
        return
    # Where letters have no case, headings begin as these do, but they share a word with the story and few with others.
    bare = rule == "line" and all(
        line.size >= LONE and not _cased(line) and _SIGNS.isdisjoint(line.text) for line in belongs
    )
    alike = bare and len(belongs) * 4 >= len(group) * 3
    shared, size = _weigh(reading, belongs, rule, strewn=len(small) >= FEW or alike)
    guards = {Guard.TOPICAL} if reading.concerns("\n".join(line.text for line in belongs)) else set()
    said_twice = any(one.detail.endswith(weigh.BEFORE) for one in shared)
    if rule == "lines" and not said_twice and any(listed(reading, line) for line in belongs[:1]):
        guards.add(Guard.LISTED)
    outcome = decide(shared, size=size, guards=guards)
    if outcome in _CUTS and rule == "lines":
        belongs = _filled(reading, group, belongs)
    elif outcome in _CUTS:
        belongs = _joined(group, belongs)
    for line in belongs:
        if outcome != Outcome.KEEP and not quoted(line.text) and not reporting(line.text):
            yield finding_of(line, rule, outcome, shared)


def _joined(group: Sequence[Line], belongs: list[Line]) -> list[Line]:
    """The lines that go, and with them the lesser part that stands as they do, in the same letters."""
    cased = any(_cased(line) for line in belongs)
    own = set(map(id, belongs))
    rest = [
        line
        for line in group
        if id(line) not in own
        and line.size >= LONE
        and _SIGNS.isdisjoint(line.text)
        and not line.text[0].isupper()
        and _cased(line) == cased
    ]
    return [*belongs, *rest] if len(rest) < len(belongs) else belongs


def _cased(line: Line) -> bool:
    return line.text.lower() != line.text.upper()


def _filled(reading: Reading, group: Sequence[Line], belongs: Sequence[Line]) -> list[Line]:
    """The lines that go, those between them, and those beside them that look alike and share no word with the story."""
    low = sum(map(_low, belongs)) * 2 > len(belongs)
    cased = low or any(line.text[0].isupper() for line in belongs)
    first, last = group.index(belongs[0]), group.index(belongs[-1])

    def alike(line: Line) -> bool:
        if line.ended or line.marks != belongs[0].marks or line.text[0].isdigit():
            return False
        if any(reading.subject[one] for one in reading.stems(line)):
            return False
        return _low(line) if low else not cased or line.goods >= 0.2

    while first > 0 and alike(group[first - 1]):
        first -= 1
    while last + 1 < len(group) and alike(group[last + 1]):
        last += 1
    own = set(map(id, belongs))
    return [
        line
        for line in group[first : last + 1]
        if id(line) in own or not any(reading.subject[one] for one in reading.stems(line)) or line.goods >= 0.5
    ]


def _weigh(reading: Reading, belongs: Sequence[Line], rule: str, *, strewn: bool) -> tuple[list[Evidence], float]:
    """What speaks against lines taken as one, and how many words they count."""
    tokens = Tokens([], [], [], [])
    hits = Hits()
    for line in belongs:
        mine = reading.tokens(line)
        for name in ("words", "starts", "ends", "small"):
            getattr(tokens, name).extend(getattr(mine, name))
        tokens.weight = mine.weight
        if line.hits:
            base = len(tokens) - len(mine)
            hits.covered.update(base + one for one in line.hits.covered)
            hits.wished.update(base + one for one in line.hits.wished)
            hits.entries.update(line.hits.entries)
            hits.brands |= line.hits.brands
    seen = weigh.shape(tokens, reading.text)
    stems = set().union(*(reading.stems(line) for line in belongs))
    found = [
        weigh.structure(seen, reading.usual),
        weigh.off_topic(stems, reading.subject),
        weigh.words_of_the_trade(hits, seen.size, len(tokens), prose=False),
    ]
    shared = [one for one in found if one is not None]
    back = weigh.twice([line.text for line in belongs]) if all(not line.text[0].isupper() for line in belongs) else None
    if back is not None:
        shared = [one for one in shared if one.kind != weigh.STRUCT or one.strength >= back.strength]
        shared += [] if any(one.kind == weigh.STRUCT for one in shared) else [back]
    sentences = sum(line.text[0].isupper() and line.text[1:].islower() for line in belongs)
    if rule == "line" and len(belongs) > FEW and sentences * 2 <= len(belongs):
        # No one line of these shares a word with the story (see `scattered`), and still they resemble each other.
        shared = [
            replace(one, strength=min(1.0, one.strength * 1.25)) if one.kind == weigh.STRUCT else one for one in shared
        ]
    if rule == "line" and strewn and seen.small <= 0.25 and not any(map(quoted, (line.text for line in belongs))):
        # Neither sentences nor headings nor a list: each stands by itself between two paragraphs, and begins small.
        shared = [one for one in shared if one.kind != weigh.STRUCT or one.strength >= 0.7]
        if all(one.kind != weigh.STRUCT for one in shared):
            detail = f"{len(belongs)} lines between paragraphs that are no sentences"
            shared.append(Evidence(kind=weigh.STRUCT, strength=0.7, detail=detail))
    if sentences * 2 > len(belongs):
        # Verses begin with a capital; so do lines of spam, but those the lexicon must know.
        shared = [replace(one, strength=one.strength * 0.6) if one.kind == weigh.STRUCT else one for one in shared]
    return shared, seen.size
