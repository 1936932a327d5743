"""A hostile web on loopback: each case has a host of its own, with one attack and one good story beside it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import threading
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import brotli
from backports import zstd

HERE = "127.0.0.2"
INSIDE = "127.0.0.1"
DOMAIN = "hostile.test"
END = "This is the very last sentence of the story."
GOOD = "/2026/05/05/a-good-story-about-the-harbour.html"
BAD = "/2026/05/05/a-bad-story-about-the-harbour.html"
MIB = 1 << 20

Write: TypeAlias = Callable[[bytes], Awaitable[None]]
Talk: TypeAlias = Callable[[Write, "Web"], Awaitable[None]]
Fate: TypeAlias = Literal["dropped", "exported", "either"]
"""What becomes of the page under attack. `either`: it may be exported, if it is whole."""


@dataclass(frozen=True)
class Case:
    """One attack: its name is its host's, too. `at`: where it lies, if not where the bad story does."""

    name: str
    talk: Talk
    fate: Fate = "dropped"
    at: str = BAD
    robots: bool = False

    @property
    def host(self) -> str:
        return f"{self.name}.{DOMAIN}"


@dataclass
class Web:
    """What a case may need to know: where the hostile server listens, and where the internal one does."""

    port: int = 0
    inside: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)


def story(name: str, more: str = "") -> str:
    said = "".join(
        f"<p>Paragraph {n} of {name} says that the tide came in at {n} o'clock and that the boats of the harbour of "
        f"{name} lay {n} metres above the quay, which nobody there had seen before.</p>"
        for n in range(1, 9)
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>The tide at {name}</title></head><body><article>"
        f"<h1>The tide at {name} came late</h1>{said}{more}<p>{END}</p></article></body></html>"
    )


def answer(body: bytes | str, *headers: str, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    octets = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(octets)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + octets


def says(*args: object, **kwargs: str) -> Talk:
    made = answer(*args, **kwargs)  # type: ignore[arg-type]

    async def talk(write: Write, web: Web) -> None:
        await write(made)

    return talk


def raw(*parts: bytes, then: float = 0.0) -> Talk:
    async def talk(write: Write, web: Web) -> None:
        for part in parts:
            await write(part)
        await asyncio.sleep(then)

    return talk


def endless(head: bytes, unit: bytes, *, pause: float = 0.0) -> Talk:
    async def talk(write: Write, web: Web) -> None:
        await write(head)
        while True:
            await write(unit)
            await asyncio.sleep(pause)

    return talk


def redirect(target: str, status: str = "302 Found") -> Talk:
    """`{in}` is the internal server's port, `{own}` the hostile server's."""

    async def talk(write: Write, web: Web) -> None:
        there = target.replace("{in}", str(web.inside)).replace("{own}", str(web.port))
        await write(answer("moved", f"Location: {there}", status=status))

    return talk


def page(build: Callable[[Web], str], **kwargs: str) -> Talk:
    async def talk(write: Write, web: Web) -> None:
        await write(answer(build(web), **kwargs))

    return talk


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
FEED = "application/rss+xml"
ZEROS = bytes(64 * MIB)


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": lambda body: brotli.compress(body, quality=4),
    "zstd": zstd.compress,
}  # fmt: skip


