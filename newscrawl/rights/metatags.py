"""Reads the rights that a page's meta tags and links state: robots metas, TDMRep, RSL."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from newscrawl.markup import Document, Tag
from newscrawl.model import AI_USES, Decision, Signal, Use
from newscrawl.rights import aiprefs, directives, rsl
from newscrawl.rights.headers import RSL, reservation
from newscrawl.rights.robots import AGENT, training_crawlers
from newscrawl.rulebook import table

SCOPE: tuple[Use, ...] = ("index", "train", "input")


@cache
def words(key: str) -> frozenset[str]:
    """A list of names of meta tags."""
    found = table("metatags/names")[key]
    assert isinstance(found, list)
    return frozenset(str(one).lower() for one in found)


@cache
def _crawlers() -> frozenset[str]:
    return words("crawlers") | {name.lower() for name, _ in training_crawlers()}


def name_of(tag: Tag) -> str:
    """What a meta calls itself, by `name`, else `property`, else `http-equiv`; lower-case."""
    return next(
        (tag.attrs[key].strip().lower() for key in ("name", "property", "http-equiv") if tag.attrs.get(key)), ""
    )


def signals(doc: Document) -> tuple[Signal, ...]:
    """What the metas and links of a page say; all of them count, wherever they stand."""
    return (*_robots(doc), *_tdmrep(doc), *_preferences(doc), *_rsl(doc))


def _signal(doc: Document, protocol: str, where: str, quote: str, value: str, says: Decision) -> Signal:
    return Signal(
        protocol=protocol,
        where=where,
        quote=quote[:300],
        value=value,
        scope=AI_USES if protocol == "tdmrep" else SCOPE,
        says=says,
        url=doc.page.url,
        host=doc.host or None,
        at=doc.page.fetched,
    )


def _robots(doc: Document) -> list[Signal]:
    """Several robots metas are one union: the second one of a page may be the one that says noai."""
    found: list[Signal] = []
    for tag in doc.metas:
        content = tag.attrs.get("content", "").strip()
        if not content:
            continue
        addressed = (tag.attrs.get("name") or tag.attrs.get("property", "")).strip().lower()
        equivalent = tag.attrs.get("http-equiv", "").strip().lower() == "x-robots-tag"
        agents = {AGENT} if addressed == AGENT else _crawlers() & {addressed}
        if addressed != "robots" and not equivalent and not agents:
            continue
        found += directives.signals(
            content,
            protocol="meta-robots",
            where=f"meta {addressed or 'X-Robots-Tag'}",
            url=doc.page.url,
            host=doc.host or None,
            fetched=doc.page.fetched,
            agent=next(iter(agents), None),
        )
    return found


def _tdmrep(doc: Document) -> list[Signal]:
    """TDMRep in the page; of several tags the strictest counts."""
    values = [tag.attrs.get("content", "") for tag in doc.metas if name_of(tag) == "tdm-reservation"]
    value = ", ".join(one.strip() for one in values)
    says = reservation(value)
    if says is None:
        return []
    policy = next((tag.attrs.get("content", "").strip() for tag in doc.metas if name_of(tag) == "tdm-policy"), "")
    quote = f"tdm-reservation: {value}" + (f" tdm-policy: {policy}" if policy else "")
    return [_signal(doc, "tdmrep", "meta tdm-reservation", quote, policy or value, says)]


def _preferences(doc: Document) -> list[Signal]:
    """Content-Usage and Content-Signal in a meta, by name or as an `http-equiv`: no standard, and no doubt."""
    found: list[Signal] = []
    for tag in doc.metas:
        name = name_of(tag)
        for dialect in aiprefs.PROTOCOL:
            if name != dialect:
                continue
            content = tag.attrs.get("content", "").strip()
            found += [
                replace(
                    _signal(doc, aiprefs.PROTOCOL[dialect], f"meta {name}", content, one.text, one.says),
                    scope=one.scope,
                )
                for one in aiprefs.read(dialect, content)
                if one.says is Decision.RESERVED
            ]
    return found


def _rsl(doc: Document) -> list[Signal]:
    """RSL 1.0 §4: a `<link>` to the document, or the document in a `<script>` of the page."""
    found: list[Signal] = []
    for tag in doc.links:
        kind = tag.attrs.get("type", "").partition(";")[0].strip().lower()
        if kind == RSL and "license" in tag.attrs.get("rel", "").lower().split() and tag.attrs.get("href"):
            target = doc.absolute(tag.attrs["href"])
            found.append(_signal(doc, "rsl", "link", tag.attrs["href"], target, Decision.UNKNOWN))
    for source in doc.scripts(RSL):
        document = rsl.read(source.encode("utf-8", "replace"), url=doc.page.url)
        found += document.signals(doc.page.url, where="inline RSL", at=doc.page.fetched)
    return found
