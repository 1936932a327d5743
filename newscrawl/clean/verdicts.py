"""Decides what a set of evidence comes to: cut, keep in doubt, or keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from newscrawl.clean.evidence import DISGUISE, KIN, LANG, LEX, LINK, OFFTOPIC, PITCHED, SITE, STRUCT
from newscrawl.model import Evidence

ENOUGH = 0.5
"""From this strength on, a kind of evidence counts as one of the two that a cut needs."""
_FAMILY = {LANG: OFFTOPIC}
_OUTSIDE = frozenset({LEX, SITE, LINK, DISGUISE, KIN, PITCHED})


class Outcome(StrEnum):
    """What is done with a stretch: gone for certain, gone, kept under suspicion, kept."""

    SURE = "sure"
    CUT = "cut"
    DOUBT = "doubt"
    KEEP = "keep"


class Guard(StrEnum):
    """What protects a stretch that looks bad."""

    QUOTED = "quoted"
    REPORTED = "reported"
    LISTED = "listed"
    TOPICAL = "topical"
    INSIDE = "inside"
    CENTRAL = "central"
    SPOKEN = "spoken"
    ENDED = "ended"
    TOLD = "told"


def decide(evidence: Iterable[Evidence], *, size: float, guards: Collection[Guard] = ()) -> Outcome:
    """Two kinds of evidence at least, from different sources; structure and topic alone must be strong and unguarded.

    A quotation or a report is kept unless the site's memory speaks as well, and then only in doubt of anything else.
    """
    best: dict[str, float] = {}
    for one in evidence:
        kind = _FAMILY.get(one.kind, one.kind)
        best[kind] = max(best.get(kind, 0.0), one.strength)
    outcome = _weighed(best, size, guards)
    if outcome in (Outcome.DOUBT, Outcome.KEEP) and not guards and _three(best):
        return Outcome.CUT
    return outcome


def _weighed(best: dict[str, float], size: float, guards: Collection[Guard]) -> Outcome:
    strong = sorted((value for value in best.values() if value >= ENOUGH), reverse=True)
    total = sum(strong)
    if best.get(STRUCT, 0.0) >= 0.9 and len(strong) == 1 and best.get(OFFTOPIC, 0.0) >= 0.35:
        strong.append(best[OFFTOPIC])
    if len(strong) < 2:
        return Outcome.DOUBT if _hints(best) else Outcome.KEEP
    if Guard.QUOTED in guards or (Guard.REPORTED in guards and not _offered(best)):
        known = best.get(SITE, 0.0) >= 0.9 and best.get(OFFTOPIC, 0.0) >= 0.8
        return Outcome.CUT if known and Guard.QUOTED not in guards else Outcome.DOUBT
    outside = {kind for kind, value in best.items() if kind in _OUTSIDE and value >= ENOUGH}
    if not outside:
        return _heap(best, size, guards)
    # Links to other places on other matters are what links are for.
    if outside <= {LINK} and best.get(STRUCT, 0.0) < ENOUGH:
        return Outcome.DOUBT if best.get(LEX, 0.0) >= 0.3 else Outcome.KEEP
    # A rare word in a sentence is always off its topic: inside a paragraph, words of the trade must come in a heap.
    alone = Guard.INSIDE in guards and outside <= {LEX} and best.get(STRUCT, 0.0) < ENOUGH
    if alone and ((Guard.SPOKEN in guards and not _row(best, size)) or size < 5 or best[LEX] < 0.9):
        return Outcome.DOUBT
    # Sentences that name goods and offer none are news about them, in whatever story they stand.
    if Guard.TOLD in guards and outside <= {LEX} and best.get(STRUCT, 0.0) < 0.6:
        return Outcome.DOUBT
    if Guard.TOPICAL in guards and outside <= {LEX, PITCHED} and best.get(STRUCT, 0.0) < 0.6:
        return Outcome.DOUBT
    # What a site says again in whole sentences, about this very matter, is the background of its stories.
    if Guard.CENTRAL in guards and outside <= {SITE}:
        return Outcome.DOUBT
    # The register of an offer is told by many words, each of which anybody may say: the story must have none of it.
    if PITCHED in outside and outside <= {PITCHED, LEX}:
        topic = best.get(OFFTOPIC, 0.0)
        if topic < (0.7 if best.get(LEX, 0.0) < 0.3 else ENOUGH):
            return Outcome.DOUBT
    if total < 1.1:
        return Outcome.DOUBT
    return Outcome.SURE if total >= 1.5 or len(strong) > 2 else Outcome.CUT


def _heap(best: dict[str, float], size: float, guards: Collection[Guard]) -> Outcome:
    """Structure and topic alone."""
    struct, topic = best.get(STRUCT, 0.0), best.get(OFFTOPIC, 0.0)
    if Guard.LISTED in guards and not (struct >= 0.95 and topic >= 0.9 and size >= 40):
        return Outcome.DOUBT
    needed = 0.62 if size >= 14 else 0.7 if size >= 8 else 2.0
    if Guard.INSIDE in guards and size < 12:
        return Outcome.DOUBT
    if struct >= 0.9 and topic >= 0.35 and size >= 20:
        return Outcome.SURE if topic >= 0.7 else Outcome.CUT
    if struct < needed or topic < 0.55 or struct + topic < 1.25:
        return Outcome.DOUBT
    # A page of two paragraphs may hold more of a heap than of the story: it goes all the same.
    large = struct >= 0.72 and topic >= 0.85 and size >= 24
    return Outcome.SURE if large or (struct >= 0.85 and topic >= 0.7 and size >= 16) else Outcome.CUT


def _offered(best: dict[str, float]) -> bool:
    """An offer of goods in its own words, in a story about something else: "eighty percent" reports nothing in it."""
    return best.get(PITCHED, 0.0) >= 0.7 and best.get(LEX, 0.0) >= ENOUGH and best.get(OFFTOPIC, 0.0) >= 0.9


def _row(best: dict[str, float], size: float) -> bool:
    """Words of the trade in a row, without comma or small word: a report names goods in sentences."""
    return size >= 7 and best.get(LEX, 0.0) >= 0.95 and best.get(OFFTOPIC, 0.0) >= 0.9 and best.get(STRUCT, 0.0) >= 0.2


def _three(best: dict[str, float]) -> bool:
    """Three kinds that agree need not be strong each: words of no sentence, of no use to the story, and of searches."""
    others = sorted((value for kind, value in best.items() if kind != OFFTOPIC), reverse=True)[:2]
    return best.get(OFFTOPIC, 0.0) >= 0.65 and len(others) == 2 and others[1] >= 0.3 and sum(others) >= 0.76


def _hints(best: dict[str, float]) -> bool:
    """True where two kinds at least whisper, or one from outside shouts."""
    return sum(value >= 0.4 for value in best.values()) >= 2 or any(
        value >= 0.8 for kind, value in best.items() if kind in (LEX, DISGUISE)
    )
