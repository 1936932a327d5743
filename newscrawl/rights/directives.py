"""Reads the rules of an X-Robots-Tag or a robots meta: what each reserves, and which crawler it is meant for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

from newscrawl.model import USES, Basis, Decision, Signal, Use
from newscrawl.rights.robots import AGENT, training_crawlers
from newscrawl.rulebook import table

AFTER = "unavailable_after"
_CRAWLER = re.compile(r"[A-Za-z*][A-Za-z0-9_.*-]{0,63}\Z")
_BREAK = re.compile(r"[,;]")
_DASHED = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{2,4})")
_ZONE_AFTER_ISO = re.compile(r"(\d) (Z|[+-]\d\d:?\d\d)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """One rule: its lower-case name, its value if it has one, and the crawler it is meant for (None: everyone)."""

    name: str
    value: str = ""
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    reserves: Mapping[str, tuple[Use, ...]]
    valued: frozenset[str]
    known: frozenset[str]
    everyone: frozenset[str]


@cache
def _words() -> _Words:
    data = table("headers/directives")
    reserves, others, valued, everyone = data["reserves"], data["others"], data["valued"], data["everyone"]
    assert isinstance(reserves, dict)
    assert isinstance(others, dict)
    assert isinstance(valued, list)
    assert isinstance(everyone, list)
    uses = {name: tuple(use for use in USES if use in scope) for name, scope in reserves.items()}
    return _Words(uses, frozenset(valued), frozenset([*uses, *others["names"], *valued]), frozenset(everyone))


def read(text: str, *, agent: str | None = None) -> tuple[Directive, ...]:
    """The rules of one header or meta. A crawler's name and a colon scope all that follows, up to the next name.

    agent: the crawler that the whole is meant for, as a meta's name says.

    >>> [(one.name, one.agent) for one in read("noindex, bot: NoAI, unavailable_after: Sat, 25 Jun 2010 15:00 PST")]
    [('noindex', None), ('noai', 'bot'), ('unavailable_after', 'bot')]
    """
    words = _words()
    found: list[Directive] = []
    for part in _BREAK.split(text):
        rest = part.strip()
        name, colon, value = rest.partition(":")
        while colon and name.strip().lower() not in words.known and _CRAWLER.match(name.strip()):
            agent = name.strip().lower()
            rest = value.strip()
            name, colon, value = rest.partition(":")
        lower = name.strip().lower()
        if colon and lower in words.known:
            found.append(Directive(name=lower, value=value.strip(), agent=agent))
        elif rest.lower() in words.known:
            found.append(Directive(name=rest.lower(), agent=agent))
        elif found and found[-1].name == AFTER and rest:
            # A date has commas of its own: "Saturday, 25-Jun-10 15:00:00 PST".
            found[-1] = Directive(name=AFTER, value=f"{found[-1].value}, {rest}", agent=found[-1].agent)
        else:
            # White space in place of commas, as some templates write it.
            found += [Directive(name=word, agent=agent) for word in rest.lower().split()]
    return tuple(found)


def moment(text: str) -> datetime | None:
    """A date of RFC 822, RFC 850 or ISO 8601, in UTC where it names no zone; None where it is none of them.

    >>> moment("25-Aug-2011 15:00:00 EST").isoformat()
    '2011-08-25T15:00:00-05:00'
    """
    value = " ".join(text.split())[:100]
    try:
        found = datetime.fromisoformat(_ZONE_AFTER_ISO.sub(r"\1\2", value))
    except ValueError:
        try:
            found = parsedate_to_datetime(_DASHED.sub(r"\1 \2 \3", value))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _basis(agent: str | None) -> Basis:
    """Whether a rule for this crawler speaks to us, lets us infer, or is evidence only."""
    if agent is None or agent == AGENT or agent in _words().everyone:
        return Basis.DIRECT
    trains = any(agent == name.lower() for name, _ in training_crawlers())
    return Basis.INFERRED if trains else Basis.OTHER_AGENT


def _gone(value: str, fetched: datetime | None) -> Decision | None:
    """What an unavailable_after says at the time of the fetch; None: nothing yet."""
    until = moment(value)
    if until is None or fetched is None:
        return Decision.UNKNOWN
    return Decision.RESERVED if fetched >= until else None


def signals(
    text: str,
    *,
    protocol: str,
    where: str,
    url: str,
    host: str | None,
    fetched: datetime | None,
    agent: str | None = None,
) -> tuple[Signal, ...]:
    """What the rules of one header or meta say. To other crawlers only what they say of AI is kept, as evidence."""
    reserves = _words().reserves
    found: list[Signal] = []
    for one in read(text, agent=agent):
        basis = _basis(one.agent)
        scope: tuple[Use, ...] = reserves.get(one.name, ())
        says: Decision | None = Decision.RESERVED
        if one.name == AFTER:
            scope, says = ("index",), _gone(one.value, fetched)
        if not scope or says is None:
            continue
        if basis is not Basis.DIRECT and "train" not in scope:
            continue
        found.append(
            Signal(
                protocol=protocol,
                where=where,
                quote=text[:300],
                value=f"{one.name}: {one.value}" if one.value else one.name,
                scope=scope,
                says=says,
                basis=basis,
                url=url,
                host=host,
                at=fetched,
            )
        )
    return tuple(found)
