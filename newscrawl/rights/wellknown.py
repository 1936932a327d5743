"""Reads the files that state rights at well-known places: tdmrep.json, trust.txt, ai.txt."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newscrawl.markup import host_of
from newscrawl.model import AI_USES, Decision, Signal, Use
from newscrawl.rights import prose
from newscrawl.rights.paths import Line, index_of, kept_pattern, path_of
from newscrawl.rights.robotsfile import take_apart
from newscrawl.rulebook import table

TDMREP_PATH = "/.well-known/tdmrep.json"
TRUST_PATHS = ("/trust.txt", "/.well-known/trust.txt")
AI_PATH = "/ai.txt"
MOST = 1 << 20
"""Octets of a file that are read."""
TRAIN: tuple[Use, ...] = ("train",)

State = Literal["found", "none", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule of a tdmrep.json. says: None where the value is neither 0 nor 1, which leaves it unset."""

    number: int
    location: str
    says: Decision | None
    policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TdmRep:
    """A host's tdmrep.json: its entries, or that there is none, or that nobody knows (TDMRep §6.1)."""

    state: State
    why: str
    entries: tuple[Entry, ...] = ()
    fetched: datetime | None = None

    def signals(self, url: str) -> tuple[Signal, ...]:
        """What the file says of a URL: the first entry in sequence whose location matches its path."""
        if self.state == "none":
            return ()
        if self.state == "unknown":
            return (self._signal(url, "tdmrep.json", self.why, "unknown", Decision.UNKNOWN),)
        path = path_of(url)
        entry = next((one for one in self.entries if kept_pattern(one.location).matches(path)), None)
        if entry is None or entry.says is None:
            return ()
        value = "1" if entry.says is Decision.RESERVED else "0"
        quote = json.dumps({"location": entry.location, "tdm-reservation": int(value)})
        where = f"tdmrep.json entry {entry.number}"
        return (self._signal(url, where, quote, entry.policy or value, entry.says),)

    def _signal(self, url: str, where: str, quote: str, value: str, says: Decision) -> Signal:
        return Signal(
            protocol="tdmrep",
            where=where,
            quote=quote[:300],
            value=value,
            scope=AI_USES,
            says=says,
            url=url,
            host=host_of(url) or None,
            at=self.fetched,
        )


def _state(status: int | None, error: str | None) -> tuple[State, str]:
    """What an answer means for a file that need not exist: 4xx is none, but 429 and all else that failed is unknown."""
    if error is not None or status is None:
        return "unknown", error or "no answer"
    if 200 <= status < 300:
        return "found", f"answered {status}"
    if 400 <= status < 500 and status != 429:
        return "none", f"answered {status}"
    return "unknown", f"answered {status}"


def _is_html(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def judge_tdmrep(
    status: int | None, body: bytes = b"", error: str | None = None, fetched: datetime | None = None
) -> TdmRep:
    """What an answer to /.well-known/tdmrep.json means.

    404 and other 4xx: the site does not implement TDMRep. 429, 5xx, no answer, and a body that is not a JSON array:
    unknown. A page of HTML is what many sites answer in place of a 404, so it is none.

    >>> judge_tdmrep(200, b'[{"location": "/", "tdm-reservation": 1}]').signals("https://example.org/a")[0].says
    <Decision.RESERVED: 'reserved'>
    """
    state, why = _state(status, error)
    if state != "found":
        return TdmRep(state=state, why=why, fetched=fetched)
    if _is_html(body):
        return TdmRep(state="none", why="HTML in place of JSON", fetched=fetched)
    if len(body) > MOST:
        return TdmRep(state="unknown", why="more than 1 MiB", fetched=fetched)
    try:
        rows = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return TdmRep(state="unknown", why="no JSON", fetched=fetched)
    if not isinstance(rows, list):
        return TdmRep(state="unknown", why="no JSON array", fetched=fetched)
    return TdmRep(state="found", why=why, entries=tuple(_entries(rows)), fetched=fetched)


def _entries(rows: Iterable[object]) -> Iterable[Entry]:
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("location"), str):
            continue
        value, policy = row.get("tdm-reservation"), row.get("tdm-policy")
        says = None
        if not isinstance(value, bool):
            says = {"1": Decision.RESERVED, "0": Decision.ALLOWED}.get(str(value).strip())
        yield Entry(
            number=number, location=row["location"], says=says, policy=policy if isinstance(policy, str) else None
        )


def _text(body: bytes) -> str:
    return body[:MOST].decode("utf-8-sig", "replace")


def _words(section: str, key: str) -> tuple[str, ...]:
    found = table("wellknown/files")[section]
    assert isinstance(found, dict)
    value = found[key]
    return (value,) if isinstance(value, str) else tuple(value)


def trust_signals(body: bytes, url: str, *, at: datetime | None = None) -> tuple[Signal, ...]:
    """What a trust.txt says of training: `datatrainingallowed=no` holds for the whole host.

    >>> trust_signals(b"datatrainingallowed=no", "https://example.org/a")[0].says
    <Decision.RESERVED: 'reserved'>
    """
    if _is_html(body):
        return ()
    found = []
    for number, line in enumerate(_text(body).splitlines(), 1):
        key, equals, value = (part.strip().lower() for part in line.partition("#")[0].partition("="))
        if not equals or key not in _words("trust-txt", "key"):
            continue
        says = Decision.UNKNOWN
        if value in _words("trust-txt", "reserved"):
            says = Decision.RESERVED
        elif value in _words("trust-txt", "allowed"):
            says = Decision.ALLOWED
        found.append(_file_signal("trust.txt", number, line, value, says, url, at))
    return tuple(found)


def _file_signal(
    name: str, number: int, line: str, value: str, says: Decision, url: str, at: datetime | None
) -> Signal:
    return Signal(
        protocol=name,
        where=f"{name} line {number}",
        quote=line.strip()[:300],
        value=value,
        scope=TRAIN,
        says=says,
        url=url,
        host=host_of(url) or None,
        at=at,
    )


def ai_signals(body: bytes, url: str, *, at: datetime | None = None) -> tuple[Signal, ...]:
    """What an ai.txt (Spawning) says of training on a page: its path counts, and a story as a kind of text.

    A file of another kind under that name is read for plain words.

    >>> ai_signals(b"User-Agent: *\\nDisallow: *.txt", "https://example.org/a")[0].quote
    'Disallow: *.txt'
    """
    if _is_html(body):
        return ()
    parsed = take_apart(body)
    lines = [
        Line(line.allow, line.path if line.path[:1] in ("/", "*") else f"/{line.path}", line.number)
        for group in parsed.groups
        if "*" in group.agents
        for line in group.lines
        if line.path
    ]
    if not lines:
        return prose.signals_of(_text(body), where="ai.txt", protocol="ai.txt", url=url, at=at)
    index = index_of(lines)
    path = path_of(url)
    bare = path.partition("?")[0].rstrip("/")
    for one in (path, *(bare + ending for ending in _words("ai-txt", "endings"))):
        hit = index.best(one)
        if hit is not None and not hit.allow:
            quote = parsed.lines[hit.number - 1]
            return (_file_signal("ai.txt", hit.number, quote, "disallow", Decision.RESERVED, url, at),)
    return ()
