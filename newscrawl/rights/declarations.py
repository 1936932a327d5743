"""Reads what a page or a feed declares of its rights in words and links: JSON-LD, rights metas, licence links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from lxml import etree

from newscrawl.markup import COMMENT, Document, host_of
from newscrawl.model import Decision, Signal
from newscrawl.rights import metatags, prose, rsl
from newscrawl.rights.headers import RSL
from newscrawl.rights.notices import notices_in
from newscrawl.rulebook import table

WORDS = ("usageInfo", "copyrightNotice", "conditionsOfAccess", "license", "acquireLicensePage", "creditText")
"""Properties of schema.org that state rights."""
FEED_WORDS = ("copyright", "rights", "license", "licence", "accessrights")
FEED_PROSE = ("description", "subtitle", "tagline", "summary", "content", "encoded")
"""Elements of a feed, and of the entry that is asked for, whose prose may hold a reservation."""
_ADDRESS = re.compile(r"(?:https?:)?//(?:www\.)?([^\s\"'<>]{3,2000})\Z", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,400}>")
DEPTH = 6
MOST = 200
REMARK, REMARKS = 12, 20_000  # letters of a comment that may be a sentence, and of all that are read


@cache
def _known() -> tuple[tuple[str, str], ...]:
    rows = table("metatags/licences")["licence"]
    assert isinstance(rows, list)
    return tuple((begin, str(row["name"])) for row in rows for begin in row["begins"])


def licence_name(address: str) -> str | None:
    """The short name of a public licence by its address, or None.

    >>> licence_name("https://creativecommons.org/licenses/by-nc/4.0/deed.de")
    'CC BY-NC 4.0'
    """
    found = _ADDRESS.match(address.strip())
    if found is None:
        return None
    for begin, name in _known():
        if found[1].lower().startswith(begin):
            rest = [part for part in found[1][len(begin) :].split("/") if part and not part.startswith("deed")]
            return " ".join([name, *(part.upper() for part in rest[:2])])
    return None


def signals(doc: Document) -> tuple[Signal, ...]:
    """What the page declares in its metadata. A licence address is a fact without a scope; words are read as words."""
    return (*_metas(doc), *_jsonld(doc), *_links(doc), *_remarks(doc))


def _stated(text: str, *, protocol: str, where: str, url: str, at: datetime | None = None) -> tuple[Signal, ...]:
    """A value that is an address is a licence fact; one that is words goes before the finder of notices."""
    value = text.strip()
    if not value:
        return ()
    if _ADDRESS.match(value):
        return (_fact(value, protocol=protocol, where=where, url=url, at=at),)
    return tuple(prose.signals_of(value, where=where, protocol=protocol, url=url, at=at))


def _fact(address: str, *, protocol: str, where: str, url: str, at: datetime | None) -> Signal:
    return Signal(
        protocol=protocol,
        where=where,
        quote=address[:300],
        value=licence_name(address) or address[:300],
        scope=(),
        says=Decision.NONE_FOUND,
        url=url,
        host=host_of(url) or None,
        at=at,
    )


def _metas(doc: Document) -> Iterator[Signal]:
    """dcterms:rights, dc.rights, copyright and their like: some publishers reserve nowhere else."""
    names = metatags.words("rights")
    for tag in doc.metas:
        name = next(
            (one for key in ("name", "property", "itemprop") if (one := tag.attrs.get(key, "").lower()) in names), ""
        )
        if name:
            yield from _stated(
                tag.attrs.get("content", ""),
                protocol="rights-meta",
                where=f"meta {name}",
                url=doc.page.url,
                at=doc.page.fetched,
            )


def _strings(value: object, depth: int = 0) -> Iterator[str]:
    """The strings that a JSON-LD value says: itself, or the address, name and text of an object."""
    if depth > DEPTH:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value[:MOST]:
            yield from _strings(one, depth + 1)
    elif isinstance(value, Mapping):
        for key in ("@id", "url", "name", "text", "description", "@value"):
            yield from _strings(value.get(key), depth + 1)


def _statements(item: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Property and string of every rights statement in an object, its parts (image, isPartOf …) left out."""
    if not isinstance(item, Mapping) or depth > DEPTH:
        return
    for key in WORDS:
        for text in _strings(item.get(key)):
            yield key, text
    for key in ("mainEntity", "mainEntityOfPage", "isPartOf", "publisher"):
        yield from _statements(item.get(key), depth + 1)


def _jsonld(doc: Document) -> Iterator[Signal]:
    seen: set[tuple[str, str]] = set()
    for item in doc.jsonld:
        for key, text in _statements(item):
            if (key, text) in seen or len(seen) >= MOST:
                continue
            seen.add((key, text))
            yield from _stated(text, protocol="json-ld", where=f"json-ld {key}", url=doc.page.url, at=doc.page.fetched)


