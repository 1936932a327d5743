"""Prints the demo's pages and listings from its stories, by the templates of each site's make."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from string import Template

from newscrawl.demo.newsroom import Newsroom, Placement, Site, Spam, Still, Text
from newscrawl.demo.stuffing import block


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One story on one site: all that its page is printed from."""

    site: Site
    text: Text
    place: Placement
    number: int


def story_path(site: Site, text: Text) -> str:
    """The path of a story on a site: the source's own path on a source host, the site's pattern elsewhere."""
    if site.kind == "source" and text.source is not None:
        return text.source.path
    day = text.published
    return Template(site.story_path).substitute(
        slug=text.slug, section=text.section, year=day.year, month=f"{day.month:02d}", day=f"{day.day:02d}"
    )


def base_url(host: str, port: int) -> str:
    """The origin of a host of the demo.

    >>> base_url("kabarkilat.test", 8731)
    'http://kabarkilat.test:8731'
    """
    return f"http://{host}:{port}"


def title_of(text: Text, place: Placement) -> str:
    """The headline as this host has it."""
    return place.title or text.title


def paragraphs_of(text: Text, place: Placement) -> tuple[str, ...]:
    """The article's own paragraphs as this host has them: all, less those it left out, or a teaser's two sentences."""
    if place.form == "teaser":
        return (text.summary,)
    return tuple(one for number, one in enumerate(text.paragraphs) if number not in place.without)


def sheets_of(room: Newsroom, site: Site) -> tuple[Sheet, ...]:
    """The stories of a site in the order of its listing."""
    if site.kind == "source":
        bare = Placement(host=site.host, outcome="exported", notice=site.notice)
        pairs: Sequence[tuple[Text, Placement]] = [(text, bare) for text in room.originals_of(site.host)]
    else:
        pairs = room.standing_on(site.host)
    return tuple(Sheet(site=site, text=text, place=place, number=n) for n, (text, place) in enumerate(pairs))


def related_of(room: Newsroom, sheet: Sheet) -> Text | None:
    """The story that the related line of a page points to, which stands on the same site."""
    wanted = sheet.place.related
    if not wanted:
        return None
    return next(text for text, place in room.standing_on(sheet.site.host) if text.slug == wanted)


def _part(site: Site, name: str, values: Mapping[str, str]) -> str:
    return Template(site.make.parts[name]).substitute(values)


def _spam_html(site: Site, spam: Spam) -> str:
    return _part(site, spam.wrap, {"value": escape(spam.text), "href": escape(spam.href)})


def _paragraph(site: Site, words: str, inside: Sequence[Spam]) -> str:
    """A paragraph with runs of spam right after the words that they name (which must stand there)."""
    cuts = sorted((words.index(spam.after) + len(spam.after), number) for number, spam in enumerate(inside))
    pieces: list[str] = []
    done = 0
    for at, number in cuts:
        pieces += [escape(words[done:at], quote=False), " ", _spam_html(site, inside[number])]
        done = at
    pieces.append(escape(words[done:], quote=False))
    return _part(site, "paragraph", {"value": "".join(pieces)})


def body_html(sheet: Sheet, values: Mapping[str, str], *, inserts: bool = True) -> str:
    """The article's paragraphs with the spam of this host, and the lines that its make puts between them."""
    site, place = sheet.site, sheet.place
    words = paragraphs_of(sheet.text, place)
    pieces: list[str] = []
    for number in range(len(words) + 1):
        pieces += [_spam_html(site, spam) for spam in place.spam if spam.before == number]
        if number == len(words):
            break
        pieces.append(_paragraph(site, words[number], [spam for spam in place.spam if spam.inside == number]))
        if inserts and place.form == "full":
            pieces += [Template(html).substitute(values) for after, html in site.make.inserts if after == number + 1]
    return "\n".join(pieces)


def _day(site: Site, moment: datetime) -> str:
    month = site.months[moment.month - 1] if site.months else f"{moment.month:02d}"
    return Template(site.date).substitute(
        day=moment.day, month=month, year=moment.year, time=f"{moment.hour:02d}:{moment.minute:02d}"
    )


