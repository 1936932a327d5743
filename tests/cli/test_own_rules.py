"""A user's own rules: taken along by every command, refused with one line, named by their file."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scrapy.settings import Settings

from newscrawl import bulk, clean, rights, rulebook, shelves
from newscrawl.__main__ import cli
from newscrawl.crawl.options import OptionError, Options

HOUSE = """
[[rule]]
id = "hotline"
kind = "newsletter"
lines = ["(call|ring) the news desk[ now]"]
cuts = ["Call the news desk now"]
keeps = ["Call the news desk and ask for Ann, he told the crowd."]
"""
GOLD = """
shelf = "spam"
[[rule]]
id = "gold"
lang = "en"
a = ["gold ira kit"]
b = ["precious metals ira"]
c = ["bullion"]
cuts = ["Get your free gold ira kit today"]
keeps = ["The price of bullion fell by a tenth."]
"""
NOTICE = """
must = ["stay away from"]
own = ["these columns"]
do = ["stay away"]
permit = ["no part of"]
privacy = ["no part of", "artificial intelligence"]
[[rule]]
id = "robots"
object = ["robot reporters"]
scope = ["train"]
finds = ["Robot reporters must stay away from these columns."]
keeps = ["Rain fell."]
"""
PROSE = "The council of Tarn voted on Monday to repair the old bridge.\n\nEngineers said that it could not wait."
RESERVED = "No part of this website may be used to train artificial intelligence models without written permission."


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    yield
    rulebook.use(())


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "wrappers").mkdir(parents=True)
    (tmp_path / "mine" / "wrappers" / "house.toml").write_text(HOUSE)
    (tmp_path / "gold.toml").write_text(GOLD)
    return tmp_path


def run(*args: object, rules: str = "") -> Result:
    return CliRunner(env={"NEWSCRAWL_RULES": rules}).invoke(cli, [str(one) for one in args])


def page(folder: Path, last: str) -> Path:
    paragraphs = "".join(f"<p>{one}</p>" for one in (*PROSE.split("\n\n"), last))
    (folder / "page.html").write_text(f"<html lang=en><body><article><h1>Bridge</h1>{paragraphs}</article>")
    return folder / "page.html"


def test_a_rule_of_ones_own_cuts_and_is_named_by_its_file(mine: Path) -> None:
    source = page(mine, "Ring the news desk")
    assert "news desk" in run("clean", source).stdout
    told = run("clean", source, rules=f"{mine / 'mine'}{os.pathsep}{mine / 'gold.toml'}")
    assert told.exit_code == 0, told.output
    assert "news desk" not in told.stdout
    assert "wrappers/house.toml/hotline" in run("explain", source, rules=str(mine / "mine")).output


def test_a_corpus_is_cleaned_with_them_on_every_core(mine: Path) -> None:
    rows = [{"id": n, "text": f"{PROSE}\n\nCall the news desk now"} for n in range(400)]
    (mine / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = run("clean", mine / "in.jsonl", "--out", mine / "out.jsonl", "--workers", 2, rules=str(mine / "mine"))
    assert told.exit_code == 0, told.output
    out = [json.loads(line) for line in (mine / "out.jsonl").read_text().splitlines()]
    assert {cut["rule"] for row in out for cut in row["removals"]} == {"wrappers/house.toml/hotline", "space/joint"}


def test_parts_carry_the_rules_in_use_to_other_machines(mine: Path) -> None:
    (mine / "in.jsonl").write_text(json.dumps({"text": f"{PROSE}\n\nCall the news desk now"}) + "\n")
    (plain,) = bulk.parts_of([mine / "in.jsonl"], mine / "out")
    shelves.take([mine / "mine"])
    (part,) = bulk.parts_of([mine / "in.jsonl"], mine / "out")
    assert part.final != plain.final
    rulebook.use(())
    assert bulk.do_part(plain).cut == 0
    assert bulk.do_part(part).cut > 0


def test_the_words_of_a_trade_count(mine: Path) -> None:
    text = f"{PROSE}\n\nGold ira kit precious metals ira gold ira kit bullion gold ira kit precious metals ira"
    shelves.take([mine / "gold.toml"])
    assert "spam/gold.toml/gold" in str(clean.sanitize_text(text).removals)


def test_a_notice_of_ones_own_withholds_more_and_takes_none_back(mine: Path) -> None:
    (mine / "notices").mkdir()
    (mine / "notices" / "en.toml").write_text(NOTICE)
    own = "Robot reporters must stay away from these columns."
    before = [(one.says, one.scope) for one in rights.notices_in(RESERVED)]
    assert not rights.notices_in(own)
    shelves.take([mine / "notices"])
    assert [one.rule for one in rights.notices_in(own)] == ["notices/en.toml/robots"]
    assert [(one.says, one.scope) for one in rights.notices_in(RESERVED)] == before != []


def test_the_version_of_the_rules_changes_with_them(mine: Path) -> None:
    plain = rulebook.version()
    shelves.take([mine / "mine"])
    assert rulebook.version() != plain


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.toml", None, "no such file"),
        ("empty", "", "holds no TOML file"),
        ("house.toml", HOUSE, "of which shelf?"),
        ("wrappers/a.toml", "[[rule]\n", "no TOML"),
        ("wrappers/a.toml", "\x00\x01", "no TOML"),
        ("wrappers/a.toml", HOUSE.replace('"newsletter"', '"letter"'), "unknown kind 'letter'"),
        ("wrappers/a.toml", HOUSE.replace("keeps", "keep"), "unknown key 'keep'"),
        ("wrappers/a.toml", HOUSE.replace("Call the news desk now", "It rained"), "misses its own example 'It rained'"),
        ("wrappers/a.toml", HOUSE.replace("and ask for Ann, he told the crowd.", ""), "which it must keep"),
        ("wrappers/a.toml", HOUSE + HOUSE, "stands twice"),
        ("spam/a.toml", HOUSE, "unknown key"),
    ],
)
def test_a_bad_rule_is_one_line_that_names_it(mine: Path, name: str, content: str | None, said: str) -> None:
    path = mine / name
    if name == "empty":
        path.mkdir()
    elif content is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    checked = run("rules", "check", path)
    assert checked.exit_code == 1
    assert said in checked.output
    assert name.rpartition("/")[2] in checked.output
    for command in ("clean", "explain"):
        told = run(command, page(mine, "x"), rules=str(path))
        assert told.exit_code == 78
        assert said in told.output
        assert "Traceback" not in told.output
    with pytest.raises(OptionError, match="NEWSCRAWL_RULES: "):
        Options.of(Settings({"NEWSCRAWL_RULES": str(path)}))
    assert rulebook.own() == ()


def test_good_ones_are_counted(mine: Path) -> None:
    assert "2 rules hold their examples" in run("rules", "check", mine / "mine", mine / "gold.toml").output
    assert Options.of(Settings({"NEWSCRAWL_RULES": [str(mine / "mine"), str(mine / "gold.toml")]})).rules


def test_a_crawl_with_a_bad_rule_does_not_begin(mine: Path) -> None:
    (mine / "mine" / "wrappers" / "house.toml").write_text(HOUSE.replace("Call the news desk now", "It rained"))
    command = [sys.executable, "-m", "scrapy", "crawl", "aggregator", "-a", "url=http://127.0.0.1:1/"]
    done = subprocess.run(
        command,
        env=os.environ | {"NEWSCRAWL_RULES": str(mine / "mine")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 78
    assert "wrappers/house.toml/hotline misses its own example 'It rained'" in done.stdout + done.stderr