def _codings() -> list[Case]:
    cases = [Case(f"bomb-{name}", says(pack(ZEROS), f"Content-Encoding: {name}")) for name, pack in PACK.items()]
    cases += [
        Case("bomb-rawdeflate", says(_raw_deflate(ZEROS), "Content-Encoding: deflate")),
        Case("bomb-twice", says(gzip.compress(gzip.compress(ZEROS)), "Content-Encoding: gzip, gzip")),
        Case("bomb-brgzip", says(gzip.compress(brotli.compress(ZEROS, quality=4)), "Content-Encoding: br, gzip")),
        Case("codings-200", says(story("x"), "Content-Encoding: " + ", ".join(["gzip"] * 200))),
        Case("codings-3", says(gzip.compress(gzip.compress(gzip.compress(b"x"))), "Content-Encoding: gzip,gzip,gzip")),
        Case("codings-lines", says(story("x"), *["Content-Encoding: gzip"] * 9)),
        Case("coding-unknown", says(story("x"), "Content-Encoding: compress")),
        Case("coding-garbage", says(b"no gzip at all" * 99, "Content-Encoding: gzip")),
    ]
    for name, pack in PACK.items():
        packed = pack(story(f"torn-{name}").encode())
        for how, cut in (("1byte", 1), ("9bytes", 9), ("half", len(packed) // 2)):
            cases.append(Case(f"torn-{name}-{how}", says(packed[:-cut], f"Content-Encoding: {name}")))
        whole = pack(story(f"whole-{name}").encode())
        cases.append(Case(f"whole-{name}", says(whole, f"Content-Encoding: {name}"), "exported"))
    twice = brotli.compress(gzip.compress(story("whole-twice").encode()))
    return [*cases, Case("whole-twice", says(twice, "Content-Encoding: gzip, br"), "exported")]


def _lengths() -> list[Case]:
    body = story("cut").encode()
    half = body[: len(body) // 2]
    chunk = b"%x\r\n%s\r\n" % (len(half), half)
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    return [
        Case("cut-length", raw(OK + b"Content-Length: %d\r\n\r\n" % len(body), half)),
        Case("cut-closed", raw(OK + b"\r\n", half), "either"),
        Case("whole-closed", raw(OK + b"\r\n", story("whole-closed").encode()), "exported"),
        Case("cut-chunked", raw(chunked + chunk)),
        Case("cut-inchunk", raw(chunked + b"%x\r\n" % len(body), half)),
        Case("cut-badchunk", raw(chunked + chunk + b"zz\r\n" + half)),
        Case("cut-negative", raw(OK + b"Content-Length: -5\r\n\r\n", half)),
        Case("cut-twolengths", raw(OK + b"Content-Length: %d\r\nContent-Length: 9\r\n\r\n" % len(half), half)),
        Case("big-declared", raw(OK + b"Content-Length: 99999999999\r\n\r\n", body, then=1)),
        Case("big-6mib", says(story("big").encode() + b"x" * (6 * MIB))),
        Case("endless-body", endless(OK + b"\r\n", b"<p>more and more" * 4000)),
        Case("endless-chunks", endless(chunked, b"4\r\nwiki\r\n" * 4000)),
        Case("endless-trailer", endless(chunked + b"0\r\n", b"X-A: b\r\n" * 4000)),
        Case("drip-body", endless(OK + b"\r\n" + half, b"x", pause=0.3)),
        Case("drip-head", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause=0.3)),
        Case("silence", raw(then=60)),
        Case("silence-afterhead", raw(OK + b"Content-Length: 500\r\n\r\n", then=60)),
        Case("endless-heads", endless(b"HTTP/1.1 200 OK\r\n", b"X-Aaaaaaaaaa: bbbbbbbbbbbbbb\r\n" * 2000)),
        Case("endless-head", endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 64_000)),
        Case("endless-folded", endless(b"HTTP/1.1 200 OK\r\nX-A: b\r\n", b" bbbbbbbb\r\n" * 4000)),
        Case("endless-100", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)),
        Case("heads-10000", says(story("heads"), *[f"X-{n}: {n}" for n in range(10_000)])),
        Case("head-10mb", says(story("head"), "X-A: " + "b" * (10 * MIB))),
        Case("head-many-cookies", says(story("head-many-cookies"), *["Set-Cookie: a=b"] * 300), "exported"),
        Case("status-none", raw(body)),
        Case("status-garbage", raw(b"HTTP/9.9 abc\r\n\r\n" + body)),
        Case("status-huge", raw(b"HTTP/1.1 99999 X\r\nContent-Length: 0\r\n\r\n")),
        Case("reset", raw(b"HTTP/1.1 2")),
    ]


def _redirects() -> list[Case]:
    targets = {
        "loop": "http://redirect-loop.hostile.test:{own}" + BAD,
        "inside": "http://127.0.0.1:{in}/x", "inside-short": "http://127.1:{in}/x",
        "inside-int": "http://2130706433:{in}/x", "inside-hex": "http://0x7f000001:{in}/x",
        "inside-oct": "http://0177.0.0.1:{in}/x", "inside-zero": "http://0.0.0.0:{in}/x",
        "inside-6": "http://[::1]:{in}/x", "inside-mapped": "http://[::ffff:127.0.0.1]:{in}/x",
        "inside-name": "http://localhost:{in}/x", "inside-slashes": "//127.0.0.1:{in}/x",
        "metadata": "http://169.254.169.254/latest/meta-data/", "file": "file:///etc/passwd",
        "data": "data:text/html,<h1>x</h1>", "ftp": "ftp://127.0.0.1/x", "script": "javascript:alert(1)",
        "user": "http://news.example@127.0.0.1:{in}/x", "port": "http://redirect-port.hostile.test:99999/",
        "space": "http://127.0.0.1 .hostile.test:{in}/x", "long": "/" + "a" * 5000,
        "backslash": "http:\\\\127.0.0.1:{in}\\x", "gopher": "gopher://127.0.0.1:{in}/_GET",
        "percent": "http://%31%32%37.0.0.1:{in}/x", "empty": "",
    }  # fmt: skip
    cases = [Case(f"redirect-{name}", redirect(target)) for name, target in targets.items()]

    def refreshed(web: Web) -> str:
        tag = f'<meta http-equiv=refresh content="0;url=http://127.0.0.1:{web.inside}/x">'
        return story("refresh-inside", tag).replace("<head>", "<head>" + tag)

    return [*cases, Case("refresh-inside", page(refreshed), "exported")]


