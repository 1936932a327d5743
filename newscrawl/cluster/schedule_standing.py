"""Says what the end of a crawl makes of its site: when it is due again, and when nobody tries it any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from newscrawl.cluster.schedule_times import Rhythm, following

FIRST = 60.0
"""Seconds; doubled with each failure."""
LONGEST = 6 * 3600.0
DISABLED_AFTER = 5


class Outcome(StrEnum):
    """How a run ended, as the schedule sees it."""

    GOOD = "good"
    LATER = "later"
    """Another held the host or the archive, or a page was set aside: nobody's fault."""
    STOPPED = "stopped"
    """The worker was told to stop, or lost its lease: the rest is fetched by the next run."""
    FAILED = "failed"
    """Nothing found, too many errors, a disk that says no: often better in a while."""
    CRASHED = "crashed"
    """It could not be started, or was killed."""
    STALLED = "stalled"
    """Its worker died with it."""


WEIGHT = {Outcome.FAILED: 1, Outcome.CRASHED: 2, Outcome.STALLED: 2}
"""What a run adds to `fails`. What time does not mend counts double: three such runs, and the site is disabled."""

MEANING = {
    1: "the crawl could not be started",
    3: "it ended abnormally, or something could not be written",
    4: "no story was found",
    5: "too many pages failed",
    78: "a setting or an argument cannot be",
}


def outcome_of(code: int) -> tuple[Outcome, str]:
    """The outcome of a crawl's exit code, and why; a code from 128 on, or below 0, is a signal.

    >>> outcome_of(0)[0], outcome_of(6)[0], outcome_of(75)[0], outcome_of(4)[1]
    (<Outcome.GOOD: 'good'>, <Outcome.GOOD: 'good'>, <Outcome.LATER: 'later'>, 'exit code 4: no story was found')
    """
    if code in (0, 6):
        return Outcome.GOOD, ""
    if code == 75:
        return Outcome.LATER, "exit code 75: the host or the archive is held, or a page was set aside"
    if code < 0 or code > 128:
        return Outcome.CRASHED, f"killed by signal {-code if code < 0 else code - 128}"
    outcome = Outcome.FAILED if code in (3, 4, 5) else Outcome.CRASHED
    return outcome, f"exit code {code}" + (f": {MEANING[code]}" if code in MEANING else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the schedule holds of a site besides its rhythm."""

    fails: int = 0
    next_due: datetime
    last_ok: datetime | None = None
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long failures are waited out: seconds, and the count from which a site is disabled."""

    first: float = FIRST
    longest: float = LONGEST
    disabled_after: int = DISABLED_AFTER
    ttl: float = 60.0


def back_off(fails: int, chance: float, patience: Patience | None = None) -> float:
    """Seconds after the n-th failure: min(6 h, 60 s · 2^n), times 0.5 to 1 by a chance from 0 to 1.

    >>> [back_off(n, 1.0) for n in (1, 2, 3)], back_off(400, 0.0)
    ([120.0, 240.0, 480.0], 10800.0)
    """
    kept = patience or Patience()
    return float(min(kept.longest, kept.first * 2.0 ** min(fails, 60)) * (0.5 + 0.5 * chance))


def after(
    standing: Standing,
    outcome: Outcome,
    kept: Rhythm,
    *,
    site: str,
    now: datetime,
    chance: float,
    why: str = "",
    patience: Patience | None = None,
) -> Standing:
    """What a run makes of its site. The first run whose worker died is made up for at once, later ones wait."""
    patient = patience or Patience()
    if outcome is Outcome.GOOD:
        return replace(standing, fails=0, last_ok=now, next_due=following(kept, now, site))
    if outcome is Outcome.STOPPED:
        return replace(standing, next_due=now)
    if outcome is Outcome.LATER:
        return replace(standing, next_due=now + timedelta(seconds=patient.ttl))
    fails = standing.fails + WEIGHT[outcome]
    at_once = outcome is Outcome.STALLED and standing.fails == 0
    wait = 0.0 if at_once else back_off(fails, chance, patient)
    reason = None
    if fails >= patient.disabled_after:
        reason = f"failed too often, the last time: {why or outcome.value}"
    return replace(
        standing,
        fails=fails,
        next_due=now + timedelta(seconds=wait),
        disabled_reason=standing.disabled_reason or reason,
    )
