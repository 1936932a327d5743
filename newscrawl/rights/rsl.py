"""Reads RSL 1.0 documents: which uses of which paths a licence permits, prohibits or sells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from newscrawl.markup import host_of
from newscrawl.model import USES, Decision, Signal, Use
from newscrawl.rights.paths import kept_pattern, path_of
from newscrawl.rulebook import table

SPOKEN: tuple[Use, ...] = ("index", "train", "input")
MOST = 2 << 20
"""Octets of a document that are read."""
ENTRIES = 2000
NAMESPACE = "rslstandard.org/rsl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One `<license>`: what it says of each use, and the element that says so."""

    says: tuple[tuple[Use, Decision, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One `<content>`: a host and a path pattern (RFC 9309), and its licences, which are alternatives."""

    host: str
    pattern: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rsl:
    """An RSL document, or why it cannot be read. A document that cannot be read is no permission."""

    url: str
    contents: tuple[Content, ...] = ()
    error: str | None = None

    def signals(self, url: str, *, where: str = "RSL document", at: datetime | None = None) -> tuple[Signal, ...]:
        """What the document says of a URL. Where it is silent, one signal without a scope tells that it was read."""

        def signal(scope: tuple[Use, ...], says: Decision, quote: str) -> Signal:
            return Signal(
                protocol="rsl",
                where=where,
                quote=quote[:300],
                value=self.url,
                scope=scope,
                says=says,
                url=url,
                host=host_of(url) or None,
                at=at,
            )

        if self.error is not None:
            return (signal(SPOKEN, Decision.UNKNOWN, self.error),)
        content = self.content_for(url)
        found = [signal((use,), says, quote) for use, says, quote in _best(content.offers)] if content else []
        return tuple(found) or (signal((), Decision.NONE_FOUND, "silent"),)

    def content_for(self, url: str) -> Content | None:
        """The entry with the longest pattern that matches the URL; of equals, the first."""
        host, path = host_of(url), path_of(url)
        best: Content | None = None
        size = -1
        for content in self.contents:
            if content.host and content.host != host:
                continue
            pattern = kept_pattern(content.pattern)
            if pattern.size > size and pattern.matches(path):
                best, size = content, pattern.size
        return best


@cache
def _usage(token: str) -> tuple[Use, ...]:
    usage = table("wellknown/rsl")["usage"]
    assert isinstance(usage, dict)
    return tuple(use for use in USES if use in usage.get(token, ()))


@cache
def _free() -> frozenset[str]:
    payment = table("wellknown/rsl")["payment"]
    assert isinstance(payment, dict)
    return frozenset(payment["free"])


def _local(element: etree._Element) -> str:
    """The name of an element of RSL, in its namespace or in none (`<media:content>` of a feed is another thing)."""
    tag = element.tag
    if not isinstance(tag, str) or (tag[:1] == "{" and NAMESPACE not in tag):
        return ""
    return tag.rpartition("}")[2].lower()


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _local(child) == name)


def _tokens(license_: etree._Element, name: str, kind: str) -> tuple[str, ...]:
    """The words of `<permits>` or `<prohibits>` of one type; usage is the type where none is given."""
    return tuple(
        word
        for child in _children(license_, name)
        if (child.get("type") or "usage").strip().lower() == kind
        for word in (child.text or "").lower().replace(",", " ").split()
    )


def _offer(license_: etree._Element, server: bool) -> Offer:
    """RSL 1.0 §3: prohibits beats permits; a price or a licence server means that a licence must be had first."""
    permits, prohibits = _tokens(license_, "permits", "usage"), _tokens(license_, "prohibits", "usage")
    narrowed = [kind for kind in ("user", "geo") for way in ("permits", "prohibits") if _tokens(license_, way, kind)]
    payments = [(child.get("type") or "").strip().lower() for child in _children(license_, "payment")]
    sold = [kind or "unnamed" for kind in payments if kind not in _free()]
    found: list[tuple[Use, Decision, str]] = []
    for use in SPOKEN:
        banned = next((token for token in prohibits if use in _usage(token)), None)
        granted = next((token for token in permits if use in _usage(token)), None)
        if banned:
            found.append((use, Decision.RESERVED, f"prohibits {banned}"))
        elif permits and not granted:
            found.append((use, Decision.UNKNOWN, f"permits only {' '.join(permits)}"))
        elif server:
            found.append((use, Decision.RESERVED, "a licence must be obtained from its server"))
        elif sold:
            found.append((use, Decision.RESERVED, f"a licence must be obtained: payment {sold[0]}"))
        elif narrowed:
            found.append((use, Decision.UNKNOWN, f"limited by {narrowed[0]}"))
        elif granted:
            found.append((use, Decision.ALLOWED, f"permits {granted}"))
    return Offer(says=tuple(found))


def _best(offers: tuple[Offer, ...]) -> list[tuple[Use, Decision, str]]:
    """Of alternative licences the best for each use, but what one of them prohibits stays prohibited."""
    order = (Decision.ALLOWED, Decision.RESERVED, Decision.UNKNOWN)
    found = []
    for use in SPOKEN:
        of_use = [one for offer in offers for one in offer.says if one[0] == use]
        banned = [one for one in of_use if one[2].startswith("prohibits ")]
        ranked = banned or sorted(of_use, key=lambda one: order.index(one[1]))
        found += ranked[:1]
    return found


def read(body: bytes, *, url: str) -> Rsl:
    """An RSL document.

    body: XML; one with a DTD is not read, for the sake of entities. url: where it was found; links in it are relative
    to it. Never raises; see `Rsl.error`.
    """
    if len(body) > MOST:
        return Rsl(url=url, error="unreadable: more than 2 MiB")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return Rsl(url=url, error="unreadable: it has a DTD")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Rsl(url=url, error=f"unreadable: {error}")
    contents = contents_of(root, url)
    if _local(root) != "rsl" and not contents:
        return Rsl(url=url, error="unreadable: no <rsl>")
    if len(contents) > ENTRIES:
        return Rsl(url=url, error=f"unreadable: more than {ENTRIES} entries")
    return Rsl(url=url, contents=contents)


def contents_of(root: etree._Element, base: str) -> tuple[Content, ...]:
    """The entries below an element, such as a feed's root; one more than the limit at most."""
    return tuple(islice(_contents(root, base), ENTRIES + 1))


def _contents(root: etree._Element, base: str) -> Iterator[Content]:
    """Every `<content>` of RSL, also in a feed; a licence outside of any holds for the whole host."""
    for element in root.iter():
        if _local(element) != "content" or next(_children(element, "license"), None) is None:
            continue
        address = (element.get("url") or "/").strip()
        try:
            absolute = urljoin(base, address)
        except ValueError:
            continue
        server = bool((element.get("server") or "").strip())
        pattern = address if address[:1] in ("/", "*") and address[:2] != "//" else path_pattern(absolute)
        yield Content(
            host=host_of(absolute),
            pattern=pattern,
            offers=tuple(_offer(one, server) for one in _children(element, "license")),
        )


def path_pattern(url: str) -> str:
    """The path of an absolute URL as a pattern, with its `*` and `$`."""
    rest = url.partition("://")[2]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"
