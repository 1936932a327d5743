"""The subcommands of `newscrawl`, gathered from the rooms that hold them."""

from newscrawl.cli.archive import compact, export, prune, repair, retry, undo, verify
from newscrawl.cli.recheck import recheck
from newscrawl.cli.report import report
from newscrawl.cli.rights import rights
from newscrawl.cli.rules import rules
from newscrawl.cli.site import site
from newscrawl.cli.text import clean, explain

__all__ = [
    "clean",
    "compact",
    "explain",
    "export",
    "prune",
    "recheck",
    "repair",
    "report",
    "retry",
    "rights",
    "rules",
    "site",
    "undo",
    "verify",
]
