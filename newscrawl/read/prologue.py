"""What stands before a feed's root: read here, in linear time, and told to the feed library in one plain line."""

from __future__ import annotations

import codecs
import re

from newscrawl.markup import NO_TEXT

WIDE = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
        (b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))  # fmt: skip
DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]{0,300}\?>")
DECLARED = re.compile(rb"<\?xml\b[^>]{0,300}?\bencoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})[\"']")
SKIPPED = re.compile(rb"(?>\xef\xbb\xbf|\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
INTERNAL_SUBSET = re.compile(rb"<!DOCTYPE(?>[^>\[\"']+|\"[^\"]*\"|'[^']*')*+\[", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!DOCTYPE(?>[^>\[\"']+|\"[^\"]*\"|'[^']*')*+>", re.IGNORECASE)
ROOT = re.compile(rb"<(?:\?xml|rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
TAG = re.compile(rb"<[A-Za-z]")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';,\s]+)", re.IGNORECASE)
BOM = b"\xef\xbb\xbf"


def narrow(body: bytes) -> bytes:
    """A feed of two or four octets a letter in UTF-8 with its mark, so that what looks at octets sees letters."""
    coding = next((coding for start, coding in WIDE if body.startswith(start)), None)
    if coding is None:
        return body
    return BOM + DECLARATION.sub("", body.decode(coding, "replace"), count=1).lstrip("\ufeff").encode(
        "utf-8", "replace"
    )


def has_entities(body: bytes) -> bool:
    """Whether a feed brings a document type with declarations of its own, however it is hidden before the root.

    >>> has_entities(b"<?xml version='1.0'?><!-- - --><!DOCTYPE rss [<!ENTITY a 'b'>]><rss>")
    True
    """
    root = ROOT.search(body[:4096])
    for start in {0, root.start() if root else 0}:
        skipped = SKIPPED.match(body, start)
        if INTERNAL_SUBSET.match(body, skipped.end() if skipped else start):
            return True
    return False


def plain(body: bytes) -> bytes:
    """A feed from its root on, behind a declaration that names its encoding and no more; linear in its length.

    The feed library looks there for encodings and entities with patterns that took minutes for 100 kB of line breaks,
    and raises where the name of an encoding is none.
    """
    begin = root.start() if (root := ROOT.search(body[:4096])) else 0
    found = DECLARED.match(body, begin)
    label = "utf-8" if body.startswith(BOM) else found[1].decode("ascii") if found else ""
    for pattern in (SKIPPED, DOCTYPE, SKIPPED):
        skipped = pattern.match(body, begin)
        begin = skipped.end() if skipped else begin
    tag = TAG.search(body, begin)
    named = f' encoding="{label}"' if label and is_of_text(label) and not _foiled(label, body) else ""
    return f'<?xml version="1.0"{named}?>\n'.encode("ascii") + (body[tag.start() :] if tag else b"")


def media_type(told: str, body: bytes) -> str:
    """An answer's content type; without its encoding where that is none, or is not the one of the body.

    >>> media_type("text/xml; charset=punycode", b"<rss>"), media_type("text/xml; charset=koi8-r", b"<rss>")
    ('text/xml', 'text/xml; charset=koi8-r')
    """
    named = CHARSET.search(told)
    if named and (body.startswith(BOM) or not is_of_text(named[1]) or _foiled(named[1], body)):
        return told.partition(";")[0].strip()
    return told


def is_of_text(label: str) -> bool:
    """Whether a label names an encoding that a text may be in; Python has some that are none.

    >>> is_of_text("windows-1252"), is_of_text("punycode"), is_of_text("nonsense")
    (True, False, False)
    """
    try:
        found = codecs.lookup(label)
    except (LookupError, ValueError):  # unknown; with a NUL or half a letter in it
        return False
    return label.isascii() and found.name.replace("_", "-") not in NO_TEXT


def _foiled(label: str, body: bytes) -> bool:
    """Is this a label of two or four octets a letter, on a body that has one for each? Then nobody could read it."""
    return (
        label.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32", "ucs")) and b"\0" not in body
    )
