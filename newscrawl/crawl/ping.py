"""Tells a health check that a run began and how it ended; a check that does not answer holds nothing up."""

from __future__ import annotations

import threading
from typing import Literal, TypeAlias

import requests

SECONDS = 5.0
Event: TypeAlias = Literal["start", "success", "fail"]


def address(base: str, event: Event) -> str:
    """Where an event is told, as healthchecks.io has it: `/start` and `/fail` behind the address of success.

    >>> address("https://hc.example/ping/abc/", "start")
    'https://hc.example/ping/abc/start'
    """
    return base.rstrip("/") + ("" if event == "success" else f"/{event}")


def _tell(where: str) -> None:
    try:
        with requests.get(where, timeout=SECONDS, allow_redirects=False, stream=True):
            pass  # what it says is of no interest
    except requests.RequestException:
        pass  # a check that hears nothing raises its own alarm


def tell(base: str, event: Event, *, wait: float = 0.0) -> None:
    """Tells an event in a thread of its own; waits for it so many seconds at most. An empty address: nothing."""
    if not base:
        return
    telling = threading.Thread(target=_tell, args=(address(base, event),), daemon=True, name="newscrawl-ping")
    telling.start()
    if wait:
        telling.join(wait)
