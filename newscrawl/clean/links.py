"""Judges links that leave the site from inside a sentence: a keyword as its text, and nothing that the story tells."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newscrawl.clean import evidence as weigh
from newscrawl.clean import scripts
from newscrawl.clean.blocks import Finding, foreign
from newscrawl.clean.borders import in_quotes
from newscrawl.clean.reading import Line, Reading, reporting
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import Tokens, stem, take_apart
from newscrawl.model import Evidence

LONGEST, UNSPACED = 6, 14
"""Words in the text of a link that can be a keyword; the same where words are not set apart, counted by grams."""
MANY = 3
"""Different link texts that name goods: no report links to so many under so many names."""
FRONT, STREWN = 2, 4
"""Link texts that lead to front pages, of one site or of several, under names that are nobody's."""
COMPANY = 2
"""So many links of a paragraph that are cut speak against the others."""
NAMED = 0.25
"""How loudly a link text that begins as names do must say what it sells."""
_ADDRESS = re.compile(r"\w[.]\w[\w.-]*/|://")
_SLUG = re.compile(r"[^\W\d_]{3}")
_CUTS = (Outcome.CUT, Outcome.SURE)


def _low(letter: str) -> bool:
    return letter.isalpha() and not letter.isupper()


@dataclass(frozen=True, slots=True)
class _Anchor:
    start: int
    end: int
    line: Line
    tokens: Tokens
    stems: frozenset[str]
    site: str = ""
    front: bool = False

    @property
    def text(self) -> str:
        """The words of the link, as one."""
        return " ".join(self.tokens.words)

    @property
    def low(self) -> bool:
        """True where it begins with a letter that is no capital: it is not a name, a date or a figure."""
        return _low(self.line.text[self.start - self.line.start])

    @property
    def plain(self) -> bool:
        """True where it leads to a front page, and is not the name of one."""
        wordy = self.end - self.start >= 4 if self.tokens.weight < 1 else len(self.tokens) >= 2
        return self.front and wordy and self.low and sum(self.tokens.small) * 2 <= len(self.tokens)

    def apart(self, told: frozenset[str]) -> bool:
        """True where the story has none of its words; of grams, which any two words may share, a third at most."""
        if self.tokens.weight < 1:
            return len(told & self.stems) * 3 <= len(self.stems)
        return told.isdisjoint(self.stems)

    def quoted(self, reading: Reading) -> bool:
        """True where it stands in a quotation."""
        return in_quotes(self.line.text, self.start - self.line.start, self.end - self.line.start)


@dataclass(frozen=True, slots=True)
class _Page:
    """The links of a page that may be keywords, and what is known of them together."""

    anchors: list[_Anchor]
    counts: Counter[str]
    many: bool
    told: frozenset[str]
    fronts: Counter[str]


def anchors(reading: Reading) -> Iterator[Finding]:
    """The texts of off-site links that are keywords, in lines that hold more than the link."""
    if not reading.links:
        return
    found = list(_anchors(reading))
    counts: Counter[str] = Counter()
    for one in {tuple(each.tokens.words): each for each in found}.values():
        counts.update(one.stems)
    trade = {tuple(one.tokens.words) for one in found if reading.lexicon.hits(one.tokens.words).goods >= 1.0}
    told = _told(reading, found)
    # Link texts that the rest of the story has no word of, and that share words among themselves.
    apart = {one.text for one in found if one.stems and len(told & one.stems) * 3 <= len(one.stems)}
    kin = sum(any(counts[each] >= 2 for each in one.stems) for one in found if one.text in apart)
    page = _Page(found, counts, len(trade) >= MANY, told, _fronts(found, told))
    judged: list[tuple[_Anchor, Finding]] = []
    for one in found:
        alike = len(apart) >= 3 and kin >= 3 and one.text in apart
        finding = _judge(reading, one, page, alike=alike)
        judged.append((one, finding))
    yield from _followed(reading, judged, told)


def _fronts(found: Iterable[_Anchor], told: frozenset[str]) -> Counter[str]:
    """By site, and in all under "", how many different texts lead to front pages that are no names.

    A front page is linked to by its name. Keywords begin small, where letters have a case, and are two words or more.
    """
    texts: dict[str, set[str]] = {}
    for one in found:
        if one.plain and one.apart(told):
            for site in ("", one.site):
                texts.setdefault(site, set()).add(one.text)
    return Counter({site: len(each) for site, each in texts.items()})


def _followed(reading: Reading, judged: Sequence[tuple[_Anchor, Finding]], told: frozenset[str]) -> Iterator[Finding]:
    """What was found, and the links beside it that lead where one leads that is cut: a site is sold or it is not.

    At most half of the words may be the story's. One that is kept is handed on all the same: what else is cut on the
    page may speak against it.
    """
    sold = {one.site for one, finding in judged if finding.outcome in _CUTS}
    company = Counter(finding.line for _, finding in judged if finding.outcome in _CUTS)
    for one, finding in judged:
        spoken = max((each.strength for each in finding.evidence if each.kind == weigh.LEX), default=0.0)
        named = spoken < NAMED and not one.low
        among = company[one.line.index] >= COMPANY and sum(one.tokens.small) * 2 <= len(one.tokens)
        near = (one.site in sold and (one.front or spoken)) or among
        near = near and not named and 0 < len(one.stems) >= len(told & one.stems) * 2
        if finding.outcome in _CUTS or not near or one.quoted(reading):
            yield finding
            continue
        detail = "stands among links that are cut" if among else f"leads to {one.site}, as what is cut does"
        kin = Evidence(kind=weigh.KIN, strength=0.6, detail=detail)
        evidence = (*finding.evidence, kin)
        yield replace(finding, evidence=evidence, outcome=decide(evidence, size=len(one.tokens)))


