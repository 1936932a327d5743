"""Each command tells how it is called; what is called wrongly is told in one line; a shell completes the rest."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newscrawl import __main__ as door
from newscrawl.archive import Archive, Entry
from newscrawl.cli.archive import Days
from newscrawl.cli.completion import SHELLS
from newscrawl.record import VERSION
from tests.crawl.running import ROOT


def commands(group: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Each command and its subcommands."""
    if not isinstance(group, click.Group):
        return [path]
    context = click.Context(group)
    inner = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return [path, *(one for name, command in inner if command for one in commands(command, (*path, name)))]


EACH = commands(door.cli)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    line = b'{"id":"a1","url":"https://example.org/a","site":"example","text":"Hello"}'
    entry = Entry(
        stream="articles", id="a1", url="https://example.org/a", site="example", version="1", story="s", line=line
    )
    with Archive.open(tmp_path / "archive", run="first", clock=time.time) as held:
        held.put(entry)
    return tmp_path / "archive"


def test_there_are_as_many_as_we_think() -> None:
    assert len(EACH) > 20


@pytest.mark.parametrize("path", EACH, ids=" ".join)
def test_the_help_of_each_command_shows_an_example(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(door.cli, [*path, "--help"], prog_name="newscrawl")
    assert told.exit_code == 0, told.output
    examples = [line for line in told.output.splitlines() if line.startswith(f"  {' '.join(('newscrawl', *path))} ")]
    assert examples, told.output
    assert told.output.count("Usage:") == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("frob", 2, "No such command 'frob': see newscrawl --help"),
        ("export data", 2, "Missing option '--out': see newscrawl export --help"),
        ("prune data --keep 9x", 2, "give days, as 90 or 90d"),
        ("doctor --nope", 2, "see newscrawl doctor --help"),
        ("site check --nope", 2, "see newscrawl site check --help"),
        ("rights", 2, "see newscrawl rights --help"),
        ("crawl nosite", 1, "`scrapy list` shows"),
        ("clean nowhere.html", 1, "give an HTML file"),
        ("report nowhere", 3, "name the one that a crawl wrote"),
        ("verify nowhere", 3, "name the one that a crawl wrote"),
        ("retry nowhere", 1, "name the one that a crawl wrote"),
        ("recheck nowhere", 3, "name the one that a crawl wrote"),
    ],
)
def test_what_is_called_wrongly_is_one_line_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: str,
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["newscrawl", *words.split()])
    with pytest.raises(SystemExit) as ended:
        door.main()
    told = capsys.readouterr()
    assert ended.value.code == code
    assert told.out == ""
    assert told.err.startswith("newscrawl: ")
    assert told.err.count("\n") == 1
    assert said in told.err
    assert not list(tmp_path.iterdir()), "nothing is made where nothing was"


def test_without_a_word_the_help_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["newscrawl"])
    with pytest.raises(SystemExit) as ended:
        door.main()
    assert ended.value.code == 2
    assert "Usage: newscrawl" in capsys.readouterr().err


def test_the_version_is_known_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    told = CliRunner().invoke(door.cli, ["--version"])
    assert told.exit_code == 0
    assert told.output == f"newscrawl {VERSION}\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_completion_for_each_shell(shell: str) -> None:
    told = CliRunner().invoke(door.cli, ["completion", shell])
    assert told.exit_code == 0
    assert f"_NEWSCRAWL_COMPLETE={shell}_complete" in told.output


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here: its completion was NOT tried")
@pytest.mark.parametrize(
    ("typed", "offered"), [("re", "recheck repair report retry"), ("report --s", "--serve"), ("completion z", "zsh")]
)
def test_bash_completes_commands_options_and_choices(tmp_path: Path, typed: str, offered: str) -> None:
    stand_in = tmp_path / "newscrawl"
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newscrawl "$@"\n', "utf-8")
    stand_in.chmod(0o755)
    script = tmp_path / "completion.sh"
    script.write_text(CliRunner().invoke(door.cli, ["completion", "bash"]).output, "utf-8")
    words = typed.split()
    asked = (
        f"source {script}; COMP_WORDS=(newscrawl {typed}); COMP_CWORD={len(words)}; "
        '_newscrawl_completion newscrawl; echo "${COMPREPLY[@]}"'
    )
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", asked], env=env, capture_output=True, text=True, timeout=60, check=True)
    assert sorted(done.stdout.split()) == offered.split()


def test_crawls_of_several_sites_are_told_to_machines_as_one_object(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl", "crawl", "kabarkilat", "--log", "json", "--archive", str(tmp_path / "data"),
         "-s", "NEWSCRAWL_USE=nothing"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 78
    told = json.loads(done.stdout)
    assert told == {"message": "crawls ended", "exit_code": 78, "sites": {"kabarkilat": 78}, "not_begun": []}


@pytest.mark.parametrize(("said", "days"), [("90", 90.0), ("90d", 90.0), ("12w", 84.0), ("0.5", 0.5), ("0d", 0.0)])
def test_days_may_have_their_unit(said: str, days: float) -> None:
    assert Days().convert(said, None, None) == days


@pytest.mark.parametrize("said", ["", "d", "9x", "90dd", "-1", "1e3", "dw", "nan"])
def test_what_are_no_days_is_refused(said: str) -> None:
    with pytest.raises(click.BadParameter, match="give days"):
        Days().convert(said, None, None)


def test_the_format_may_be_said_where_the_ending_does_not(archive: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(
        door.cli, ["export", str(archive), "--out", str(tmp_path / "out"), "--format", "jsonl.gz"]
    )
    assert told.exit_code == 0, told.output
    assert json.loads(gzip.decompress((tmp_path / "out").read_bytes()))["id"] == "a1"