def _pages() -> list[Case]:
    def flood(unit: str, size: int) -> str:
        return unit * (size // len(unit))

    bodies: dict[str, str] = {
        "attributes": "<div " + " ".join(f"a{n}=x" for n in range(200_000)) + ">",
        "attributes-many": "".join("<p " + " ".join(f"a{n}=x" for n in range(250)) + ">" for _ in range(600)),
        "comments": flood("<!--x-->y", 360_000), "instructions": flood("<?x?>y", 360_000),
        "nested-10k": "<div>" * 10_000, "nested-300k": "<div>" * 300_000, "nested-inline": "<b><i>" * 20_000,
        "tiny-tags": flood("<p>", 4 * MIB), "one-line": "<p>" + flood("word ", 4 * MIB),
        "spaces": "<p>" + " " * (4 * MIB), "breaks": flood("<br> \n", MIB), "scripts": flood("<script>x</script>", MIB),
        "styles": "<style>" + flood(".a{display:none}", MIB) + "</style>", "entities": flood("&amp;&#x1F600;", MIB),
        "ampersands": flood("&a", MIB), "lt": flood("<", MIB), "quotes": flood('<a "', MIB),
        "unclosed-comment": "", "jsonld-deep": "<script type=application/ld+json>" + "[" * 100_000 + "</script>",
        "jsonld-int": '<script type=application/ld+json>{"@type":"NewsArticle","x":' + "9" * 6000 + "}</script>",
        "jsonld-big": "<script type=application/ld+json>[" + flood('{"@type":"Thing"},', MIB) + "{}]</script>",
        "metas": flood("<meta name=a content=b>", MIB), "anchors": "<nav>" + flood("<a href=/x>y</a> ", 500_000) + "</nav>",
        "selects": flood("<select><option>x</select>", 300_000), "svg": flood("<svg><g>", 300_000) + "</svg>" * 5,
        "nul": "\0" * 100_000, "controls": "".join(map(chr, range(1, 32))) * 500, "surrogates": "&#xD83D;&#xDE00;" * 50,
        "bidi": "\u202egpj.exe\u202c\u2066x\u2069", "lines": "a\u2028b\u2029c\u0085d", "tags": "\U000e0041\U000e0042",
        "slots": "<p>" + flood("slot gacor hari ini ", 200_000), "dates": "<p>" + flood("5 May 2026, ", 200_000),
        "urls": "<p>" + flood("http://a.example/b ", 200_000), "class": "<p class='" + flood("abc ", MIB) + "'>x",
        "base-inside": "<base href='http://127.0.0.1/'>", "doctype": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    }  # fmt: skip
    cases = [Case(f"page-{name}", says(story(f"page-{name}", body)), "either") for name, body in bodies.items()]
    text = story("charset")
    octets = text.encode()
    labels = {
        "utf-16": "utf-16",
        "utf-7": "utf-7",
        "unknown": "klingon",
        "idna": "idna",
        "rot13": "rot13",
        "zip": "zlib",
    }
    cases += [
        Case(f"charset-{name}", says(octets, kind=f"text/html; charset={label}"), "exported")
        for name, label in labels.items()
    ]
    return [
        *cases,
        Case("charset-invalid", says(b"\xff\xfe\xfa" * 900 + octets), "either"),
        Case("charset-utf16be", says(text.encode("utf-16-be"), kind="text/html; charset=utf-16be"), "either"),
        Case("type-image", says(b"\x89PNG\r\n\x1a\n" + bytes(5000), kind="image/png")),
        Case("type-none", says(octets, kind=""), "either"),
        Case("log-title", says(story("x\x1b[2J\r\n2026-01-01 ERROR: forged \u202e")), "either"),
        Case("log-status", raw(b"HTTP/1.1 404 \x1b[31mforged\r\nContent-Length: 0\r\n\r\n")),
    ]


def _feeds() -> list[Case]:
    def feed(name: str, declared: str, item: str) -> Talk:
        def build(web: Web) -> str:
            made = (
                f"<?xml version='1.0'?>{declared}<rss version='2.0'><channel><title>x</title><item><title>{item}</title>"
                f"<link>http://{name}.{DOMAIN}:{web.port}{BAD}</link></item></channel></rss>"
            )
            return made.replace("{in}", str(web.inside))

        return page(build, kind=FEED)

    laughs = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    kinds = {
        "laughs": (laughs + "]>", "&a9;"),
        "quadratic": ("<!DOCTYPE x [<!ENTITY a '" + "A" * 50_000 + "'>]>", "&a;" * 2000),
        "file": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "&a;"),
        "http": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'http://127.0.0.1:{in}/x'>]>", "&a;"),
        "parameter": ("<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:{in}/x'> %p;]>", "x"),
        "external": ("<!DOCTYPE x SYSTEM 'http://127.0.0.1:{in}/x.dtd'>", "x"),
    }
    cases = [Case(f"feed-{name}", feed(f"feed-{name}", *one), "dropped", "/feed") for name, one in kinds.items()]

    def links(web: Web) -> str:
        inside = f"http://127.0.0.1:{web.inside}/x"
        items = "".join(
            f"<item><title>t</title><link>{link}</link></item>"
            for link in ("file:///etc/passwd", inside, "data:text/html,x", f"//127.1:{web.inside}/x", "javascript:x")
        )
        return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"

    def stylesheet(web: Web) -> str:
        return f"<?xml-stylesheet href='http://127.0.0.1:{web.inside}/x'?>" + links(web)

    xi = "<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><xi:include href='file:///etc/passwd' parse='text'/>"
    return [
        *cases,
        Case("feed-links", page(links, kind=FEED), "dropped", "/feed"),
        Case("feed-stylesheet", page(stylesheet, kind=FEED), "dropped", "/feed"),
        Case("feed-xinclude", says(xi, kind=FEED), "dropped", "/feed"),
        Case("feed-deep", says("<rss><channel>" + "<item>" * 100_000, kind=FEED), "dropped", "/feed"),
        Case("feed-json-deep", says("[" * 200_000, kind="application/feed+json"), "dropped", "/feed"),
    ]


