"""Which language a story is in: what the page declares, checked against its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from newscrawl import rulebook
from newscrawl.read.metas import Head, tidy

TAG = re.compile(r"\A([A-Za-z]{2,3})(?:[-_]([A-Za-z0-9]{2,8}))*\Z")
ENOUGH = 200
SAMPLE = 700
SURE = 0.95
SMALL_WORDS = 0.25
"""Share of a text's words that are small ones of its language; newspaper text has a third and more."""

AHEAD = 1.15
WORD = re.compile(r"[^\W\d_]+")
FIRST_OTHER_SCRIPT = "\u0370"  # letters before it are Latin


@cache
def _scripts() -> tuple[tuple[re.Pattern[str], float, tuple[str, ...]], ...]:
    rows = rulebook.table("reading/languages")["scripts"]
    return tuple(
        (re.compile(f"[{first}-{last}]"), float(share), tuple(codes))
        for first, last, share, codes in (rows if isinstance(rows, list) else [])
    )


@cache
def _foreign() -> tuple[re.Pattern[str], frozenset[str]]:
    table = rulebook.table("reading/languages")
    ranges, codes = table["not_latin"], table["other_scripts"]
    letters = "".join(f"{first}-{last}" for first, last in (ranges if isinstance(ranges, list) else []))
    return re.compile(f"[{letters}]"), frozenset(str(one) for one in (codes if isinstance(codes, list) else []))


def _in_another_script(primary: str, sample: str) -> bool:
    """Whether a text is written in letters that the declared language is never written in."""
    letters, codes = _foreign()
    return primary not in codes and len(letters.findall(sample)) > 0.5 * len(sample)


@cache
def _kin(one: str, other: str) -> bool:
    groups = rulebook.table("reading/languages")["kin"]
    return any(one in group and other in group for group in (groups if isinstance(groups, list) else []))


def declared(head: Head) -> str | None:
    """The language that the page declares: `<html lang>`, JSON-LD, meta tags; as a BCP 47 tag."""
    found = [head.document.language or "", tidy(head.article.get("inLanguage"))]
    found += [value for value, _ in head.every("language")]
    return next((one.replace("_", "-") for one in found if TAG.match(one)), None)


def language(told: str | None, text: str) -> tuple[str | None, str]:
    """The language of a text and how it is known: the declared one, unless the text clearly is another's.

    >>> language("en-US", "Хлопоты о мире продолжаются.")
    ('en-US', 'declared')
    """
    primary = (told or "").partition("-")[0].lower()
    if len(text) < ENOUGH and primary:
        return told, "declared"
    sample = text[:SAMPLE]
    for pattern, share, codes in _scripts() if max(sample, default="") >= FIRST_OTHER_SCRIPT else ():
        if len(pattern.findall(sample)) > share * len(sample):
            return (told, "declared") if primary in codes else (codes[0], "detected")
    if len(text) < 20:
        return told, "declared"
    if primary and _reads_as(primary, sample):
        return told, "declared"
    found, probability = _detected(sample)
    if not primary:
        return (found, "detected") if probability > 0.5 else (None, "")
    if probability > 0.5 and _in_another_script(primary, sample):
        return found, "detected"
    sure = probability >= SURE or (probability > 0.5 and _reads_as(found, sample))
    if found == primary or not sure or len(text) < 2 * ENOUGH:
        return told, "declared"
    if any(_detected(window)[0] == primary for window in (text[-SAMPLE:], text[len(text) // 2 :][:SAMPLE])):
        return told, "declared"  # what stands before the story may be injected, in a language of its own
    return (told, "declared") if _kin(found, primary) else (found, "detected")


@cache
def _speakers() -> Mapping[str, tuple[str, ...]]:
    """Which languages a small word belongs to."""
    found: dict[str, list[str]] = {}
    for code, words in rulebook.table("words/function").items():
        for word in str(words).split():
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def _reads_as(primary: str, sample: str) -> bool:
    """Whether a text has the small words of a language, and those of no other as often: then no model is asked.

    >>> _reads_as("en", "It rained on the day of the fair, and it was said to be the first rain of the year.")
    True
    """
    speakers = _speakers()
    words = WORD.findall(sample.casefold())
    heard = Counter(code for word in words for code in speakers.get(word, ()))
    own = heard[primary]
    most = max((count for code, count in heard.items() if code != primary), default=0)
    return own > SMALL_WORDS * len(words) and own > most * AHEAD


@cache
def _identifier() -> object:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)  # type: ignore[no-untyped-call]


def _detected(sample: str) -> tuple[str, float]:
    code, probability = _identifier().classify(sample)  # type: ignore[attr-defined]
    return str(code), float(probability)
