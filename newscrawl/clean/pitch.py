"""Hears the register of an offer: it speaks to the reader, praises and urges, and names a brand that no one knows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from newscrawl.clean import evidence as weigh
from newscrawl.clean.lexicon import INTENT, PITCH, Hits
from newscrawl.clean.reading import Line, Reading, quoted
from newscrawl.clean.words import stem, word_list
from newscrawl.model import Evidence

LEAST, MOST = 2.3, 0.85
"""What the features must add up to before they speak, and how loudly they speak at most."""
SENTENCE = 2.7
"""The same for one sentence among those of the story."""
_CAMEL = re.compile(r"(?<![\w@/.])(?:[A-Z][a-z]+){2,}\d*(?!\w)|(?<![\w@/.])[a-zà-ÿ]*[A-Z][a-zà-ÿ]+[A-Z]\w*")
_ALNUM = re.compile(
    r"(?<![\w@/.,-])(?:[A-Za-z]{3,14}\d{1,4}[A-Za-z]?|\d{1,3}[A-Za-z]{3,12}|[A-Z]{2}\d{2,4})(?![\w%]|[.,]\d)"
)
_NUMBERED = re.compile(r"[^\W\d_]{2,14}\d{2,4}(?=[\s,!;，。、！]|\.(?!\d)|\Z)")
"""A name with a number behind it, in letters of any script."""
_SHOUTED = re.compile(r"(?<![\w@/.&-])[^\W\d_a-z]{6,14}(?![\w&-])")
"""A name in capitals: no initials are as long."""
_CONTACT = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|net|org|info|xyz|shop|online|site|top|club|bet|vip|app|io|me|co)\b|\w@\w|"
    r"(?i:(?:whats\s?app|telegram|t\.me|wechat|viber)\W{1,3}[\d@+])|\+\d[\d ()-]{7,}"
)
_FIGURE = re.compile(
    r"\d\s?%|[$€£¥₹₩₽฿₫]\s?\d|\d\s?[$€£¥₹₩₽฿₫]|(?<!\d)24\s?/\s?7(?!\d)|\b(?:USD|EUR|RM|Rp|GBP)\s?\d|\d+x\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+\b")


def near(reading: Reading, line: Line) -> bool:
    """The gate: whether a line may be an offer at all, which takes someone who offers."""
    found = reading.sellers
    at = bisect_left(found, line.start)
    if at < len(found) and found[at] < line.end:
        return True
    if line.goods >= 0.9 and _SHOUTED.search(line.text):
        return True
    firm = word_list("firm")
    return firm.near(line.words) or (line.weight < 1 and any(one in line.text for one in firm.runs))


def pitched(
    reading: Reading, start: int, end: int, words: Sequence[str], hits: Hits | None, *, least: float = LEAST
) -> Evidence | None:
    """The evidence that a stretch of prose offers something, or None where it reads like the rest of the story.

    Someone must sell: a name that only brands bear, an address, a firm that says "our". Advice names no seller.
    What the story does as well says nothing: an advice column speaks to its readers in every paragraph.
    """
    text = reading.text[start:end]
    if quoted(text) or sum(map(str.isdigit, text)) * 8 > len(text) or len(_NAMES.findall(text)) > 1:
        return None
    total, said = _features(reading, start, end, words, hits)
    if total < least:
        return None
    strength = min(MOST, 0.5 + (total - least) * 0.22)
    return Evidence(kind=weigh.PITCHED, strength=round(strength, 3), detail="; ".join(said))


def loudness(reading: Reading, line: Line) -> float:
    """What the features of an offer add up to; no part of a line is louder than the line."""
    return _features(reading, line.start, line.end, line.words, line.hits)[0]


def _features(
    reading: Reading, start: int, end: int, words: Sequence[str], hits: Hits | None
) -> tuple[float, list[str]]:
    """What the features add up to, and what they are; nothing where no one sells."""
    text = reading.text[start:end]
    said: list[str] = []
    total = 0.0
    lower = text.lower()
    sold = numbered = False
    brands = _candidates(reading, start, end)
    if brands:
        sold = True
        numbered = any(any(map(str.isdigit, one)) for one in brands)
        # No newsroom names a thing of letters and figures once, in a paragraph about nothing that the story is about.
        total += 1.9 if numbered else 0.9
        said.append(f"names {', '.join(sorted(brands)[:2])}")
    if _CONTACT.search(text):
        sold = True
        total += 1.0
        said.append("an address to turn to")
    if not brands and hits is not None and hits.named >= 0.9 and (loud := _shouted(reading, text)):
        brands = loud
        sold = True
        total += 0.9
        said.append(f"names {', '.join(sorted(brands)[:2])}")
    firm = word_list("firm").found(words, lower)
    if firm and not reading.addressed:
        # An authority has a team and a website as well: a firm names its goods.
        sold = sold or (hits is not None and hits.named >= 0.4)
        total += 1.0
        said.append(f"speaks for a firm: {', '.join(sorted(firm)[:2])}")
    if not sold:
        return 0.0, said
    praise = _praise(words, lower, hits)
    if not praise and not numbered:
        return 0.0, said
    if praise:
        total += min(1.9, 0.45 * len(praise))
        said.append(f"urges and praises: {', '.join(sorted(praise)[:4])}")
    spoken = word_list("address").found(words, lower)
    if spoken and not reading.addressed:
        total += 1.0 if len(spoken) == 1 else 1.3
        said.append(f"speaks to the reader: {', '.join(sorted(spoken)[:3])}")
    if _FIGURE.search(text):
        total += 0.4
        said.append("figures of an offer")
    if "!" in text:
        total += 0.3
    if brands and total >= LEAST and not _unknown(reading, brands, text):
        return 0.0, said
    return total, said


def offers(reading: Reading, line: Line) -> bool:
    """True where a line has anything of an offer: news names goods, and speaks to no one and for no one."""
    lower = line.text.lower()
    if "!" in lower or _CONTACT.search(line.text) or _candidates(reading, line.start, line.end):
        return True
    if word_list("address").found(line.words, lower) or word_list("firm").found(line.words, lower):
        return True
    return len(_praise(line.words, lower, line.hits)) >= 2


def _praise(words: Sequence[str], lower: str, hits: Hits | None) -> set[str]:
    """The different words that sell: those of the shelf's sales talk and searches, and those of the table."""
    found = word_list("urging").found(words, lower)
    if hits is not None:
        found |= {" ".join(one.words) for one in hits.entries.values() if one.family in (PITCH, INTENT)}
    # One word in two lists, or as a part of a pair, is one word.
    stems = {stem(one) for one in found}
    return {one for one in found if " " not in one or not any(stem(part) in stems for part in one.split()[1:])}


