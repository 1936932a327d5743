"""Takes one page through the wings in their order: rights as it came, reading, the verdict, cleaning, and the gate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl import clean, markup, read, rights
from newscrawl.clean import SiteMemory, wrappers
from newscrawl.clean.spans import Context
from newscrawl.editing import edit, number
from newscrawl.model import (  # fmt: skip
    AI_USES,
    Article,
    Basis,
    Decision,
    Draft,
    Page,
    RobotsSnapshot,
    Signal,
    Story,
    Use,
    Verdict,
    Withheld,
    WithheldReason,
)
from newscrawl.record import content_version, story_key
from newscrawl.rights import Licences
from newscrawl.sitebook import Site

NOT_ASKED = ("robots.txt", *rights.hostfiles.LABELS.values())
"""What of a host's own files is not read where only a page is given."""


READS_ON = (4, 80)  # letters of a link that leads to the original
LINKS_TRIED = 12  # links to other hosts about a story that are looked at for the way to its original
BETWEEN = 600
"""Characters between headline and text in which a page's meta line may stand."""

CUT = frozenset(("page_cut", "text_lost"))
"""Flags of a document that the parser did not get to see whole, or did not read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page as the porch hands it on: its rights signals, read before anything was cut, and the story, if any.

    inside: those of the signals that stand in the story's own text. terms: addresses of the site's terms of use.
    sha256: of the page's body, which is not kept.
    """

    url: str
    site: str
    page: Page
    signals: tuple[Signal, ...]
    story: Story | None
    inside: tuple[Signal, ...] = ()
    terms: tuple[str, ...] = ()
    sha256: str | None = None


def ready() -> None:
    """Loads every rule and model now, so that a bad one ends a crawl before it begins.

    Raises:
        RuleError: names the rule and the remedy.
        OSError: a model that is unpacked into the folder for temporary files, which is full.
    """
    text = "<p>Two AI notices, and of a third one there is a whole sentence on the page.</p>" * 3
    page = Page.from_html(f"<h1>One of the notices</h1>{text}", url="https://example.org/")
    process(page)
    clean.sanitize_text("One.\n\nTwo.", title="Three")


def look(page: Page, *, site: Site | None = None, lead: read.Lead | None = None) -> Found:
    """Reads rights first, then the story; what the story's own text says is said in its source's name.

    `lead` is what a feed told of the story (title, date, source); it fills what the page leaves open.
    """
    document = markup.document(page)
    signals = rights.signals_in(document)
    story = read.story_in(document, site)
    if story is not None and lead is not None:
        story = read.with_lead(story, lead)
    if story is not None and story.source_url is None:
        story = _led_on(document, story)
    if story is not None and story.comment_count is None:
        story = replace(story, comment_count=_counted(document, story))
    if story is not None and document.flags:
        cut = ("truncated",) if CUT & set(document.flags) else ()
        story = replace(story, flags=tuple(dict.fromkeys((*document.flags, *cut, *story.flags))))
    other, inside = _voices(signals, story, document.host, site)
    return Found(
        url=story.url if story else read.canonical(page.url),
        site=document.host,
        page=replace(page, body=b""),  # its facts are read: a crawl may hold many pages back
        signals=(*other, *inside),
        story=story,
        inside=inside,
        terms=rights.terms.links_in(document),
        sha256=hashlib.sha256(page.body).hexdigest(),
    )