def _maps() -> list[Case]:
    def index(name: str, many: int) -> Talk:
        def build(web: Web) -> str:
            rows = "".join(
                f"<sitemap><loc>http://{name}.{DOMAIN}:{web.port}/map.xml?{n}</loc></sitemap>" for n in range(many)
            )
            return f"<sitemapindex>{rows}</sitemapindex>"

        return page(build, kind="application/xml")

    def inside(web: Web) -> str:
        return f"<sitemapindex><sitemap><loc>http://127.0.0.1:{web.inside}/x</loc></sitemap></sitemapindex>"

    packed = gzip.compress(b"<urlset>" + b"<url><loc>http://a.example/</loc></url>" * (2 * MIB) + b"</urlset>")
    xxe = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&a;</loc></url></urlset>"
    return [
        Case("map-recursive", index("map-recursive", 3), "dropped", "/map.xml"),
        Case("map-10000", index("map-10000", 10_000), "dropped", "/map.xml"),
        Case("map-inside", page(inside, kind="application/xml"), "dropped", "/map.xml"),
        Case("map-xxe", says(xxe, kind="application/xml"), "dropped", "/map.xml"),
        Case("map-bomb", says(packed, kind="application/gzip"), "dropped", "/map.xml"),
        Case("map-torn", says(packed[:5000], kind="application/gzip"), "dropped", "/map.xml"),
    ]


