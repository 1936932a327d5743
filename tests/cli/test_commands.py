"""The `newscrawl` command: what it prints, what it writes, and how it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawl.__main__ import COMMANDS, cli
from newscrawl.archive import Archive, Entry
from newscrawl.record import article_record, cuts_record, line
from tests.makers import article, cleaned

SPAM = (
    "buy cheap pills online best casino bonus free spins no deposit bonus casino online slots real money jackpot " * 6
)
PROSE = (
    "The council of Tarn voted on Monday to repair the old bridge before winter, after nine years of argument.\n\n"
    "Engineers said the northern arch had moved by two centimetres since the last survey and could not wait.\n\n"
    "The work will cost four million crowns and should end in the spring, the mayor told reporters at the river."
)
NOTICE = "No part of this website may be used to train artificial intelligence models without written permission."


def page(*extra: str) -> str:
    paragraphs = "".join(f"<p>{one}</p>" for one in (*PROSE.split("\n\n"), *extra))
    return f"<html lang=en><body><article><h1>Bridge to be repaired</h1>{paragraphs}</article></body></html>"


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(args), input=text)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    story = article(cleaned=cleaned())
    with Archive.open(tmp_path / "archive", run="test", clock=lambda: 1.0) as held:
        for stream, record in (("cuts", cuts_record(story)), ("articles", article_record(story))):
            held.put(
                Entry(
                    stream=stream,  # type: ignore[arg-type]
                    id=story.id,
                    url=story.url,
                    site=story.site,
                    version="1",
                    story="s",
                    line=line(record),
                )
            )
    return tmp_path / "archive"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example(name: str) -> None:
    told = run(name, "--help")
    assert told.exit_code == 0
    assert f"newscrawl {name}" in told.output or name == "rules"


def test_clean_prints_the_story_without_the_spam(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(SPAM))
    told = run("clean", str(tmp_path / "page.html"))
    assert told.exit_code == 0, told.output
    assert told.stdout.strip() == PROSE


def test_clean_withholds_a_page_that_forbids_its_use(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(NOTICE))
    told = run("clean", str(tmp_path / "page.html"), "-o", str(tmp_path / "out.txt"))
    assert told.exit_code == 3
    assert NOTICE[:40] in told.output
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_clean_takes_a_corpus_line_by_line(tmp_path: Path, workers: str) -> None:
    rows = [{"id": n, "body": f"{PROSE}\n\n{SPAM}"} for n in range(70)] + [{"id": 70, "body": f"{PROSE}\n\n{NOTICE}"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = run(
        "clean", str(tmp_path / "in.jsonl"), "--field", "body", "-o", str(tmp_path / "out.jsonl"), "--workers", workers
    )
    assert told.exit_code == 0, told.output
    out = [json.loads(one) for one in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [one["id"] for one in out] == list(range(70))
    assert all(one["body"] == PROSE and one["removals"] for one in out)
    kept = (tmp_path / "out.withheld.jsonl").read_text()
    assert json.loads(kept)["id"] == 70
    assert "council" not in kept


@pytest.mark.parametrize(
    ("content", "args", "said"),
    [
        ("not json\n", ["--field", "text"], "line 1: no JSON"),
        ('{"text": 5}\n', ["--field", "text"], "line 1: no text in field 'text'"),
        ('{"a": "x"}\n', ["--field", "b"], "name the field with --field"),
    ],
)
def test_a_bad_line_is_told_by_number_and_nothing_is_written(
    tmp_path: Path, content: str, args: list[str], said: str
) -> None:
    (tmp_path / "in.jsonl").write_text(content)
    told = run("clean", str(tmp_path / "in.jsonl"), *args, "-o", str(tmp_path / "out.jsonl"), "--workers", "1")
    assert told.exit_code != 0
    assert said in told.output
    assert not list(tmp_path.glob("out*"))


def test_explain_shows_each_cut_with_its_rule(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(SPAM))
    told = run("explain", str(tmp_path / "page.html"))
    assert "SPAM_KWBLOCK" in told.output
    assert "[2]" in told.output
    written = run("explain", str(tmp_path / "page.html"), "--html", str(tmp_path / "cuts.html"))
    assert written.exit_code == 0
    assert "<del" in (tmp_path / "cuts.html").read_text()


@pytest.mark.parametrize("command", ["clean", "explain", "rights"])
def test_a_file_that_is_not_there_is_named(command: str) -> None:
    told = run(command, "/nowhere/page.html")
    assert told.exit_code != 0
    assert "/nowhere/page.html" in told.output
    assert "Traceback" not in told.output


def test_verify_tells_a_good_archive_from_a_bad_one(archive: Path) -> None:
    assert run("verify", str(archive)).exit_code == 0
    segment = next(archive.glob("articles-*.jsonl"))
    segment.write_bytes(segment.read_bytes().replace(b"A title", b"B title"))
    told = run("verify", str(archive))
    assert told.exit_code == 3
    assert segment.name in told.output
    assert "newscrawl repair" in told.output


def test_undo_gives_the_original_back(archive: Path) -> None:
    told = run("undo", str(archive), article(cleaned=cleaned()).id)
    assert told.output.rstrip("\n") == cleaned().original
    one = run("undo", str(archive), article(cleaned=cleaned()).id, "1")
    assert "slot gacor" in one.output
    assert run("undo", str(archive), "nosuch").exit_code != 0
    assert "from 1 to 1" in run("undo", str(archive), article(cleaned=cleaned()).id, "9").output


def test_export_writes_one_file(archive: Path, tmp_path: Path) -> None:
    told = run("export", str(archive), "--out", str(tmp_path / "all.jsonl"))
    assert told.exit_code == 0, told.output
    assert json.loads((tmp_path / "all.jsonl").read_text())["title"] == "A title"


@pytest.mark.parametrize("command", [["compact"], ["repair"], ["retry"], ["prune", "--keep", "90"], ["report"]])
def test_the_care_of_an_archive_runs(archive: Path, command: list[str]) -> None:
    told = run(command[0], str(archive), *command[1:])
    assert told.exit_code == 0, told.output
    assert run("verify", str(archive)).exit_code == 0


@pytest.mark.parametrize("command", ["verify", "export", "undo", "report"])
def test_a_folder_that_is_no_archive_is_named(tmp_path: Path, command: str) -> None:
    more = {"export": ["--out", str(tmp_path / "x.jsonl")], "undo": ["id"]}.get(command, [])
    told = run(command, str(tmp_path / "nowhere"), *more)
    assert told.exit_code != 0
    assert "nowhere" in told.output


def test_a_locked_archive_says_try_later(archive: Path) -> None:
    with Archive.open(archive, run="busy", clock=lambda: 1.0):
        told = run("compact", str(archive))
    assert told.exit_code == 75
    assert "busy" in told.output


def test_all_shipped_rules_hold_their_examples() -> None:
    told = run("rules", "check")
    assert told.exit_code == 0, told.output
    assert "rules hold their examples" in told.output


def test_a_rule_that_misses_its_example_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "wrappers"
    folder.mkdir()
    (folder / "xx.toml").write_text(
        '[[rule]]\nid = "more"\nkind = "related"\nlabels = ["Also read"]\nneeds = ["colon"]\nlifts = "related"\n'
        'cuts = ["Something else"]\nkeeps = ["He said so."]\n'
    )
    told = run("rules", "check", str(folder / "xx.toml"))
    assert told.exit_code != 0
    assert "wrappers/xx.toml/more misses its own example" in told.output


@pytest.mark.parametrize("command", ["clean", "explain"])
def test_a_page_without_a_word_is_an_error_and_no_empty_answer(tmp_path: Path, command: str) -> None:
    (tmp_path / "empty.html").write_text("")
    told = run(command, str(tmp_path / "empty.html"))
    assert told.exit_code == 1
    assert "there is no text in it" in told.output
    assert "no host in it" in run(command, "https://").output