def _led_on(document: markup.Document, story: Story) -> Story:
    """The story with its original's address, where only the words of a link in some language tell of it.

    The source is known before anything is judged, so that its host is asked like any other.
    """
    draft = document.draft
    lines = story.text.strip().splitlines() or [""]
    first, last = draft.text.find(lines[0][:60]), draft.text.rfind(lines[-1][-60:])
    if first < 0 or last < 0:
        return story
    tried = 0
    for mark in reversed(draft.of("link")):
        words, target = draft.text[mark.start : mark.end], mark.attrs.get("href", "")
        if not first - BETWEEN <= mark.start <= last + BETWEEN or not READS_ON[0] <= len(words) <= READS_ON[1]:
            continue
        if markup.host_of(target) in ("", document.host) or "\n" in words:
            continue
        line = Draft(text=words, marks=(replace(mark, start=0, end=len(words)),))
        points = wrappers.find(line, Context(url=story.url, site=document.host))
        found = next((one for point in points for one in point.facts if one.field == "source_url"), None)
        if found is not None:
            return replace(
                story,
                source_url=read.canonical(found.url or found.value),
                origins={**story.origins, "source_url": found.rule},
            )
        tried += 1
        if tried == LINKS_TRIED:
            break
    return story


def _counted(document: markup.Document, story: Story) -> int | None:
    """The count on the line between headline and text ("13 hours ago 1"), which is no part of the text."""
    page = document.draft.text
    headline = page.find(story.title)
    first = page.find(story.text[:80], headline) if headline >= 0 else -1
    between = page[headline + len(story.title) : first] if first >= 0 else ""
    if not 0 < len(between) <= BETWEEN:
        return None
    facts = clean.sanitize_text(between).facts
    told = next((fact.value for fact in facts if fact.field == "comment_count"), "")
    return number(told)


def _voices(
    signals: tuple[Signal, ...], story: Story | None, host: str, site: Site | None
) -> tuple[tuple[Signal, ...], tuple[Signal, ...]]:
    """The signals of the page and those within the story's own text, which speak for its source where it has one.

    A source that is known by its name only has no host, so that no licence of the aggregator lifts what it says.
    """
    if not story:
        return signals, ()
    body = " ".join(story.body.text.split())
    inside = [one for one in signals if one.protocol == "prose" and " ".join(one.quote.split()) in body]
    other = tuple(one for one in signals if one not in inside)
    source = markup.host_of(story.source_url) if story.source_url else ""
    if source and source != host:
        return other, tuple(replace(one, host=source) for one in inside)
    if not source and story.source_name and not _is_own(story.source_name, host, site):
        return other, tuple(replace(one, host=None) for one in inside)
    return other, tuple(inside)


def _is_own(name: str, host: str, site: Site | None) -> bool:
    """Whether a source's name is the site's own: what the site file calls it, or what its domain is made of."""
    if site is not None and site.outlet.casefold() == name.strip().casefold():
        return True
    label = read.registrable(host).partition(".")[0].replace("-", "")
    words = "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split()
    known = any(len(word) > 3 and word in label for word in words)
    return known or (len(label) > 3 and label in "".join(words))


def speakers(found: Found) -> dict[str, tuple[Signal, ...]]:
    """Who speaks on a page in plain words, and what: a host, or `name:…` of a source known by its name only.

    The page's own host is always there, its source too where it has one.
    """
    story = found.story
    voices: dict[str, tuple[Signal, ...]] = {found.site: ()}
    if story is not None:
        source = markup.host_of(story.source_url) if story.source_url else ""
        name = " ".join((story.source_name or "").casefold().split())
        if source:
            voices.setdefault(source, ())
        elif name:
            voices[f"name:{name}"] = ()
    named = next((voice for voice in voices if voice.startswith("name:")), None)
    for signal in found.signals:
        voice = signal.host or named
        if signal.protocol == "prose" and voice in voices:
            voices[voice] = (*voices[voice], signal)
    return voices