def _robots() -> list[Case]:
    rules = "User-agent: *\n" + "".join(f"Disallow: /*a*{n}*b\n" for n in range(30_000))
    odd: dict[str, tuple[Talk, Fate]] = {
        "endless": (endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"Allow: /\n" * 9000), "either"),
        "inside": (redirect("http://127.0.0.1:{in}/robots.txt"), "dropped"),
        "inside-6": (redirect("http://[::1]:{in}/robots.txt"), "dropped"),
        "loop": (redirect("http://robots-loop.hostile.test:{own}/robots.txt"), "dropped"),
        "bomb": (says(gzip.compress(ZEROS), "Content-Encoding: gzip", kind="text/plain"), "either"),
        "torn": (says(gzip.compress(b"Allow: /")[:-3], "Content-Encoding: gzip", kind="text/plain"), "dropped"),
        "rules": (says(rules, kind="text/plain"), "either"),
        "silence": (raw(then=60), "dropped"),
        "heads": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 2000), "dropped"),
        "file": (redirect("file:///etc/passwd"), "dropped"),
    }
    return [Case(f"robots-{name}", talk, fate, "/robots.txt", robots=True) for name, (talk, fate) in odd.items()]


def _traps() -> list[Case]:
    def calendar(web: Web) -> str:
        number = len(web.asked)
        return f"<body><p>Agenda {number}</p><a rel=next href='/agenda/{number + 1}'>next</a></body>"

    def growing(web: Web) -> str:
        return "<body><p>Deep</p><a rel=next href='a/b/'>next</a></body>"

    return [
        Case("trap-calendar", page(calendar), "dropped", "/agenda/"),
        Case("trap-growing", page(growing), at="/a/b/"),
    ]


CASES: tuple[Case, ...] = (
    *_codings(), *_lengths(), *_redirects(), *_pages(), *_feeds(), *_maps(), *_robots(), *_traps(),
)  # fmt: skip
HUB = f"hub.{DOMAIN}"


class Hostile:
    """Serves the cases on 127.0.0.2 and an internal server on 127.0.0.1 and ::1, from a thread."""

    def __init__(self, cases: tuple[Case, ...] = CASES, *, listed: Callable[[Web], str] | None = None) -> None:
        self.cases = {case.host: case for case in cases}
        self.listed = listed or self._listing
        self.web = Web()
        self.inside: list[bytes] = []
        self.heads: Callable[[str], object] = len
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Hostile:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def hosts(self) -> dict[str, str]:
        """For NEWSCRAWL_HOSTS."""
        return dict.fromkeys([HUB, *self.cases], HERE)

    @property
    def starts(self) -> list[str]:
        """The hub's listing, and each case that lies at no story."""
        own = [case for case in self.cases.values() if case.at != BAD and not case.robots]
        return [f"http://{host}:{self.web.port}{at}" for host, at in [(HUB, "/"), *((one.host, one.at) for one in own)]]

    def _listing(self, web: Web) -> str:
        rows = "".join(
            f"<article><h2><a href='http://{case.host}:{web.port}{path}'>The {path[12:15]} story of {case.name} at the "
            f"harbour</a></h2><p>What happened at {case.name}.</p></article>"
            for case in self.cases.values()
            for path in (GOOD, BAD)
        )
        odd = "<article><h2><a href='file:///etc/passwd'>A story out of a file here</a></h2></article>"
        return f"<html><body><main>{odd}{rows}</main></body></html>"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda loop, context: None)
        inside = self._loop.run_until_complete(asyncio.start_server(self._spy, INSIDE, 0))
        servers = [inside]
        self.web.inside = inside.sockets[0].getsockname()[1]
        with contextlib.suppress(OSError):
            servers.append(self._loop.run_until_complete(asyncio.start_server(self._spy, "::1", self.web.inside)))
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, HERE, 0))
        servers.append(server)
        self.web.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        for one in servers:
            one.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _spy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.inside.append(await reader.read(2000))
        writer.write(answer("User-agent: *\nAllow: /\n<h1>Secret of the house</h1>"))
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads(head)
            path = head.split(" ", 2)[1]
            host = head.lower().partition("\nhost:")[2].split("\r\n")[0].strip().rpartition(":")[0]
            self.web.asked.append((host, path))
            await self._answer(host, path, write)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
            pass
        finally:
            writer.close()

    async def _answer(self, host: str, path: str, write: Write) -> None:
        case = self.cases.get(host)
        if (
            case is not None
            and path.split("?")[0].startswith(case.at)
            and (case.at[-1] == "/" or path[-3:] != "txt" or case.robots)
        ):
            await case.talk(write, self.web)
        elif path == "/robots.txt":
            await write(answer("User-agent: *\nAllow: /\n", kind="text/plain"))
        elif host == HUB and path == "/":
            await write(answer(self.listed(self.web)))
        elif path in (GOOD, BAD):
            await write(answer(story(f"{'good' if path == GOOD else 'bad'} {case.name if case else host}")))
        else:
            await write(answer("not found", status="404 Not Found"))
