"""Stops a real crawl for longer than its lease, lets another take its host, and wakes it up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg

from newscrawl.archive import read, verify
from tools.bench import pages
from tools.cluster.server import Server

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request that the site got: when (seconds of time.monotonic()), from which crawl, at which name, for what."""

    at: float
    agent: str
    host: str
    path: str


@dataclass(slots=True)
class Site:
    """A site that remembers who asked it for what."""

    stories: int
    port: int = 0
    hits: list[Hit] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its listing."""
        return f"http://127.0.0.1:{self.port}/"

    def of(self, agent: str, *, since: float = 0.0) -> list[Hit]:
        """What a crawl asked for."""
        return [hit for hit in self.hits if hit.agent == agent and hit.at >= since]


@contextmanager
def serving(stories: int, *, size: int = 2500) -> Iterator[Site]:
    """Serves a listing and its stories on loopback, from a thread."""
    site = Site(stories=stories)
    bodies = {pages.path(number): pages.story(number, size).encode() for number in range(stories)}
    bodies |= {"/": pages.listing(0, stories).encode(), "/robots.txt": b"User-agent: *\nAllow: /\n"}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            agent, host = self.headers.get("User-Agent", ""), self.headers.get("Host", "").partition(":")[0]
            site.hits.append(Hit(at=time.monotonic(), agent=agent, host=host, path=self.path))
            body = bodies.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def crawl(
    site: Site,
    folder: Path,
    url: str,
    agent: str,
    *options: str,
    ttl: float = 60.0,
    starts: str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """A crawl of the site, on the cluster's database; what it says is in a file of its agent's name."""
    settings = (
        f"NEWSCRAWL_ARCHIVE={folder}", f"USER_AGENT={agent}", "DOWNLOAD_DELAY=0.15", "DOWNLOAD_DELAY_JITTER=0",
        "NEWSCRAWL_HOLD=0", "LOG_LEVEL=INFO", "AUTOTHROTTLE_ENABLED=False", *options,
    )  # fmt: skip
    flags = [part for setting in settings for part in ("-s", setting)]
    told = {"PYTHONPATH": str(ROOT), "NEWSCRAWL_INDEX": url, "NEWSCRAWL_LEASE_TTL": f"{ttl:g}", **(environment or {})}
    folder.mkdir(parents=True, exist_ok=True)
    with said(folder, agent).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "aggregator", "-a", f"url={starts or site.url}", *flags],
            cwd=ROOT, env=os.environ | told, stdout=log, stderr=log,
        )  # fmt: skip


def said(folder: Path, agent: str) -> Path:
    """Where a crawl's words are."""
    return folder.with_name(f"{folder.name}-{agent}.log")


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.02)


def prove(server: Server, folder: Path, *, ttl: float, stories: int = 40) -> tuple[int, list[str]]:
    """One crawl is stopped in its middle for twice its lease; what does not hold, once both have ended."""
    url = server.database()
    with serving(stories) as site:
        first = crawl(site, folder, url, "first", ttl=ttl)
        second: subprocess.Popen[bytes] | None = None
        try:
            until(lambda: len(site.of("first")) > 9, 60, "the first crawl is under way")
            first.send_signal(signal.SIGSTOP)
            stopped_at = time.monotonic()
            time.sleep(2 * ttl)
            second = crawl(site, folder, url, "second", ttl=ttl)
            until(lambda: len(site.of("second")) > 6, 60, "the second crawl has taken over")
            before = _written(url, 1)
            first.send_signal(signal.SIGCONT)
            woken = time.monotonic()
            code = first.wait(60)
            wrong = [f"the first crawl ended with {code}, not 75"] * (code != 75)
            after = _written(url, 1)
            wrong += [f"rows of the old epoch: {before} before, {after} after it woke"] * (before != after)
            late = site.of("first", since=max(woken, stopped_at))
            wrong += [f"it asked for {[hit.path for hit in late]} after it woke"] * (len(late) > 1)
            code = second.wait(120)
            wrong += [f"the second crawl ended with {code}, not 0"] * (code != 0)
        finally:
            for process in (first, second):
                if process is not None and process.poll() is None:
                    process.send_signal(signal.SIGCONT)
                    process.kill()
                    process.wait()
        return 1, wrong + _sound(url, folder, site)


def _written(url: str, epoch: int) -> int:
    """Bytes of an epoch that are acknowledged."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT coalesce(sum(committed), 0)::bigint FROM segment WHERE epoch = %s", (epoch,))
        row = found.fetchone()
        return int(row[0]) if row else 0


def _sound(url: str, folder: Path, site: Site) -> list[str]:
    """Lines and rows agree, each story is there once."""
    with psycopg.connect(url) as connection:
        rows = {str(id_) for (id_,) in connection.execute("SELECT id FROM stored WHERE stream = 'articles'")}
    found = Counter(str(one["id"]) for one in read(folder, "articles"))
    addresses = Counter(str(one["url"]) for one in read(folder, "articles"))
    wrong = [f"{one} stands {times} times" for one, times in (found + addresses).items() if times > 1]
    wrong += [f"{one}: row or line alone" for one in sorted(rows ^ found.keys())]
    wrong += [f"{len(found)} of {site.stories} stories"] * (len(found) != site.stories)
    return wrong + [str(problem) for problem in verify(folder).problems]


def away(server: Server, folder: Path, *, seconds: float, stories: int = 16) -> tuple[int, list[str]]:
    """The database goes away in the middle of a crawl, at once, and comes back; its exit code, and what does not hold.

    A crawl that gave up meanwhile is run again, as its worker would, before one looks.
    """
    url = server.database()
    with serving(stories) as site:
        running = crawl(site, folder, url, "first", ttl=1.5)
        try:
            until(lambda: len(site.hits) > 9, 60, "the crawl is under way")
            server.crash()
            time.sleep(seconds)
            server.begin()
            code = running.wait(90)
            if code == 75:
                time.sleep(2)
                running = crawl(site, folder, url, "again", ttl=1.5)
                again = running.wait(90)
                return code, [f"the second crawl ended with {again}, not 0"] * (again != 0) + _sound(url, folder, site)
            return code, _sound(url, folder, site)
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()
