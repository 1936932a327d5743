"""Answers what a robots.txt says of a URL: may it be fetched, how fast, and for what may it be used.

RFC 9309, and the behaviour of the large search engine's open parser where the RFC is silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from newscrawl.markup import host_of
from newscrawl.model import AI_USES, USES, Basis, Decision, Signal, Use
from newscrawl.rights import aiprefs, prose
from newscrawl.rights.paths import PathIndex, index_of, kept_pattern, path_of
from newscrawl.rights.remarks import Remarks, remarks_in
from newscrawl.rights.robotsfile import LIMIT, Extra, Group, Parsed, take_apart
from newscrawl.rulebook import table

AGENT = "newscrawl"
"""Our product token (RFC 9309 §2.2.1)."""

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")


class Match(NamedTuple):
    """Whether a URL may be fetched, the group that decides (`newscrawl`, `*` or None), and the line, with its number.

    rule is None where no line matches: then the URL is allowed (RFC 9309 §2.2.2).
    """

    allowed: bool
    group: str | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class _Ruleset:
    """The merged groups of one agent (RFC 9309 §2.2.1)."""

    group: str | None
    index: PathIndex
    extras: tuple[Extra, ...]


@cache
def training_crawlers() -> tuple[tuple[str, tuple[Use, ...]], ...]:
    """Crawlers that are known to fetch for training, by name, with the uses that a disallow of them speaks of."""
    rows = table("robots/training").get("crawler", ())
    assert isinstance(rows, list)
    return tuple((str(row["token"]), tuple(use for use in USES if use in row.get("uses", ("train",)))) for row in rows)


def _token(agent: str) -> str:
    """The product token of an agent, in lower case: of a whole User-Agent field, its first word without the version.

    A name of two words that is no such field is no product token (RFC 9309 §2.2.1), so no group names it.
    """
    name = agent.strip().lower()
    if "/" in name or "(" in name:
        words = name.replace("(", " ").split("/", 1)[0].split()
        return words[0] if words else ""
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """A parsed robots.txt. `flags`: `cut` (beyond 500 KiB), `html`, `utf-16`."""

    parsed: Parsed
    sitemaps: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    _named: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)
    _rulesets: dict[str, _Ruleset] = field(default_factory=dict, repr=False, compare=False)
    _indexes: dict[tuple[int, ...], PathIndex] = field(default_factory=dict, repr=False, compare=False)
    _remarks: list[Remarks] = field(default_factory=list, repr=False, compare=False)

    def allowed(self, url: str, agent: str = AGENT) -> bool:
        """Whether the agent may fetch the URL (RFC 9309 §2.2.2).

        >>> parse(b"User-agent: *\\nDisallow: /private/").allowed("https://example.org/private/a")
        False
        """
        return self.match(url, agent).allowed

    def match(self, url: str, agent: str = AGENT) -> Match:
        """Whether the agent may fetch the URL, and the group and line that decide.

        >>> parse(b"User-agent: *\\nDisallow: /private/").match("https://example.org/private/a")
        Match(allowed=False, group='*', rule='line 2: Disallow: /private/')
        """
        ruleset = self._ruleset(agent)
        path = path_of(url)
        if path == "/robots.txt":
            return Match(True, ruleset.group, None)
        hit = ruleset.index.best(path)
        if hit is None:
            return Match(True, ruleset.group, None)
        return Match(hit.allow, ruleset.group, f"line {hit.number}: {self._line(hit.number)}")

    def crawl_delay(self, agent: str = AGENT) -> float | None:
        """Seconds between two fetches, the longest that the agent's groups ask for; None: they ask for none.

        >>> parse(b"User-agent: *\\nCrawl-delay: 2.5").crawl_delay()
        2.5
        """
        delays = [
            float(found[0])
            for extra in self._ruleset(agent).extras
            if extra.name == "crawl-delay" and (found := _NUMBER.match(extra.value))
        ]
        return max(delays, default=None)

    def signals(self, url: str, agent: str = AGENT, *, infer: bool = True) -> tuple[Signal, ...]:
        """Everything that the file says of the URL, for the agent.

        infer: whether a disallow of a crawler that fetches for training counts as a reservation (basis `inferred`).
        """
        match = self.match(url, agent)
        found: list[Signal] = []
        if not match.allowed:
            found.append(self._signal(url, "robots", match.rule or "", "disallow", ("crawl",), Decision.RESERVED))
        found += self._usage(url, agent) if match.allowed else ()
        found += self._content_signals(url, agent)
        found += self._licenses(url)
        found += self._training(url, agent)
        found += self._inferred(url, match) if infer else ()
        found += self._words(url)
        return tuple(found)

    def _ruleset(self, agent: str) -> _Ruleset:
        token = _token(agent)
        known = self._rulesets.get(token)
        if known is not None:
            return known
        group = token if token in self._named else "*" if "*" in self._named else None
        numbers = tuple(self._named.get(group, ())) if group else ()
        index = self._indexes.get(numbers)
        if index is None:
            groups = [self.parsed.groups[number] for number in numbers]
            index = self._indexes[numbers] = index_of(line for one in groups for line in one.lines)
        extras = tuple(
            extra
            for number in numbers
            for above, extra in self.parsed.groups[number].extras
            if group in _called(self.parsed.groups[number], above)
        )
        made = _Ruleset(group, index, extras)
        # A caller may ask for any number of agents; the file names only so many.
        if token in self._named or token == AGENT:
            self._rulesets[token] = made
        return made

    def _line(self, number: int) -> str:
        return self.parsed.lines[number - 1].strip()[:300]

    def _signal(
        self,
        url: str,
        protocol: str,
        where: str,
        value: str,
        scope: tuple[Use, ...],
        says: Decision,
        *,
        basis: Basis = Basis.DIRECT,
        machine_readable: bool = True,
    ) -> Signal:
        place, _, quote = where.partition(": ")
        return Signal(
            protocol=protocol,
            where=f"robots.txt {place}",
            quote=quote,
            value=value,
            scope=scope,
            says=says,
            basis=basis,
            url=url,
            host=host_of(url) or None,
            machine_readable=machine_readable,
        )

    def _preferred(
        self, url: str, dialect: aiprefs.Dialect, extras: Iterable[Extra], basis: Basis = Basis.DIRECT
    ) -> list[Signal]:
        """The preferences with the longest path that matches; where equal paths disagree, the most restrictive."""
        path = path_of(url)
        best = -1
        chosen: list[tuple[aiprefs.Preference, Extra]] = []
        for extra in extras:
            pattern, text = aiprefs.split_path(extra.value)
            compiled = kept_pattern(pattern)
            if compiled.size < best or not compiled.matches(path):
                continue
            if compiled.size > best:
                best, chosen = compiled.size, []
            chosen += [(one, extra) for one in aiprefs.read(dialect, text)]
        kept = {id(one) for one in aiprefs.strictest([one for one, _ in chosen])}
        return [
            self._signal(
                url,
                aiprefs.PROTOCOL[dialect],
                f"line {extra.number}: {self._line(extra.number)}",
                one.text,
                one.scope,
                one.says,
                basis=basis,
            )
            for one, extra in chosen
            if id(one) in kept
        ]

    def _extras(self, agent: str, name: str) -> list[Extra]:
        """The lines of the agent's groups, and those before any group, which hold for everyone."""
        every = (*self._ruleset(agent).extras, *self.parsed.loose)
        return [extra for extra in every if extra.name == name]

    def _usage(self, url: str, agent: str) -> list[Signal]:
        """AIPREF, attach draft 05: no preference is stated for a path that may not be fetched."""
        return self._preferred(url, "content-usage", self._extras(agent, "content-usage"))

    def _content_signals(self, url: str, agent: str) -> list[Signal]:
        """A named group without the line does not inherit that of `*`; a line that only a comment has is inferred."""
        live = self._preferred(url, "content-signal", self._extras(agent, "content-signal"))
        if live or any(extra.name == "content-signal" for one in self.parsed.groups for _, extra in one.extras):
            return live
        return [
            one
            for one in self._preferred(url, "content-signal", self._remarked().signals, Basis.INFERRED)
            if one.says is Decision.RESERVED and one.scope
        ]

    def _licenses(self, url: str) -> list[Signal]:
        """RSL 1.0: the line is tied to no group. Until the document is read, nobody knows what it says."""
        scope: tuple[Use, ...] = ("index", "train", "input")
        return [
            self._signal(
                url,
                "rsl",
                f"line {extra.number}: {self._line(extra.number)}",
                extra.value,
                scope,
                Decision.UNKNOWN,
            )
            for extra in {extra.value: extra for extra in self.parsed.everywhere if extra.value}.values()
        ]

    def _training(self, url: str, agent: str) -> list[Signal]:
        """DisallowAITraining and AllowAITraining (draft-canel-robots-ai-control), the longest path; TDMRep's 1."""
        path = path_of(url)
        ruled = [
            (compiled.size, extra.name == "disallow-training", extra)
            for name in ("disallow-training", "allow-training")
            for extra in self._extras(agent, name)
            if extra.value and (compiled := kept_pattern(extra.value)).matches(path)
        ]
        longest = max(ruled, key=lambda one: one[:2], default=None)
        said: list[tuple[Extra, tuple[Use, ...]]] = [(longest[2], ("train",))] if longest and longest[1] else []
        said += [(one, AI_USES) for one in self._extras(agent, "tdm-reservation") if one.value.strip("\"' ") == "1"]
        return [
            self._signal(
                url, "robots", f"line {one.number}: {self._line(one.number)}", one.name, scope, Decision.RESERVED
            )
            for one, scope in said
        ]

    def _inferred(self, url: str, ours: Match) -> list[Signal]:
        """A site that names a training crawler and keeps it out has said what it thinks of training."""
        found = []
        for name, uses in training_crawlers():
            token = name.lower()
            if token not in self._named:
                continue
            match = self.match(url, token)
            if match.allowed or match.rule == ours.rule:
                continue
            found.append(
                self._signal(
                    url,
                    "robots",
                    match.rule or "",
                    f"disallow {name}",
                    uses,
                    Decision.RESERVED,
                    basis=Basis.INFERRED,
                )
            )
        return found

    def _remarked(self) -> Remarks:
        if not self._remarks:
            self._remarks.append(remarks_in(self.parsed.lines))
        return self._remarks[0]

    def _words(self, url: str) -> list[Signal]:
        """Reservations in plain words that stand in the comments; in the site's own voice, by their place."""
        return [prose.spoken(one, url=url) for one in self._remarked().prose]


def _called(group: Group, above: int) -> set[str]:
    """The agents named above an extra line in their group."""
    return {*group.agents[:above], *group.names[:above]}


def parse(body: bytes, *, limit: int = LIMIT) -> Robots:
    """The rules of a robots.txt. Never raises, whatever the bytes are.

    limit: octets that are read, 500 KiB; what lies beyond is cut at the end of a line (RFC 9309 §2.5).

    >>> parse(b"User-agent: newscrawl\\nAllow: /").allowed("https://example.org/a")
    True
    """
    parsed = take_apart(body, limit)
    named: dict[str, list[int]] = {}
    for number, group in enumerate(parsed.groups):
        for name in {*group.agents, *group.names} - {""}:
            named.setdefault(name, []).append(number)
    robots = Robots(parsed=parsed, sitemaps=parsed.sitemaps, flags=parsed.flags, _named=named)
    robots._ruleset(AGENT)
    return robots
