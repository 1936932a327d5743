"""What travels from a spider through the pipelines: a page as found, with what its surroundings said of its use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newscrawl.desk import Found
from newscrawl.model import RobotsSnapshot, Signal
from newscrawl.rights.hostfiles import LABELS

RIGHTS = "newscrawl_rights"
GATE = "newscrawl_gate"
TOLD = "newscrawl_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a host said of a URL outside the page: robots.txt, the well-known files; and what was not asked.

    source_robots: of the host of the original; source_read: whether the original's own page was read for its rights.
    """

    signals: tuple[Signal, ...] = ()
    robots: RobotsSnapshot | None = None
    not_checked: tuple[str, ...] = ()
    source_robots: RobotsSnapshot | None = None
    source_read: bool = False


UNASKED = Surroundings(not_checked=("robots.txt", *LABELS.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The item that a newscrawl spider yields. `held`: it was held back until the site's memory was warm."""

    found: Found
    around: Surroundings = UNASKED
    held: bool = False

    def beside(self, signals: tuple[Signal, ...]) -> Gathered:
        """The item with what the page of its original says."""
        around = replace(self.around, signals=(*self.around.signals, *signals), source_read=True)
        return replace(self, around=around)
