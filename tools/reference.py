"""Writes the reference pages that are read off the code: settings, commands, rights … `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newscrawl import rulebook
from newscrawl.__main__ import COMMANDS, cli
from newscrawl.crawl.options import OPTIONS, REFUSED
from newscrawl.report import alerts
from newscrawl.report.runs import HISTORY
from tools.rights_reference import rights_page

DOCS = Path(__file__).parent.parent / "docs" / "reference"
MADE = "<!-- Written by `python -m tools.reference`: change the code, then run it. -->\n\n"


def settings_page() -> str:
    """Every NEWSCRAWL_* setting with its default and its meaning."""
    rows = "".join(
        f"| `{one.name}` | `{one.default!r}` | {one.meaning.replace('|', chr(92) + '|')} |\n" for one in OPTIONS
    )
    refused = "".join(f"- `{name}`: {why}.\n" for name, why in REFUSED.items())
    return (
        f"{MADE}# Settings\n\nAll of Scrapy's settings hold too. A value comes from the project's `settings.py`, from "
        "a spider's `custom_settings`, or from the command line (`-s NAME=VALUE`). A value that cannot be ends the "
        "crawl with exit code 78 before anything is opened.\n\n"
        f"| setting | default | meaning |\n|---|---|---|\n{rows}\n"
        "## Not with newscrawl's own spiders\n\nSuch a crawl ends with exit code 78 before it begins. In a project of "
        "your own, your own spiders are only warned.\n\n"
        f"{refused}"
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
        "Everything else is `newscrawl`. What is called wrongly is one line with the remedy, and exit code 2. "
        f"`newscrawl completion` prints what completes all of this in bash, zsh and fish.\n\n{''.join(pages)}"
    ).rstrip() + "\n"


SHELVES = {
    "address": "what of an address is a tracker, a page of terms, no story",
    "headers": "directives of `X-Robots-Tag`, and what each reserves",
    "hidden": "ways to hide text from readers",
    "markup": "which elements are navigation, asides, captions",
    "metatags": "names of metas, and of licences, that speak of rights",
    "names": "particles that belong to a person's name",
    "notices": "words in which a notice reserves a use, by language; each rule proves itself on its examples",
    "reading": "labels of bylines, sources, dates, regions, next pages, languages",
    "robots": "directives and comments of robots.txt, preferences, and which crawlers gather for training",
    "spam": "vocabulary of a spam family; each proves itself on its examples",
    "wellknown": "files of rights, and what their keys say",
    "words": "function words and reporting verbs, by which a sentence is told from a list of keywords",
    "wrappers": "lines that aggregators put around a text, by language; each rule proves itself on its examples",
}


def alerts_page() -> str:
    """Each threshold of NEWSCRAWL_ALERTS with its default."""
    rows = "".join(
        f"| `{name}` | {alerts.DEFAULTS[name]:g} | {meaning} |\n" for name, meaning in alerts.MEANINGS.items()
    )
    return (
        f"{MADE}# When a run is out of the ordinary\n\nA run is held against the last {HISTORY} runs of the same "
        "spider from the same addresses, whose figures the index keeps (and their reports in the archive, where the "
        "index is new). What it crosses is a line at its end, in its report and page, and in its "
        "metrics; where `NEWSCRAWL_ALERTS_EXIT` names the threshold, an otherwise good run ends with exit code 6. "
        f"Fewer than {alerts.ENOUGH} runs, or {alerts.ENOUGH} stories, make nothing usual.\n\n"
        '```python\nNEWSCRAWL_ALERTS = {"fewer": 0.3, "coverage": 0}  # 0: off\n'
        'NEWSCRAWL_ALERTS_EXIT = ["zero", "fewer"]  # or ["all"]\n```\n\n'
        f"| threshold | default | crossed by |\n|---|---|---|\n{rows}"
    )


def rules_page() -> str:
    """Each shelf of rules/: what it holds, and its files."""
    rows = ""
    for shelf in sorted(path for path in rulebook.RULES.iterdir() if path.is_dir()):
        files = ", ".join(f"`{path.stem}`" for path in sorted(shelf.glob("*.toml")))
        rows += f"| `{shelf.name}/` | {SHELVES[shelf.name]} | {files} |\n"
    return (
        f"{MADE}# Rules\n\nWords are data: `newscrawl/rules/<shelf>/<file>.toml`. A rule's name is shelf/file/id, "
        "which each removal and signal carries. `newscrawl rules check` tries each rule on its own examples; one that "
        f"fails them does not load.\n\n| shelf | what it holds | files |\n|---|---|---|\n{rows}"
    )


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "rights.md": lambda: rights_page(MADE),
    "alerts.md": alerts_page,
    "rules.md": rules_page,
}


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
