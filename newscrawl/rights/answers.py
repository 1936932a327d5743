"""Says what a host's answer to /robots.txt means, for how long it holds, and when to ask again (RFC 9309 §2.3, §2.4).

Time is an input: every function takes the moment it is asked at. A cache keeps a `Standing` as plain JSON.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from newscrawl.markup import host_of
from newscrawl.model import USES, Decision, HeadersIn, RobotsSnapshot, Signal, headers_of
from newscrawl.rights.robots import AGENT, Match, Robots, parse
from newscrawl.rights.robotsfile import LIMIT

Kind = Literal["rules", "none", "unreachable"]
DAY = timedelta(hours=24)
"""How long a copy may be used (RFC 9309 §2.4), and the longest wait between two attempts."""
SLACK = timedelta(minutes=1)
"""A clock may be set back by so much, as NTP does, without an answer being from the future."""
FIRST_WAIT = 60.0
LONGEST_VALIDATOR = 512
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a request for /robots.txt.

    kind: `rules` (they bind), `none` (there are none: everything may be fetched), `unreachable` (nothing may be).
    why: in words, for the ledger. retry_after: seconds that the host asked us to wait. sha256: of the body, for rules.
    etag, modified: what the host calls this version of its rules (RFC 9110 §8.8), to ask again by.
    """

    kind: Kind
    why: str
    status: int | None = None
    fetched: datetime | None = None
    retry_after: float | None = None
    sha256: str | None = None
    body: bytes = b""
    etag: str | None = None
    modified: str | None = None
    robots: Robots = field(default_factory=lambda: parse(b""), repr=False, compare=False)

    @property
    def reachable(self) -> bool:
        """Whether the host told us anything about its rules."""
        return self.kind != "unreachable"

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """Header fields by which the host need not send its rules again where they are still these (RFC 9110 §13)."""
        if self.kind != "rules":
            return ()
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.modified))
        return tuple((name, value) for name, value in pairs if value)

    def match(self, url: str, agent: str = AGENT) -> Match:
        """Whether the agent may fetch the URL; nothing may be fetched while the rules are unreachable."""
        if self.kind == "unreachable":
            return Match(False, None, None)
        return self.robots.match(url, agent)

    def crawl_delay(self, agent: str = AGENT) -> float | None:
        """Seconds between two fetches, as the rules ask, or None."""
        return self.robots.crawl_delay(agent)

    def signals(self, url: str, agent: str = AGENT, *, infer: bool = True) -> tuple[Signal, ...]:
        """What the answer says of the URL: the file's own signals, or that nobody knows what it says."""
        if self.kind != "unreachable":
            return tuple(replace(one, at=self.fetched) for one in self.robots.signals(url, agent, infer=infer))
        return (
            Signal(
                protocol="robots",
                where="robots.txt",
                quote=self.why,
                value="unreachable",
                scope=USES,
                says=Decision.UNKNOWN,
                url=url,
                host=host_of(url) or None,
                at=self.fetched,
            ),
        )

    def snapshot(self, robots_url: str, url: str, agent: str = AGENT) -> RobotsSnapshot:
        """What is kept with an item: the answer that was in force, and the rule that decided."""
        match = self.match(url, agent)
        return RobotsSnapshot(
            url=robots_url,
            status=self.status,
            sha256=self.sha256,
            fetched=self.fetched,
            group=match.group,
            rule=match.rule,
            crawl_delay=self.crawl_delay(agent),
        )


