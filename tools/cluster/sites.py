"""Serves many small sites on one loopback port, told apart by their Host header, and writes down who asked and when."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from types import TracebackType
from typing import Self

from tools.bench import pages

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: `who` is its user agent, which names the worker."""

    host: str
    path: str
    who: str
    at: float


class Sites:
    """So many sites, each a listing and `stories` stories; served from `with` to its end, in a thread."""

    def __init__(self, count: int, *, stories: int = 5, size: int = 6_000) -> None:
        self.hosts = tuple(f"s{number:02}.test" for number in range(count))
        self.stories = stories
        self.size = size
        self.asked: list[Asked] = []
        self._known = self._pages()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._talk, LOOPBACK, 0), self._loop)
        self._server = started.result()
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        talks = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def address(self, host: str) -> str:
        """Where a crawl of a host begins."""
        return f"http://{host}:{self.port}/"

    def settings(self, *, delay: float = 0.2) -> tuple[str, ...]:
        """What a crawl needs to find the hosts, and to be as quick as a test may ask."""
        told = json.dumps(dict.fromkeys(self.hosts, LOOPBACK))
        return (
            f"NEWSCRAWL_HOSTS={told}", f"DOWNLOAD_DELAY={delay}", "DOWNLOAD_DELAY_JITTER=0", "LOG_LEVEL=WARNING",
            "NEWSCRAWL_HOLD=0", "NEWSCRAWL_WELLKNOWN=", "NEWSCRAWL_READ_TERMS=False", "NEWSCRAWL_CHECK_SOURCE=False",
        )  # fmt: skip

    def of(self, host: str) -> list[Asked]:
        """The requests at a host, in order."""
        return [one for one in tuple(self.asked) if one.host == host]

    def overlap(self) -> float:
        """Seconds, over all hosts, between a crawl's last request and the first of the one before its end."""
        total = 0.0
        for host in self.hosts:
            spans: dict[str, list[float]] = {}
            for one in self.of(host):
                spans.setdefault(one.who, []).append(one.at)
            ranges = sorted((min(at), max(at)) for at in spans.values())
            total += sum(max(0.0, first[1] - then[0]) for first, then in pairwise(ranges))
        return total

    def _pages(self) -> dict[tuple[str, str], tuple[str, bytes]]:
        found: dict[tuple[str, str], tuple[str, bytes]] = {}
        for place, host in enumerate(self.hosts):
            numbers = [1000 * (place + 1) + number for number in range(self.stories)]
            links = "".join(
                f"<article><h2><a href='{pages.path(number)}'>{escape(pages.title(number))}</a></h2></article>"
                for number in numbers
            )
            listing = f"<!doctype html><html lang='en'><head><title>{host}</title></head><main>{links}</main></html>"
            found[host, "/robots.txt"] = "text/plain", b"User-agent: *\nAllow: /\n"
            found[host, "/"] = "text/html", listing.encode()
            for number in numbers:
                found[host, pages.path(number)] = "text/html", pages.story(number, self.size).encode()
        return found

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                heads: dict[str, str] = {}
                while (head := (await reader.readline()).decode("latin-1").strip()) and ":" in head:
                    name, _, value = head.partition(":")
                    heads[name.lower()] = value.strip()
                path, host = line.split()[1].decode("ascii", "replace"), heads.get("host", "").split(":")[0]
                self.asked.append(Asked(host=host, path=path, who=heads.get("user-agent", ""), at=time.time()))
                kind, body = self._known.get((host, path), ("text/plain", b""))
                status = "200 OK" if body else "404 Not Found"
                told = (
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
                )
                writer.write(told.encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
