"""Brings words that stand outside a page's text (metadata, comments, feeds) before the finder of plain-word notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from newscrawl.markup import host_of
from newscrawl.model import Signal
from newscrawl.rights.notices import notices_in


def signals_of(
    text: str, *, where: str, protocol: str | None = None, url: str | None = None, at: datetime | None = None
) -> tuple[Signal, ...]:
    """The reservations in a piece of text that the publisher wrote at the given place.

    protocol: kept as the finder names it unless given. at: when the text was fetched.
    """
    if not text.strip():
        return ()
    # Offsets into a text that is not the page's would mislead whoever cuts the page.
    return tuple(
        spoken(replace(one, where=where, protocol=protocol or one.protocol, start=None, end=None), url=url)
        for one in notices_in(text, place=where, at=at)
    )


def spoken(signal: Signal, *, url: str | None) -> Signal:
    """The signal as said of a URL, in the name of its host, unless it names one itself."""
    if url is None:
        return signal
    return replace(signal, url=signal.url or url, host=signal.host or host_of(url) or None)
