"""Finds spam inside a line that is not all spam: a keyword run in a paragraph, a promotion behind a true sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from newscrawl.clean import evidence as weigh
from newscrawl.clean import pitch
from newscrawl.clean.blocks import Finding, foreign, guards_of
from newscrawl.clean.borders import edges, in_quotes, numbered, sentences, set_into, snapped
from newscrawl.clean.lexicon import Hits
from newscrawl.clean.reading import SHORT, Line, Reading, reporting
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import Tokens, function_words, stem, take_apart
from newscrawl.model import Evidence

BRANDS, SLACK = 2, 3
"""So many words in the story's own letters may stand in a foreign line, and so many characters beside it."""
LEAST = 2.4
"""What the tokens of a segment must add up to before it is looked at."""
_CUTS = (Outcome.CUT, Outcome.SURE)
_ENDS = frozenset(".!?…。！？।؟۔")
TAIL = 3
"""So many words before a full stop, at the head of a run, may be the end of a sentence."""
_SPOKEN = re.compile(r"[.!?。！？؟।]")
_LOOSE = " \t\"'”’»"
_STOPS = tuple(".!?…:。！？")
_BREAKS = frozenset('.!?:;"“”«»()[]…。！？、—–')


def within(reading: Reading, line: Line) -> Iterator[Finding]:
    """Spans of a line that two kinds of evidence call spam."""
    aliens = list(_joined(reading, _aliens(reading, line)))
    if any(one.outcome in _CUTS for one in aliens):
        yield from aliens
        return
    loud = line.loud or (line.hits is not None and bool(line.hits.leet))
    offered = line.heard >= pitch.SENTENCE and not line.marks
    heaped = loud or line.disguised or _heaped(reading, line)
    if not (heaped or offered):
        return
    tokens = reading.tokens(line)
    if len(tokens) < 4:
        return
    covered = line.hits.covered if line.hits else set()
    found: list[Finding] = []
    scores = _scores(reading, line, tokens, covered) if heaped else []
    for begin, stop in maximal(scores):
        if sum(scores[begin:stop]) < LEAST and not line.disguised:
            continue
        finding = _span(reading, line, tokens, covered, begin, stop)
        if finding is not None:
            found.append(finding)
    yield from found
    if loud or line.disguised or offered:
        spans = [(one.start, one.end) for one in found if one.outcome != Outcome.DOUBT]
        yield from _sentences(reading, line, tokens, covered, spans)


def _joined(reading: Reading, found: Iterable[Finding]) -> Iterator[Finding]:
    """Stretches that are cut, with the brand between them: "join NAME88 today" in letters that only the name shares."""
    last: Finding | None = None
    for one in found:
        if last is not None and last.outcome in _CUTS and one.outcome in _CUTS:
            words = reading.text[last.end : one.start].split()
            if len(words) <= BRANDS and not any(_told(reading, reading.lines[one.line], word) for word in words):
                last = replace(last, end=one.end)
                continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _aliens(reading: Reading, line: Line) -> Iterator[Finding]:
    """Stretches in letters that the story is not written in: they end where the letters change."""
    for start, end in reading.alien(line):
        part = take_apart(reading.text, start, end, reading.own)
        while len(part) and part.words[-1].isdigit() and end < line.end:
            # Figures are in no letters: behind a foreign stretch they are the story's own.
            part = part.part(0, len(part) - 1)
            end = part.ends[-1] if len(part) else start
        size = len(part) * part.weight
        if size < 3 or (start == line.start and end == line.end):
            continue
        seen = weigh.shape(part, reading.text)
        hits = hits_in(reading, part)
        struct = weigh.structure(seen, reading.usual, alien=True)
        spoken = in_quotes(line.text, start - line.start, end - line.start)
        made = weigh.row(seen, bare=not (seen.cased or seen.grams or spoken))
        if made is not None and (struct is None or struct.strength < made.strength):
            struct = made
        heaped = struct is not None and struct.strength >= 0.5
        said = not heaped and size >= SHORT and _SPOKEN.search(reading.text, start, end + 2) is not None
        strange = foreign(reading)
        if heaped and size >= weigh.ROW:
            strange = replace(strange, strength=0.85)
        kept = [struct, strange, weigh.words_of_the_trade(hits, size, len(part), prose=said)]
        found = [one for one in kept if one is not None]
        guards = guards_of(reading, reading.text[start:end])
        if said:
            guards.add(Guard.ENDED)
        outcome = decide(found, size=size, guards=guards)
        if spoken and size < 12 and not _inserted(reading, line, found, start, end):
            outcome = min(outcome, Outcome.DOUBT, key=lambda one: one in _CUTS)
        if outcome != Outcome.KEEP:
            low, high = edges(reading.text, line, _named(reading, line, start), end)
            yield Finding(start=low, end=high, line=line.index, rule="span", outcome=outcome, evidence=tuple(found))


