"""Writes the reference pages that are read off the code: settings, commands, rights. `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newscrawl.__main__ import COMMANDS, cli
from newscrawl.crawl.options import OPTIONS
from tools.rights_reference import rights_page

DOCS = Path(__file__).parent.parent / "docs" / "reference"
MADE = "<!-- Written by `python -m tools.reference`: change the code, then run it. -->\n\n"


def settings_page() -> str:
    """Every NEWSCRAWL_* setting with its default and its meaning."""
    rows = "".join(
        f"| `{one.name}` | `{one.default!r}` | {one.meaning.replace('|', chr(92) + '|')} |\n" for one in OPTIONS
    )
    return (
        f"{MADE}# Settings\n\nAll of Scrapy's settings hold too. A value comes from the project's `settings.py`, from "
        "a spider's `custom_settings`, or from the command line (`-s NAME=VALUE`). A value that cannot be ends the "
        "crawl with exit code 78 before anything is opened.\n\n"
        f"| setting | default | meaning |\n|---|---|---|\n{rows}"
    )


def _help(command: click.Command, path: str) -> str:
    text = command.get_help(click.Context(command, info_name=path))
    page = f"## {path}\n\n```text\n{text}\n```\n\n"
    if isinstance(command, click.Group):
        inner = click.Context(command, info_name=path)
        for name in command.list_commands(inner):
            found = command.get_command(inner, name)
            assert found is not None
            page += _help(found, f"{path} {name}")
    return page


def commands_page() -> str:
    """The help of each subcommand, as the terminal shows it."""
    context = click.Context(cli, info_name="newscrawl")
    pages = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        pages.append(_help(command, f"newscrawl {name}"))
    return (
        f"{MADE}# Commands\n\nCrawls are Scrapy's own commands: `scrapy list`, `crawl`, `check`, `parse`, `shell`. "
        f"Everything else is `newscrawl`.\n\n{''.join(pages)}"
    ).rstrip() + "\n"


PAGES = {"settings.md": settings_page, "commands.md": commands_page, "rights.md": lambda: rights_page(MADE)}


def main(check: bool) -> int:
    """Writes the pages, or says which are not as the code has them."""
    stale = 0
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        if check and (not path.exists() or path.read_text("utf-8") != text):
            click.echo(f"{path.name} is not as the code has it: run `python -m tools.reference`", err=True)
            stale = 1
        elif not check:
            path.write_text(text, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
