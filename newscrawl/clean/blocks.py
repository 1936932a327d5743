"""Judges whole lines, one by one: blocks, lines and paragraphs that are spam from end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newscrawl.clean import evidence as weigh
from newscrawl.clean import pitch
from newscrawl.clean.reading import SHORT, Line, Reading, quoted, reporting, varied
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import Tokens, stem
from newscrawl.model import Evidence

LOOSE = 0.38
"""What a line says by being no sentence: too little for a doubt, enough beside two other kinds of evidence."""
LONG = 9
"""Words of so many letters on average are written together, where no small word stands among them."""
_INNER = re.compile(r"(?<=[^\W\d_A-Z])[A-Z]")
_MARKS = re.compile(r"[|,;·•/、，،\n]+")
_LEET = re.compile(r"[^\W\d_][0134578][^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A stretch of folded text, what speaks against it, and what that comes to. `line` is the index of its line."""

    start: int
    end: int
    line: int
    rule: str
    outcome: Outcome
    evidence: tuple[Evidence, ...]


def guards_of(reading: Reading, text: str, line: Line | None = None) -> set[Guard]:
    """What protects a stretch of text."""
    guards: set[Guard] = set()
    if quoted(text):
        guards.add(Guard.QUOTED)
    if reporting(text):
        guards.add(Guard.REPORTED)
    if reading.concerns(text):
        guards.add(Guard.TOPICAL)
    if line is not None and listed(reading, line):
        guards.add(Guard.LISTED)
    if line is not None and line.ended:
        guards.add(Guard.ENDED)
    if line is not None and line.prose and not reading.central.isdisjoint(reading.stems(line)):
        guards.add(Guard.CENTRAL)
    return guards