def _told(reading: Reading, line: Line, word: str) -> bool:
    """True where a word stands elsewhere in the story than in this line."""
    key = stem(word.lower())
    return reading.subject[key] > (reading.trusted(line) and key in reading.stems(line))


def _named(reading: Reading, line: Line, start: int) -> int:
    """Where a stretch in other letters begins, with the brand before it that begins its sentence."""
    words = reading.text[line.start : start].rsplit(maxsplit=1)
    if not words or start == line.start or not numbered(words[-1]) or _told(reading, line, words[-1]):
        return start
    at = start - len(reading.text[line.start : start]) + reading.text[line.start : start].rindex(words[-1])
    before = reading.text[line.start : at].rstrip(_LOOSE)
    return at if not before or before.endswith(_STOPS) else start


def _heaped(reading: Reading, line: Line) -> bool:
    """The first gate: a long run without small words, or a shorter one beside words that come back."""
    run = line.run * line.weight
    if run < 7:
        return False
    if run >= 14 and reading.usual >= 0.15:
        return True
    small = function_words()
    content = [word for word in line.words if word not in small]
    return len(content) - len(set(content)) >= 3


def holds_more(reading: Reading, line: Line) -> bool:
    """True where a line that looks bad as a whole is a sentence of the article with spam inside."""
    aliens = reading.alien(line)
    if aliens and sum(end - start for start, end in aliens) * 10 < (line.end - line.start) * 9:
        # A brand in the story's letters does not make a foreign offer the story's.
        starts = reading.tokens(line).starts
        own = len(starts) - sum(bisect_left(starts, end) - bisect_left(starts, start) for start, end in aliens)
        if own > BRANDS or aliens[0][0] - line.start > SLACK or line.end - aliens[-1][1] > SLACK:
            return True
    if line.disguised:
        open_ones = [one for one in sentences(reading.text, line) if not reading.folded.within(*one)]
        if sum(end - start for start, end in open_ones) > 70:
            return True
    tokens = reading.tokens(line)
    covered = line.hits.covered if line.hits else set()
    inside: set[int] = set()
    scores = _scores(reading, line, tokens, covered)
    for begin, stop in maximal(scores):
        if sum(scores[begin:stop]) < LEAST:
            continue
        low, high = core(reading, line, tokens, covered, begin, stop)
        if (high - low) * tokens.weight >= 5:
            inside.update(range(low, high))
    if not inside:
        return False
    hull = {tokens.words[i] for i in inside}
    mine = reading.stems(line) if reading.trusted(line) else frozenset()
    low, high = min(inside), max(inside) + 1
    subject = reading.subject
    for rest in (range(low), range(high, len(tokens))):
        words = [i for i in rest if tokens.words[i] not in hull]
        small = 0 if line.prose else sum(tokens.small[i] for i in words)
        known = len(
            {tokens.words[i] for i in words if subject[stem(tokens.words[i])] > (stem(tokens.words[i]) in mine)}
        )
        if len(words) * tokens.weight >= 3 and small + known >= (2 if line.prose else 1):
            return True
        if reading.usual < 0.15 and len(words) * tokens.weight >= 4:
            # A language whose small words are not known: nothing tells its words from those of a heap.
            return True
    return False


def _scores(reading: Reading, line: Line, tokens: Tokens, covered: set[int]) -> list[float]:
    """One number a token: above zero where it fits spam better than this article."""
    subject = reading.subject
    mine = reading.stems(line) if reading.trusted(line) else frozenset()
    near = _near(tokens.words)
    wished = line.hits.wished if line.hits else frozenset()
    text = reading.text
    scores: list[float] = []
    stop = line.start
    for i, word in enumerate(tokens.words):
        start = tokens.starts[i]
        gap = text[stop:start]
        broken = not _BREAKS.isdisjoint(gap)
        stop = max(stop, tokens.ends[i])
        first = text[start]
        if i in covered:
            score = 1.2
        elif tokens.small[i]:
            score = -1.5
        else:
            key = stem(word)
            known = subject[key] > (key in mine)
            score = 0.9 if near[i] and not known else 0.15 if not known else 0.1 if near[i] else -0.7
            if i in wished and not known:
                score = max(score, 0.5)
            if first.isdigit():
                score = -0.7
            elif first.isupper() and not broken and score < 0.9:
                score -= 0.7
        scores.append((score - (0.8 if broken and i and score < 0.9 else 0.0)) * tokens.weight)
    return scores


