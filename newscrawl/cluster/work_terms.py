"""What a worker is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from newscrawl.cluster.children import TIES
from newscrawl.cluster.lease import OWNER, TTL
from newscrawl.cluster.schedule_standing import Patience
from newscrawl.cluster.work_engine import QUEUES


class TermsError(ValueError):
    """A worker that cannot be: says what was given, and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A worker's terms; times in seconds.

    Args:
        slots: jobs at once.
        settings: Scrapy settings for each crawl, `NAME=VALUE`.
        minutes: a crawl's time limit; then it is told to stop.
        ttl, renew: of leases.
        beat: between signs of life; a worker is taken for dead after three of them.
        sweep: between looks for the dead on this machine.
        grace: for what is under way once the worker is told to stop.
        ties: how children are tied to us; fewer than all only to prove that the lease alone is enough.
        program: started with a site's name instead of `scrapy crawl`.
    """

    url: str
    name: str
    queues: tuple[str, ...] = QUEUES
    slots: int = 1
    archive: Path = Path("data")
    settings: tuple[str, ...] = ()
    minutes: float | None = None
    ttl: float = TTL
    renew: float = TTL / 3
    beat: float = 10.0
    sweep: float = 3.0
    grace: float = 120.0
    patience: Patience = field(default_factory=Patience)
    ties: tuple[str, ...] = TIES
    program: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not OWNER.fullmatch(self.name):
            raise TermsError(f"name {self.name!r}: letters, digits and _.@+-, at most 128")
        unknown = sorted(set(self.queues) - set(QUEUES))
        if unknown or not self.queues:
            raise TermsError(f"queues {', '.join(unknown) or 'none'}: choose from {', '.join(QUEUES)}")
        if not 0 < self.renew <= self.ttl / 2:
            raise TermsError(f"renewed every {self.renew:g} s with a lease of {self.ttl:g} s: at least twice in it")
