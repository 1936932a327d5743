"""Serves the demo's small web on loopback: many host names, one port, the host told by the Host header."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from newscrawl.demo.kiosk import Answer, answers
from newscrawl.demo.newsroom import newsroom
from newscrawl.demo.press import base_url

PORT = 8731
LOOPBACK = "127.0.0.1"
NOTHING = Answer(status=404, type="text/plain; charset=utf-8", body=b"not found\n")


class DemoError(RuntimeError):
    """The demo cannot be served: names the port and the remedy."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a crawler's kept-alive connection must not hold up stop()
    request_queue_size = 64

    def __init__(self, port: int) -> None:
        self.pages: Mapping[tuple[str, str], Answer] = {}
        self.seen: list[tuple[str, str, str]] = []
        super().__init__((LOOPBACK, port), _Counter)


class _Counter(BaseHTTPRequestHandler):
    """Answers one connection from the pages of its listener."""

    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    wbufsize = -1  # head and body in one packet, else each answer waits 40 ms for an acknowledgement
    server: _Listener

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: what was asked is in `DemoServer.requests`."""

    def _answer(self, *, with_body: bool) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        self.server.seen.append((host, self.path, self.headers.get("User-Agent", "")))
        answer = self.server.pages.get((host, self.path), NOTHING)
        tag = f'"{sha256(answer.body).hexdigest()[:16]}"'
        unchanged = answer.changed is not None and self._holds(answer, tag)
        self.send_response(304 if unchanged else answer.status)
        if answer.changed is not None:
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", _stamp(answer))
        if not unchanged:
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(answer.body)

    def _holds(self, answer: Answer, tag: str) -> bool:
        """Whether the client's copy is current; If-None-Match goes before If-Modified-Since (RFC 9110 §13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None or answer.changed is None:
            return False
        try:
            return answer.changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False


def _stamp(answer: Answer) -> str:
    assert answer.changed is not None
    return format_datetime(answer.changed.astimezone(UTC), usegmt=True)


class DemoServer:
    """The bundled aggregators, served from the moment it is made until `stop()` (or the end of its `with`).

    `port` 0 takes any free port. `hosts` are the names it answers to; a crawler maps them to 127.0.0.1. `starts` are
    the absolute URLs to crawl from. `requests` lists (host, path, user agent) in the order of arrival. Raises
    DemoError where the port is taken.

    >>> with DemoServer(port=0) as demo:
    ...     f"http://kabarkilat.test:{demo.port}/" in demo.starts
    True
    """

    def __init__(self, port: int = PORT) -> None:
        try:
            self._listener = _Listener(port)
        except OSError as error:
            raise DemoError(
                f"demo: port {port} on {LOOPBACK} cannot be used ({error.strerror or error}): "
                f"set NEWSCRAWL_DEMO_PORT to a free port, or to 0 for any"
            ) from error
        room = newsroom()
        self.port: int = self._listener.server_address[1]
        self.hosts: tuple[str, ...] = self.names()
        self.starts: tuple[str, ...] = tuple(
            base_url(site.host, self.port) + site.start for site in room.sites if site.kind == "aggregator"
        )
        self._listener.pages = answers(room, self.port)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @staticmethod
    def names() -> tuple[str, ...]:
        """The host names of the demo, known before it is served, so that a crawler can map them."""
        return tuple(site.host for site in newsroom().sites)

    @property
    def requests(self) -> list[tuple[str, str, str]]:
        """What was asked so far: (host, path with its query, user agent)."""
        return list(self._listener.seen)

    def stop(self) -> None:
        """Stop serving and free the port; a second call does nothing."""
        if self._thread.is_alive():
            self._listener.shutdown()
            self._thread.join()
            self._listener.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
