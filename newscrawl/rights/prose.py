"""Brings words that stand outside a page's text (metadata, comments, feeds) before the finder of plain-word notices."""

from __future__ import annotations

from dataclasses import replace

from newscrawl.model import Signal
from newscrawl.rights.paths import host_of


def signals_of(text: str, *, where: str, protocol: str | None = None, url: str | None = None) -> tuple[Signal, ...]:
    """The reservations in a piece of text, as standing at the given place.

    protocol: kept as the finder names it unless given.
    """
    if not text.strip():
        return ()
    from newscrawl.rights import notices

    return tuple(
        spoken(replace(one, where=where, protocol=protocol or one.protocol), url=url)
        for one in notices.notices_in(text)
    )


def spoken(signal: Signal, *, url: str | None) -> Signal:
    """The signal as said of a URL, in the name of its host, unless it names one itself."""
    if url is None:
        return signal
    return replace(signal, url=signal.url or url, host=signal.host or host_of(url))