def listed(reading: Reading, line: Line) -> bool:
    """True for what the markup calls a list or a table, and for what a colon introduces."""
    if line.marks:
        return True
    if line.index and reading.lines[line.index - 1].text.endswith((":", "：")):
        return True
    head = line.text[: max(60, len(line.text) // 3)]
    return ": " in head or "：" in head or head.startswith(("-", "•", "*", "–", "·")) or head[:1].isdigit()


def weigh_up(reading: Reading, line: Line, tokens: Tokens) -> list[Evidence]:
    """Every kind of evidence against one whole line."""
    seen = weigh.shape(tokens, reading.text)
    prose = line.size >= SHORT and (line.small >= 0.6 * reading.usual and seen.small >= 0.1)
    titled = line.size < SHORT and line.text[0].isupper()
    runs = reading.alien(line)
    alien = len(runs) == 1 and (runs[0][1] - runs[0][0]) * 10 >= (line.end - line.start) * 9
    struct = None if prose and seen.run < 9 else weigh.structure(seen, reading.usual, alien=alien)
    if line.ended and line.size >= SHORT and (struct is None or struct.strength < 0.5):
        prose = True
    if struct is not None and line.ended and seen.size < 14:
        # Sayings turn on few words, and end as sentences do.
        struct = replace(struct, strength=struct.strength * 0.8)
    if line.text.count("#") * 5 >= len(tokens) * 3 or _run_together(line):
        small = not _INNER.search(line.text) and line.text.lower() == line.text
        made = (weigh.joined(line.words, _told(reading, line)) if small else None) or weigh.tags(line.words)
        struct = made if made is not None and (struct is None or struct.strength < made.strength) else struct
    for other in _other(line, seen, known=reading.usual >= 0.15):
        if other is not None and (struct is None or struct.strength < other.strength):
            struct = other
    if _loose(line) and (struct is None or struct.strength < LOOSE):
        struct = Evidence(kind=weigh.STRUCT, strength=LOOSE, detail="a line that is no sentence and no heading")
    trusted = reading.trusted(line)
    stems = reading.stems(line)
    found = [
        struct,
        weigh.off_topic(stems, reading.subject, stems if trusted else ()),
        weigh.words_of_the_trade(line.hits, line.size, len(line.words), prose=prose, titled=titled),
        line.offer,
        _disguise(reading, line, len(tokens)),
        links_of(reading, line.start, line.end),
        foreign(reading) if alien else None,
    ]
    if reading.warm:
        known = reading.remembered(line)
        found.append(known)
        if known is not None and known.strength >= 0.8 and _wordy(line):
            detail = "words without a sentence, story after story"
            found.append(Evidence(kind=weigh.STRUCT, strength=0.5, detail=detail))
        lexical = found[2]
        if known is not None and known.strength >= 1.0 and lexical is not None and 0.25 <= lexical.strength < 0.6:
            found.append(replace(lexical, strength=0.6, detail=f"{lexical.detail}, story after story"))
    kept = [one for one in found if one is not None]
    own = stems if trusted else frozenset()
    kept = weigh.unmentioned(kept, line.hits, reading.subject, stems, own)
    if struct is not None and struct.strength >= 0.95:
        content_stems = (stem(word) for word, small in zip(tokens.words, tokens.small, strict=True) if not small)
        kept = weigh.beside(kept, content_stems, reading.central)
    if line.disguised:
        words = reading.disguised_words(tokens)
        kept = weigh.stranger(kept, words, reading.shared(stems, own), reading.subject)
    return kept


def _other(line: Line, seen: weigh.Shape, *, known: bool) -> Iterator[Evidence | None]:
    """What else a line's form can say: one long row of words, or phrases between marks that come back."""
    if line.ended or line.marks:
        return
    yield weigh.row(seen)
    phrases = [one for part in _MARKS.split(line.text) if (one := part.strip())]
    yield weigh.twice(phrases)
    if not line.text[0].isupper() and not line.text[0].isdigit():
        cased = line.text[0].islower()
        if len(phrases) >= weigh.STRUNG:
            yield weigh.strung(phrases, cased=cased)
        elif cased and len(phrases) == 1 and line.size <= 2 * SHORT and known:
            yield weigh.echoed(line.words)


def _loose(line: Line) -> bool:
    """True for words in a row that begin small, never end and hold together by nothing."""
    return line.size >= 3 and line.text[0].islower() and not line.ended and not line.marks and line.small <= 0.34


def _run_together(line: Line) -> bool:
    """True for words written together, in a row: long, none of them small, begun small or with capitals inside."""
    if line.small or line.size < 4 or line.weight < 1 or line.ended or line.marks or "," in line.text:
        return False
    if sum(map(len, line.words)) < LONG * len(line.words):
        return False
    return line.text[0].islower() or len(_INNER.findall(line.text)) * 2 >= len(line.words)


def _told(reading: Reading, line: Line) -> list[str]:
    """The content stems of the story outside a line."""
    own = reading.stems(line) if reading.trusted(line) else frozenset()
    return [one for one, count in reading.subject.items() if count > (one in own)]


def _phrased(line: Line) -> float:
    """How many words hashtags are that are phrases written together; nothing for any other line."""
    if line.text.count("#") < weigh.MANY or line.text.count("#") * 5 < len(line.words) * 3:
        return 0.0
    return sum(map(len, line.words)) / 6


def _wordy(line: Line) -> bool:
    """True for a few words in lower case that make no sentence and no heading."""
    return line.size < SHORT and not line.ended and line.small == 0 and not line.marks and not line.text[0].isupper()


def foreign(reading: Reading) -> Evidence:
    """The evidence that a stretch is written in letters which the story does not use."""
    return Evidence(kind=weigh.LANG, strength=0.7, detail=f"not {reading.script}, as the story is")


def _disguise(reading: Reading, line: Line, count: int) -> Evidence | None:
    hidden = reading.folded.within(line.start, line.end)
    if not hidden:
        # Digits between letters: one is a formula or a model, many are an alphabet.
        inside = sum(_LEET.search(word) is not None for word in line.words)
        known = line.hits.leet if line.hits else 0
        many = inside if inside >= 3 and inside * 5 >= count else 0
        return weigh.disguised(["leet"], max(known, many), count)
    words = {reading.text.rfind(" ", line.start, one.start + 1) for one in hidden}
    return weigh.disguised([one.kind for one in hidden], len(words), count)


def links_of(reading: Reading, start: int, end: int) -> Evidence | None:
    """How much of a stretch is the text of links that leave the site."""
    if not reading.links:
        return None
    covered = 0
    for mark in reading.links:
        low, high = reading.fold_offset(mark.start), reading.fold_offset(mark.end)
        covered += max(0, min(high, end) - max(low, start))
    share = covered / max(1, end - start)
    if share < 0.25:
        return None
    return Evidence(
        kind=weigh.LINK, strength=round(min(1.0, 0.3 + share * 0.5), 3), detail=f"{share:.0%} off-site link"
    )


def _worth(reading: Reading, line: Line) -> bool:
    """The first gate: whether a line needs a second look at all."""
    if line.size >= SHORT and pitch.near(reading, line):
        line.heard = pitch.loudness(reading, line)
        if line.heard >= pitch.LEAST:
            line.offer = pitch.pitched(reading, line.start, line.end, line.words, line.hits)
    if line.disguised or (reading.warm and reading.remembered(line) is not None):
        return True
    if line.prose:
        return line.loud or line.offer is not None or (line.hits is not None and bool(line.hits.leet))
    if line.size < SHORT:
        return line.hits is not None or (bool(reading.links) and links_of(reading, line.start, line.end) is not None)
    # Sentences whose small words the table does not know.
    plain = line.ended and line.run * line.weight < 14 and line.goods + line.pitch == 0 and varied(line)
    return not plain or bool(reading.links) or reading.script is not None


def whole_lines(reading: Reading) -> Iterator[Finding]:
    """Lines that are spam from end to end."""
    known: dict[str, tuple[list[Evidence], Outcome]] = {}
    same = not reading.links and not reading.folded.disguises
    for line in reading.lines:
        if not _worth(reading, line):
            continue
        tokens = reading.tokens(line)
        if not len(tokens):
            continue
        # A hostile page says one thing thirty thousand times.
        size = max(line.size, _phrased(line))
        seen = known.get(line.text) if same else None
        if seen is None:
            found = weigh_up(reading, line, tokens)
            seen = found, decide(found, size=size)
            if same and line.size < SHORT:
                known[line.text] = seen
        found, outcome = seen
        if outcome != Outcome.KEEP:
            guards = guards_of(reading, line.text, line)
            if line.size >= SHORT and line.ended and line.offer is None and not pitch.offers(reading, line):
                guards.add(Guard.TOLD)
            if any(one.kind == weigh.LANG for one in found):
                guards.discard(Guard.LISTED)
            outcome = decide(found, size=size, guards=guards)
            kind = "promo" if line.prose else "block" if line.size >= SHORT else "line"
            yield finding_of(line, kind, outcome, found)


def finding_of(line: Line, rule: str, outcome: Outcome, found: Sequence[Evidence]) -> Finding:
    return Finding(start=line.start, end=line.end, line=line.index, rule=rule, outcome=outcome, evidence=tuple(found))
