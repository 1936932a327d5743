"""Brings all signals to one verdict, use by use: the most restrictive wins, and only an operator's licence lifts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from newscrawl.markup import Document, document
from newscrawl.model import AI_USES, USES, Basis, Decision, Licence, Lifted, Page, Signal, Use, Verdict
from newscrawl.rights import attributes, declarations, headers, metatags, notices
from newscrawl.rights.licences import Licences

CHANNELS: tuple[Callable[[Document], tuple[Signal, ...]], ...] = (
    headers.signals,
    metatags.signals,
    declarations.signals,
    notices.signals,
    attributes.signals,
)

ORDER = (Decision.RESERVED, Decision.UNKNOWN, Decision.ALLOWED, Decision.NONE_FOUND)
"""Across protocols, the most restrictive first."""
WITHIN = {"aiprefs": (Decision.RESERVED, Decision.ALLOWED, Decision.UNKNOWN, Decision.NONE_FOUND)}
"""Inside a protocol, where it differs: AIPREF takes any no, else any yes, else unknown (attach draft 05, §6)."""


def signals_in(doc: Document) -> tuple[Signal, ...]:
    """Every rights signal of a document: headers of each hop, metas, links, JSON-LD, plain words."""
    return tuple(one for channel in CHANNELS for one in channel(doc))


def signals_in_page(page: Page) -> tuple[Signal, ...]:
    """Every rights signal of a page as it came over the wire, before anything is cut.

    >>> page = Page.from_html("<meta name='robots' content='noai'>", url="https://example.org/a")
    >>> [(one.protocol, one.value) for one in signals_in_page(page)]
    [('meta-robots', 'noai')]
    """
    return signals_in(document(page))


def decide(
    signals: Iterable[Signal],
    *,
    use: tuple[Use, ...] = AI_USES,
    licences: Licences | Iterable[Licence] | None = None,
    not_checked: Iterable[str] = (),
    at: datetime | None = None,
    inferred: bool = True,
) -> Verdict:
    """The verdict of the signals on each use.

    Inside a protocol its own precedence holds; across protocols reserved beats unknown beats allowed. A licence lifts
    what is said in the name of its own host, for its own uses, while it holds on the day of `at` (else of the newest
    signal). What robots.txt says of the fetch counts for every use: what may not be fetched cannot be used.

    use: what the feed is for. inferred: whether signals by inference count. What a site tells another crawler
    (basis `other_agent`) is kept as evidence and never counts.

    >>> str(decide(()).status), decide(()).keeps
    ('none_found', True)
    """
    everything = tuple(dict.fromkeys(signals))
    held = licences if isinstance(licences, Licences) else Licences(licences or ())
    day = _day(everything, at)
    standing = _standing(
        [one for one in everything if one.basis is Basis.DIRECT or (inferred and one.basis is Basis.INFERRED)]
    )
    lifted: dict[Lifted, None] = {}
    uses: dict[Use, Decision] = {}
    because: dict[Signal, None] = {}
    asked = dict.fromkeys(use)
    for one_use in USES:
        counted = [one for one in standing if one_use in one.scope]
        for signal in counted:
            if licence := _lifts(held, signal, one_use, day):
                lifted[Lifted(signal=signal, licence=licence)] = None
        left = [one for one in counted if _lifts(held, one, one_use, day) is None]
        uses[one_use] = _strictest(left)
        if one_use == "crawl" and any(_bars(held, one, use, day) for one in left):
            asked = dict.fromkeys(("crawl", *asked))
        if one_use in asked and uses[one_use] is not Decision.NONE_FOUND:
            because |= dict.fromkeys(one for one in left if one.says is uses[one_use])
    return Verdict(
        uses=uses,
        because=tuple(because),
        signals=everything,
        not_checked=tuple(dict.fromkeys(not_checked)),
        lifted=tuple(lifted),
        asked=tuple(asked),
    )


def _day(signals: tuple[Signal, ...], at: datetime | None) -> date | None:
    """The day on which licences must hold; no clock is read."""
    moments = [at] if at is not None else [one.at for one in signals if one.at is not None]
    return max((one.date() for one in moments if one is not None), default=None)


def _lifts(held: Licences, signal: Signal, use: Use, day: date | None) -> Licence | None:
    """The licence that lifts what a signal says of a use; there is nothing to lift in a permission."""
    if signal.says not in (Decision.RESERVED, Decision.UNKNOWN):
        return None
    return held.for_use(signal.host, use, day)


def _bars(held: Licences, signal: Signal, use: tuple[Use, ...], day: date | None) -> bool:
    """Whether a signal on the fetch bars every use.

    Words against crawling bar it unless a licence for all the uses asked for covers their host: whoever may train on
    a site's pages may have them. A robots.txt is lifted for `crawl` by name only.
    """
    if signal.says not in (Decision.RESERVED, Decision.UNKNOWN):
        return False
    if signal.protocol == "robots" or not use:
        return True
    return not all(held.for_use(signal.host, one, day) for one in use)


def _strictest(signals: list[Signal]) -> Decision:
    """The word of each protocol on each host, then the most restrictive of them."""
    said: dict[tuple[str, str | None], set[Decision]] = {}
    for one in signals:
        said.setdefault((one.protocol, one.host), set()).add(one.says)
    words = {
        next(says for says in WITHIN.get(protocol, ORDER) if says in found) for (protocol, _), found in said.items()
    }
    return next((says for says in ORDER if says in words), Decision.NONE_FOUND)


def _standing(signals: list[Signal]) -> list[Signal]:
    """The signals less those that another of their own protocol supersedes."""
    return list(_rsl(_tdmrep(signals)))


def _tdm_rank(signal: Signal) -> int:
    """TDMRep §6: the page's own tag supersedes the header, the header supersedes the host's file."""
    if signal.where.startswith("meta"):
        return 0
    return 1 if signal.where.startswith("header") else 2


def _tdmrep(signals: list[Signal]) -> Iterator[Signal]:
    """Of one host's TDMRep, the highest place; what a redirect on the way said stays."""
    best: dict[str | None, int] = {}
    for one in signals:
        if one.protocol == "tdmrep" and "redirect" not in one.where:
            best[one.host] = min(_tdm_rank(one), best.get(one.host, 2))
    for one in signals:
        if one.protocol != "tdmrep" or "redirect" in one.where or _tdm_rank(one) == best[one.host]:
            yield one


def _rsl(signals: Iterable[Signal]) -> Iterator[Signal]:
    """A link to an RSL document stands only until the document was read."""
    kept = list(signals)
    read = {one.value for one in kept if one.protocol == "rsl" and "RSL" in one.where}
    for one in kept:
        if one.protocol != "rsl" or "RSL" in one.where or one.value not in read:
            yield one
