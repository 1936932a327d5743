"""Remembers the plain-word notices of a host, so that one that stands on several pages holds for those that lost it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import cast

from newscrawl.keyring import Keys, key_of
from newscrawl.model import USES, Decision, Signal, Use

ENOUGH = 3
"""Distinct stories of a voice that must carry the same notice before it holds for the others."""
FORGET = timedelta(days=30)
"""A notice that no page has shown for so long is no longer held against the host."""
MOST = 50
_DIGITS = re.compile(r"\d+")


def fingerprint(quote: str) -> str:
    """A notice without what differs from page to page: years, white space, case.

    >>> fingerprint("© 2026  Example: no AI training.") == fingerprint("© 2025 Example: No AI training.")
    True
    """
    return " ".join(_DIGITS.sub("0", quote).casefold().split())[:240]


def to_state(signal: Signal) -> dict[str, object]:
    """What is kept of a signal of plain words, as JSON."""
    return {
        "protocol": signal.protocol,
        "where": signal.where,
        "quote": signal.quote,
        "value": signal.value,
        "scope": list(signal.scope),
        "says": str(signal.says),
        "url": signal.url,
        "host": signal.host,
        "rule": signal.rule,
        "language": signal.language,
        "at": signal.at.isoformat() if signal.at else None,
    }


def from_state(state: object) -> Signal:
    """The signal that `to_state` wrote.

    Raises:
        ValueError: the state is not one that `to_state` writes; the remedy is to drop it and read the page again.
    """
    try:
        if not isinstance(state, Mapping):
            raise TypeError("no object")
        scope = tuple(state["scope"])
        if any(use not in USES for use in scope):
            raise ValueError(f"scope {scope}")

        def text(key: str) -> str | None:
            return None if state[key] is None else str(state[key])

        return Signal(
            protocol=str(state["protocol"]),
            where=str(state["where"]),
            quote=str(state["quote"]),
            value=str(state["value"]),
            scope=cast(tuple[Use, ...], scope),
            says=Decision(str(state["says"])),
            url=text("url"),
            host=text("host"),
            rule=text("rule"),
            language=text("language"),
            machine_readable=False,
            at=datetime.fromisoformat(str(state["at"])) if state["at"] is not None else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"kept signal is damaged ({error}): drop it and read the page again") from error


@dataclass(slots=True)
class _Seen:
    """One notice of a voice: on which stories (three are kept), how often, until when, and whether in their text.

    A story that a later run reads again counts again, here and in the voice's total.
    """

    signal: Signal
    stories: list[str] = field(default_factory=list)
    count: int = 0
    last: date | None = None
    inside: bool = False


@dataclass(slots=True)
class _Voice:
    """Who speaks: how many of its stories were read, and its notices."""

    total: int = 0
    notices: dict[str, _Seen] = field(default_factory=dict)


class HostNotices:
    """The notices of hosts. A voice is a host's name, or `name:…` of a source of which nothing else is known."""

    def __init__(self) -> None:
        self._voices: dict[str, _Voice] = {}
        self._counted = Keys()

    def learn(
        self, voice: str, story: str, signals: Iterable[Signal], *, day: date, inside: Iterable[Signal] = ()
    ) -> None:
        """Takes in one story of a voice, with the notices in that voice's name.

        inside: those of them that stand in the story's own text; another's words may have been copied there, so they
        hold for the whole voice only where at least half of its stories carry them.
        """
        if not self._counted.add(key_of(f"{voice} {story}")):
            return
        known = self._voices.setdefault(voice, _Voice())
        known.total += 1
        within = set(inside)
        for signal in {fingerprint(one.quote): one for one in signals}.values():
            key = fingerprint(signal.quote)
            if key not in known.notices and len(known.notices) >= MOST:
                continue
            seen = known.notices.setdefault(key, _Seen(signal=replace(signal, start=None, end=None)))
            seen.inside = seen.inside or signal in within
            seen.last = max(day, seen.last or day)
            seen.count += 1
            if story not in seen.stories:
                seen.stories = [*seen.stories, story][:ENOUGH]

    def of(self, voice: str, *, day: date, besides: Iterable[Signal] = ()) -> tuple[Signal, ...]:
        """The notices that hold for every page of a voice; those in `besides`, which the page shows, left out."""
        known = self._voices.get(voice)
        if known is None:
            return ()
        shown = {fingerprint(one.quote) for one in besides}
        return tuple(
            replace(seen.signal, where=f"on other pages of {voice}")
            for key, seen in known.notices.items()
            if key not in shown and self._holds(seen, known, day)
        )

    @staticmethod
    def _holds(seen: _Seen, voice: _Voice, day: date) -> bool:
        if len(seen.stories) < ENOUGH or seen.last is None or day - seen.last > FORGET:
            return False
        return not seen.inside or 2 * seen.count >= voice.total

    def to_state(self, voice: str) -> dict[str, object] | None:
        """What is known of a voice, as plain JSON; None where it has no notice and need not be kept."""
        known = self._voices.get(voice)
        if known is None or not known.notices:
            return None
        return {
            "total": known.total,
            "notices": [
                {
                    "signal": to_state(seen.signal),
                    "stories": seen.stories,
                    "count": seen.count,
                    "last": seen.last.isoformat() if seen.last else None,
                    "inside": seen.inside,
                }
                for seen in known.notices.values()
            ],
        }

    def load(self, voice: str, state: object) -> None:
        """Takes back what `to_state` gave.

        Raises:
            ValueError: the state is not one that `to_state` writes; the remedy is to drop it.
        """
        try:
            if not isinstance(state, Mapping):
                raise TypeError("no object")
            found = _Voice(total=int(state["total"]))
            for one in state["notices"]:
                signal = from_state(one["signal"])
                found.notices[fingerprint(signal.quote)] = _Seen(
                    signal=signal,
                    stories=[str(story) for story in one["stories"]][:ENOUGH],
                    count=int(one["count"]),
                    last=None if one["last"] is None else date.fromisoformat(str(one["last"])),
                    inside=bool(one["inside"]),
                )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"kept notices of {voice} are damaged ({error}): drop them") from error
        self._voices[voice] = found
