"""Reads the rights that a response's headers state, on every hop of the way to a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from newscrawl.markup import Document, host_of
from newscrawl.model import AI_USES, Decision, Page, Signal, Use
from newscrawl.rights import aiprefs, directives

RSL = "application/rsl+xml"
_LINK = re.compile(r"<([^<>]{0,4096})>((?:[^,\"]|\"[^\"]{0,1024}\")*+)")
_PARAMETER = re.compile(r";\s*+([A-Za-z][A-Za-z0-9*-]*+)\s*+(?:=\s*+(?:\"([^\"]{0,1024})\"|([^\s;,\"]++)))?+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One answer on the way: `hop` is 0 for the page itself, else the number of the redirect."""

    url: str
    headers: Mapping[str, tuple[str, ...]]
    hop: int
    fetched: datetime | None

    def signal(
        self, protocol: str, name: str, quote: str, value: str, says: Decision, scope: tuple[Use, ...] = AI_USES
    ) -> Signal:
        """A signal at this place."""
        return Signal(
            protocol=protocol,
            where=self.place(name),
            quote=quote[:300],
            value=value,
            scope=scope,
            says=says,
            url=self.url,
            host=host_of(self.url) or None,
            at=self.fetched,
        )

    def place(self, name: str) -> str:
        """The header's name, and on which redirect it stood."""
        return f"header {name}" if not self.hop else f"header {name} of redirect {self.hop}"


def signals(doc: Document) -> tuple[Signal, ...]:
    """What the headers of a page and of the redirects before it say."""
    return signals_of(doc.page)


def signals_of(page: Page) -> tuple[Signal, ...]:
    """What the headers of a page and of the redirects before it say; a signal on any hop counts."""
    answers = [
        _Answer(url=hop.url, headers=hop.headers, hop=number, fetched=page.fetched)
        for number, hop in enumerate(page.hops, 1)
    ]
    answers.append(_Answer(url=page.url, headers=page.headers, hop=0, fetched=page.fetched))
    return tuple(
        one
        for answer in answers
        for read in (_x_robots_tag, _tdmrep, _content_usage, _content_signal, _links)
        for one in read(answer)
    )


def _x_robots_tag(answer: _Answer) -> list[Signal]:
    """Each X-Robots-Tag is read on its own: a crawler's name in one does not scope the next."""
    return [
        one
        for value in answer.headers.get("x-robots-tag", ())
        for one in directives.signals(
            value,
            protocol="x-robots-tag",
            where=answer.place("X-Robots-Tag"),
            url=answer.url,
            host=host_of(answer.url) or None,
            fetched=answer.fetched,
        )
    ]


def reservation(value: str) -> Decision | None:
    """What a tdm-reservation says: 1 reserved, 0 not; of several the strictest; anything else is unset (TDMRep §6).

    >>> reservation("0, 1"), reservation("yes")
    (<Decision.RESERVED: 'reserved'>, None)
    """
    parts = {part.strip().strip("\"'") for part in value.split(",")}
    if "1" in parts:
        return Decision.RESERVED
    return Decision.ALLOWED if "0" in parts else None


def _tdmrep(answer: _Answer) -> list[Signal]:
    value = ", ".join(answer.headers.get("tdm-reservation", ()))
    says = reservation(value)
    if says is None:
        return []
    policy = ", ".join(answer.headers.get("tdm-policy", ()))
    quote = f"tdm-reservation: {value}" + (f" tdm-policy: {policy}" if policy else "")
    return [answer.signal("tdmrep", "tdm-reservation", quote, policy or value, says)]


def _preferences(answer: _Answer, dialect: aiprefs.Dialect, name: str) -> list[Signal]:
    values = answer.headers.get(dialect, ())
    text = ", ".join(values)
    return [
        answer.signal(aiprefs.PROTOCOL[dialect], name, text, one.text, one.says, scope=one.scope)
        for one in aiprefs.read(dialect, text)
    ]


def _content_usage(answer: _Answer) -> list[Signal]:
    """AIPREF attach, draft 05: a Dictionary; several lines are one (RFC 9651 §4.2)."""
    return _preferences(answer, "content-usage", "Content-Usage") if "content-usage" in answer.headers else []


def _content_signal(answer: _Answer) -> list[Signal]:
    return _preferences(answer, "content-signal", "Content-Signal")


def links_in(value: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """The targets of a Link header with their parameters under lower-case names (RFC 8288 §3).

    >>> links_in('<https://example.org/l.xml>; rel="license"; type="application/rsl+xml"')
    (('https://example.org/l.xml', {'rel': 'license', 'type': 'application/rsl+xml'}),)
    """
    found = []
    for link in _LINK.finditer(value):
        parameters: dict[str, str] = {}
        for name, quoted, bare in _PARAMETER.findall(link[2]):
            parameters.setdefault(name.lower(), quoted or bare)
        found.append((link[1].strip(), parameters))
    return tuple(found)


def _absolute(target: str, base: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _links(answer: _Answer) -> list[Signal]:
    """RSL 1.0 by Link; any other licence is a fact, which reserves and permits nothing by itself."""
    found = []
    for value in answer.headers.get("link", ()):
        for target, parameters in links_in(value):
            if "license" not in parameters.get("rel", "").lower().split():
                continue
            if parameters.get("type", "").partition(";")[0].strip().lower() == RSL:
                address = _absolute(target, answer.url)
                scope: tuple[Use, ...] = ("index", "train", "input")
                found.append(answer.signal("rsl", "Link", value, address, Decision.UNKNOWN, scope=scope))
            else:
                found.append(answer.signal("licence-link", "Link", value, target, Decision.NONE_FOUND, scope=()))
    return found
