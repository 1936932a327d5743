"""What the pages show of a verdict: each notice once, with its place and time, and the decision use by use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newscrawl.report.labels import BASES, PROTOCOLS, USES, called
from newscrawl.report.views import Record

DECISIONS: Mapping[str, str] = {
    "reserved": "reserved",
    "unknown": "not known",
    "allowed": "allowed",
    "none_found": "no reservation found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A notice, verbatim: where it stood, in whose name, when it was read, what it speaks of."""

    quote: str
    protocol: str
    where: str
    host: str
    at: str
    values: tuple[str, ...]
    says: str
    scope: str
    basis: str
    machine_readable: bool
    rule: str
    language: str | None

    @property
    def place(self) -> str:
        """The protocol and where in it; a place that names its protocol says enough."""
        if not self.where or self.where.startswith(self.protocol):
            return self.where or self.protocol
        return f"{self.protocol}: {self.where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsView:
    """A verdict as its page shows it. `decisions`: a decision, its class, and the uses it holds for."""

    status: str
    asked: str
    decisions: tuple[tuple[str, str, str], ...]
    because: tuple[Quoted, ...]
    signals: tuple[Quoted, ...]
    lifted: tuple[Record, ...] = ()
    robots: tuple[Record, ...] = ()
    not_checked: tuple[str, ...] = field(default=())


def quoted(signals: Sequence[Record]) -> tuple[Quoted, ...]:
    """Signals in order; those that differ in nothing but the value they were read as are one, with all its values."""
    found: dict[tuple[object, ...], list[Record]] = {}
    for one in signals:
        key = tuple(str(one.get(name)) for name in ("protocol", "where", "quote", "host", "scope", "says", "basis"))
        found.setdefault(key, []).append(one)
    return tuple(_quoted(alike) for alike in found.values())


def _quoted(alike: Sequence[Record]) -> Quoted:
    one = alike[0]
    quote = str(one.get("quote", ""))
    values = tuple(dict.fromkeys(str(other.get("value", "")) for other in alike))
    return Quoted(
        quote=quote,
        protocol=called(PROTOCOLS, one["protocol"]),
        where=str(one.get("where", "")),
        host=str(one.get("host") or ""),
        at=str(one.get("at") or ""),
        values=tuple(value for value in values if value and value not in (quote, one.get("says"))),
        says=str(one.get("says", "")),
        scope=uses(one.get("scope", ())),
        basis=called(BASES, one.get("basis", "direct")),
        machine_readable=bool(one.get("machine_readable")),
        rule=str(one.get("rule") or ""),
        language=one.get("language"),
    )


def uses(names: Sequence[str]) -> str:
    """Uses in words.

    >>> uses(("train", "input"))
    'training AI models, input of AI systems'
    """
    return ", ".join(called(USES, name) for name in names)


def rights_view(rights: Record) -> RightsView:
    """The view of a record's `rights`."""
    by_decision: dict[str, list[str]] = {name: [] for name in DECISIONS}
    for use, decision in rights.get("uses", {}).items():
        by_decision.setdefault(str(decision), []).append(str(use))
    snapshots = (rights.get("robots"), rights.get("source_robots"))
    return RightsView(
        status=str(rights.get("status", "")),
        asked=uses(rights.get("asked", ())),
        decisions=tuple(
            (called(DECISIONS, decision), decision, uses(names)) for decision, names in by_decision.items() if names
        ),
        because=quoted(rights.get("because", ())),
        signals=quoted(rights.get("signals", ())),
        lifted=tuple(rights.get("lifted", ())),
        robots=tuple(one for one in snapshots if one),
        not_checked=tuple(str(one) for one in rights.get("not_checked", ())),
    )