def _near(words: Sequence[str], reach: int = 30) -> list[bool]:
    """Which words stand again within so many words."""
    last: dict[str, int] = {}
    near = [False] * len(words)
    for i, word in enumerate(words):
        before = last.get(word)
        if before is not None and i - before <= reach:
            near[i] = near[before] = True
        last[word] = i
    return near


def maximal(scores: Sequence[float]) -> list[tuple[int, int]]:
    """All maximal-scoring runs, by Ruzzo and Tompa (1999), in linear time; half-open index pairs.

    >>> maximal([1, -2, 3, 1, -5, 4])
    [(0, 1), (2, 4), (5, 6)]
    """
    runs: list[tuple[int, int, float, float]] = []
    total = 0.0
    for i, score in enumerate(scores):
        before = total
        total += score
        if score <= 0:
            continue
        start, left, right = i, before, total
        while True:
            j = len(runs) - 1
            while j >= 0 and runs[j][2] >= left:
                j -= 1
            if j < 0 or runs[j][3] >= right:
                break
            start, left = runs[j][0], runs[j][2]
            del runs[j:]
        runs.append((start, i + 1, left, right))
    return [(start, stop) for start, stop, _, _ in runs]


def _span(reading: Reading, line: Line, tokens: Tokens, covered: set[int], begin: int, stop: int) -> Finding | None:
    """A run, less the edges that may be the article's, with what speaks against it."""
    begin, stop = core(reading, line, tokens, covered, begin, stop)
    begin = _past_the_stop(reading, tokens, covered, begin, stop)
    if (stop - begin) * tokens.weight < 2:
        return None
    begin, stop = _stretch(reading, line, tokens, begin, stop)
    part = tokens.part(begin, stop)
    found = _weigh_span(reading, line, part, begin, stop, covered)
    start, end = part.starts[0], part.ends[-1]
    size = len(part) * part.weight
    guards = guards_of(reading, reading.text[start:end])
    if reporting(line.text):
        guards.add(Guard.SPOKEN)
    outcome = decide(found, size=size, guards=guards | {Guard.INSIDE})
    spoken = outcome in _CUTS and in_quotes(line.text, start - line.start, end - line.start)
    made = size >= 5 and not any(part.small) and _inserted(reading, line, found, start, end)
    if spoken and not made and not _heap(found, size, reading.text[start:end]) and not _masked(found, size):
        outcome = Outcome.DOUBT
    if outcome == Outcome.KEEP or (outcome == Outcome.DOUBT and size < 5):
        return None
    start, end = snapped(reading, line, start, end)
    return Finding(start=start, end=end, line=line.index, rule="span", outcome=outcome, evidence=tuple(found))


def _past_the_stop(reading: Reading, tokens: Tokens, covered: set[int], begin: int, stop: int) -> int:
    """Where a run begins, less the last word or two of the sentence before it: words said once that name no goods."""
    for i in range(begin + 1, min(stop, begin + 1 + TAIL)):
        if _ENDS.isdisjoint(reading.text[tokens.ends[i - 1] : tokens.starts[i]]):
            continue
        before, rest = range(begin, i), tokens.words[i:stop]
        if any(tokens.words[j] in rest for j in before):
            return begin
        # What begins small behind a full stop is no sentence, whatever the sentence before it ends with.
        low = reading.text[tokens.starts[i]].islower()
        worn = bool(reading.folded.within(tokens.starts[i], tokens.ends[i]))
        worn = worn and not reading.folded.within(tokens.starts[begin], tokens.ends[i - 1])
        return i if low or worn or covered.isdisjoint(before) else begin
    return begin