def _candidates(reading: Reading, start: int, end: int) -> set[str]:
    """Names that are written as brands are."""
    text, sellers = reading.text, reading.sellers
    found: set[str] = set()
    for at in sellers[bisect_left(sellers, start) : bisect_left(sellers, end)]:
        low, high = at, at
        while low > start and not text[low - 1].isspace():
            low -= 1
        while high < end and not text[high].isspace():
            high += 1
        word = text[low:high]
        found.update(_CAMEL.findall(word))
        found.update(_ALNUM.findall(word))
        if not word.isascii():
            found.update(one for one in _NUMBERED.findall(word) if not one.isascii())
    return {one for one in found if _FIGURE.match(one) is None}


def _shouted(reading: Reading, text: str) -> set[str]:
    """Names in capitals, of a text that is not in capitals itself, which the story does not use."""
    if text.upper() == text:
        return set()
    found = {one for one in _SHOUTED.findall(text) if one.isupper() and one.lower() != one}
    return {one for one in found if not reading.subject[stem(one.lower())]} if len(found) <= 2 else set()


def _unknown(reading: Reading, names: Collection[str], text: str) -> set[str]:
    """Those of the names that the rest of the story does not use."""
    return {one for one in names if not reading.subject[stem(one.lower())] > (text.count(one) < 2)}
