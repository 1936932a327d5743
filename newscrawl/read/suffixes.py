"""Takes the site's name, a section or a kicker off a title, as far as other titles of the page bear it out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from newscrawl.read.blocks import DENSE

SEPARATORS = "+|｜ㅣ·•–—-:：*»«/~‹›<>⋆★☆▷▶►◆◇●○■▪❘❯∣╽│┃∥¦∙‧・→⇒_=#¬"
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # not the joiners: Persian and Hindi write with them
CUT = re.compile(rf"\s*(?:\s[{re.escape(SEPARATORS)}]+\s|[|｜ㅣ：│]|\s[|·•»*]+)\s*")
TIGHT = re.compile(r"[-–—_‐:：・/]")  # without spaces: only where the site's own name follows
BEHIND = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]{2,60})[)\]）】]\s*\Z")
OPENERS = "\"'“‘„«»¿¡「『（("
CLOSERS = "\"'”’“»«!?.…)」』！？。।؟"
KICKER = re.compile(r"\s*[:：]\s+|\s+[-–—|]\s+")
ALNUM = re.compile(r"[\W_]+")
ENOUGH = 12
"""Letters that make a title, not a section: a Han, Kana, Hangul or Thai letter counts for two."""


def folded(text: str) -> str:
    """A title for comparing: letters and digits alone, width and case folded."""
    return ALNUM.sub("", unicodedata.normalize("NFKC", text).casefold())


def heft(key: str) -> int:
    """How much a folded title tells, in letters of an alphabet."""
    return len(key) + len(DENSE.findall(key))


def symbols(text: str) -> bool:
    """Whether pictures stand in a text."""
    return any(unicodedata.category(one) in ("So", "Sk", "Cn") for one in text if ord(one) > 0x2000)


def stripped(text: str, others: list[str], sites: set[str], sections: Collection[str] = ()) -> str:
    """A title less the site's name, its section and kicker, as far as the others bear it out.

    sections: what the data or the address call the section, folded; a title loses it where it stands behind.

    >>> stripped("Rain ends drought | Example News", [], {"examplenews"})
    'Rain ends drought'
    """
    text = _without_site(text.strip(), sites)
    others = [_without_site(one, sites) for one in others]
    if folded(text) in {folded(one) for one in others}:
        return text
    for other in others:
        inner = inside(text, other)
        if inner:
            return inner
    for other in others:
        common = _common_tail(text, other)
        if common:
            return common
    return _without_section(text, sections)


def _without_section(text: str, sections: Collection[str]) -> str:
    for _ in range(2):
        parts = CUT.split(text)
        rest = text[: text.rindex(parts[-1])].rstrip(SEPARATORS + " ")
        if len(parts) < 2 or folded(parts[-1]) not in sections or heft(folded(rest)) < ENOUGH:
            break
        text = rest
    return text


def inside(text: str, other: str) -> str:
    """The part of a title that is another candidate, where separators set it off on either side; else empty."""
    whole = folded(other)
    letters = [(letter, at) for at, one in enumerate(text) for letter in folded(one)]
    found = "".join(letter for letter, _ in letters).find(whole)
    if found < 0 or heft(whole) < ENOUGH or len(whole) == len(letters):
        return ""
    start, end = letters[found][1], letters[found + len(whole) - 1][1] + 1
    while end < len(text) and (text[end] in CLOSERS or unicodedata.category(text[end])[0] == "M"):
        end += 1
    while start > 0 and text[start - 1] in OPENERS:
        start -= 1
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if (before and before[-1] not in SEPARATORS and not (len(before) < 15 and symbols(before))) or (
        after and after[0] not in SEPARATORS + "([（【" and not symbols(after[0])
    ):
        return ""
    return text[start:end].strip()


def _common_tail(text: str, other: str) -> str:
    """What two titles share behind different kickers: "Rain: Rivers rise" and "Floods - Rivers rise"."""
    for one in KICKER.finditer(text):
        tail = text[one.end() :].strip()
        if (
            len(folded(tail)) >= 20
            and folded(other).endswith(folded(tail))
            and _behind_kicker(other, tail, set(text[: one.start()].casefold().split()))
        ):
            return tail
    return ""


def _behind_kicker(other: str, tail: str, kicker: set[str]) -> bool:
    return any(
        folded(other[one.end() :]) == folded(tail) and not kicker & set(other[: one.start()].casefold().split())
        for one in KICKER.finditer(other)
    )


def _without_site(text: str, sites: set[str]) -> str:
    text = INVISIBLE.sub("", text)
    behind = BEHIND.search(text)
    if behind and folded(behind[1]) in sites:
        text = text[: behind.start()]
    tight = list(TIGHT.finditer(text))[-1:]
    if tight and folded(text[tight[0].end() :]) in sites and len(folded(text[: tight[0].start()])) > 3:
        text = text[: tight[0].start()].rstrip(SEPARATORS + " ")
    first, colon, rest = text.partition(": ")
    if colon and folded(first) in sites:
        text = rest
    for _ in range(3):
        parts = CUT.split(text)
        if len(parts) < 2:
            break
        last, first = parts[-1], parts[0]
        if _names_site(last, sites):
            text = text[: text.rindex(last)].rstrip(SEPARATORS + " ")
        elif _names_site(first, sites) and folded(first) in sites:
            text = text[text.index(first) + len(first) :].lstrip(SEPARATORS + " ")
        elif len(parts) > 2 and _names_site(parts[-2], sites) and len(last) < 40:
            text = text[: text.rindex(parts[-2])].rstrip(SEPARATORS + " ")
        else:
            break
    return text.strip()


def _names_site(part: str, sites: set[str]) -> bool:
    key = folded(part)
    return bool(key) and (
        key in sites
        or any(len(one) > 3 and (one in key and len(key) < 2.5 * len(one)) for one in sites)
        or any(len(key) > 3 and one.startswith(key) for one in sites)
    )