def _site(host: str) -> str:
    """The site that a host belongs to, by its last labels."""
    labels = host.lower().split(".")
    return ".".join(labels[-3 if len(labels) > 2 and len(labels[-2]) <= 3 else -2 :])


def _told(reading: Reading, found: list[_Anchor]) -> frozenset[str]:
    """The content stems of the story outside the texts of these links."""
    stems: set[str] = set()
    lines = {one.line.index: one.line for one in found}
    for line in reading.lines:
        if line.index not in lines:
            if reading.trusted(line):
                stems.update(reading.stems(line))
            continue
        tokens = reading.tokens(line)
        spans = [(one.start, one.end) for one in found if one.line is line]
        linked = {
            i for start, end in spans for i in range(bisect_left(tokens.starts, start), bisect_left(tokens.starts, end))
        }
        stems.update(stem(tokens.words[i]) for i in range(len(tokens)) if i not in linked and not tokens.small[i])
    stems.update(reading.told)
    return frozenset(stems)


def _anchors(reading: Reading) -> Iterator[_Anchor]:
    starts = [line.start for line in reading.lines]
    for mark in reading.links:
        start, end = reading.fold_offset(mark.start), reading.fold_offset(mark.end)
        index = bisect_right(starts, start) - 1
        if index < 0 or end > reading.lines[index].end or start >= end:
            continue
        tokens = take_apart(reading.text, start, end)
        if (start, end) == (reading.lines[index].start, reading.lines[index].end):
            continue
        if _ADDRESS.search(reading.text, start, end):
            continue
        if not len(tokens) or len(tokens) * tokens.weight > (LONGEST if tokens.weight == 1 else UNSPACED):
            continue
        stems = frozenset(stem(w) for w, small in zip(tokens.words, tokens.small, strict=True) if not small)
        host, _, path = mark.attrs.get("href", "").split("//", 1)[-1].partition("/")
        front = bool(host) and _SLUG.search(path) is None
        yield _Anchor(start, end, reading.lines[index], tokens, stems, _site(mark.attrs.get("host") or host), front)


def _judge(reading: Reading, one: _Anchor, page: _Page, *, alike: bool) -> Finding:
    anchors, counts, many, told = page.anchors, page.counts, page.many, page.told
    hits = reading.lexicon.hits(one.tokens.words)
    for start, end, entry in reading.lexicon.hits_in_run(reading.text, one.start, one.end):
        hits.take(entry, (i for i, at in enumerate(one.tokens.starts) if start <= at < end))
    found: list[Evidence] = [Evidence(kind=weigh.LINK, strength=0.7, detail="the text of an off-site link")]
    lexical = weigh.words_of_the_trade(hits, len(one.tokens), len(one.tokens), prose=False)
    if lexical is not None:
        found.append(lexical)
    mine = one.stems if reading.trusted(one.line) else frozenset()
    spoken = lexical is not None and lexical.strength >= NAMED
    # Names and dates have words in common as well, and the story need not say one twice.
    words = zip(one.tokens.starts, one.tokens.words, one.tokens.small, strict=True)
    back = [at for at, word, small in words if not small and counts[stem(word)] > 1]
    alike = alike and bool(back) and (spoken or any(_low(reading.text[at]) for at in back))
    alien = bool(one.stems) and (
        all(reading.subject[each] <= max(each in mine, counts[each] if many else 0) for each in one.stems)
        or one.apart(told)
        or (alike and len(told & one.stems) * 3 <= len(one.stems))
    )
    # Names stand in a story in their own letters.
    first = next((each for each in reading.text[one.start : one.end] if each.isalpha()), "")
    strange = reading.script is not None and first != "" and not first.isupper()
    strange = strange and scripts.main(reading.text[one.start : one.end]) != reading.script != scripts.main(first)
    if strange and reading.alien(one.line):
        found.append(foreign(reading))
        if len({other.text for other in anchors if other.line is one.line}) > 1:
            detail = "links in other letters, set into a sentence"
            found.append(Evidence(kind=weigh.STRUCT, strength=0.6, detail=detail))
    if alike and alien and sum(one.tokens.small) * 2 <= len(one.tokens):
        found.append(Evidence(kind=weigh.STRUCT, strength=0.6, detail="link texts that vary a few words"))
    front = alien and one.plain and (page.fronts[one.site] >= FRONT or page.fronts[""] >= STREWN)
    if front:
        detail = "front pages linked to under names that are nobody's"
        found.append(Evidence(kind=weigh.STRUCT, strength=0.6, detail=detail))
    if alien and (alike or front or spoken or strange):
        found.append(Evidence(kind=weigh.OFFTOPIC, strength=0.5, detail="no word of it elsewhere in the story"))
    if alien and reading.warm and reading.memory is not None and not any(one.tokens.small):
        known = reading.memory.vocabulary(one.tokens.words, site=reading.context.site)
        if known >= 0.9:
            found.append(Evidence(kind=weigh.SITE, strength=0.7, detail="its words stand on story after story"))
    # A report may link to the thing it reports on; it does not link to it twice under other names.
    lone = sum(other.line is one.line for other in anchors) < 2
    guards = {Guard.REPORTED} if lone and not alike and not many and reporting(one.line.text) else set()
    outcome = decide(found, size=len(one.tokens), guards=guards)
    # Nobody sets links that belong together, and to nothing in the story, into what another said.
    made = outcome == Outcome.SURE and any(each.kind == weigh.STRUCT for each in found)
    if outcome in _CUTS and not made and one.quoted(reading):
        outcome = Outcome.DOUBT
    return Finding(
        start=one.start, end=one.end, line=one.line.index, rule="anchor", outcome=outcome, evidence=tuple(found)
    )
