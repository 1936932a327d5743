"""The `newscrawl` command: everything that needs no crawl. Each subcommand is loaded when it is called."""

from __future__ import annotations

import sys

try:
    import click
    from click.exceptions import NoArgsIsHelpError
except ImportError as missing:
    sys.exit(f"newscrawl: {missing}: install what it needs: pip install -r requirements.txt, or pip install newscrawl")

from newscrawl import cli as rooms

COMMANDS = {
    "crawl": "Crawl every site, one after another or several at once.",
    "doctor": "Look at all that a crawl needs; name each fault.",
    "clean": "Clean a page, or one field of each line of a JSONL file.",
    "rights": "Say what a page reserves, and the verdict.",
    "explain": "Show a page's text with each cut and the evidence for it.",
    "report": "Build pages to look at: cuts, withheld pages, runs.",
    "verify": "Recompute every sum, line and index entry of an archive.",
    "repair": "Mend an archive that verify complains of.",
    "compact": "Merge an archive's small segments.",
    "export": "Write an archive's articles to one file.",
    "undo": "Show an article's original text, with its cuts put back.",
    "retry": "Give stories that were set aside another chance.",
    "prune": "Take the text of old articles out of an archive.",
    "recheck": "Ask the hosts again; list or take back what is reserved now.",
    "rules": "Check rule files.",
    "site": "Propose a site file; check those there are.",
    "worker": "Work at the queues of a cluster: crawls, and parts of a corpus.",
    "schedule": "Say which sites a cluster crawls, and when.",
    "cluster": "Make a cluster's tables; look at its hosts, runs and workers.",
    "completion": "Print what completes these commands in a shell.",
}


class Lazy(click.Group):
    """Loads a command's module when it is called, so that --help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = rooms.command(cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    """Read off the code: a checkout is not installed."""
    if wanted:
        from newscrawl.record import VERSION

        click.echo(f"newscrawl {VERSION}")
        context.exit()


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
def cli() -> None:
    """Dirty news aggregators in, clean, lawful and durable text out.

    Crawls of one address are Scrapy's: `scrapy list`, `scrapy crawl aggregator -a url=https://…`.

    \b
    newscrawl doctor data
    newscrawl crawl --all
    newscrawl report data --serve
    newscrawl export data --out articles.jsonl
    newscrawl completion bash
    """


def main() -> None:
    """Runs the command; a foreseeable error is one line with the remedy, and a non-zero exit."""
    try:
        code = cli(prog_name="newscrawl", standalone_mode=False)
    except click.Abort:
        click.echo("newscrawl: stopped", err=True)
        sys.exit(130)
    except NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.message, err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"newscrawl: {one_line(error)}", err=True)
        sys.exit(error.exit_code)
    except ImportError as error:
        click.echo(f"newscrawl: {error}: `newscrawl doctor` names what is missing, and how to install it", err=True)
        sys.exit(2)
    except (OSError, ValueError) as error:
        click.echo(f"newscrawl: {error}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def one_line(error: click.ClickException) -> str:
    """What was called wrongly, and where the right way is told.

    >>> one_line(click.UsageError("No such option '--nope'."))
    "No such option '--nope': see newscrawl --help"
    """
    told = " ".join(error.format_message().split()).rstrip(".")
    if not isinstance(error, click.UsageError):
        return told
    return f"{told}: see {error.ctx.command_path if error.ctx else 'newscrawl'} --help"


if __name__ == "__main__":
    main()