def _jsonld(values: Mapping[str, str], sheet: Sheet) -> str:
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title_of(sheet.text, sheet.place),
        "datePublished": sheet.text.published.isoformat(),
        "inLanguage": sheet.text.language,
        "mainEntityOfPage": values["url"],
        "author": [{"@type": "Person", "name": name} for name in sheet.text.authors],
        "publisher": {"@type": "Organization", "name": sheet.site.name},
    }
    return json.dumps(record, ensure_ascii=False)


def values_of(room: Newsroom, sheet: Sheet, port: int) -> dict[str, str]:
    """Everything a template may name, escaped; a line of the make (`author_line` …) is empty with its value."""
    site, text, place = sheet.site, sheet.text, sheet.place
    path = story_path(site, text)
    related = related_of(room, sheet)
    source = text.source
    plain = {
        "title": title_of(text, place),
        "language": text.language,
        "site_name": site.name,
        "base": base_url(site.host, port),
        "url": base_url(site.host, port) + path,
        "path": path,
        "section": text.section,
        "summary": text.summary or text.paragraphs[0],
        "author": site.joiner.join(text.authors),
        "editor": site.joiner.join(text.editors),
        "copyright": text.copyright,
        "notice": place.notice,
        "ago": place.ago,
        "comments": "" if place.comments is None else str(place.comments),
        "published": text.published.isoformat(),
        "published_day": _day(site, text.published),
        "published_mail": format_datetime(text.published),
        "source_name": source.name if source else "",
        "source_url": base_url(source.host, port) + source.path if source else "",
        "source_home": base_url(source.host, port) + "/" if source else "",
        "related_title": title_of(related, _place_on(related, site.host)) if related else "",
        "related_url": story_path(site, related) if related else "",
        "keywords": block(site, sheet.number) if place.form == "full" else "",
    }
    values = {name: escape(value) for name, value in plain.items()}
    values["jsonld"] = _jsonld(plain, sheet)
    for name in site.make.parts:
        if name.endswith("_line"):
            needs = {"related_line": "related_title", "source_line": "source_url"}.get(name, name.removesuffix("_line"))
            values[name] = _part(site, name, values) if values[needs] else ""
    return values


def _place_on(text: Text, host: str) -> Placement:
    return next(place for place in text.on if place.host == host)


def _html(site: Site, template: str, values: Mapping[str, str]) -> bytes:
    return Template(site.make.templates[template]).substitute(values).encode(site.charset, "xmlcharrefreplace")


def still_page(site: Site, still: Still, port: int) -> bytes:
    """A page of the site that is no story."""
    values = {"site_name": site.name, "title": still.title, "words": still.words, "base": base_url(site.host, port)}
    return _html(site, "still.html", {name: escape(value) for name, value in values.items()})


def story_page(room: Newsroom, sheet: Sheet, port: int) -> bytes:
    """The page of one story, in the charset of its site."""
    values = values_of(room, sheet, port)
    values["body"] = body_html(sheet, values)
    return _html(sheet.site, f"{sheet.place.form}.html", values)


def listing_pages(room: Newsroom, site: Site, sheets: Sequence[Sheet], port: int) -> Iterator[tuple[str, bytes]]:
    """(path, page) of each page of a site's listing; numbered links, and rel=next where there is more."""
    size = site.page_size or max(1, len(sheets))
    count = max(1, -(-len(sheets) // size))
    paths = ["/", *(Template(site.page_path).substitute(n=n) for n in range(2, count + 1))]
    for number, path in enumerate(paths):
        items = [
            _part(site, "item", values_of(room, sheet, port)) for sheet in sheets[number * size : (number + 1) * size]
        ]
        numbers = [
            _part(site, "page_here" if n == number else "page_other", {"n": str(n + 1), "href": escape(paths[n])})
            for n in range(count)
        ]
        if number + 1 < count:
            numbers.append(_part(site, "page_next", {"href": escape(paths[number + 1])}))
        values = {"site_name": escape(site.name), "language": site.language, "base": base_url(site.host, port)}
        values |= {"items": "\n".join(items), "pages": "\n".join(numbers) if count > 1 else ""}
        yield path, _html(site, "listing.html", values)
