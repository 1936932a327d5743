"""Says what a host's optional files (tdmrep.json, trust.txt, ai.txt) mean, how long an answer holds, when to ask again.

Time is an input, as in `answers`: a cache keeps a `Told` as plain JSON.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from newscrawl.markup import host_of
from newscrawl.model import Decision, Signal
from newscrawl.rights import rsl, wellknown
from newscrawl.rights.answers import DAY, back_off

FileName: TypeAlias = Literal["tdmrep", "trust", "ai"]
PATHS: Mapping[FileName, tuple[str, ...]] = {
    "tdmrep": (wellknown.TDMREP_PATH,),
    "trust": wellknown.TRUST_PATHS,
    "ai": (wellknown.AI_PATH,),
}
"""Where each file may stand; a later place is asked only where an earlier one has none."""
LABELS: Mapping[FileName, str] = {"tdmrep": "tdmrep.json", "trust": "trust.txt", "ai": "ai.txt"}
"""How each file is called in signals and in `not_checked`."""
MOST = (2 << 20) + 1
"""Octets of a file that are read: a robots.txt is cut at 500 KiB, a larger file of another kind is no file of ours."""


def authority_of(url: str) -> str:
    """Scheme, host and port, the usual port left out: what a robots.txt speaks for (RFC 9309 §2.3).

    Raises:
        ValueError: the address is none.

    >>> authority_of("https://User@News.Example:443/a"), authority_of("http://[::1]:8080/")
    ('https://news.example', 'http://[::1]:8080')
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{place.removesuffix({'http': ':80', 'https': ':443'}.get(parts.scheme, ''))}"


def unpacked(body: bytes, coding: str, *, most: int = MOST) -> bytes:
    """A body without its content coding, `most` octets of it.

    Libraries hand on what there is of a torn gzip stream: of a robots.txt, its beginning, which may lack the line that
    closes the site.

    Raises:
        ValueError: a coding other than gzip and deflate, or a stream that is torn.

    >>> import gzip
    >>> unpacked(gzip.compress(b"User-agent: *"), "gzip")
    b'User-agent: *'
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return body[:most]
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"undecodable: Content-Encoding {coding[:60]}")
    found = b""
    while body and len(found) < most:
        stream = zlib.decompressobj(wbits=47)  # gzip or zlib, by its head
        try:
            found += stream.decompress(body, most - len(found))
        except zlib.error as error:
            raise ValueError(f"undecodable: {error}") from error
        if len(found) < most and not stream.eof:
            raise ValueError("undecodable: a compressed stream without an end")
        body = stream.unused_data
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer to a request for an optional file. error: why none came. failures: in a row, this one included."""

    status: int | None = None
    error: str | None = None
    body: bytes = b""
    fetched: datetime | None = None
    failures: int = 0

    @property
    def known(self) -> bool:
        """Whether we know what the host says: a file, or that there is none (4xx, but not 429)."""
        return self.error is None and self.status is not None and (200 <= self.status < 300 or self.none)

    @property
    def none(self) -> bool:
        """Whether the host has no such file."""
        return self.error is None and self.status is not None and 400 <= self.status < 500 and self.status != 429

    @property
    def why(self) -> str:
        """The answer in words."""
        return self.error or (f"answered {self.status}" if self.status is not None else "no answer")

    def after(self, earlier: Told | None) -> Told:
        """This answer, with the failures before it counted."""
        return replace(self, failures=0 if self.known else (earlier.failures if earlier else 0) + 1)

    def due(self, now: datetime, *, ttl: timedelta = DAY) -> bool:
        """Whether to ask again: an answer holds for `ttl`, a failure for 60 s, doubling to a day."""
        if self.fetched is None:
            return True
        wait = ttl if self.known else timedelta(seconds=back_off(max(1, self.failures)))
        return not timedelta() <= now - self.fetched < wait

    def to_state(self) -> dict[str, object]:
        """The answer as plain JSON."""
        return {
            "status": self.status,
            "error": self.error,
            "body": base64.b64encode(self.body).decode("ascii"),
            "fetched": self.fetched.isoformat() if self.fetched else None,
            "failures": self.failures,
        }

    @classmethod
    def from_state(cls, state: object) -> Told:
        """The answer that `to_state` wrote.

        Raises:
            ValueError: the state is not one that `to_state` writes; the remedy is to ask the host again.
        """
        try:
            if not isinstance(state, Mapping):
                raise TypeError("no object")
            fetched = None if state["fetched"] is None else datetime.fromisoformat(str(state["fetched"]))
            if fetched is not None and fetched.tzinfo is None:
                raise ValueError(f"{fetched} has no time zone")
            return cls(
                status=None if state["status"] is None else int(state["status"]),
                error=None if state["error"] is None else str(state["error"]),
                body=base64.b64decode(str(state["body"]), validate=True),
                fetched=fetched,
                failures=int(state["failures"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"kept answer is damaged ({error}): drop it and ask the host again") from error


def signals(name: FileName, told: Told, url: str) -> tuple[Signal, ...]:
    """What a host's file says of a URL; where nobody knows what it says, one signal that tells so.

    >>> signals("trust", Told(status=200, body=b"datatrainingallowed=no"), "https://example.org/a")[0].says
    <Decision.RESERVED: 'reserved'>
    >>> signals("ai", Told(status=503), "https://example.org/a")[0].says
    <Decision.UNKNOWN: 'unknown'>
    """
    if name == "tdmrep":
        return _tdmrep(told.status, told.body, told.error, told.fetched).signals(url)
    if told.none:
        return ()
    if not told.known:
        return (_unknown(LABELS[name], told, url),)
    read = wellknown.trust_signals if name == "trust" else wellknown.ai_signals
    return read(told.body, url, at=told.fetched)


@lru_cache(maxsize=64)
def _tdmrep(status: int | None, body: bytes, error: str | None, fetched: datetime | None) -> wellknown.TdmRep:
    return wellknown.judge_tdmrep(status, body, error, fetched)


def document(told: Told, link: str) -> rsl.Rsl:
    """The RSL document that a link leads to, or why it cannot be read."""
    if told.none or not told.known:
        return rsl.Rsl(url=link, error=f"unreadable: {told.why}")
    return _document(told.body, link)


@lru_cache(maxsize=64)
def _document(body: bytes, link: str) -> rsl.Rsl:
    return rsl.read(body, url=link)


def _unknown(label: str, told: Told, url: str) -> Signal:
    return Signal(
        protocol=label,
        where=label,
        quote=told.why[:300],
        value="unknown",
        scope=wellknown.TRAIN,
        says=Decision.UNKNOWN,
        url=url,
        host=host_of(url) or None,
        at=told.fetched,
    )
