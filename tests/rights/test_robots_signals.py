"""What a robots.txt says beyond the fetch: AIPREF, Content-Signal, RSL, training crawlers, words in comments."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.model import Basis, Decision
from newscrawl.rights import aiprefs, decide, robots
from newscrawl.rights.paths import compile_pattern, path_of

URL = "https://news.example.org/2026/a-story"
R, A, U = Decision.RESERVED, Decision.ALLOWED, Decision.UNKNOWN


def said(text: str, protocol: str, url: str = URL, agent: str = "newscrawl") -> dict[str, Decision]:
    found = robots.parse(text.replace("|", "\n").encode()).signals(url, agent)
    return {one.value: one.says for one in found if one.protocol == protocol}


DRAFT = "user-agent: *|allow: /|disallow: /never/|content-usage: train-ai=n|content-usage: /ai-ok/ train-ai=y"

USAGE = [
    ("AIPREF attach §4 example, root", DRAFT, "https://e.org/test", {"train-ai=n": R}),
    ("AIPREF attach §4 example, disallowed path", DRAFT, "https://e.org/never/x", {}),
    ("AIPREF attach §4 example, longer path", DRAFT, "https://e.org/ai-ok/x", {"train-ai=y": A}),
    ("two labels", "user-agent: *|content-usage: train-ai=n, search=y", URL, {"train-ai=n": R, "search=y": A}),
    ("any case of the line's name", "user-agent: *|CONTENT-USAGE: train-ai=n", URL, {"train-ai=n": R}),
    ("labels respect case", "user-agent: *|content-usage: Train-AI=n", URL, {"Train-AI=n": U}),
    ("values respect case", "user-agent: *|content-usage: train-ai=N", URL, {"train-ai=N": U}),
    ("RFC 9651 §3.2: of a label twice the last", "user-agent: *|content-usage: train-ai=n, train-ai=y", URL, {"train-ai=y": A}),
    ("RFC 9651: parameters are ignored", "user-agent: *|content-usage: train-ai=n;x=1", URL, {"train-ai=n": R}),
    ("another token is unknown", "user-agent: *|content-usage: train-ai=maybe", URL, {"train-ai=maybe": U}),
    ("a string is no token", 'user-agent: *|content-usage: train-ai="n"', URL, {"train-ai='n'": U}),
    ("what does not parse is unknown", "user-agent: *|content-usage: train-ai=n,", URL, {"train-ai=n,": U}),
    ("an older label", "user-agent: *|content-usage: train-genai=n", URL, {"train-genai=n": R}),
    ("equal paths: the strictest", "user-agent: *|content-usage: train-ai=y|content-usage: / train-ai=n", URL, {"train-ai=n": R}),
    ("equal paths: both labels", "user-agent: *|content-usage: train-ai=n|content-usage: search=y", URL, {"train-ai=n": R, "search=y": A}),
    ("the longest path alone", "user-agent: *|content-usage: search=n|content-usage: /2026/ train-ai=n", URL, {"train-ai=n": R}),
    ("a path with a wildcard", "user-agent: *|content-usage: /*story$ train-ai=n", URL, {"train-ai=n": R}),
    ("a path that does not match", "user-agent: *|content-usage: /2025/ train-ai=n", URL, {}),
    ("the named group replaces *", "user-agent: *|content-usage: train-ai=n|allow: /||user-agent: newscrawl|allow: /", URL, {}),
    ("groups of one name merge", "user-agent: newscrawl|allow: /|user-agent: newscrawl|content-usage: train-ai=n", URL, {"train-ai=n": R}),
    ("a line between two agents holds for the first", "user-agent: x|content-usage: train-ai=n|user-agent: newscrawl|allow: /", URL, {}),
    ("before any group it holds for all", "content-usage: train-ai=n|user-agent: newscrawl|allow: /", URL, {"train-ai=n": R}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "url", "expected"), USAGE, ids=[row[0] for row in USAGE])
def test_content_usage_is_read_as_the_draft_says(
    source: str, text: str, url: str, expected: dict[str, Decision]
) -> None:
    assert said(text, "aiprefs", url) == expected


SIGNALS = [
    ("three labels", "user-agent: *|content-signal: search=yes, ai-input=no, ai-train=no", {"search=yes": A, "ai-input=no": R, "ai-train=no": R}),
    ("plural", "user-agent: *|content-signals: ai-train=no", {"ai-train=no": R}),
    ("no spaces, any case", "User-Agent: *|Content-Signal:SEARCH=Yes,AI-Train=NO", {"search=yes": A, "ai-train=no": R}),
    ("semicolons", "user-agent: *|content-signal: search=yes; ai-train=no", {"search=yes": A, "ai-train=no": R}),
    ("an unknown key is kept and says nothing", "user-agent: *|content-signal: use=reference", {"use=reference": U}),
    ("before any group", "content-signal: ai-train=no|user-agent: newscrawl|allow: /", {"ai-train=no": R}),
    ("a named group does not inherit", "user-agent: *|content-signal: ai-train=no|allow: /||user-agent: newscrawl|allow: /", {}),
    ("the named group's own", "user-agent: *|content-signal: ai-train=no|allow: /||user-agent: newscrawl|content-signal: ai-train=yes", {"ai-train=yes": A}),
    ("twice: the strictest", "user-agent: *|content-signal: ai-train=yes|content-signal: ai-train=no", {"ai-train=no": R}),
    ("in a comment only", "# Content-Signal: search=yes, ai-train=no|user-agent: *|allow: /", {"ai-train=no": R}),
    ("a permission in a comment is none", "# content-signal: ai-train=yes|user-agent: *", {}),
    ("a comment beside a live line", "# content-signal: ai-train=no|user-agent: *|content-signal: ai-train=yes", {"ai-train=yes": A}),
    ("an explanation is no value", "# ai-train: training or fine-tuning AI models.|# (b) If a content-signal = no, you may not collect|user-agent: *", {}),
    ("a label without a value", "user-agent: *|content-signal: ai-train", {}),
    ("also on a disallowed path", "user-agent: *|content-signal: ai-train=no|disallow: /", {"ai-train=no": R}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "expected"), SIGNALS, ids=[row[0] for row in SIGNALS])
def test_content_signals_are_read_per_group_and_in_each_variant(
    source: str, text: str, expected: dict[str, Decision]
) -> None:
    assert said(text, "content-signal") == expected


def test_a_signal_of_an_unknown_label_has_no_scope() -> None:
    (signal,) = robots.parse(b"user-agent: *\ncontent-signal: use=reference").signals(URL)
    assert signal.scope == ()


def test_a_signal_that_only_a_comment_has_is_an_inference() -> None:
    (signal,) = robots.parse(b"user-agent: *\n# content-signal: ai-train=no").signals(URL)
    assert (signal.basis, signal.where) == (Basis.INFERRED, "robots.txt line 2")


def test_a_disallow_for_us_reserves_the_fetch_with_its_line() -> None:
    (signal,) = robots.parse(b"user-agent: *\nDisallow: /2026/").signals(URL)
    assert (signal.protocol, signal.scope, signal.says) == ("robots", ("crawl",), R)
    assert (signal.where, signal.quote, signal.host) == ("robots.txt line 2", "Disallow: /2026/", "news.example.org")


def test_an_rsl_license_line_is_unknown_until_the_document_is_read() -> None:
    text = b"License: https://e.org/l.xml\nuser-agent: x\ndisallow: /"
    (signal,) = robots.parse(text).signals(URL)
    assert (signal.protocol, signal.value, signal.says) == ("rsl", "https://e.org/l.xml", U)


BOTS = "user-agent: gptbot|user-agent: CCBot/2.0|disallow: /2026/||user-agent: Googlebot|disallow: /||user-agent: *|allow: /"


def test_a_disallow_of_a_training_crawler_is_inferred_for_the_paths_it_names() -> None:
    found = robots.parse(BOTS.replace("|", "\n").encode()).signals(URL)
    assert {one.value for one in found} == {"disallow GPTBot", "disallow CCBot"}
    assert all(one.basis is Basis.INFERRED and one.scope == ("train",) and one.says is R for one in found)
    assert robots.parse(BOTS.replace("|", "\n").encode()).signals("https://e.org/2025/b") == ()


def test_the_inference_can_be_switched_off() -> None:
    assert robots.parse(BOTS.replace("|", "\n").encode()).signals(URL, infer=False) == ()


@pytest.mark.parametrize(
    "text",
    [
        "user-agent: *|disallow: /x",
        "user-agent: Scrapy|user-agent: Spider|user-agent: OAI-SearchBot|disallow: /",
        "user-agent: GPTBot|allow: /|user-agent: *|disallow: /private",
        "user-agent: GPTBot-x|disallow: /",
        "user-agent: MyGPTBot|disallow: /",
    ],
)
def test_nothing_is_inferred_where_no_training_crawler_is_kept_out(text: str) -> None:
    assert said(text, "robots") == {}


@pytest.mark.parametrize("name", [name for name, _ in robots.training_crawlers()])
def test_every_training_crawler_is_met_by_its_name(name: str) -> None:
    assert said(f"user-agent: {name}|disallow: /", "robots") == {f"disallow {name}": R}


def test_words_in_a_comment_are_read_in_the_sites_own_voice() -> None:
    text = (
        b"# Any use of our content to train artificial intelligence\n# models is prohibited.\nuser-agent: *\nallow: /"
    )
    found = robots.parse(text).signals(URL)
    assert [one.protocol for one in found] == ["prose"]
    assert found[0].where == "robots.txt line 1 comment"
    assert found[0].host == "news.example.org"
    assert not found[0].machine_readable
    assert "train" in found[0].scope


MANAGED = b"""\
# As a condition of accessing this website, you agree to abide by the following
# content signals:

# (a)  If a content-signal = yes, you may collect content for the corresponding
#      use.
# (b)  If a content-signal = no, you may not collect content for the
#      corresponding use.

# ai-train: training or fine-tuning AI models.

# ANY RESTRICTIONS EXPRESSED VIA CONTENT SIGNALS ARE EXPRESS RESERVATIONS OF
# RIGHTS UNDER ARTICLE 4 OF THE EUROPEAN UNION DIRECTIVE 2019/790 ON COPYRIGHT
# AND RELATED RIGHTS IN THE DIGITAL SINGLE MARKET.

User-Agent: *
Content-Signal: search=yes
Allow: /
"""


def test_the_preamble_of_content_signals_is_no_reservation_of_its_own() -> None:
    found = robots.parse(MANAGED).signals(URL)
    assert [(one.protocol, one.value) for one in found if one.scope] == [("content-signal", "search=yes")]


def test_a_comment_that_explains_the_lines_beside_it_is_evidence_without_a_scope() -> None:
    found = robots.parse(b"# don't allow robots into cgi-bin\nuser-agent: *\ndisallow: /cgi-bin/").signals(URL)
    assert all(one.scope == () for one in found)


def test_a_comment_that_forbids_robots_is_a_notice() -> None:
    text = b"# The use of robots or other automated means to access this site\n# without express permission is prohibited.\n"
    (signal,) = robots.parse(text + b"user-agent: *\nallow: /").signals(URL)
    assert (signal.protocol, signal.scope, signal.says) == ("prose", ("crawl",), R)


def test_everyday_comments_say_nothing() -> None:
    text = b"# Model railways and train news\n# All rights reserved\nuser-agent: *\nallow: /"
    assert robots.parse(text).signals(URL) == ()


BYTES = st.one_of(
    st.binary(max_size=400),
    st.lists(
        st.sampled_from(
            [b"user-agent: *", b"user-agent: newscrawl", b"disallow: ", b"allow: ", b"/a*b$", b"\n", b"\r", b"#", b"*", b"%",
             b"content-usage: ", b"train-ai=n", b"content-signal:", b"license: ", b"crawl-delay: ", b"\xff\xfe", b"\x00", b":", b" "]
        ),
        max_size=40,
    ).map(b"".join),
)  # fmt: skip


@given(body=BYTES, url=st.text(max_size=40), agent=st.text(max_size=20))
@settings(max_examples=300, deadline=None)
def test_no_bytes_and_no_address_make_it_raise(body: bytes, url: str, agent: str) -> None:
    rules = robots.parse(body)
    assert rules.allowed(url, agent) is rules.match(url, agent).allowed
    rules.crawl_delay(agent)
    for signal in rules.signals(url, agent):
        assert signal.where.startswith("robots.txt line ")


PATTERN = st.text(alphabet="ab/*$", min_size=1, max_size=12)
PATH = st.text(alphabet="ab/", max_size=14).map(lambda text: "/" + text)


def slow(pattern: str, path: str) -> bool:
    """The open parser's own algorithm: the set of positions that the pattern may have reached."""
    reached = {0}
    for number, char in enumerate(pattern):
        if char == "$" and number == len(pattern) - 1:
            return len(path) in reached
        if char == "*":
            reached = set(range(min(reached), len(path) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(path) and path[at] == char}
        if not reached:
            return False
    return True


@given(pattern=PATTERN, path=PATH)
@settings(max_examples=600, deadline=None)
def test_a_pattern_matches_what_the_plain_algorithm_matches(pattern: str, path: str) -> None:
    assert compile_pattern(pattern).matches(path_of(f"https://e.org{path}")) is slow(pattern, path)


@given(
    rules=st.lists(st.tuples(st.booleans(), PATTERN), max_size=120),
    extra=st.integers(0, 90),
    path=PATH,
)
@settings(max_examples=200, deadline=None)
def test_the_index_finds_what_trying_each_rule_finds(rules: list[tuple[bool, str]], extra: int, path: str) -> None:
    rules = rules + [(False, f"/*ab{number}b*a") for number in range(extra)]
    body = "user-agent: *\n" + "".join(f"{'allow' if allow else 'disallow'}: {text}\n" for allow, text in rules)
    best = max(((len(text), allow) for allow, text in rules if slow(text, path)), default=(0, True))
    assert robots.parse(body.encode()).allowed(f"https://e.org{path}") is best[1]


@pytest.mark.parametrize("line", ["Disallow: /path/to/{}/\n", "Disallow: /*/x{}$\n", "Disallow: /*article-{}.html\n"])
def test_a_lookup_among_a_hundred_thousand_rules_takes_less_than_a_tenth_of_a_millisecond(line: str) -> None:
    body = "User-agent: *\n" + "".join(line.format(number) for number in range(100_000))
    rules = robots.parse(body.encode(), limit=len(body))
    urls = [
        "https://e.org/path/to/99999/a",
        "https://e.org/b/x77777",
        "https://e.org/2026/11/some-article-12345.html?a=b",
    ]
    assert [rules.allowed(url) for url in urls].count(False) == 1
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(100):
            for url in urls:
                rules.allowed(url)
        best = min(best, (time.process_time() - start) / 300)
    assert best < 0.0001


@pytest.mark.parametrize("shape", ["*a" * 2000, "*" * 4000 + "b", "/" + "a*" * 2000 + "b$", "a" * 4000])
def test_a_hostile_pattern_costs_time_in_proportion(shape: str) -> None:
    pattern = compile_pattern(shape)

    def spent(size: int) -> float:
        path = "/" + "a" * size
        start = time.process_time()
        for _ in range(20):
            pattern.matches(path)
        return time.process_time() - start

    assert any(spent(80_000) < min(8 * spent(20_000) + 0.01, 1.0) for _ in range(3))


@given(text=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_preference_value_makes_it_raise(text: str) -> None:
    for dialect in ("content-usage", "content-signal"):
        for one in aiprefs.read(dialect, text):
            assert one.text


@pytest.mark.parametrize(
    ("lines", "allowed", "status"),
    [
        ("DisallowAITraining: /", True, "reserved"),
        ("DisallowAITraining: /sport/", True, "none_found"),
        ("DisallowAITraining: /\nAllowAITraining: /news/", True, "none_found"),
        ("DisallowAITraining: /news/\nAllowAITraining: /", True, "reserved"),
        ("DisallowAITraining:", True, "none_found"),
        ("Disallow: /\nAllowAITraining: /", False, "reserved"),
        ("NoAI: /", True, "reserved"),
        ("TDM-Reservation: 1", True, "reserved"),
        ("TDM-Reservation: 0", True, "none_found"),
    ],
)
def test_lines_on_training_neither_open_nor_close_a_path_to_the_fetch(lines: str, allowed: bool, status: str) -> None:
    rules = robots.parse(f"User-agent: *\n{lines}\n".encode())
    url = "https://e.org/news/a.html"
    assert rules.allowed(url) is allowed
    assert str(decide(rules.signals(url)).status) == status
