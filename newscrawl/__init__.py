"""newscrawl: dirty news aggregators in, clean, lawful and durable text out. The doors of the core, without Scrapy."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl import archive, clean, read, rights
    from newscrawl.desk import process
    from newscrawl.model import Article, Cleaned, Draft, Licence, Page, Signal, Story, Verdict, Withheld
    from newscrawl.record import VERSION as __version__

DOORS = {
    "process": "newscrawl.desk",
    "__version__": "newscrawl.record",
    **dict.fromkeys(
        ("Article", "Cleaned", "Draft", "Licence", "Page", "Signal", "Story", "Verdict", "Withheld"),
        "newscrawl.model",
    ),
}
WINGS = ("archive", "clean", "read", "rights")

__all__ = [
    "Article", "Cleaned", "Draft", "Licence", "Page", "Signal", "Story", "Verdict", "Withheld",
    "__version__", "archive", "clean", "process", "read", "rights",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Opens a door when it is first used, so that `import newscrawl` stays cheap (PEP 562)."""
    if name in WINGS:
        return import_module(f"newscrawl.{name}")
    if name in DOORS:
        module = import_module(DOORS[name])
        return getattr(module, "VERSION" if name == "__version__" else name)
    raise AttributeError(f"module 'newscrawl' has no attribute {name!r}")
