"""The verdict: protocols among themselves, across each other, and what a licence lifts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.model import USES, Basis, Decision, Licence, Page, Signal, Use
from newscrawl.rights import Licences, decide, signals_in_page
from newscrawl.rights.licences import LicenceError, covers, valid

R, A, U, N = Decision.RESERVED, Decision.ALLOWED, Decision.UNKNOWN, Decision.NONE_FOUND
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AI: tuple[Use, ...] = ("train", "input")
HELD = Licence(host="antaranews.com", uses=AI, contract="ANT-1", expires=date(2026, 12, 31))


def signal(
    protocol: str,
    says: Decision,
    scope: tuple[Use, ...] = AI,
    *,
    where: str = "",
    host: str = "e.org",
    basis: Basis = Basis.DIRECT,
    at: datetime | None = None,
    value: str = "",
) -> Signal:
    return Signal(
        protocol=protocol, where=where, quote="", value=value, scope=scope, says=says, host=host, basis=basis, at=at
    )


TABLE = [
    ("nothing", [], N, True),
    ("an allow", [signal("tdmrep", A)], A, True),
    ("a reservation", [signal("x-robots-tag", R)], R, False),
    ("unknown", [signal("rsl", U)], U, False),
    ("a reservation of one of two uses", [signal("content-signal", R, ("train",)), signal("content-signal", A, ("input",))], R, False),
    ("a reservation of no asked use", [signal("x-robots-tag", R, ("index",))], N, True),
    ("an allow never lifts another protocol's ban", [signal("tdmrep", A), signal("prose", R)], R, False),
    ("an allow never lifts another protocol's doubt", [signal("tdmrep", A), signal("rsl", U)], U, False),
    ("reserved beats unknown", [signal("rsl", U), signal("meta-robots", R)], R, False),
    ("TDMRep: a meta 0 lifts the header's 1", [signal("tdmrep", A, where="meta tdm-reservation"), signal("tdmrep", R, where="header tdm-reservation")], A, True),
    ("TDMRep: a meta 0 lifts the file's 1", [signal("tdmrep", A, where="meta tdm-reservation"), signal("tdmrep", R, where="tdmrep.json entry 1")], A, True),
    ("TDMRep: a header 0 lifts the file's 1", [signal("tdmrep", A, where="header tdm-reservation"), signal("tdmrep", R, where="tdmrep.json entry 1")], A, True),
    ("TDMRep: a meta 1 beats the header's 0", [signal("tdmrep", R, where="meta tdm-reservation"), signal("tdmrep", A, where="header tdm-reservation")], R, False),
    ("TDMRep: a file 0 does not lift a header 1", [signal("tdmrep", A, where="tdmrep.json entry 1"), signal("tdmrep", R, where="header tdm-reservation")], R, False),
    ("TDMRep: a meta 0 lifts an unknown file", [signal("tdmrep", A, where="meta tdm-reservation"), signal("tdmrep", U, where="tdmrep.json")], A, True),
    ("TDMRep: another host's page lifts nothing", [signal("tdmrep", A, where="meta tdm-reservation"), signal("tdmrep", R, where="tdmrep.json entry 1", host="source.org")], R, False),
    ("AIPREF: any no", [signal("aiprefs", A, ("train",)), signal("aiprefs", R, ("train",))], R, False),
    ("AIPREF: else any yes", [signal("aiprefs", A, ("train",)), signal("aiprefs", U, ("train",))], A, True),
    ("AIPREF: another host's yes is its own", [signal("aiprefs", A, ("train",)), signal("aiprefs", U, ("train",), host="source.org")], U, False),
    ("Content-Signal: the strictest", [signal("content-signal", A), signal("content-signal", R)], R, False),
    ("an inference counts", [signal("robots", R, ("train",), basis=Basis.INFERRED)], R, False),
    ("what another crawler is told does not", [signal("x-robots-tag", R, basis=Basis.OTHER_AGENT)], N, True),
    ("a disallowed fetch bars every use", [signal("robots", R, ("crawl",))], R, False),
    ("unreachable rules bar every use", [signal("robots", U, USES)], U, False),
    ("words against crawling bar every use", [signal("prose", R, ("crawl",))], R, False),
    ("a signal without a scope says nothing", [signal("licence-link", N, ()), signal("content-signal", U, ())], N, True),
]  # fmt: skip


@pytest.mark.parametrize(("case", "signals", "status", "keeps"), TABLE, ids=[row[0] for row in TABLE])
def test_signals_come_to_one_verdict(case: str, signals: list[Signal], status: Decision, keeps: bool) -> None:
    for order in (signals, signals[::-1]):
        verdict = decide(order)
        assert (verdict.status, verdict.keeps) == (status, keeps)
        assert verdict.signals == tuple(order)


def test_each_use_is_decided_on_its_own() -> None:
    verdict = decide(
        [signal("content-signal", A, ("index",)), signal("content-signal", R, ("train",)), signal("rsl", U, ("input",))]
    )
    assert verdict.uses == {"crawl": N, "index": A, "train": R, "input": U}


def test_only_what_the_feed_is_for_is_asked() -> None:
    found = [signal("x-robots-tag", R, ("index",)), signal("content-signal", A, ("train",))]
    assert decide(found, use=("index",)).status is R
    assert decide(found, use=("train",)).status is A
    assert decide(found, use=("input",)).status is N
    assert decide(found, use=("train",)).asked == ("train",)


def test_because_names_the_signals_that_decided() -> None:
    ban, doubt, nod = signal("prose", R), signal("rsl", U), signal("tdmrep", A)
    assert decide([nod, doubt, ban]).because == (ban,)
    assert decide([nod]).because == (nod,)
    assert decide([]).because == ()


def test_inference_can_be_switched_off() -> None:
    verdict = decide([signal("robots", R, ("train",), basis=Basis.INFERRED)], inferred=False)
    assert verdict.status is N
    assert len(verdict.signals) == 1


def test_what_was_not_asked_is_recorded() -> None:
    assert decide([], not_checked=("tdmrep", "source", "tdmrep")).not_checked == ("tdmrep", "source")


def ant(says: Decision = R, scope: tuple[Use, ...] = AI, **more: object) -> Signal:
    return replace(signal("prose", says, scope, host="antaranews.com"), **more)  # type: ignore[arg-type]


LIFTING = [
    ("its host", ant(), [HELD], NOW, N, 1),
    ("a subdomain", ant(host="en.antaranews.com"), [HELD], NOW, N, 1),
    ("another host", ant(host="e.org"), [HELD], NOW, R, 0),
    ("a host that only ends so", ant(host="notantaranews.com"), [HELD], NOW, R, 0),
    ("a parent of its host", ant(), [replace(HELD, host="en.antaranews.com")], NOW, R, 0),
    ("no host", ant(host=None), [HELD], NOW, R, 0),
    ("one use of two", ant(), [replace(HELD, uses=("train",))], NOW, R, 1),
    ("two licences for two uses", ant(), [replace(HELD, uses=("train",)), replace(HELD, uses=("input",))], NOW, N, 2),
    ("on its last day", ant(), [HELD], datetime(2026, 12, 31, 23, tzinfo=UTC), N, 1),
    ("expired", ant(), [HELD], datetime(2027, 1, 1, tzinfo=UTC), R, 0),
    ("without an end", ant(), [replace(HELD, expires=None)], None, N, 1),
    ("on an unknown day", ant(), [HELD], None, R, 0),
    ("on the signal's day", ant(at=NOW), [HELD], None, N, 1),
    ("after the signal's day", ant(at=datetime(2027, 1, 1, tzinfo=UTC)), [HELD], None, R, 0),
    ("doubt", ant(U), [HELD], NOW, N, 1),
    ("words against crawling, too", ant(R, USES), [HELD], NOW, N, 1),
    ("words against crawling alone", ant(R, ("crawl",)), [HELD], NOW, N, 0),
    ("a robots.txt: not without crawl", ant(R, ("crawl",), protocol="robots"), [HELD], NOW, R, 0),
    ("a robots.txt: with crawl", ant(R, ("crawl",), protocol="robots"), [replace(HELD, uses=USES)], NOW, N, 1),
    ("unreachable rules: not without crawl", ant(U, USES, protocol="robots"), [HELD], NOW, U, 1),
    ("a permission needs no lifting", ant(A), [HELD], NOW, A, 0),
]  # fmt: skip


@pytest.mark.parametrize(("case", "said", "held", "at", "status", "lifted"), LIFTING, ids=[row[0] for row in LIFTING])
def test_a_licence_lifts_what_is_its_own(
    case: str, said: Signal, held: list[Licence], at: datetime | None, status: Decision, lifted: int
) -> None:
    verdict = decide([said], licences=Licences(held), at=at)
    assert (verdict.status, len(verdict.lifted)) == (status, lifted)
    assert all(one.signal == said and one.licence in held for one in verdict.lifted)
    assert verdict.signals == (said,)


def test_a_licence_for_the_source_never_lifts_the_aggregators_word() -> None:
    found = [ant(), signal("robots", R, ("train",), basis=Basis.INFERRED)]
    verdict = decide(found, licences=Licences([HELD]), at=NOW)
    assert verdict.status is R
    assert verdict.because == (found[1],)
    assert [one.signal for one in verdict.lifted] == [found[0]]


SIGNALS = st.builds(
    signal,
    st.sampled_from(["robots", "tdmrep", "aiprefs", "rsl", "prose"]),
    st.sampled_from(list(Decision)),
    st.lists(st.sampled_from(USES), unique=True).map(lambda uses: tuple(uses)),
    where=st.sampled_from(["meta x", "header x", "tdmrep.json entry 1", "RSL document", "header x of redirect 1"]),
    host=st.sampled_from(["e.org", "antaranews.com", "en.antaranews.com"]),
    basis=st.sampled_from(list(Basis)),
    at=st.sampled_from([None, NOW]),
)


@given(found=st.lists(SIGNALS, max_size=8), more=SIGNALS)
@settings(max_examples=300, deadline=None)
def test_a_reservation_is_never_outvoted(found: list[Signal], more: Signal) -> None:
    ban = replace(more, protocol="x-robots-tag", says=R, basis=Basis.DIRECT)
    verdict = decide([*found, ban])
    assert all(verdict.uses[use] is R for use in ban.scope)


@given(found=st.lists(SIGNALS, max_size=8), use=st.lists(st.sampled_from(USES), min_size=1, unique=True))
@settings(max_examples=300, deadline=None)
def test_a_verdict_keeps_only_what_nothing_speaks_against(found: list[Signal], use: list[Use]) -> None:
    verdict = decide(found, use=tuple(use), licences=Licences([HELD]), at=NOW)
    assert set(verdict.uses) == set(USES)
    assert verdict.keeps is all(verdict.uses[one] in (A, N) for one in verdict.asked)
    assert set(use) <= set(verdict.asked)
    assert set(verdict.because) <= set(verdict.signals)
    for lifted in verdict.lifted:
        assert covers(lifted.licence, lifted.signal.host)
    without = decide(found, use=tuple(use), at=NOW)
    assert verdict.keeps or not without.keeps


@pytest.mark.parametrize(
    ("licence", "asked", "expected"),
    [
        ("example.org", "example.org", True),
        ("example.org", "EXAMPLE.ORG.", True),
        ("Example.Org", "a.b.example.org", True),
        ("example.org", "anexample.org", False),
        ("www.example.org", "example.org", False),
        ("example.org", "example.org.evil.net", False),
        ("münchen.example", "xn--mnchen-3ya.example", True),
        ("org", "example.org", True),
        ("", "example.org", False),
        ("example.org", "", False),
        ("example.org", None, False),
    ],
)
def test_a_licence_covers_hosts_on_label_borders(licence: str, asked: str | None, expected: bool) -> None:
    assert covers(Licence(host=licence, uses=AI, contract="c"), asked) is expected


def test_a_licence_holds_to_the_end_of_its_last_day() -> None:
    assert valid(HELD, date(2026, 12, 31))
    assert not valid(HELD, date(2027, 1, 1))
    assert not valid(HELD, None)
    assert valid(replace(HELD, expires=None), None)


def test_a_licence_file_loads(tmp_path: Path) -> None:
    file = tmp_path / "licences.toml"
    file.write_text(
        '[[licence]]\nhost = "AntaraNews.com"\nuses = ["input", "train"]\ncontract = "ANT-1"\nexpires = 2026-12-31\n'
        '\n[[licence]]\nhost = "e.org"\nuses = ["index"]\ncontract = "E"\n',
        "utf-8",
    )
    held = Licences.load(file)
    assert list(held) == [HELD, Licence(host="e.org", uses=("index",), contract="E")]
    assert len(Licences.load(str(file))) == 2


GOOD = {"host": '"e.org"', "uses": '["train"]', "contract": '"c"'}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hosts": '"e.org"'}, "unknown key 'hosts': use host, uses, contract, expires"),
        ({"host": None}, "lacks host: add it"),
        ({"uses": None}, "lacks uses: add it"),
        ({"contract": None}, "lacks contract: add it"),
        ({"contract": '""'}, "lacks contract: add it"),
        ({"uses": "[]"}, "lacks uses: add it"),
        ({"uses": '["training"]'}, r"uses \['training'\] must be a list of crawl, index, train, input"),
        ({"uses": '"train"'}, "uses 'train' must be a list"),
        ({"host": '"https://e.org/"'}, "must be a host name"),
        ({"host": '"e.org:80"'}, "must be a host name"),
        ({"host": '"*.e.org"'}, "must be a host name"),
        ({"host": "5"}, "must be a host name"),
        ({"contract": "5"}, "contract 5 must be a text"),
        ({"expires": '"2026-12-31"'}, "expires '2026-12-31' must be a date without quotes"),
        ({"expires": "2026-12-31T00:00:00Z"}, "must be a date without quotes"),
    ],
)
def test_a_bad_licence_names_file_entry_and_remedy(tmp_path: Path, change: dict[str, str | None], message: str) -> None:
    file = tmp_path / "licences.toml"
    lines = [f"{key} = {value}" for key, value in (GOOD | change).items() if value is not None]
    file.write_text("[[licence]]\n" + "\n".join(lines), "utf-8")
    with pytest.raises(LicenceError, match=f"licence 1 in {file}: .*{message}"):
        Licences.load(file)


@pytest.mark.parametrize(
    "text", ["licence = 5", "licence = [5]", "[licence]\nhost = 'e.org'", "[[licences]]", "[[", "\x00"]
)
def test_a_bad_licence_file_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "licences.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(LicenceError, match=r"licences\.toml"):
        Licences.load(file)
    with pytest.raises(LicenceError, match="mend the file"):
        Licences.load(tmp_path / "missing.toml")


def test_all_channels_of_a_page_are_read() -> None:
    html = """<html><head><meta name="robots" content="noml"><meta name="tdm-reservation" content="1">
    <script type="application/ld+json">{"@type": "NewsArticle", "copyrightNotice":
    "Use of this text for training AI systems is prohibited."}</script></head>
    <body><p>News.</p><footer>Our content may not be used for text and data mining.</footer></body></html>"""
    page = Page.from_html(html, url="https://e.org/a", headers={"Content-Signal": "ai-train=no"}, fetched=NOW)
    found = signals_in_page(page)
    assert {one.protocol for one in found} == {"content-signal", "meta-robots", "tdmrep", "json-ld", "prose"}
    assert {one.host for one in found} == {"e.org"}
    assert decide(found).status is R


def test_an_everyday_page_has_no_reservation() -> None:
    html = """<html><head><meta name="robots" content="index, follow, max-image-preview:large">
    <meta name="copyright" content="© 2026 Example. All rights reserved."></head>
    <body><p>Parliament debates a bill on AI training.</p><footer>© Example. All rights reserved.</footer></body></html>"""
    verdict = decide(signals_in_page(Page.from_html(html, url="https://e.org/a", fetched=NOW)))
    assert (verdict.status, verdict.keeps) == (N, True)


@given(body=st.binary(max_size=300), name=st.text(max_size=10), value=st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_no_page_makes_it_raise(body: bytes, name: str, value: str) -> None:
    page = Page(url="https://e.org/a", headers={name: value}, body=body)
    assert decide(signals_in_page(page)).status in cast("tuple[Decision, ...]", (R, A, U, N))
