"""A small web on loopback whose hosts answer /robots.txt in every way there is, and a log of what was asked."""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
STORY = (
    "<!doctype html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>The council of {name} voted on Monday to rebuild the old bridge over the river, after nine years of talks.</p>"
    "<p>Work begins in spring, the mayor said, and the road stays closed to lorries until the last stone is set.</p>"
    "<p>Shopkeepers on the east bank had asked for a temporary crossing, which engineers now want to test.</p>"
    "<p>The cost, put at four million, is shared with the region; a second vote on the toll follows in June.</p>"
    "<p>Until then a ferry carries walkers and bicycles across, twelve times a day and free of charge, she added.</p>"
    "<p>The oldest stones, laid in 1732, are to be numbered, stored in the yard of the mill and set again in the arch.</p>"
    "</article>{foot}</body></html>"
)


@dataclass(frozen=True)
class Said:
    """One answer. `then`: instead of answering, do this to the connection."""

    status: int = 200
    body: bytes = b""
    type: str = TEXT
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass(frozen=True)
class Asked:
    """One request: when (monotonic), of which host, which path."""

    at: float
    host: str
    path: str


def robots(text: str, **more: object) -> Said:
    return Said(body=text.encode(), **more)  # type: ignore[arg-type]


def story(name: str, title: str = "Old bridge to be rebuilt", foot: str = "") -> Said:
    return Said(body=STORY.format(title=title, name=name, foot=foot).encode(), type=HTML)


def hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(8)


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A file without an end, which closes everything in its first lines."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
    handler.close_connection = True
    try:
        handler.wfile.write(b"User-agent: *\nDisallow: /\n")
        for _ in range(400):
            handler.wfile.write(b"# nothing\n" * 2000)
    except OSError:
        pass


def torn(handler: BaseHTTPRequestHandler) -> None:
    """Less than the length that was promised."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n\r\nUser-agent: *\n")
    handler.close_connection = True


def to(target: str, status: int = 301) -> Said:
    return Said(status=status, headers={"Location": target})


def in_seconds(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def packed(text: str, *, keep: float = 1.0) -> Said:
    body = gzip.compress(text.encode(), mtime=0)
    return Said(body=body[: int(len(body) * keep)], headers={"Content-Encoding": "gzip"})


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that was cut off is no news."""


class Web:
    """Hosts on one loopback port, told apart by the Host header. `pages`: (host, path) to an answer; else 404."""

    def __init__(self, pages: Mapping[tuple[str, str], Said] | None = None) -> None:
        self.pages: dict[tuple[str, str], Said] = dict(pages or {})
        self.log: list[Asked] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = _Listener(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers.get("Host", "").rsplit(":", 1)[0].lower()
        self.log.append(Asked(time.monotonic(), host, handler.path))
        said = self.pages.get((host, handler.path), Said(status=404, body=b"not found\n"))
        if said.then is not None:
            said.then(handler)
            return
        try:
            handler.send_response(said.status)
            handler.send_header("Content-Type", said.type)
            handler.send_header("Content-Length", str(len(said.body)))
            for name, value in said.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(said.body)
        except OSError:
            handler.close_connection = True

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked(self, host: str) -> list[str]:
        return [one.path for one in self.log if one.host == host]

    def fetched(self, host: str) -> list[str]:
        """The pages that were asked of a host: all but the files of its rules."""
        files = ("/robots.txt", "/.well-known/", "/trust.txt", "/ai.txt", "/hop")
        return [path for path in self.asked(host) if not path.startswith(files)]

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