def _links(doc: Document) -> Iterator[Signal]:
    """rel=license and Creative Commons; RSL links belong to the metas."""
    for tag in doc.links:
        relations = tag.attrs.get("rel", "").lower().split()
        kind = tag.attrs.get("type", "").partition(";")[0].strip().lower()
        if not {"license", "copyright"} & set(relations) or kind == RSL:
            continue
        target = doc.absolute(tag.attrs.get("href", ""))
        if target and "license" in relations:
            yield _fact(
                target, protocol="licence-link", where=f"{tag.name} rel=license", url=doc.page.url, at=doc.page.fetched
            )
        if tag.text:
            yield from prose.signals_of(
                tag.text,
                where=f"{tag.name} rel={relations[0]}",
                protocol="licence-link",
                url=doc.page.url,
                at=doc.page.fetched,
            )


def _remarks(doc: Document) -> Iterator[Signal]:
    """Reservations that a publisher wrote into its markup, as `<!-- … -->`; notes on crawling alone are none."""
    said: list[str] = []
    size = 0
    for found in COMMENT.finditer(doc.html):
        words = found[0].removeprefix("<!--").removesuffix("-->")[:REMARKS]
        if found[0].endswith("-->") and len(words) >= REMARK and not words.lstrip().startswith(("[", "<![")):
            said.append(_TAG.sub(" ", words))
            size += len(words)
        if len(said) >= MOST or size >= REMARKS:
            break
    if not said:
        return
    for one in notices_in("\n\n".join(said), at=doc.page.fetched):
        if {"train", "input"} & set(one.scope):
            yield prose.spoken(replace(one, where="html comment", start=None, end=None), url=doc.page.url)


def feed_signals(body: bytes, url: str, *, story: str | None = None, at: datetime | None = None) -> tuple[Signal, ...]:
    """What an RSS or Atom feed says of its rights: `<copyright>`, `<rights>`, `media:license`, Creative Commons, RSL.

    url: the feed's address. story: the story that is asked for; what other entries of the feed say is left out.
    A feed that is no XML says nothing that can be read, and yields nothing: its stories speak for themselves.
    """
    if len(body) > rsl.MOST or b"<!ENTITY" in body:
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    if root is None:
        return ()
    found: list[Signal] = []
    for element in _spoken(root, story):
        if _name(element) not in FEED_WORDS or len(found) >= MOST or len(element):
            continue
        for text in (element.text or "", element.get("href") or "", element.get("url") or ""):
            found += _stated(
                _TAG.sub(" ", text), protocol="feed", where=f"feed {_name(element)}", url=story or url, at=at
            )
    found += _feed_prose(root, story, url, at)
    contents = rsl.contents_of(root, url)
    if contents:
        found += rsl.Rsl(url=url, contents=contents).signals(story or url, where="RSL in the feed", at=at)
    return tuple(dict.fromkeys(found))


def _feed_prose(root: etree._Element, story: str | None, url: str, at: datetime | None) -> Iterator[Signal]:
    """Reservations in the words by which a feed, and the entry of the story, describe themselves, and in comments.

    Whose voice speaks there is told by the words alone; entries that nobody asked for say nothing of the others.
    """
    entry = ("item", "entry")
    for place, element in (
        *(("comment", one) for one in list(root.iter(etree.Comment))[:MOST]),
        *(
            (_name(one), one)
            for one in _spoken(root, story)
            if _name(one) in FEED_PROSE
            and (story is not None or not any(_name(above) in entry for above in one.iterancestors()))
        ),
    ):
        for one in notices_in(_TAG.sub("\n", element.text or "")[:REMARKS], at=at):
            if {"train", "input"} & set(one.scope):
                signal = replace(one, protocol="feed", where=f"feed {place}", start=None, end=None)
                yield prose.spoken(signal, url=story or url)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _spoken(element: etree._Element, story: str | None) -> Iterator[etree._Element]:
    """The elements of a feed, without the entries of other stories; without recursion, as feeds nest without end."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if story is not None and _name(one) in ("item", "entry") and not _is_about(one, story):
            continue
        yield one
        waiting.extend(reversed(one))


def _is_about(entry: etree._Element, story: str) -> bool:
    """Whether an entry names a story by its link, guid or id."""
    addresses = (
        address
        for child in entry
        if _name(child) in ("link", "guid", "id", "origlink")
        for address in (child.text or "", child.get("href") or "")
    )
    return any(address.strip() == story for address in addresses)