def core(reading: Reading, line: Line, tokens: Tokens, covered: set[int], begin: int, stop: int) -> tuple[int, int]:
    """The dense part of a run: what stands at its edges only once may be the article's."""
    hidden = {one.start for one in reading.folded.within(line.start, line.end)}
    text = reading.text
    mine = reading.stems(line) if reading.trusted(line) else frozenset()
    wished = line.hits.wished if line.hits else frozenset()
    for _ in range(2):
        often = Counter(tokens.words[begin:stop])
        marks: list[float] = []
        for i in range(begin, stop):
            start = tokens.starts[i]
            named = (
                text[start].isupper()
                and often[tokens.words[i]] == 1
                and i > begin
                and text[tokens.starts[i] - 1] == " "
            )
            key = stem(tokens.words[i])
            own = often[tokens.words[i]] == 1 and reading.subject[key] > max(1, key in mine)
            if (i in covered and not named and not own) or (
                hidden and any(at in hidden for at in range(start, tokens.ends[i]))
            ):
                marks.append(1.0)
            elif tokens.small[i]:
                marks.append(-2.0)
            elif often[tokens.words[i]] > 1 and not text[start].isdigit():
                marks.append(1.0)
            else:
                known = reading.subject[key] > (key in mine)
                marks.append(-2.2 if known else -0.3 if i in wished else -0.9)
        best = max(maximal(marks), key=lambda one: (sum(marks[one[0] : one[1]]), -one[0]), default=(0, 0))
        begin, stop = begin + best[0], begin + best[1]
    return begin, stop


def _stretch(reading: Reading, line: Line, tokens: Tokens, begin: int, stop: int) -> tuple[int, int]:
    """Takes in a word or two that would be left of a run: a sentence neither begins in lower case nor ends unended."""
    text, subject = reading.text, reading.subject
    reach = round(3 / tokens.weight)

    def loose(indices: Iterable[int]) -> bool:
        return all(
            not text[tokens.starts[i]].isupper()
            and not text[tokens.starts[i]].isdigit()
            and (tokens.small[i] or subject[stem(tokens.words[i])] == 0)
            for i in indices
        )

    head = begin
    while (
        head > 0
        and begin - head <= reach
        and not text[max(line.start, tokens.starts[head] - 4) : tokens.starts[head]].rstrip(_LOOSE).endswith(_STOPS)
    ):
        head -= 1
    at_head = head == 0 or text[max(line.start, tokens.starts[head] - 4) : tokens.starts[head]].rstrip(_LOOSE).endswith(
        _STOPS
    )
    if (
        head < begin
        and at_head
        and tokens.weight == 1
        and text[tokens.starts[head]].islower()
        and loose(range(head, begin))
    ):
        begin = head
    if stop < len(tokens) <= stop + reach and not line.ended and loose(range(stop, len(tokens))):
        stop = len(tokens)
    return begin, stop


def _weigh_span(reading: Reading, line: Line, part: Tokens, begin: int, stop: int, covered: set[int]) -> list[Evidence]:
    stems = {stem(word) for word, small in zip(part.words, part.small, strict=True) if not small and len(word) > 1}
    rest = reading.outside(line, begin, stop)
    seen = weigh.shape(part, reading.text)
    hits = hits_in(reading, part)
    hidden = reading.folded.within(part.starts[0], part.ends[-1])
    found = [
        weigh.structure(seen, reading.usual),
        weigh.off_topic(stems, reading.subject, stems if reading.trusted(line) else (), rest),
        weigh.words_of_the_trade(hits, seen.size, len(part), prose=False),
        weigh.disguised([one.kind for one in hidden] or ["leet"], len(hidden) or hits.leet, len(part)),
    ]
    if reading.warm and reading.memory is not None and seen.size >= 4:
        text = reading.text[part.starts[0] : part.ends[-1]]
        found.append(weigh.remembered(text, part.words, reading.memory, reading.context.site))
    kept = [one for one in found if one is not None]
    if seen.size < 5 or seen.small > 0.15 or seen.commas or seen.ends:
        return kept
    own = frozenset(stems) if reading.trusted(line) else frozenset()
    return weigh.unmentioned(kept, hits, reading.subject, stems, own)


def hits_in(reading: Reading, part: Tokens) -> Hits:
    """What the lexicon finds in a part of a line."""
    hits = reading.lexicon.hits(part.words)
    if part.weight < 1:
        for start, end, entry in reading.lexicon.hits_in_run(reading.text, part.starts[0], part.ends[-1]):
            low = bisect_left(part.starts, start)
            hits.take(entry, range(low, max(low + 1, bisect_left(part.ends, end + 1))))
    return hits


