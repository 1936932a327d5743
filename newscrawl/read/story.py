"""A page in, a story out, as found: spam, wrappers and all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

from newscrawl import markup
from newscrawl.markup import Document
from newscrawl.model import Draft, Page, Story
from newscrawl.read import body, credits, embedded, extras, language, layouts, stamps, titles
from newscrawl.read.address import canonical, host_of, is_dressed, is_section, listed, registrable, split, story_key
from newscrawl.read.blocks import Block, folded, words_of
from newscrawl.read.leads import Lead
from newscrawl.read.listing import asks_for_page
from newscrawl.read.metas import Head, tidy
from newscrawl.sitebook import Site

GARBLED = 0.02  # more characters than that which were no text say that the page is no text
SHORT = 450
MAX_STATED = 300_000
DATA_LEAD = 2.0
CARDS_OF_A_LISTING = 4
MAX_LINKS = 400


def story(page: Page, site: Site | None = None) -> Story | None:
    """The story of a page as found, before cleaning; None where the page has none.

    site: the site file's record, whose layouts go before the generic way.
    """
    return story_in(markup.document(page), site)


def story_in(document: Document, site: Site | None = None) -> Story | None:
    """The story of a document that is already parsed; see `story`."""
    if "binary" in document.flags:
        return None
    head = Head(document)
    hints = _hints(head)
    laid = layouts.story_parts(document, site) if site is not None else None
    told = laid.texts if laid is not None else {}
    whole = laid is not None and bool(laid.tops)
    if laid is not None and whole:
        found = body.at(body.regions(document, hints.title), laid.tops, laid.skip)
    else:
        found = body.find(document, hints)
    headline, title_origin = ("", "") if told.get("title") else titles.title(head, found.blocks)
    if not whole:
        found.retrim(headline or next(iter(told.get("title", ())), hints.title))
    draft, origin = _draft(document, found, hints)
    if not draft.text.strip() or draft.text.count("\ufffd") > GARBLED * len(draft.text):
        return None
    if not whole and _is_listing(head, found, draft):
        return None
    first, last = found.span
    own = site.language if site is not None else None
    spoken, spoken_origin = (own, "site file") if own else language.language(language.declared(head), draft.text)
    named = bool(told.get("authors")) and "editors" in told
    authors, editors, authors_origin = ((), (), "") if named else credits.credits(head, found.blocks, first, last)
    published, published_origin = (None, "")
    if not told.get("published"):
        published, published_origin = stamps.published(head, found.blocks, first, spoken)
    modified, modified_origin = stamps.modified(head, found.blocks, first, spoken)
    source_name, source_url, source_origin = extras.source(head, found.blocks, first, last)
    summary, summary_origin = _summary(head)
    result = Story(
        url=_url(head),
        title=headline,
        body=draft,
        summary=summary or None,
        authors=authors,
        editors=editors,
        language=spoken,
        published=published,
        modified=modified,
        fetched=document.page.fetched,
        source_url=source_url,
        source_name=source_name,
        site=next(iter(head.site_names), None) or document.host or None,
        images=extras.images(head, found.blocks, first, last),
        tags=extras.tags(head, found.blocks, first, last),
        comment_count=extras.comment_count(head),
        copyright=tidy(head.article.get("copyrightNotice")) or None,
        license=extras.licence(head),
        flags=(),
        origins={
            name: value
            for name, value in (
                ("title", title_origin),
                ("body", origin),
                ("summary", summary_origin),
                ("authors", authors_origin),
                ("published", published_origin),
                ("modified", modified_origin),
                ("language", spoken_origin),
                ("source_url" if source_url else "source_name", source_origin),
            )
            if value
        },
    )
    if laid is not None:
        result = layouts.overlaid(result, laid, site)
    if result.published is None and told.get("published"):  # the layout's text was no date
        result = _dated(result, head, found.blocks, first)
    flags = [*extras.flags(head, found.blocks, first, last), *_teaser(result)]
    return replace(result, flags=tuple(dict.fromkeys(flags)))


def _dated(result: Story, head: Head, blocks: list[Block], first: int) -> Story:
    published, origin = stamps.published(head, blocks, first, result.language)
    return replace(result, published=published, origins={**result.origins, **({"published": origin} if origin else {})})


def _hints(head: Head) -> body.Hints:
    text = max((tidy_lines(one.get("articleBody")) for one in head.items), key=len, default="")[:MAX_STATED]
    summaries = [tidy(head.article.get("description")), *(value for value, _ in head.every("summary"))]
    headline = tidy(head.article.get("headline")) or head.first("title")[0]
    return body.Hints(text=text, summaries=tuple(one for one in summaries if one), title=headline)


def tidy_lines(value: object) -> str:
    """A text of the data with its lines kept."""
    return "\n".join(line for one in value.splitlines() if (line := tidy(one))) if isinstance(value, str) else ""


def _draft(document: Document, found: body.Body, hints: body.Hints) -> tuple[Draft, str]:
    """The body's draft: of the page's own markup, or of its data where the markup holds little of the story."""
    draft = found.draft(document) if found.tops else Draft(text="")
    if len(hints.text) > DATA_LEAD * len(draft.text) and len(hints.text) > embedded.MIN_CHARACTERS:
        known = folded(hints.text)
        lead = [line for top in found.tops[:-1] if folded(line := words_of(top)) not in known]
        return embedded.rebuilt(document, hints.text, lead).draft, "json-ld"
    if len(draft.text) < embedded.MIN_CHARACTERS:
        text = embedded.longest(document)
        if len(text) > max(DATA_LEAD * len(draft.text), embedded.MIN_CHARACTERS):
            rebuilt = embedded.rebuilt(document, text)
            inner = body.find(rebuilt, body.Hints())
            inner_draft = inner.draft(rebuilt) if inner.tops else rebuilt.draft
            if len(inner_draft.text) > DATA_LEAD * len(draft.text):
                return inner_draft, "script data"
    return draft, found.origin


def _is_listing(head: Head, found: body.Body, draft: Draft) -> bool:
    """A page that lists stories and tells none: no metadata of a story, and little text or a root address."""
    told = bool(head.article) or "article" in " ".join(head.tags.get("og:type", ())).lower()
    dated = any(True for _ in head.every("published"))
    cards = sum(1 for one in found.blocks if one.never == "card" and one.parent and one.parent.never != "card")
    url = canonical(head.document.page.url)
    path = split(url).path.strip("/")
    if told:
        return not path and not dated and cards > CARDS_OF_A_LISTING and bool(head.document.host)
    if found.good < body.ENOUGH / 2 and len(draft.text) < 120 and not dated:
        return True
    served = path.rpartition("/")[2].lower() in listed("paths", "sections")  # /imprint, but not /archive/a-story
    if path and not dated and (served or asks_for_page(url) or (is_section(url) and cards > 1)):
        return True
    root = not path and bool(head.document.host)
    return (root and cards > 1 and not dated) or (cards > CARDS_OF_A_LISTING and not dated and found.good < 600)


def _url(head: Head) -> str:
    """The story's address on its own site: rel=canonical there, else the page's own."""
    document = head.document
    own = canonical(document.page.url)
    for tag in document.links:
        if tag.name == "link" and "canonical" in tag.attrs.get("rel", "").lower().split():
            url = document.absolute(tag.attrs.get("href", ""))
            parts = split(url)
            deep = parts.path.strip("/") or not split(own).path.strip("/")
            if registrable(host_of(url)) == registrable(document.host) and document.host and deep:
                return _undressed(head, canonical(url))
    return _undressed(head, own)


def _undressed(head: Head, own: str) -> str:
    """The address on the site's main host where a page stands on one for phones or AMP: as the page links to it."""
    host = host_of(own)
    if not is_dressed(host):
        return own
    told = [tidy(head.tags.get("og:url", [""])[0]), tidy(head.article.get("url"))]
    page = head.article.get("mainEntityOfPage")
    told.append(tidy(page.get("@id")) if isinstance(page, dict) else tidy(page))
    for url in told:
        main = canonical(url) if url.startswith("http") else ""
        if main and not is_dressed(host_of(main)) and story_key(main) == story_key(own):
            return main
    home = registrable(host)
    links = (host_of(link.get("href") or "") for link in islice(head.document.root.iter("a", "link"), MAX_LINKS))
    hosts = Counter(one for one in links if one and not is_dressed(one) and registrable(one) == home)
    rest = host.partition(".")[2]
    mains = [one for one, _ in hosts.most_common() if one.removeprefix("www.") == rest]
    usual = f"www.{rest}" if rest == home else rest  # beside a host for phones stands www, where the domain is bare
    return own.replace(host, mains[0] if mains else usual, 1)


def _summary(head: Head) -> tuple[str, str]:
    stated = tidy(head.article.get("description"))
    return (stated, "json-ld") if stated else head.first("summary")


def _teaser(found: Story) -> tuple[str, ...]:
    """A text too short for a story that is told elsewhere, behind a wall, or cut off."""
    text = found.text.rstrip()
    cut = text.endswith(("…", "...", "[…]", "[...]"))
    away = found.origins.get("source_url") == "read-more link"
    return ("teaser",) if len(text) < SHORT and (away or cut) else ()


def with_lead(found: Story, lead: Lead) -> Story:
    """A story with what its feed or listing told of it, where the page itself was silent."""
    origins = dict(found.origins)
    given = {
        "title": (found.title, lead.title),
        "published": (found.published, lead.published),
        "summary": (found.summary, lead.summary),
        "source_name": (found.source_name, lead.source_name),
        "source_url": (found.source_url, lead.source_url),
    }
    filled = {name: told for name, (known, told) in given.items() if told and not known}
    origins |= dict.fromkeys(filled, "feed")
    if lead.rights and not found.copyright:
        filled["copyright"] = lead.rights
        origins["copyright"] = "feed"
    return replace(found, **filled, origins=origins) if filled else found  # type: ignore[arg-type]
