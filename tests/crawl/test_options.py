"""A setting that cannot be is told by name, value and remedy."""

from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.crawl.options import OPTIONS, OptionError, Options
from newscrawl.crawl.reader import addresses, number
from tests.crawl.running import crawl


def settings(**changes: object) -> Settings:
    found = Settings({option.name: option.default for option in OPTIONS})
    found.update(changes)
    return found


def test_the_defaults_are_good() -> None:
    options = Options.of(settings())
    assert options.use == ("train", "input")
    assert options.archive == Path("data")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NEWSCRAWL_USE", ["training"], "name at least one of crawl, index, train, input"),
        ("NEWSCRAWL_USE", [], "name at least one of"),
        ("NEWSCRAWL_AGENT", "news crawl/1", "only letters, hyphens and underscores"),
        ("NEWSCRAWL_ROBOTS_TTL", 90000, "from 0 to 86400"),
        ("NEWSCRAWL_HOLD", "many", "give a number"),
        ("NEWSCRAWL_MAX_ERROR_SHARE", 2, "from 0 to 1"),
        ("NEWSCRAWL_LICENCES", "/nowhere/licences.toml", "NEWSCRAWL_LICENCES='/nowhere/licences.toml'"),
    ],
)
def test_a_bad_value_names_setting_and_remedy(name: str, value: object, said: str) -> None:
    with pytest.raises(OptionError, match=said) as told:
        Options.of(settings(**{name: value}))
    assert name in str(told.value)


def test_jobdir_is_refused_by_name_before_anything_is_opened(tmp_path: Path) -> None:
    """After kill -9 it had lost most of a crawl's pages, and the next run ended with 0."""
    ran = crawl(tmp_path, "demo", settings={"JOBDIR": tmp_path / "job"})
    assert ran.code == 78, ran.said[-3000:]
    [line] = [line for line in ran.said.splitlines() if line.startswith("newscrawl: ")]
    assert line.startswith(f"newscrawl: JOBDIR={tmp_path / 'job'}: ")
    assert "leave it out: the archive resumes by itself" in line
    assert "Traceback" not in ran.said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "urls", "said"),
    [
        (None, None, "no address to crawl"),
        ("example.org", None, "not an http or https address"),
        ("file:///etc/passwd", None, "not an http or https address"),
        ("http://[bad", None, "not an http or https address"),
        (None, "/nowhere/list.txt", "one address a line"),
    ],
)
def test_a_bad_address_is_told(url: str | None, urls: str | None, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        addresses(url, urls)


def test_addresses_come_from_the_argument_and_the_file(tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text("# mine\nhttps://b.example/\n\nhttps://a.example/\n")
    assert addresses("https://a.example/, https://c.example/x", str(listed)) == (
        "https://a.example/",
        "https://c.example/x",
        "https://b.example/",
    )


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "99999999999"])
def test_a_budget_is_a_whole_number(value: str) -> None:
    with pytest.raises(OptionError, match="whole number from 1 to 500"):
        number("pages", value, 1, 500)
