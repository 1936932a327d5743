"""The subcommands of `newscrawl`: each in a room that is entered when it is called."""

from importlib import import_module
from typing import Any

ROOMS = {
    "clean": "text",
    "cluster": "cluster",
    "compact": "archive",
    "completion": "completion",
    "crawl": "crawl",
    "doctor": "doctor",
    "explain": "text",
    "export": "archive",
    "prune": "archive",
    "recheck": "recheck",
    "repair": "archive",
    "report": "report",
    "retry": "archive",
    "rights": "rights",
    "rules": "rules",
    "schedule": "cluster_schedule",
    "site": "site",
    "undo": "archive",
    "verify": "archive",
    "worker": "cluster",
}
"""Where each command stands. `doctor` has to run where a package is missing that another command needs."""


def command(name: str) -> Any:
    """The command of a name."""
    return getattr(import_module(f"newscrawl.cli.{ROOMS[name]}"), name)
