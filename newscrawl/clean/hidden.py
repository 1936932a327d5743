"""Points at text that a page keeps from its readers and gives to machines: hidden by styles, and not its story."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from newscrawl import rulebook
from newscrawl.clean import lexicon
from newscrawl.clean.facts import Links, kin
from newscrawl.clean.spans import Context, Point
from newscrawl.clean.words import PREFIX, take_apart
from newscrawl.model import Draft, Evidence, Mark

REASON = "SPAM_HIDDEN"
ENDS = re.compile(r"[.!?。！？؟।…][\"”’»」)]?(?:\s|\Z)")
MOST = 20_000  # characters of one hidden stretch that are looked at: more of it says nothing new


@cache
def _ways(key: str) -> frozenset[str]:
    return frozenset(str(rulebook.table("hidden/ways")[key]).split())


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of one hidden stretch: what it sells, where it leads, and how far it is about the story.

    topic: the share of its content words that the visible text knows too; None where there is too little to compare.
    """

    goods: float
    outside: float
    links: int
    topic: float | None
    sentences: bool
    tokens: int
    rules: str = ""

    @property
    def keyword(self) -> bool:
        """Words of the trade, loud enough to be evidence."""
        return self.goods >= 0.5

    @property
    def off_topic(self) -> bool:
        """Little or nothing in common with the visible text."""
        return self.topic is not None and self.topic < 0.2

    @property
    def own(self) -> bool:
        """Reads like a part of the story: sentences about its matter, no links out, nothing sold."""
        related = self.topic is None or self.topic >= 0.25
        return self.sentences and related and self.goods < 1.0 and self.outside < 0.2


def find(draft: Draft, context: Context) -> tuple[Point, ...]:
    """Hidden stretches that no reader sees and that are not the story's own, each with its evidence.

    Hidden inline or by markup is proof enough, unless the text reads like folded-away body text. Hidden by a rule of
    the page's style sheet or a script needs a second kind of evidence: words of the trade, links out, or being off
    topic without one sentence. `hidden`, aria-hidden, noscript and template need both the words and the links.
    """
    points: list[Point] = []
    done = 0
    host = _host(context)
    links = Links(tuple(one for one in draft.of("link") if not _harmless(one)), host)
    known: frozenset[str] | None = None
    for mark in draft.of("hidden"):
        if mark.start < done or mark.end <= mark.start:
            continue
        if known is None:
            known = _visible(draft)
        seen = _look(draft, mark, links, known)
        evidence = _judge(mark, seen)
        if evidence:
            points.append(
                Point(start=mark.start, end=mark.end, rule=f"hidden/{_how(mark)}", reason=REASON, evidence=evidence)
            )
            done = mark.end
    return tuple(points)


def _host(context: Context) -> str:
    try:
        return (urlsplit(context.url or "").hostname or "") or (context.site or "")
    except ValueError:
        return context.site or ""


def _how(mark: Mark) -> str:
    return mark.attrs.get("how", "inline")


def _harmless(link: Mark) -> bool:
    host = link.attrs.get("host", "")
    return any(kin(host, one) for one in _ways("harmless"))


def _stems(text: str) -> list[str]:
    tokens = take_apart(text, 0, min(len(text), MOST))
    return [
        word[:PREFIX] for word, small in zip(tokens.words, tokens.small, strict=True) if not small and len(word) > 1
    ]


def _visible(draft: Draft) -> frozenset[str]:
    """The content words of everything that is not hidden."""
    parts: list[str] = []
    at = 0
    for mark in draft.of("hidden"):
        if mark.start > at:
            parts.append(draft.text[at : mark.start])
        at = max(at, mark.end)
    parts.append(draft.text[at:])
    return frozenset(_stems("\n".join(parts)))


def _look(draft: Draft, mark: Mark, links: Links, known: frozenset[str]) -> Sight:
    text = draft.text[mark.start : min(mark.end, mark.start + MOST)]
    hits = lexicon.look(lexicon.standard(), text)
    stems = _stems(text)
    inside = [one for one in links.over(mark.start, mark.end) if links.outside(one)]
    linked = sum(min(one.end, mark.end) - max(one.start, mark.start) for one in inside)
    blocks = [block for block in text.split("\n\n") if block.strip()]
    closed = sum(1 for block in blocks if len(block) >= 30 and ENDS.search(block[-4:]))
    enough = len(known) >= 30 and len(stems) >= 4
    return Sight(
        goods=(hits.goods + 0.5 * hits.pitch) / max(1.0, len(stems) / 60),  # a long story knows a few such words too
        outside=linked / (mark.end - mark.start),
        links=len(inside),
        topic=sum(stem in known for stem in stems) / len(stems) if enough else None,
        sentences=bool(blocks) and closed * 2 >= len(blocks) and len(text) >= 40,
        tokens=len(stems),
        rules=hits.rules(),
    )


def _judge(mark: Mark, seen: Sight) -> tuple[Evidence, ...]:
    """The evidence against a hidden stretch, or none: then it stays."""
    how, why = _how(mark), mark.attrs.get("why", "")
    folds = why.partition(":")[0] in _ways("folds")
    further = _further(seen)
    if how in _ways("weak"):
        sold = seen.goods >= 1.0 or (seen.keyword and (seen.links > 0 or seen.off_topic))
        enough = sold and (seen.links > 0 or seen.off_topic or not seen.sentences)
        return (Evidence(kind="hidden", strength=0.3, detail=why), *further) if enough and not seen.own else ()
    if how == "inline" or how == "markup":
        if seen.own and (folds or (seen.topic or 0.0) >= 0.4):
            return ()
        return (Evidence(kind="hidden", strength=0.95, detail=why), *further)
    if seen.own:
        return ()
    strong = seen.keyword or (seen.links >= 2 and seen.outside >= 0.4) or (seen.links and seen.off_topic)
    lost = seen.off_topic and not seen.sentences and seen.tokens >= 8 and not folds
    buried = not folds and not seen.sentences and seen.topic is None
    if not (strong or lost or buried):
        return ()
    return (Evidence(kind="hidden", strength=0.4 if folds else 0.7, detail=why), *further)


def _further(seen: Sight) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    if seen.goods:
        found.append(Evidence(kind="lexicon", strength=min(1.0, seen.goods), detail=seen.rules))
    if seen.links:
        found.append(Evidence(kind="offsite", strength=min(1.0, 0.4 + seen.outside), detail=f"{seen.links} links out"))
    if seen.off_topic and seen.topic is not None:
        found.append(Evidence(kind="offtopic", strength=1.0 - seen.topic, detail=f"{seen.topic:.2f} of its words"))
    return tuple(found)
