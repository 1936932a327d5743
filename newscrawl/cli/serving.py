"""Serves a folder of pages on loopback: to this machine only, and only under names of this machine."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
NAMES = frozenset((LOOPBACK, "localhost"))
"""Another name that leads here belongs to a page which wants to read the report through its own name (rebinding)."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Beside the stricter policy that each page brings; the browser keeps both."""


class Pages(SimpleHTTPRequestHandler):
    """Files of one folder, no listings of it, nothing that begins with a dot."""

    def send_head(self) -> Any:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        if host not in NAMES:
            self.send_error(421, "Misdirected Request")
            return None
        path = Path(self.translate_path(self.path))
        root = Path(str(self.directory)).resolve()
        if not path.resolve().is_relative_to(root) or path.name.startswith("."):
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a path that was asked for may hold anything."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder's pages; port 0 takes one that is free. OSError where the port is taken."""
    return ThreadingHTTPServer((LOOPBACK, port), partial(Pages, directory=str(folder)))