def of_source(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """What the original's host said, as it holds for a copy of its text.

    Where the source does not let us fetch the original, its text behind our back is no better: a rule against the
    crawl speaks against training and input too (inferred).
    """
    return tuple(
        replace(signal, scope=tuple(dict.fromkeys((*signal.scope, *AI_USES))), basis=Basis.INFERRED)
        if "crawl" in signal.scope and signal.says in (Decision.RESERVED, Decision.UNKNOWN)
        else signal
        for signal in signals
    )


def judge(
    found: Found,
    *,
    use: tuple[Use, ...] = AI_USES,
    licences: Licences | None = None,
    signals: Iterable[Signal] = (),
    not_checked: Iterable[str] = (),
) -> Verdict:
    """The verdict on a page from its own signals and from what its host and its source's host said."""
    return rights.decide(
        (*signals, *found.signals),
        use=use,
        licences=licences,
        not_checked=tuple(not_checked),
        at=found.page.fetched,
    )


def _because(verdict: Verdict) -> str:
    """Eight hex digits of the reasons, so that the ledger has a new line only when they change."""
    reasons = sorted(f"{one.protocol} {one.says} {one.quote}" for one in verdict.because)
    return content_version(str(verdict.status), "\n".join(reasons))


def withhold(
    found: Found,
    verdict: Verdict,
    *,
    robots: RobotsSnapshot | None = None,
    source_robots: RobotsSnapshot | None = None,
) -> Withheld:
    """The record of a page that may not leave, or that had no story."""
    reason: WithheldReason = (
        "no_story" if verdict.keeps else "reserved" if verdict.status is Decision.RESERVED else "unknown"
    )
    return Withheld(
        id=f"{story_key(found.url)}-{_because(verdict)}",
        url=found.url,
        site=found.site,
        reason="no_story" if verdict.keeps else reason,
        verdict=verdict,
        fetched=found.page.fetched,
        source_url=found.story.source_url if found.story else None,
        robots=robots,
        source_robots=source_robots,
        page_sha256=found.sha256,
    )


def refuse(
    url: str, signals: Iterable[Signal], *, robots: RobotsSnapshot | None = None, fetched: datetime | None = None
) -> Withheld:
    """The record of a page that was not even fetched, since its host's rules do not let us."""
    verdict = rights.decide(tuple(signals), use=("crawl",), at=fetched)
    story = read.canonical(url)
    return Withheld(
        id=f"{story_key(story)}-{_because(verdict)}",
        url=story,
        site=markup.host_of(url),
        reason="reserved" if verdict.status is Decision.RESERVED else "unknown",
        verdict=verdict,
        robots=robots,
    )


def process(
    page: Page,
    *,
    site: Site | None = None,
    memory: SiteMemory | None = None,
    licences: Licences | None = None,
    use: tuple[Use, ...] = AI_USES,
    signals: Iterable[Signal] = (),
    not_checked: Iterable[str] = NOT_ASKED,
) -> Article | Withheld:
    """One page in, an article or the record of why there is none out. Raises on no page that a server may send.

    `signals` are those of the page's surroundings (robots.txt, well-known files, its source); what of these was not
    asked is named in `not_checked` and never counts as permission.

    >>> page = Page.from_html("<h1>Rain ends the drought</h1><p>It rained in Tarn on Monday, after nine dry weeks."
    ...     "<p>Farmers along the river said the fields had waited long enough.", url="https://news.example/rain")
    >>> process(page).title
    'Rain ends the drought'
    """
    found = look(page, site=site)
    verdict = judge(found, use=use, licences=licences, signals=signals, not_checked=not_checked)
    return publish(found, verdict, memory=memory)


def publish(
    found: Found,
    verdict: Verdict,
    *,
    memory: SiteMemory | None = None,
    robots: RobotsSnapshot | None = None,
    source_robots: RobotsSnapshot | None = None,
) -> Article | Withheld:
    """The gate: an article only from a story, a verdict that keeps, and what cleaning left of the text."""
    if not verdict.keeps or found.story is None:
        return withhold(found, verdict, robots=robots, source_robots=source_robots)
    article = edit(found.story, verdict, site=found.site, memory=memory, robots=robots)
    if not article.text.strip():
        return withhold(found, verdict, robots=robots, source_robots=source_robots)
    return replace(article, source_robots=source_robots)
