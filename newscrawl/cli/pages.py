"""Gets the page that a command names: a file, standard input, or an address."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from newscrawl.cli.hosts import Hosts, NotAsked
from newscrawl.model import Page

MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""Byte order marks: a page in UTF-16 has zero octets and is still text."""

PACKED = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b")


def is_address(name: str) -> bool:
    """Whether a command's argument is an address to fetch."""
    return name.lower().startswith(("http://", "https://"))


def host_in(name: str) -> frozenset[str]:
    """The host of an address that the operator typed: it may be a private one."""
    try:
        return frozenset({urlsplit(name).hostname or ""}) - {""}
    except ValueError:
        return frozenset()


def page_at(name: str, url: str | None) -> Page:
    """The page in a file (`-` is standard input) as if it had come from `url`, or the page at an address.

    Raises:
        click.ClickException: no such file, no page in it, or the address was not asked or did not answer; names it.
    """
    if is_address(name):
        if not host_in(name):
            raise click.ClickException(f"{name}: no host in it: give an address such as https://example.org/a")
        try:
            return Hosts(may=host_in(name)).page(name)
        except NotAsked as error:
            raise click.ClickException(str(error)) from error
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}: give an HTML file, - or an address") from error
    if (b"\x00" in body[:4096] and not body.startswith(MARKS)) or body.startswith(PACKED):
        raise click.ClickException(f"{name}: this is no text: give an HTML file, - or an address")
    return Page(url=url or "", body=body, headers={"content-type": ("text/html",)}, fetched=datetime.now(UTC))
