"""Lets a command that was given an address ask that address, be it a private one: the operator has typed it."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.settings import BaseSettings


def allow(settings: BaseSettings | None, args: list[str]) -> None:
    """Adds host and port of each address among the arguments to NEWSCRAWL_ALLOW_PRIVATE."""
    typed = []
    for one in args:
        try:
            parts = urlsplit(one)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            typed.append(f"{parts.hostname}:{port}")
    if typed and settings is not None:
        known = settings.getlist("NEWSCRAWL_ALLOW_PRIVATE")
        settings.set("NEWSCRAWL_ALLOW_PRIVATE", [*known, *typed], priority="cmdline")
