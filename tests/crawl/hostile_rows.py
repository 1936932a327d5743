"""More of the hostile web, one shelf for each thing that a page, a feed, a map or a host can do too much of."""

from __future__ import annotations

import gzip
import random
import zlib

from backports import zstd

from tests.crawl.hostile import (
    BAD,
    DOMAIN,
    FEED,
    MIB,
    OK,
    Case,
    Talk,
    Web,
    answer,
    endless,
    page,
    raw,
    redirect,
    says,
    story,
)  # fmt: skip

NOISE = random.Random(5).randbytes(4 * MIB)
XML = "application/xml"


def flood(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def _codings() -> list[Case]:
    text = story("whole").encode()
    wide = zstd.compress(text, options={zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1})  # fmt: skip
    return [
        Case("coding-noise", says(zlib.compress(NOISE), "Content-Encoding: deflate", kind="text/html"), "dropped"),
        Case("coding-noise-gzip", says(gzip.compress(NOISE, 1), "Content-Encoding: gzip"), "dropped"),
        Case("coding-identity", says(text, "Content-Encoding: identity"), "exported"),
        Case("coding-upper", says(gzip.compress(text), "Content-Encoding: GZIP"), "exported"),
        Case("coding-x-gzip", says(gzip.compress(text), "Content-Encoding: x-gzip"), "exported"),
        Case("coding-padded", says(gzip.compress(text) + bytes(512), "Content-Encoding: gzip"), "exported"),
        Case("coding-two-members", says(gzip.compress(text[:500]) + gzip.compress(text[500:]), "Content-Encoding: gzip"), "exported"),
        Case("coding-torn-member", says(gzip.compress(text[:500]) + gzip.compress(text[500:])[:-4], "Content-Encoding: gzip")),
        Case("coding-window", says(wide, "Content-Encoding: zstd"), "either"),
        Case("coding-empty", says(b"", "Content-Encoding: gzip")),
        Case("coding-name-long", says(text, "Content-Encoding: " + "a" * 60_000)),
        Case("coding-transfer", raw(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")),
    ]  # fmt: skip


def _heads() -> list[Case]:
    def head(name: str, *lines: str, status: str = "200 OK", fate: str = "exported") -> Case:
        return Case(f"head-{name}", says(story(f"head-{name}"), *lines, status=status), fate)  # type: ignore[arg-type]

    def inside(line: str) -> Talk:
        async def talk(write: object, web: Web) -> None:
            await write(answer(story("head-inside"), line.replace("{in}", str(web.inside))))  # type: ignore[operator]

        return talk

    return [
        head("callable", "Referrer-Policy: os.system"),
        head("callable-ours", "Referrer-Policy: scrapy.utils.misc.load_object"),
        head("alt-svc", 'Alt-Svc: h2="127.0.0.1:1"; ma=9'),
        head("cookie-bomb", *[f"Set-Cookie: c{n}={'x' * 100}" for n in range(400)]),
        head("disposition", 'Content-Disposition: attachment; filename="../../../etc/cron.d/x"'),
        head("etag-lines", 'ETag: "a\x0b\x0cX-Evil: 1"'),
        head("etag-long", 'ETag: "' + "e" * 9000 + '"'),
        head("date", "Last-Modified: Mon, 99 Foo 99999 99:99:99 XYZ", "Date: -1", "Age: 99999999999999999999"),
        head("length-twice", f"Content-Length: {len(story('head-length-twice').encode())}", fate="either"),
        head("language", "Content-Language: " + ", ".join(["xx-" + "y" * 8] * 700)),
        head("escape", "X-A: \x1b]0;owned\x07\x1b[2J"),
        head("bare-cr", "X-A: b\rSet-Cookie: a=b", fate="either"),
        head("bare-lf", "X-A: b\nX-B: c", fate="either"),
        head("no-colon", "this is no header", fate="either"),
        head("location-200", "Location: http://127.0.0.1/"),
        head("401", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized", fate="dropped"),
        head("206", "Content-Range: bytes 0-9/99999", status="206 Partial Content", fate="dropped"),
        Case("head-refresh", inside("Refresh: 0;url=http://127.0.0.1:{in}/x"), "exported"),
        Case("head-link", inside("Link: <http://127.0.0.1:{in}/x>; rel=license; type=application/rsl+xml"), "either"),
        Case("head-link-next", inside("Link: <http://127.1:{in}/x>; rel=next, <http://127.1:{in}/y>; rel=preload"), "exported"),
        Case("head-tdm", inside("TDM-Policy: http://127.0.0.1:{in}/x"), "either"),
        Case("head-early", raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" + answer(story("early"))), "either"),
        Case("head-lf-only", raw(answer(story("lf")).replace(b"\r\n", b"\n", 5)), "either"),
        Case("head-nul", raw(b"HTTP/1.1 200 OK\r\nX-A: \0\0\r\nContent-Type: text/html\r\n\r\n" + story("nul").encode()), "either"),
        Case("head-binary", raw(NOISE[:200_000])),
        Case("head-drip-lines", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause=0.05)),
    ]  # fmt: skip


def _hops() -> list[Case]:
    return [
        Case("redirect-crlf", redirect("/x%0d%0aSet-Cookie:%20a=b")),
        Case("redirect-tab", redirect("http://127.0.0.1\t:{in}/x")),
        Case("redirect-nul", redirect("http://127.0.0.1%00:{in}/x")),
        Case("redirect-307", redirect("http://127.0.0.1:{in}/x", "307 x")),
        Case("redirect-308", redirect("http://[::ffff:7f00:1]:{in}/x", "308 x")),
        Case("redirect-300", redirect("http://127.0.0.1:{in}/x", "300 x")),
        Case("redirect-many-locations", raw(b"HTTP/1.1 302 x\r\n" + b"Location: /a\r\n" * 400 + b"Content-Length: 0\r\n\r\n")),
        Case("redirect-bracket", redirect("http://[::1/")),
        Case("redirect-bytes", redirect("/\xff\xfe\x80")),
        Case("redirect-view-source", redirect("view-source:http://127.0.0.1:{in}/")),
        Case("redirect-unix", redirect("http+unix://%2Fvar%2Frun%2Fdocker.sock/info")),
    ]  # fmt: skip


def _markup() -> dict[str, str]:
    """Too much of one element or attribute."""
    rules = "".join(f".c{n} .d{n}>p:not(.e{n}){{display:none}}" for n in range(6000))
    return {
        "nested-text": "<div>" * 5000 + "deep words here" + "</div>" * 5000,
        "nested-tables": "<table><tr><td>" * 8000, "nested-lists": "<ul><li>" * 20_000,
        "nested-quotes": "<blockquote>" * 50_000, "nested-forms": "<form>" * 50_000,
        "nested-anchors": "<a href=/x>" * 50_000, "nested-fonts": "<font color=red>" * 50_000,
        "closers": "</p></div>" * 150_000, "roots": "<html><body>" * 50_000, "heads": "<head><title>x</title></head>" * 20_000,
        "templates": "<template><p>x</p></template>" * 20_000, "noscripts": "<noscript><p>x</p></noscript>" * 20_000,
        "iframes": "<iframe src=/x></iframe>" * 20_000, "cdata": "<![CDATA[" * 100_000, "declarations": "<!ELEMENT x>" * 50_000,
        "tag-name": "<" + "a" * MIB + ">x", "tag-open": "<div " * 200_000, "tag-slashes": "<div" + "/" * MIB + ">x",
        "attribute-name": "<div " + "a" * MIB + "=1>x", "attribute-equals": "<div a" + "=" * MIB + ">x",
        "attribute-quotes": "<div a='" + '"' * MIB + "'>x", "attribute-entities": "<div title='" + "&amp;" * 200_000 + "'>x",
        "srcset": "<img srcset='" + "/a.jpg 1x," * 100_000 + "'>", "data-uri": "<img src='data:image/png;base64," + "A" * (3 * MIB) + "'>",
        "style-attribute": "<p style='" + "display:block;" * 70_000 + "'>x</p>",
        "styles-many": "".join(f"<p style='left:{n}px;color:#{n:06x}'>word {n}</p>" for n in range(9000)),
        "css-rules": f"<style>{rules}</style>" + "".join(f"<div class='c{n} d{n}'><p>x</p></div>" for n in range(4000)),
        "css-not": "<style>" + ":not(" * 20_000 + "</style>", "css-braces": "<style>" + "{" * 500_000 + "</style>",
        "css-comments": "<style>" + "/*" * 300_000 + "</style>", "css-strings": "<style>a{content:'" + "\\'" * 300_000 + "</style>",
        "css-selectors": "<style>" + ",".join(f".x{n}" for n in range(60_000)) + "{display:none}</style>",
        "css-variables": "<style>:root{" + "".join(f"--a{n}:var(--a{n + 1});" for n in range(9000)) + "}p{display:var(--a0)}</style><p>x",
        "css-media": "<style>" + "@media all{" * 40_000 + "p{display:none}</style>", "css-import": "<style>" + "@import 'http://127.0.0.1/';" * 20_000 + "</style>",
        "css-escapes": "<style>." + "\\61" * 150_000 + "{display:none}</style>",
        "classes": "<p class='" + " ".join(f"k{n}" for n in range(100_000)) + "'>x",
        "ids": "".join(f"<i id=a{n}></i>" for n in range(30_000)),
        "canonicals": "<link rel=canonical href=/x>" * 30_000, "alternates": "<link rel=alternate type=application/rss+xml href=/x>" * 20_000,
        "metas-robots": "<meta name=robots content='all'>" * 30_000, "metas-long": "<meta name=robots content='" + "all," * 250_000 + "'>",
        "bases": "<base href=/x>" * 30_000, "times": "<time datetime='2026-05-05T10:00:00Z'>now</time>" * 20_000,
        "itemprops": "<div itemscope itemtype=http://schema.org/NewsArticle>" + "<i itemprop=author>A</i>" * 30_000,
        "itemscopes": "<div itemscope itemprop=a itemtype=http://schema.org/Thing>" * 20_000,
        "itemrefs": "<div itemscope itemref='" + "a " * 100_000 + "'></div>",
        "maps": "<map><area href=/x></map>" * 30_000, "buttons": "<button>b</button>" * 50_000, "asides": "<aside>x</aside>" * 25_000,
        "headings": "".join(f"<h{n % 6 + 1}>Heading {n}</h{n % 6 + 1}>" for n in range(12_000)),
        "tables": "<table>" + "<tr><td>1<td>2<td>3" * 12_000 + "</table>", "colspan": "<table><tr><td colspan=99999999 rowspan=99999999>x</table>",
    }  # fmt: skip


def _words() -> dict[str, str]:
    """Too much of one letter, word or sentence."""
    return {
        "spaces-nbsp": "<p>" + "\u00a0" * 600_000, "spaces-zero": "<p>" + "a\u200b" * 300_000, "newlines": "<pre>" + "\n" * 600_000,
        "tabs": "<pre>" + " \t" * 400_000, "marks": "<p>a" + "\u0301" * 500_000, "ligatures": "<p>" + "\ufdfa" * 200_000,
        "dotted-i": "<p>" + "\u0130" * 300_000, "sharp-s": "<p>" + "\u1e9e" * 300_000, "jamo": "<p>" + "\u1100\u1161\u11a8" * 90_000,
        "emoji": "<p>" + "👨‍👩‍👧‍👦" * 60_000, "flags": "<p>" + "🇮🇩" * 100_000, "selectors": "<p>x" + "\ufe0f" * 300_000,
        "tags-block": "<p>" + "\U000e0041" * 200_000, "private": "<p>" + "\ue000" * 300_000, "nonchars": "<p>" + "\ufdd0\uffff" * 99_999,
        "long-word": "<p>" + "a" * (2 * MIB), "long-cjk": "<p>" + "港" * 500_000, "long-thai": "<p>" + "ท่าเรือ" * 80_000,
        "digits": "<p>" + "9" * MIB, "dots": "<p>" + "." * MIB, "dashes": "<p>" + "-" * MIB, "commas": "<p>" + "a, " * 300_000,
        "colons": "<p>" + "a: " * 300_000, "pipes": "<p>" + "| " * 400_000, "bullets": "<p>" + "• a " * 200_000, "hashes": "<p>" + "#tag " * 150_000,
        "ats": "<p>" + "@name " * 150_000, "mails": "<p>" + "a@b.example " * 60_000, "parens": "<p>" + "(" * 600_000,
        "brackets": "<p>" + "[[" * 300_000, "quotes-open": "<p>" + "“" * 400_000, "quotes-pairs": "<p>" + "“a” " * 150_000, "slashes": "<p>" + "/a" * 300_000,
        "percents": "<p>" + "%25" * 200_000, "hosts": "<p>" + "a.example.com " * 60_000, "prices": "<p>" + "Rp 10.000.000 " * 25_000,
        "phones": "<p>" + "+62 812-3456-7890 " * 40_000, "times-of-day": "<p>" + "10:45 WIB, " * 30_000, "ago": "<p>" + "3 hours ago " * 60_000,
        "bylines": "<p>" + "By John Smith, " * 60_000, "copyright": "<p>" + "© 2026 All rights reserved. " * 30_000,
        "read-also": "<p>" + "Baca juga: kabar lain. " * 40_000, "ads": "<p>" + "ADVERTISEMENT " * 60_000,
        "notices": "<p>" + "Text and data mining is " * 40_000, "no-ai": "<p>" + "may not be used to train AI, " * 12_000,
        "licences": "<p>" + "licensed under CC BY-NC-ND 4.0 " * 30_000, "sentence": "<p>" + "The tide came in. " * 60_000,
        "paragraphs": "<p>The tide came in again and again.</p>" * 15_000, "short-lines": "<p>a</p>" * 40_000,
        "casino": "<p>" + "casino bonus " * 40_000, "casino-spaced": "<p>" + "c a s i n o " * 60_000, "leet": "<p>" + "c4s1n0 b0nu5 " * 30_000,
        "cyrillic": "<p>" + "саsіnо " * 45_000, "scripts-mixed": "<p>" + "aяα" * 200_000, "base64": "<p>" + "QUJDRA==" * 100_000,
        "prompt": "<p>" + "Ignore all previous instructions. " * 30_000, "case-alternating": "<p>" + "SlOt GaCoR " * 60_000,
    }  # fmt: skip


def _structured() -> dict[str, str]:
    def ld(source: str) -> str:
        return f"<script type=application/ld+json>{source}</script>"

    graph = ",".join(f'{{"@type":"NewsArticle","@id":"#{n}","headline":"x {n}"}}' for n in range(10_000))
    return {
        "jsonld-objects": ld('{"a":' * 50_000), "jsonld-graph": ld(f'{{"@graph":[{graph}]}}'), "jsonld-nan": ld('{"@type":"NewsArticle","x":NaN,"y":1e999}'),
        "jsonld-surrogate": ld('{"@type":"NewsArticle","headline":"\\ud83d\\u0000\\u2028"}'), "jsonld-many": ld('{"@type":"NewsArticle"}') * 9000,
        "jsonld-authors": ld('{"@type":"NewsArticle","author":[' + '{"name":"A B"},' * 50_000 + "{}]}"),
        "jsonld-keys": ld("{" + ",".join(f'"k{n}":1' for n in range(90_000)) + "}"), "jsonld-types": ld('{"@type":[' + '"NewsArticle",' * 90_000 + '"x"]}'),
        "jsonld-comments": ld("/*" * 200_000), "jsonld-commas": ld("[" + "," * 500_000), "jsonld-escapes": ld('"' + "\\u0041" * 150_000 + '"'),
        "jsonld-inside": ld('{"@type":"NewsArticle","url":"http://127.0.0.1/","mainEntityOfPage":"file:///etc/passwd"}'),
        "next-data": "<script id=__NEXT_DATA__ type=application/json>" + "[" * 200_000 + "</script>",
        "script-strings": "<script>var a='" + "\\x41" * 200_000 + "'</script>", "script-write": "<script>" + "document.write('<p>');" * 40_000 + "</script>",
    }  # fmt: skip


def _pages() -> list[Case]:
    bodies = _markup() | _words() | _structured()
    cases = [Case(f"page-{name}", says(story(f"page-{name}", body)), "either") for name, body in bodies.items()]
    title = story("x").replace("<title>The tide at x", "<title>" + flood("The tide - ", MIB))
    heading = story("x").replace("<h1>The tide at x", "<h1>" + flood("The tide at x ", 500_000))
    octets = story("charset").encode()
    return [
        *cases,
        Case("page-title", says(title), "either"),
        Case("page-heading", says(heading), "either"),
        Case("charset-long", says(octets, kind="text/html; charset=" + "x" * 5000), "exported"),
        Case("charset-path", says(octets, kind="text/html; charset=../../etc/passwd"), "exported"),
        Case("charset-many", says(octets, kind="text/html" + "; charset=utf-16" * 500), "exported"),
        Case("charset-meta", says(story("c").replace("charset=utf-8", "charset=utf-7")), "exported"),
        Case("charset-bom16", says(b"\xff\xfe" + story("b").encode("utf-16-le")), "either"),
        Case("charset-bom-lie", says(b"\xfe\xff" + octets), "either"),
        Case("charset-32", says(story("u").encode("utf-32"), kind="text/html; charset=utf-32"), "either"),
        Case("charset-jis-escapes", says(b"\x1b$B" * 90_000 + octets, kind="text/html; charset=iso-2022-jp"), "either"),
        Case("type-long", says(octets, kind="text/" + "h" * 60_000), "either"),
        Case("type-pdf", says(b"%PDF-1.7\n" + NOISE[:90_000], kind="application/pdf")),
        Case("type-wasm", says(b"\0asm" + NOISE[:90_000], kind="text/html"), "either"),
        Case("type-xhtml", says("<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'b'>]>" + story("x"), kind="application/xhtml+xml"), "either"),
        Case("noise", says(NOISE, kind="text/html"), "dropped"),
        Case("noise-latin", says(NOISE[:MIB], kind="text/html; charset=latin-1"), "dropped"),
    ]  # fmt: skip


def _feeds() -> list[Case]:
    def feed(name: str, before: str = "", item: str = "", *, times: int = 1, kind: str = FEED) -> Case:
        def build(web: Web) -> str:
            row = item.replace("{bad}", f"http://feed-{name}.{DOMAIN}:{web.port}{BAD}").replace("{in}", str(web.inside))
            return f"{before}<rss version='2.0'><channel><title>x</title>{row * times}</channel></rss>"

        return Case(f"feed-{name}", page(build, kind=kind), "dropped", "/feed")

    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    named = f"<!ENTITY a0 'ha'>{laughs}]>"
    pad = "<!-- " + "x" * 120_000 + " -->"
    good = "<item><title>t</title><link>{bad}</link></item>"

    def following(web: Web) -> str:
        return (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><link rel='next' href='/feed?{len(web.asked)}'/>"
            "</feed>"
        )

    return [
        feed("subset-padded", f"<?xml version='1.0'?>{pad}<!DOCTYPE x [{named}", "<item><title>&a9;</title></item>"),
        feed("subset-quoted", f"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'a>b' [{named}", "<item><title>&a9;</title></item>"),
        feed("subset-lower", f"<?xml version='1.0'?><!doctype x [{named}", "<item><title>&a9;</title></item>"),
        feed("subset-utf16", "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x [" + named, "&a9;"),
        feed("subset-comment", f"<!-- <rss> --><?xml version='1.0'?><!DOCTYPE x [{named}", "<item><title>&a9;</title></item>"),
        feed("subset-file", f"<?xml version='1.0'?>{pad}<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "<item><title>&a;</title></item>"),
        feed("subset-inside", f"<?xml version='1.0'?>{pad}<!DOCTYPE x [<!ENTITY a SYSTEM 'http://127.0.0.1:{{in}}/x'>]>", "<item><title>&a;</title></item>"),
        feed("items-same", "", good, times=40_000), feed("titles-huge", "", "<item><title>" + "x" * MIB + "</title><link>{bad}</link></item>"),
        feed("links-many", "", "<item>" + "<link>{bad}</link>" * 9000 + "</item>"),
        feed("guid-permalink", "", "<item><guid isPermaLink='true'>file:///etc/passwd</guid></item>"),
        feed("namespaces", "", "<item " + " ".join(f"xmlns:n{n}='u{n}'" for n in range(3000)) + "><title>t</title></item>"),
        feed("dates", "", "<item><title>t</title><link>{bad}</link><pubDate>" + "Mon, " * 90_000 + "</pubDate></item>"),
        feed("content-deep", "", "<item><title>t</title><link>{bad}</link><description>" + "&lt;div&gt;" * 90_000 + "</description></item>"),
        feed("enclosures", "", "<item>" + "<enclosure url='http://127.0.0.1:{in}/x' type='a/b' length='1'/>" * 900 + "</item>"),
        feed("image-inside", "", "<image><url>http://127.0.0.1:{in}/x</url></image><cloud domain='127.0.0.1' port='{in}' path='/x'/>"),
        feed("type-utf7", "<?xml version='1.0' encoding='utf-7'?>", good), feed("type-klingon", "<?xml version='1.0' encoding='klingon'?>", good),
        feed("type-wrong", "", good, kind="text/html"),
        Case("feed-atom-base", page(lambda web: f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://127.0.0.1:{web.inside}/'><entry><title>t</title><link href='x'/></entry></feed>", kind="application/atom+xml"), "dropped", "/feed"),
        Case("feed-next", page(following, kind="application/atom+xml"), "dropped", "/feed"),
        Case("feed-json-items", says('{"version":"https://jsonfeed.org/version/1.1","items":[' + '{"id":"1","url":"/x"},' * 90_000 + "{}]}", kind="application/feed+json"), "dropped", "/feed"),
        Case("feed-json-int", says('{"version":"https://jsonfeed.org/version/1","items":[{"id":' + "9" * 9000 + "}]}", kind="application/feed+json"), "dropped", "/feed"),
        Case("feed-json-types", says('{"version":"https://jsonfeed.org/version/1","items":{"a":1},"next_url":["x"],"title":NaN}', kind="application/feed+json"), "dropped", "/feed"),
        Case("feed-json-next", page(lambda web: f'{{"version":"https://jsonfeed.org/version/1","items":[],"next_url":"http://127.0.0.1:{web.inside}/x"}}', kind="application/feed+json"), "dropped", "/feed"),
        Case("feed-noise", says(b"<rss>" + NOISE[:MIB], kind=FEED), "dropped", "/feed"),
        Case("feed-gzip-in-gzip", says(gzip.compress(gzip.compress(bytes(64 * MIB))), "Content-Encoding: gzip", kind=FEED), "dropped", "/feed"),
    ]  # fmt: skip


def _maps() -> list[Case]:
    def index(name: str, rows: str) -> Case:
        def build(web: Web) -> str:
            made = rows.replace("{own}", f"http://map-{name}.{DOMAIN}:{web.port}").replace("{in}", str(web.inside))
            return made.replace("{n}", str(len(web.asked)))

        return Case(f"map-{name}", page(build, kind=XML), "dropped", "/map.xml")

    locs = "<url><loc>{own}/2026/05/05/x-{n}.html</loc></url>"
    laughs = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    twice = gzip.compress(gzip.compress(b"<urlset>" + b"<url/>" * (8 * MIB)))
    return [
        index("self", "<sitemapindex><sitemap><loc>{own}/map.xml</loc></sitemap></sitemapindex>"),
        index("deeper", "<sitemapindex><sitemap><loc>{own}/map.xml?{n}</loc></sitemap></sitemapindex>"),
        index("laughs", laughs + "]><urlset><url><loc>{own}/&a9;</loc></url></urlset>"),
        index("external", "<!DOCTYPE x SYSTEM 'http://127.0.0.1:{in}/x.dtd'><urlset>" + locs + "</urlset>"),
        index("foreign", "<sitemapindex><sitemap><loc>http://elsewhere.example/map.xml</loc></sitemap></sitemapindex>"),
        index("schemes", "<urlset>" + "".join(f"<url><loc>{u}</loc></url>" for u in ("file:///etc/passwd", "data:,x", "ftp://127.0.0.1/", "//127.1:{in}/x")) + "</urlset>"),
        index("locs", "<urlset>" + locs * 50_000 + "</urlset>"), index("loc-long", "<urlset><url><loc>{own}/" + "a" * MIB + "</loc></url></urlset>"),
        index("deep", "<urlset>" * 100_000), index("attributes", "<urlset " + " ".join(f"a{n}='x'" for n in range(100_000)) + ">"),
        index("alternates", "<urlset><url><loc>{own}/a</loc>" + "<xhtml:link rel='alternate' href='http://127.0.0.1:{in}/x'/>" * 9000 + "</url></urlset>"),
        Case("map-gzip-twice", says(twice, kind="application/gzip"), "dropped", "/map.xml"),
        Case("map-gzip-coded", says(twice, "Content-Encoding: gzip", kind=XML), "dropped", "/map.xml"),
        Case("map-text", says("file:///etc/passwd\nhttp://127.0.0.1/\n" * 90_000, kind="text/plain"), "dropped", "/map.xml"),
    ]  # fmt: skip


def _robots() -> list[Case]:
    allow = "User-agent: *\nAllow: /\n"
    odd: dict[str, tuple[str, str]] = {
        "long-line": ("User-agent: *\nDisallow: /" + "x" * (3 * MIB), "either"),
        "wildcards": ("User-agent: *\nDisallow: /" + "*a" * 30_000 + "\n", "either"),
        "dollars": ("User-agent: *\n" + "Disallow: /*$*$*$\n" * 20_000, "either"),
        "agents": (flood("User-agent: a\n", 400_000) + allow, "either"),
        "agent-tokens": ("".join(f"User-agent: bot{n}\nDisallow: /\n" for n in range(15_000)) + allow, "either"),
        "sitemaps": (allow + "Sitemap: http://127.0.0.1/map.xml\n" * 9000, "exported"),
        "signals": (allow + "Content-Signal: ai-train=yes\n" * 15_000, "either"),
        "delays": (allow + "Crawl-delay: 0.0000001\nCrawl-delay: NaN\nCrawl-delay: -1\nCrawl-delay: 1e999\n", "either"),
        "controls": (allow + "\x1b[2J\x07" * 999, "either"),
        "licence": (allow + "License: file:///etc/passwd\nLicense: javascript:x\n" * 999, "either"),
    }  # fmt: skip
    cases = [Case(f"robots-{n}", says(text, kind="text/plain"), fate, "/robots.txt", robots=True) for n, (text, fate) in odd.items()]  # type: ignore[arg-type]  # fmt: skip
    return [
        *cases,
        Case("robots-drip", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"#", pause=0.2), "dropped", "/robots.txt", robots=True),
        Case("robots-304", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), "dropped", "/robots.txt", robots=True),
        Case("robots-206", says(allow, "Content-Range: bytes 0-22/9999", kind="text/plain", status="206 x"), "dropped", "/robots.txt", robots=True),
        Case("robots-redirects", redirect("/robots.txt?x"), "dropped", "/robots.txt", robots=True),
    ]  # fmt: skip


ROWS: tuple[Case, ...] = (*_codings(), *_heads(), *_hops(), *_pages(), *_feeds(), *_maps(), *_robots())