def _heap(found: Sequence[Evidence], size: float, text: str) -> bool:
    """True for a heap of words that no one says: inside a quotation nothing else may be cut."""
    strengths = {one.kind: one.strength for one in found}
    plain = not any(one in text for one in '"“”«»„?!')
    needed = 0.9 if "," in text else 0.8
    return size >= 12 and plain and strengths.get(weigh.STRUCT, 0) >= needed and strengths.get(weigh.OFFTOPIC, 0) >= 0.6


def _masked(found: Sequence[Evidence], size: float) -> bool:
    """True for many words that are disguised, nearly all, and about nothing in the story: nobody speaks so."""
    strengths = {one.kind: one.strength for one in found}
    return size >= 12 and strengths.get(weigh.DISGUISE, 0) >= 0.95 and strengths.get(weigh.OFFTOPIC, 0) >= 0.9


def _inserted(reading: Reading, line: Line, found: Sequence[Evidence], start: int, end: int) -> bool:
    """True where goods that are nothing to the story stand in the middle of what another said about it."""
    strengths = {one.kind: one.strength for one in found}
    topic = max(strengths.get(weigh.OFFTOPIC, 0.0), strengths.get(weigh.LANG, 0.0))
    if reading.topical or strengths.get(weigh.LEX, 0.0) < 0.7 or topic < 0.7:
        return False
    return set_into(line.text, start - line.start, end - line.start)


def _sentences(
    reading: Reading, line: Line, tokens: Tokens, covered: set[int], spans: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    """Sentences of promotion inside a paragraph of the article."""
    bounds = sentences(reading.text, line)
    if len(bounds) < 2:
        return
    for start, end in bounds:
        if any(low < end and start < high for low, high in spans):
            continue
        begin, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
        if (stop - begin) * tokens.weight < 4:
            continue
        finding = _sentence(reading, line, tokens, covered, begin, stop, (start, end))
        if finding is not None:
            yield finding


def _sentence(
    reading: Reading, line: Line, tokens: Tokens, covered: set[int], begin: int, stop: int, bounds: tuple[int, int]
) -> Finding | None:
    part = tokens.part(begin, stop)
    hits = hits_in(reading, part)
    hidden = reading.folded.within(*bounds)
    if len(hidden) * 2 < len(part):
        # A disguised word in a plain sentence: the word may go, the sentence may not (see `masks`).
        hidden = ()
    leet = hits.leet if hits.leet * 2 >= len(part) else 0
    offer = pitch.pitched(reading, *bounds, part.words, hits, least=pitch.SENTENCE)
    if not hits.entries and not hidden and offer is None:
        return None
    stems = {stem(word) for word, small in zip(part.words, part.small, strict=True) if not small and len(word) > 2}
    found = [
        weigh.off_topic(stems, reading.subject, stems if reading.trusted(line) else ()),
        weigh.words_of_the_trade(hits, len(part) * part.weight, len(part), prose=True),
        offer,
        weigh.disguised([one.kind for one in hidden] or ["leet"], len(hidden) or leet, len(part)),
    ]
    own = frozenset(stems) if reading.trusted(line) else frozenset()
    kept = weigh.unmentioned([one for one in found if one is not None], hits, reading.subject, stems, own)
    kept = weigh.stranger(kept, reading.disguised_words(part), reading.shared(frozenset(stems), own), reading.subject)
    guards = guards_of(reading, reading.text[slice(*bounds)])
    told = (weigh.OFFTOPIC, weigh.LEX)  # a report of a raid on a casino says what the casino offered
    loud = any(one.kind not in told and one.strength >= 0.85 for one in kept)
    strengths = {one.kind: one.strength for one in kept}
    # What the sentence before it reports does not make an offer a report.
    pitched, alien = strengths.get(weigh.PITCHED, 0.0), strengths.get(weigh.OFFTOPIC, 0.0)
    loud = loud or (pitched >= 0.55 and alien >= 0.7 and pitched + alien + strengths.get(weigh.LEX, 0.0) >= 1.45)
    if reporting(line.text) and not loud:
        guards.add(Guard.REPORTED)
    outcome = decide(kept, size=len(part) * part.weight, guards=guards)
    if outcome == Outcome.KEEP:
        return None
    return Finding(
        start=bounds[0], end=bounds[1], line=line.index, rule="sentence", outcome=outcome, evidence=tuple(kept)
    )
