"""Weighs what speaks against a stretch of text: each kind of evidence is a strength from 0 to 1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from newscrawl.clean.lexicon import NAMELESS, Hits
from newscrawl.clean.spans import Memory
from newscrawl.clean.words import NOSPACE, PREFIX, Tokens, function_words
from newscrawl.model import Evidence

_PHRASES = re.compile(r"[\s,、，。|/·]+")
_STOPS = tuple(".!?…")
STRUCT, OFFTOPIC, LEX, SITE, LINK, DISGUISE, LANG = "STRUCT", "OFFTOPIC", "LEX", "SITE", "LINK", "DISGUISE", "LANG"
KIN, PITCHED = "KIN", "PITCH"
"""The words of what is cut elsewhere on the page; the register of an offer."""


TWICE = 10
"""So many phrases in a row may be weighed by how many of them came before."""
MANY, JOINED = 8, 13
"""So many hashtags, of so many letters on average, are phrases."""
UNCASED = 7
"""The same number of letters where letters have no case: such scripts leave vowels out, or write a syllable in one."""
BESIDE = 20
"""So many content words are a heap that may be held against what is central to the story."""
STRUNG, ECHOED = 4, 5
"""So many phrases between commas are a string of them; so many words may have one that comes back."""
VARIED = 0.58
"""How much either says: wines and birds are listed so as well, and a third kind of evidence must tell them apart."""
BARE = 18
"""The same where letters have no case."""
BEFORE = "of them said before"
WHOLLY = 0.97
"""Less of a stretch known than this, and a sentence of the story may be the rest."""
ROW = 12
"""So many words are a paragraph, or a heap."""


def clamp(value: float) -> float:
    """A number brought between 0 and 1."""
    return 0.0 if value < 0 else 1.0 if value > 1 else value


@dataclass(frozen=True, slots=True)
class Shape:
    """What a stretch of tokens looks like, whatever it says. All are shares; `size` and `run` count words.

    `echoes`: words that follow on themselves · `commas`: gaps that hold a comma · `again`: phrases that came before
    (only where a script sets phrases apart, not words) · `loose`: begun in lower case, no capital, no stop.
    """

    size: float
    small: float
    variety: float
    mixing: float
    capitals: float
    digits: float
    run: float
    ends: float
    echoes: float = 0.0
    commas: float = 0.0
    again: float = 1.0
    cased: bool = True
    grams: bool = False
    heads: float = 1.0
    loose: bool = False


def _glued(tokens: Tokens) -> frozenset[str]:
    """Small words that stand in one fixed phrase only, twice at least: they hold no sentence together.

    "titulares de hoy noticias de hoy" has no sentence for its "de".
    """
    if tokens.weight < 1:
        return frozenset()
    words, small = tokens.words, tokens.small
    before: dict[str, set[str]] = {}
    behind: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    last = len(words) - 1
    for i, word in enumerate(words):
        if small[i]:
            counts[word] += 1
            before.setdefault(word, set()).add(words[i - 1] if i else "")
            behind.setdefault(word, set()).add(words[i + 1] if i < last else "")
    return frozenset(
        word for word, count in counts.items() if count > 1 and (len(behind[word]) == 1 or len(before[word]) == 1)
    )


def shape(tokens: Tokens, text: str) -> Shape:
    """Measures a stretch: small words, variety of the others, how they recombine, capitals, numbers, longest run."""
    count = len(tokens)
    content: list[str] = []
    after: dict[str, set[str]] = {}
    seen: Counter[str] = Counter()
    capitals = digits = ends = run = longest = echoes = commas = 0
    previous = last = ""
    cased = False
    glued = _glued(tokens)
    phrased = 0
    stop = tokens.starts[0] if count else 0
    for word, start, end, small in zip(tokens.words, tokens.starts, tokens.ends, tokens.small, strict=True):
        gap = text[stop:start]
        broken = any(one in ".!?:;…。！？" for one in gap)
        ends += broken
        stop = max(stop, end)
        comma = "," in gap or "、" in gap or "،" in gap or "，" in gap
        commas += comma
        echoes += word == last
        last = word
        first = text[start]
        cased = cased or first.islower() or first.isupper()
        numeric = (first.isdigit() and not any(map(str.isalpha, word))) or (
            word[-1].isdigit() and sum(map(str.isdigit, word)) * 2 >= len(word)
        )
        digits += numeric
        named = first.isupper() and not broken and start != tokens.starts[0]
        capitals += named
        if small and word in glued:
            phrased += 1
            continue
        if small or numeric or named or broken or comma:
            longest, run = max(longest, run), 0
        if small:
            previous = ""
            continue
        run += not numeric and not named
        content.append(word)
        seen[word] += 1
        if previous:
            after.setdefault(previous, set()).add(word)
            after.setdefault(" " + word, set()).add(previous)
        previous = word
    if not content:
        return Shape(count * tokens.weight, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    mixed = sum(
        number
        for word, number in seen.items()
        if number > 1 and (len(after.get(word, ())) > 1 or len(after.get(" " + word, ())) > 1)
    )
    first = text[tokens.starts[0]]
    return Shape(
        size=count * tokens.weight,
        small=1 - (len(content) + phrased) / count,
        variety=len(seen) / len(content),
        mixing=mixed / len(content),
        capitals=capitals / count,
        digits=digits / count,
        run=max(longest, run) * tokens.weight,
        ends=ends / count,
        echoes=echoes / count,
        commas=commas / count,
        again=_again(text[tokens.starts[0] : tokens.ends[-1]]) if tokens.weight < 1 else 1.0,
        cased=cased,
        grams=tokens.weight < 1,
        heads=_heads(seen),
        loose=first.islower() and not (ends or capitals or text[tokens.ends[-1] : tokens.ends[-1] + 1] in _STOPS),
    )


def _heads(seen: Counter[str]) -> float:
    """How many of the words come back, 1 for five or nearly half: a list turns on one or two, spam on all it has."""
    back = sum(count > 1 for count in seen.values())
    return 1.0 if back >= 5 or back >= 0.45 * len(seen) else back / 5


def _again(text: str) -> float:
    """How many of the phrases between spaces and marks came before."""
    phrases = [one for one in _PHRASES.split(text) if len(one) > 1]
    return 1 - len(set(phrases)) / len(phrases) if len(phrases) > 2 else 0.0


def structure(seen: Shape, usual: float, *, alien: bool = False) -> Evidence | None:
    """Words in a heap: no small words, few words over and over in ever new pairs.

    Chants repeat words on the spot, tables hold numbers, lists of names hold capitals or commas: each weighs less.
    `usual` is the share of small words in this article's paragraphs; an `alien` stretch, in letters that the story is
    not written in, is not taken for one of its lists.
    """
    if seen.size < 4:
        return None
    expected = 1 / (1 + (seen.size / 600) ** 0.9)
    ratio = seen.variety / expected
    repeats = clamp((1 - ratio) / 0.4)
    drought = clamp(1 - seen.small / (0.55 * max(usual, 0.2))) if usual >= 0.08 else 0.6
    if usual < 0.15:
        # A language without small words, or one that the table does not know: that they are missing says less.
        drought = min(drought, 0.75)
    flat = clamp((seen.run - 9) / 9) if usual >= 0.18 else 0.0
    mixed = max(seen.mixing, seen.again) if seen.grams else seen.mixing
    mixing = clamp(mixed / 0.55)
    heap = (
        clamp((0.65 - ratio) / 0.25) * clamp(mixed / 0.5) * clamp(((0.55 if seen.grams else 0.42) - seen.small) / 0.2)
    )
    strength = max(
        drought * (0.38 + 0.62 * max(min(repeats, mixing + 0.25), 0.8 * mixing)),
        drought * (0.38 + 0.4 * flat),
        heap * min(1.0, seen.size / 20),
        _over_and_over(seen, ratio, mixed),
    )
    strength *= _doubts(seen, ratio, alien=alien) * min(1.0, 0.5 + seen.size / 24)
    if strength < 0.2:
        return None
    detail = f"{seen.small:.0%} small words, {seen.variety:.0%} different, {seen.mixing:.0%} recombined"
    return Evidence(kind=STRUCT, strength=round(clamp(strength), 3), detail=detail)


def _over_and_over(seen: Shape, ratio: float, mixed: float) -> float:
    """A long stretch that nearly only repeats itself, in ever new order: small words or not."""
    if seen.size < 40 or seen.small > 0.5:
        return 0.0
    return clamp((0.32 - ratio) / 0.12) * clamp((mixed - 0.5) / 0.3)


def twice(phrases: Sequence[str]) -> Evidence | None:
    """Phrases of a few words, set apart by marks or lines, half of which came before: no list names a thing twice."""
    if len(phrases) < TWICE:
        return None
    counts = Counter(one.lower() for one in phrases)
    back = 1 - len(counts) / len(phrases)
    words = sum(len(one.split()) for one in phrases) / len(phrases)
    different = sum(1 for one in counts if len(one) > 3)
    if back < 0.4 or different < 4 or words > 7:
        return None
    detail = f"{len(phrases)} phrases, {back:.0%} {BEFORE}"
    return Evidence(kind=STRUCT, strength=round(min(0.95, 0.55 + 0.7 * back), 3), detail=detail)


def strung(phrases: Sequence[str], *, cased: bool) -> Evidence | None:
    """Four phrases or more between commas, of two words or more, that vary a few words and hold hardly a small one.

    Where letters have no case nothing tells that no sentence begins: there nearly all must share a word, and each word
    must keep its place, since a row of names has the same ones first and last.
    """
    told = {one.lower() for one in phrases}
    if not STRUNG <= len(told) <= 60 or any(one[-1].isdigit() and one[0].isdigit() for one in told):
        return None
    pieces = [_pieces(one) for one in told]
    if any(not one for one in pieces):
        return None
    counts = Counter(piece for one in pieces for piece in one)
    back = sum(any(counts[piece] > 1 for piece in one) for one in pieces) / len(pieces)
    words = [word for one in told for word in one.split()]
    small = sum(word in function_words() for word in words) / len(words)
    if back < (0.75 if cased else 0.9) or small > 0.2 or (cased and len(words) < 2 * len(told)):
        return None
    if not cased and _named(told):
        return None
    detail = f"{len(told)} phrases that vary a few words, {back:.0%} of them alike"
    return Evidence(kind=STRUCT, strength=VARIED, detail=detail)


def _named(phrases: Collection[str]) -> bool:
    """True where most of the words that come back stand first in one phrase and last in another, as names do."""
    places: dict[str, set[bool]] = {}
    for one in phrases:
        words = one.split()
        for word in words:
            places.setdefault(word, set()).add(word == words[0])
    often = Counter(word for one in phrases for word in one.split())
    back = [word for word, count in often.items() if count > 1]
    return sum(len(places[word]) > 1 for word in back) * 3 > len(back)


def _pieces(phrase: str) -> set[str]:
    """What two phrases may have in common: stems, or runs of letters where words are not set apart."""
    if NOSPACE.search(phrase):
        bare = phrase.replace(" ", "")
        return {bare[i : i + 4] for i in range(len(bare) - 3)}
    return {word[:PREFIX] for word in phrase.split() if len(word) > 2 and word not in function_words()}


def echoed(words: Sequence[str]) -> Evidence | None:
    """Five words or more, none of them small, one of which comes back further on: no heading says a thing twice."""
    if len(words) < ECHOED or any(one in function_words() or one.isdigit() for one in words):
        return None
    last: dict[str, int] = {}
    for i, word in enumerate(words):
        if i - last.get(word, i) > 1:
            return Evidence(kind=STRUCT, strength=VARIED, detail=f"no sentence, and says {word} twice")
        last[word] = i
    return None


def row(seen: Shape, *, bare: bool = False) -> Evidence | None:
    """As many words as a paragraph has, begun small and never ended: no capital, no comma, and hardly a small word.

    A `bare` one is in letters without case, and longer, since only the stop is missing.
    """
    if not (seen.loose or (bare and not seen.ends)) or seen.size < (BARE if bare else ROW):
        return None
    if seen.commas or seen.small > 0.2 or seen.digits > 0.15 or seen.echoes > 0.1:
        return None
    # Kinds of one thing stand in a row too: "great tit blue tit coal tit".
    again = 1 - seen.variety
    strength = min(0.8, 0.58 + seen.size / 100) * (0.6 if seen.heads < 0.9 and again > 0.15 else 1.0)
    return Evidence(kind=STRUCT, strength=round(strength, 3), detail=f"{seen.size:.0f} words that are no sentence")


def joined(words: Sequence[str], subject: Collection[str]) -> Evidence | None:
    """Eight hashtags or more of several words each, all small, in which no word of the story stands.

    Tags of the news say what the story is about, in a word or two, or begin each word with a capital.
    """
    told = " ".join(words[:200])
    long, least = (JOINED, PREFIX) if told.upper() != told else (UNCASED, 2)
    if len(words) < MANY or sum(map(len, words)) < long * len(words):
        return None
    if sum(len(one) >= least and one in told for one in subject) * 4 > len(words):
        return None
    return Evidence(kind=STRUCT, strength=0.9, detail=f"{len(words)} phrases written together, none of the story's")


def tags(words: Sequence[str]) -> Evidence | None:
    """Hashtags that vary a few words: most of them begin or end as another of them does."""
    if len(words) < 4:
        return None
    ends = Counter(part for word in words if len(word) > 6 for part in {word[:4], word[-4:]})
    alike = sum(ends[word[:4]] > 1 or ends[word[-4:]] > 1 for word in words if len(word) > 6) / len(words)
    if alike < 0.5:
        return None
    return Evidence(
        kind=STRUCT, strength=round(min(0.95, 0.3 + 0.6 * alike), 3), detail=f"{alike:.0%} of hashtags alike"
    )


def _doubts(seen: Shape, ratio: float, *, alien: bool) -> float:
    """What else a heap of words may be: a table, a list of names, a chant, a list between commas."""
    factor = 1 - clamp((seen.digits - 0.06) * 6)
    if seen.capitals > 0.25:
        # Names stand between commas, or make up a part of the words; a heap in capitals does neither, or is long.
        titled = seen.capitals > 0.8 and seen.mixing > 0.7 and ratio < 0.55 and (seen.commas < 0.1 or seen.size >= 60)
        factor *= 1.0 if titled else 0.5
    factor *= 1 - min(0.5, clamp((seen.echoes - 0.1) * 4))
    if seen.heads < 0.9 and not seen.grams and seen.mixing > 0.2:
        factor *= 0.6
    if alien and seen.size >= 40:
        return factor
    if seen.commas > 0.15:
        factor *= 0.9 if seen.cased and ratio < 0.55 and seen.size >= 36 else 0.6
    if seen.grams and (seen.again < 0.25 or (seen.size < 40 and (seen.again < 0.4 or ratio > 0.5))):
        factor *= 0.6
    return factor


def off_topic(
    stems: Collection[str],
    subject: Counter[str],
    own: Collection[str] = (),
    rest: Collection[str] = (),
) -> Evidence | None:
    """Shares next to no content word with the rest of the article and its title.

    `own` are stems that the subject counts once because of this very stretch; `rest` are those of the rest of its line.
    """
    if not stems or len(subject) + len(rest) < 8:
        return None
    mine = set(own)
    shared = sum(subject[one] > (one in mine) or one in rest for one in stems)
    share = shared / len(stems)
    size = len(stems)
    sure = min(1.0, 0.45 + size / 9) * min(1.0, 0.4 + max(len(subject), len(rest)) / 60)
    strength = clamp((0.26 - share) / 0.2) * sure
    if strength < 0.2:
        return None
    return Evidence(kind=OFFTOPIC, strength=round(strength, 3), detail=f"{shared} of {size} content words shared")


def beside(found: list[Evidence], stems: Iterable[str], central: Collection[str]) -> list[Evidence]:
    """Adds that a heap says over and over what is not central to the story, though the story has its words.

    Ten words in ever new pairs, for as long as a paragraph: some of them any story has, and none of them so often.
    """
    if any(one.kind == OFFTOPIC and one.strength >= 0.7 for one in found):
        return found
    if not any(one.kind == STRUCT and one.strength >= 0.95 for one in found):
        return found
    counts = Counter(stems)
    often = [one for one, count in counts.items() if count >= 3]
    if counts.total() < BESIDE or len(often) < 2 or sum(one in central for one in often) * 3 > len(often):
        return found
    rest = [one for one in found if one.kind != OFFTOPIC]
    detail = f"{len(often)} words over and over, which are not what the story is about"
    return [*rest, Evidence(kind=OFFTOPIC, strength=0.7, detail=detail)]


def words_of_the_trade(
    hits: Hits | None, size: float, count: int, *, prose: bool, titled: bool = False
) -> Evidence | None:
    """Phrases from the lexicon: tier a speaks, b and c support; in prose, goods must also be pitched.

    A `titled` line, which begins with a capital as headings do, needs more than support.
    """
    if hits is None or not hits.entries or not count:
        return None
    goods, pitch = hits.goods, hits.pitch
    coverage = len(hits.covered | hits.wished) / count
    if prose:
        # News names goods; it does not sell them: without a pitch that is more than a friendly word, sentences stay.
        named = hits.named
        strength = 0.35 * named + 0.3 * min(pitch, 2.5)
        backed = hits.pitches > 0 and named >= 0.3 and pitch >= 0.5 and named + pitch >= 1.0
        if backed or (pitch >= 1.9 and hits.pitches >= 3) or (named >= 1.5 and pitch >= 0.4):
            strength = max(strength, 0.52)
        else:
            strength = min(strength, 0.45)
        strength /= max(1.0, size / 60)
    else:
        sold = goods + (pitch * 0.5 if goods else min(pitch, 1.0) * 0.3)
        strength = min(1.0, 0.6 * sold) * min(1.0, coverage / 0.3)
        if coverage >= 0.6 and sold >= 0.5:
            strength += 0.25
        strength = max(strength, _searched(hits, size, coverage) + 0.35 * min(goods, 1.0))
        if titled and goods < 1.2 and not hits.plain:
            strength = min(strength, 0.45)
    if strength < 0.1:
        return None
    return Evidence(kind=LEX, strength=round(clamp(strength), 3), detail=hits.rules())


def _searched(hits: Hits, size: float, coverage: float) -> float:
    """A stretch of little else than words of searches, whatever goods they are for."""
    intents = hits.intents
    if intents < 2:
        return 0.0
    dense = clamp((intents / size - 0.08) / 0.17) if size < 24 else clamp((coverage - 0.15) / 0.2)
    return min(0.65, 0.17 * intents) * dense


def unmentioned(
    found: list[Evidence], hits: Hits | None, subject: Counter[str], stems: Collection[str], own: Collection[str]
) -> list[Evidence]:
    """Adds that the story never mentions the goods: where they are loudly sold, common words in between do not matter.

    Still no more than half of the words may be the story's: more make it a sentence of the story with spam inside.
    """
    if hits is None or not stems or len(subject) < 24:
        return found
    if any(one.kind == OFFTOPIC and one.strength >= 0.55 for one in found):
        return found
    if not any(one.kind == LEX and one.strength >= 0.85 for one in found):
        return found
    mine = set(own)
    goods = [one for one in hits.entries.values() if one.family not in NAMELESS]
    known = sum(all(subject[word[:PREFIX]] > (word[:PREFIX] in mine) for word in one.words) for one in goods)
    shared = sum(subject[one] > (one in mine) for one in stems)
    if not goods or known * 3 > len(goods) or shared * 2 > len(stems):
        return found
    rest = [one for one in found if one.kind != OFFTOPIC]
    return [*rest, Evidence(kind=OFFTOPIC, strength=0.55, detail="the story never mentions these goods")]


def stranger(found: list[Evidence], words: Collection[str], shared: float, subject: Counter[str]) -> list[Evidence]:
    """Adds that disguised words stand nowhere else in the story: whoever hides a word speaks of something else.

    `shared` is how much of the stretch the story does share; a stretch that is half the story's is not judged so.
    """
    if not words or shared > 0.4 or len(subject) < 24:
        return found
    if any(one.kind == OFFTOPIC and one.strength >= 0.55 for one in found):
        return found
    if not any(one.kind == DISGUISE and one.strength >= 0.55 for one in found):
        return found
    if sum(map(len, words)) < 4 or any(subject[one[:PREFIX]] for one in words):
        return found
    rest = [one for one in found if one.kind != OFFTOPIC]
    return [*rest, Evidence(kind=OFFTOPIC, strength=0.55, detail="the story never uses the disguised words")]


def remembered(text: str, words: Iterable[str], memory: Memory, site: str | None) -> Evidence | None:
    """Stood on other stories of the site: as a line, as word triples, or word by word where blocks are shuffled."""
    seen = max(1, memory.seen(site=site))
    stories = memory.stories(text, site=site)
    if stories >= 5 and stories * 5 >= seen:
        return Evidence(kind=SITE, strength=1.0, detail=f"on {stories} of {seen} stories")
    share = memory.share(text, site=site)
    asked = list(words)
    vocabulary = memory.vocabulary(asked, site=site) if len(asked) >= 2 else 0.0
    strength = max(0.7 if stories >= 5 else 0.0, clamp(share * 1.1), clamp((vocabulary - 0.5) * 1.6))
    if share < WHOLLY and vocabulary < 1.0:
        strength = min(strength, 0.99)
    if strength < 0.3:
        return None
    return Evidence(kind=SITE, strength=round(strength, 3), detail=f"on {stories} of {seen} stories, {share:.0%} known")


def disguised(kinds: Collection[str], count: int, tokens: int) -> Evidence | None:
    """Letters that were made to look like others."""
    if not count:
        return None
    strength = min(1.0, 0.5 + 1.2 * count / max(1, tokens))
    if len(kinds) < 3 and set(kinds) <= {"math-letters", "enclosed-letters"}:
        # A letter or two of that kind is a formula.
        strength = 0.2
    if set(kinds) <= {"zero-width"} and count * 12 < tokens:
        strength = 0.3
    if set(kinds) <= {"homoglyphs"} and count == 1 and tokens > 2:
        # One stray letter of the other alphabet is a slip of the keyboard.
        strength = 0.4
    return Evidence(kind=DISGUISE, strength=round(strength, 3), detail=", ".join(sorted(set(kinds))))
