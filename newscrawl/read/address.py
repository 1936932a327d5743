"""Addresses of stories: canonical form, one key for all dresses of a story, the registrable domain of a host."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from newscrawl import rulebook

if TYPE_CHECKING:
    import tldextract

PORTS = {"http": 80, "https": 443}
SLASHES = re.compile(r"/{2,}")
DOTTED = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
SAFE_PATH = "/:@!$&'()*+,;=-._~%"
AMP_CACHE = re.compile(r"\A/(?:(?:[civ]|amp)/)+(?:s/)?(?P<rest>[^/]+\.[^/]+/.*)\Z")
RESERVED_TLDS = frozenset(("test", "localhost", "example", "invalid", "local", "internal"))


@cache
def _listed(table: str, key: str) -> tuple[frozenset[str], tuple[str, ...]]:
    value = rulebook.table(f"address/{table}")[key]
    words = [str(one).lower() for one in value] if isinstance(value, list) else []
    return frozenset(w for w in words if not w.endswith("*")), tuple(w[:-1] for w in words if w.endswith("*"))


def listed(table: str, key: str) -> frozenset[str]:
    """The words of a list in rules/address/."""
    return _listed(table, key)[0]


def _is_tracker(name: str) -> bool:
    name = name.lower()
    whole, beginnings = _listed("trackers", "trackers")
    return name in whole or bool(beginnings and name.startswith(beginnings))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def split(url: str) -> SplitResult:
    """The parts of an address, all empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port is None or port == PORTS[parts.scheme.lower()] else f"{host}:{port}"


def _path(path: str) -> str:
    """Percent-encoding made uniform (RFC 3986 §6.2.2), dot segments and doubled slashes resolved."""
    path = quote(unquote(path, errors="surrogateescape"), safe=SAFE_PATH, errors="surrogateescape") if path else "/"
    path = SLASHES.sub("/", path)
    if DOTTED.search(path):
        kept: list[str] = []
        for segment in path.split("/"):
            if segment == "..":
                kept = kept[:-1] or [""]
            elif segment != ".":
                kept.append(segment)
        path = "/".join(kept) or "/"
    return path


def canonical(url: str) -> str:
    """The address without what tells only where a reader came from: trackers, fragment, default port, AMP and print.

    Scheme and host in lower case, query in its own order, path as it is but for AMP and print segments. An address that
    is not http(s) comes back stripped of white space.

    >>> canonical("HTTPS://News.Example:443/a/b/amp/?utm_source=x&id=7#top")
    'https://news.example/a/b?id=7'
    """
    parts = _split(url)
    if parts is None:
        return url.strip()
    cached = AMP_CACHE.search(parts.path) if _is_cache(parts.hostname or "") else None
    if cached and ("amp" in (parts.hostname or "") or parts.path.startswith("/amp/")):
        return canonical("https://" + cached["rest"] + (f"?{parts.query}" if parts.query else ""))
    views, _ = _listed("trackers", "views")
    pages = listed("paths", "pages")
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracker(name)
        and name.lower() not in views
        and not _is_dress(name.lower(), value.lower())
        and (value or name.lower() not in pages)  # "…&print=1&page=": the first page, as without it
    ]
    path = _dressed_down(_path(parts.path))
    return urlunsplit((parts.scheme.lower(), _netloc(parts), path, urlencode(kept), ""))


def _is_cache(host: str) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in listed("paths", "amp_caches"))


def _is_dress(name: str, value: str) -> bool:
    """Whether a query says how to show a story rather than which: "view=print", "m=1"."""
    if name in listed("trackers", "switches") and value in ("0", "1", "true", "yes"):
        return True
    return name in listed("trackers", "dress_names") and value in listed("trackers", "dress_values")


def _dressed_down(path: str) -> str:
    """The path without a segment, ending or beginning that says AMP or print."""
    amp, _ = _listed("paths", "amp")
    print_words, _ = _listed("paths", "print")
    dresses = amp | print_words
    segments = path.split("/")
    trailing = segments[-1] == ""
    body = [one for one in segments if one]
    if len(body) > 1 and body[-1].lower() in dresses:
        body, trailing = body[:-1], False
    if len(body) > 1 and body[0].lower() in dresses:
        body = body[1:]
    if body:
        stem, dot, ending = body[-1].rpartition(".")
        whole = not dot or f".{ending.lower()}" in listed("paths", "file_dresses")
        name, ending = (body[-1], "") if whole else (stem, dot + ending)
        dress = next((one for one in listed("paths", "file_dresses") if name.lower().endswith(one)), "")
        if dress and len(name) > len(dress):
            body[-1] = name[: -len(dress)] + ending
    return "/" + "/".join(body) + ("/" if trailing and body else "")


def is_dressed(host: str) -> bool:
    """Whether a host's first label says that it shows the stories of another host to phones or as AMP."""
    label, _, rest = host.partition(".")
    return "." in rest and label in listed("paths", "hosts")


def story_key(url: str) -> str:
    """One key for every dress of a story's address: scheme, www, mobile host, trailing slash and query order folded.

    >>> story_key("http://www.news.example/a/") == story_key("https://m.news.example/a?utm_medium=rss")
    True
    """
    clean = canonical(url)
    parts = _split(clean)
    if parts is None:
        return hashlib.sha256(clean.encode("utf-8", "replace")).hexdigest()[:32]
    host = _netloc(parts)
    hosts, _ = _listed("paths", "hosts")
    label, _, rest = host.partition(".")
    while rest.count(".") >= 1 and (label == "www" or label in hosts):
        host = rest
        label, _, rest = host.partition(".")
    path = parts.path.rstrip("/") or "/"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return hashlib.sha256(f"{host}{path}?{query}".encode("utf-8", "replace")).hexdigest()[:32]


@cache
def _suffixes() -> tldextract.TLDExtract:
    """The public suffix list that comes with the library: no network, nothing written."""
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=10_000)
def registrable(host: str) -> str:
    """The domain that somebody registered: the public suffix and one label; addresses and reserved names as they are.

    >>> registrable("www.news.co.id"), registrable("127.0.0.1"), registrable("a.site.test"), registrable("localhost")
    ('news.co.id', '127.0.0.1', 'site.test', 'localhost')
    """
    host = host.strip().strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    labels = host.split(".")
    if labels[-1] in RESERVED_TLDS:
        return ".".join(labels[-2:])
    found = _suffixes()(host)
    return found.top_domain_under_public_suffix or host


def host_of(url: str) -> str:
    """The host of an address, lower case; empty where there is none."""
    parts = _split(url)
    return (parts.hostname or "").rstrip(".").lower() if parts else ""


def is_section(url: str) -> bool:
    """Whether a path word says that an address lists or serves and is no story, or its ending that it is no page."""
    parts = _split(url)
    if parts is None:
        return False
    path = unquote(parts.path).lower()
    sections, _ = _listed("paths", "sections")
    files, _ = _listed("paths", "files")
    if path.endswith(tuple(files)):
        return True
    segments = [one for one in path.split("/") if one]
    return not segments or any(one in sections for one in segments[:-1][:2]) or segments[-1] in sections
