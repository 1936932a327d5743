"""`newscrawl completion`: what a shell needs to complete commands, options and file names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that completes newscrawl's commands and options in SHELL.

    \b
    newscrawl completion bash > ~/.local/share/bash-completion/completions/newscrawl
    newscrawl completion zsh > "${fpath[1]}/_newscrawl"
    newscrawl completion fish > ~/.config/fish/completions/newscrawl.fish
    """
    root = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(root, {}, "newscrawl", "_NEWSCRAWL_COMPLETE").source())