def _garbage(body: bytes) -> bool:
    """Whether the octets are no text: packed, an image, UTF-16 without its mark."""
    if body[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return True
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return False
    head = body[:1024]
    return len(CONTROL.findall(head)) * 20 > len(head)


def judge(
    status: int | None,
    body: bytes = b"",
    error: str | None = None,
    headers: HeadersIn | None = None,
    fetched: datetime | None = None,
) -> Answer:
    """What an answer to /robots.txt means, after at most five redirects were followed (RFC 9309 §2.3.1).

    2xx: the body binds. 4xx: no rules (§2.3.1.3), but 429 asks to stay away. 5xx, 429, a redirect that did not end, an
    error on the way and a body that is no text: everything is disallowed (§2.3.1.4). The body of anything but a 2xx
    is never read.

    status: None where no answer came; error then says why. fetched: aware; needed to read a Retry-After date.

    >>> judge(503, b"User-agent: *\\nAllow: /").match("https://example.org/").allowed
    False
    >>> judge(404, b"User-agent: *\\nDisallow: /").match("https://example.org/").allowed
    True
    """
    wait = None
    if status in (429, 503):
        values = headers_of(headers or {}).get("retry-after", ())
        wait = max((found for one in values if (found := retry_after(one, fetched)) is not None), default=None)
    if error is not None or status is None:
        return _unreachable(error or "no answer", status, fetched, wait)
    if status == 429 or status >= 500 or status < 200:
        return _unreachable(f"answered {status}", status, fetched, wait)
    if 300 <= status < 400:
        return _unreachable(f"redirects without an end ({status})", status, fetched, wait)
    if status >= 400:
        return Answer(kind="none", why=f"answered {status}", status=status, fetched=fetched)
    if _garbage(body):
        return _unreachable("undecodable", status, fetched, wait)
    robots = parse(body)
    if "html" in robots.flags and not robots.parsed.groups:
        return Answer(kind="none", why="unparseable: HTML in place of rules", status=status, fetched=fetched)
    return Answer(
        kind="rules",
        why=", ".join(("answered", str(status), *robots.flags)).replace("answered, ", "answered "),
        status=status,
        fetched=fetched,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body[: LIMIT + 1],
        etag=_validator(headers, "etag"),
        modified=_validator(headers, "last-modified"),
        robots=robots,
    )


def _validator(headers: HeadersIn | None, name: str) -> str | None:
    """A header value that may be sent back as it came: one line of ASCII, and not an endless one."""
    value = next(iter(headers_of(headers or {}).get(name, ())), "").strip()
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= LONGEST_VALIDATOR else None


def _unreachable(why: str, status: int | None, fetched: datetime | None, wait: float | None) -> Answer:
    return Answer(kind="unreachable", why=why, status=status, fetched=fetched, retry_after=wait)


def retry_after(value: str, now: datetime | None) -> float | None:
    """Seconds that a Retry-After asks to wait, as a number or until a date (RFC 9110 §10.2.3); None: unreadable.

    >>> retry_after("120", None)
    120.0
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    if now is None:
        return None
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def back_off(failures: int, asked: float | None = None) -> float:
    """Seconds to wait after so many failures in a row: 60, doubling to a day, and no less than the host asked for.

    >>> [back_off(count) for count in (1, 2, 3, 40)]
    [60.0, 120.0, 240.0, 86400.0]
    """
    longest = DAY.total_seconds()
    wait = longest if failures > 12 else min(FIRST_WAIT * 2.0 ** max(0, failures - 1), longest)
    return max(wait, min(asked or 0.0, longest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of an authority's robots.txt: the newest answer, the last good one, the failures since.

    http and https, and each port, are authorities of their own (RFC 9309 §2.3): keep a standing for each.
    """

    answer: Answer
    good: Answer | None = None
    failures: int = 0

    def after(self, answer: Answer) -> Standing:
        """The standing once the host was asked again."""
        if answer.reachable:
            return Standing(answer=answer, good=answer)
        return Standing(answer=answer, good=self.good, failures=self.failures + 1)

    def unchanged(self, at: datetime) -> Standing:
        """The standing once the host said that its rules are still those of the last good answer (304)."""
        if self.good is None:
            raise ValueError("there is no copy that could be unchanged: ask without conditions")
        good = replace(self.good, fetched=at)
        return Standing(answer=good, good=good)

    def in_force(self, now: datetime) -> Answer:
        """The answer that binds: the last good one for a day after it was fetched, else the newest (RFC 9309 §2.4)."""
        if self.good is not None and self.good.fetched is not None and abs(now - self.good.fetched) < DAY:
            return self.good
        if self.answer.reachable:
            return replace(self.answer, kind="unreachable", why="no copy of the last 24 hours", body=b"")
        return self.answer

    def ask_at(self, *, ttl: timedelta = DAY) -> datetime | None:
        """When the host is to be asked again; None: at once."""
        fetched = self.answer.fetched
        if fetched is None:
            return None
        if self.answer.reachable:
            return fetched + min(ttl, DAY)
        return fetched + timedelta(seconds=back_off(self.failures, self.answer.retry_after))

    def due(self, now: datetime, *, ttl: timedelta = DAY) -> bool:
        """Whether it is time to ask the host (again); also where its answer is from later than now: a clock jumped."""
        at = self.ask_at(ttl=ttl)
        fetched = self.answer.fetched
        return at is None or fetched is None or now >= at or fetched - now > SLACK

    def to_state(self) -> dict[str, object]:
        """The standing as plain JSON, for a cache that outlives the process."""
        good = self.good
        if good is not None and good == self.answer:
            return {"answer": _state(self.answer), "good": True, "failures": self.failures}
        return {"answer": _state(self.answer), "good": good and _state(good), "failures": self.failures}

    @classmethod
    def from_state(cls, state: Mapping[str, object]) -> Standing:
        """The standing that `to_state` wrote.

        Raises:
            ValueError: the state is not one that `to_state` writes; the remedy is to ask the host again.
        """
        try:
            answer = _answer(state["answer"])
            good = state["good"]
            return cls(
                answer=answer,
                good=answer if good is True else _answer(good) if good is not None else None,
                failures=int(str(state["failures"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"kept robots.txt state is damaged ({error}): drop it and ask the host again") from error


def first(answer: Answer) -> Standing:
    """The standing of a host that was asked for the first time."""
    reachable = answer.reachable
    return Standing(answer=answer, good=answer if reachable else None, failures=0 if reachable else 1)


def _state(answer: Answer) -> dict[str, object]:
    return {
        "kind": answer.kind,
        "why": answer.why,
        "status": answer.status,
        "fetched": answer.fetched.isoformat() if answer.fetched else None,
        "retry_after": answer.retry_after,
        "sha256": answer.sha256,
        "etag": answer.etag,
        "modified": answer.modified,
        "body": base64.b64encode(answer.body).decode("ascii"),
    }


def _answer(state: object) -> Answer:
    if not isinstance(state, Mapping):
        raise TypeError("an answer must be an object")
    kind, status, wait, sha256 = state["kind"], state["status"], state["retry_after"], state["sha256"]
    if kind not in ("rules", "none", "unreachable"):
        raise ValueError(f"kind {kind!r}")
    fetched = state["fetched"]
    moment = None if fetched is None else datetime.fromisoformat(str(fetched))
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"fetched {fetched} has no time zone")
    body = base64.b64decode(str(state["body"]), validate=True)
    etag, modified = state.get("etag"), state.get("modified")
    # A body that was lost on the disk would allow everything.
    if kind == "rules" and len(body) <= LIMIT and hashlib.sha256(body).hexdigest() != sha256:
        raise ValueError("the body does not fit its sha256")
    return Answer(
        kind=kind,
        why=str(state["why"]),
        status=None if status is None else int(status),
        fetched=moment,
        retry_after=None if wait is None else float(wait),
        sha256=None if sha256 is None else str(sha256),
        body=body,
        etag=None if etag is None else str(etag),
        modified=None if modified is None else str(modified),
        robots=parse(body),
    )
