"""Gets the page that a command names: a file, standard input, or an address."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import click
import requests

from newscrawl.model import Hop, Page, Signal
from newscrawl.rights import answers, wellknown

AGENT = "newscrawl/0.1 (+https://newscrawl.example/bot)"
TIMEOUT = 20
MAX_BYTES = 5 << 20
MAX_HOPS = 5


def is_address(name: str) -> bool:
    """Whether a command's argument is an address to fetch."""
    return name.startswith(("http://", "https://"))


def page_at(name: str, url: str | None) -> Page:
    """The page in a file (`-` is standard input) as if it had come from `url`, or the page at an address.

    Raises:
        click.ClickException: no such file, or the address did not answer; names it.
    """
    if is_address(name):
        return fetch(name)
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}: give an HTML file, - or an address") from error
    return Page(url=url or "", body=body, headers={"content-type": ("text/html",)}, fetched=datetime.now(UTC))


def fetch(url: str) -> Page:
    """One page, over at most five redirects, with the headers of each hop."""
    hops: list[Hop] = []
    for _ in range(MAX_HOPS + 1):
        answer = _get(url)
        headers = [(name, value) for name, value in answer.raw.headers.items()]
        if answer.is_redirect and "location" in answer.headers:
            hops.append(Hop(url=url, status=answer.status_code, headers=_many(headers)))
            url = urljoin(url, answer.headers["location"])
            continue
        body = answer.raw.read(MAX_BYTES + 1, decode_content=True) or b""
        return Page(
            url=url,
            status=answer.status_code,
            headers=_many(headers),
            body=body[:MAX_BYTES],
            fetched=datetime.now(UTC),
            hops=tuple(hops),
        )
    raise click.ClickException(f"{url}: more than {MAX_HOPS} redirects")


def _many(headers: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    gathered: dict[str, tuple[str, ...]] = {}
    for name, value in headers:
        gathered[name.lower()] = (*gathered.get(name.lower(), ()), value)
    return gathered


def _get(url: str) -> requests.Response:
    try:
        return requests.get(url, headers={"User-Agent": AGENT}, timeout=TIMEOUT, allow_redirects=False, stream=True)
    except requests.RequestException as error:
        raise click.ClickException(f"{url}: {error}: check the address and the network") from error


def surroundings(url: str) -> tuple[tuple[Signal, ...], bool]:
    """What the host of an address says of it outside the page, and whether we may fetch it at all."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    answer = _robots(f"{root}/robots.txt")
    signals = list(answer.signals(url))
    allowed = answer.match(url).allowed
    if allowed:
        try:
            page = fetch(f"{root}/.well-known/tdmrep.json")
            told = wellknown.judge_tdmrep(page.status, page.body, None, fetched=page.fetched)
        except click.ClickException as error:
            told = wellknown.judge_tdmrep(None, b"", error.message)
        signals += told.signals(url)
    return tuple(signals), allowed


def _robots(url: str) -> answers.Answer:
    try:
        page = fetch(url)
    except click.ClickException as error:
        return answers.judge(None, error=error.message, fetched=datetime.now(UTC))
    return answers.judge(page.status, page.body, None, page.headers, page.fetched)
