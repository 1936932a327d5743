"""Writes docs/reference/rights.md from the rules and channels: every signal, its place, its meaning, its standard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from newscrawl.model import USES
from newscrawl.rights import CHANNELS, answers, hostfiles, hosts
from newscrawl.rights.notices import grammar
from newscrawl.rights.robots import training_crawlers
from newscrawl.rights.robotsfile import LIMIT
from newscrawl.rulebook import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of signal, under the protocol name that records carry."""

    protocol: str
    place: str
    means: str
    source: str


ROWS = (
    Row(
        protocol="robots",
        place="/robots.txt of each scheme, host and port",
        means="may the page be fetched, and how fast; unreachable closes the host; a rule against a training crawler "
        "reserves training (`inferred`)",
        source="[RFC 9309](https://www.rfc-editor.org/rfc/rfc9309)",
    ),
    Row(
        protocol="aiprefs",
        place="robots.txt line and header `Content-Usage`",
        means="labels with y or n; longest path of the group, a no before a yes",
        source="[AIPREF attach](https://datatracker.ietf.org/doc/draft-ietf-aipref-attach/), "
        "[vocabulary](https://datatracker.ietf.org/doc/draft-ietf-aipref-vocab/), "
        "[RFC 9651](https://www.rfc-editor.org/rfc/rfc9651)",
    ),
    Row(
        protocol="content-signal",
        place="robots.txt line, comment or header `Content-Signal`",
        means="labels with yes or no, by group, without inheritance from `*`",
        source="[contentsignals.org](https://contentsignals.org/)",
    ),
    Row(
        protocol="rsl",
        place="robots.txt line `License:`, header `Link`, `<link rel=license>`, `<script>`, feed",
        means="a document that permits, prohibits or sells uses of paths; unknown until it was read",
        source="[RSL 1.0](https://rslstandard.org/rsl)",
    ),
    Row(
        protocol="tdmrep",
        place="/.well-known/tdmrep.json, header, `<meta>`: a later one supersedes an earlier one",
        means="1 reserves text and data mining, 0 does not; anything else is unset",
        source="[TDMRep](https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/)",
    ),
    Row(
        protocol="trust.txt",
        place="/trust.txt, else /.well-known/trust.txt",
        means="`datatrainingallowed`",
        source="[trust.txt](https://journallist.net/reference-document-for-trust-txt-specifications)",
    ),
    Row(
        protocol="ai.txt",
        place="/ai.txt",
        means="rules in the manner of a robots.txt, by path and kind of media; another kind of file is read as words",
        source="[Spawning](https://site.spawning.ai/spawning-ai-txt)",
    ),
    Row(
        protocol="x-robots-tag",
        place="header `X-Robots-Tag`, each of several, on each redirect",
        means="directives, perhaps for one crawler by name",
        source="[robots directives](https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag)",
    ),
    Row(
        protocol="meta-robots",
        place="`<meta name=robots>`, of a crawler's name, or `http-equiv=X-Robots-Tag`; all of a page together",
        means="directives",
        source="[robots directives](https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag), "
        "[noml](https://noml.info/)",
    ),
    Row(
        protocol="rights-meta",
        place="`<meta>` with a statement on rights",
        means="an address is a fact, words are read as words",
        source="[DCMI terms](https://www.dublincore.org/specifications/dublin-core/dcmi-terms/)",
    ),
    Row(
        protocol="json-ld",
        place="JSON-LD of the page",
        means="`license`, `usageInfo`, `copyrightNotice`, `conditionsOfAccess` …: as in a rights meta",
        source="[schema.org](https://schema.org/CreativeWork)",
    ),
    Row(
        protocol="licence-link",
        place="`rel=license` in a link or header",
        means="a fact about the work; reserves and permits nothing by itself",
        source="[HTML](https://html.spec.whatwg.org/multipage/links.html#link-type-license)",
    ),
    Row(
        protocol="feed",
        place="`<copyright>`, `<rights>`, `media:license`, description of a feed or an entry",
        means="an address is a fact, words are read as words",
        source="[RSS 2.0](https://www.rssboard.org/rss-specification), "
        "[RFC 4287](https://www.rfc-editor.org/rfc/rfc4287)",
    ),
    Row(
        protocol="prose",
        place="the page's words as they came, its foot and hidden parts too; its attributes, metas, "
        "JSON-LD and scripts' data; comments of its markup and of robots.txt; other pages of the host",
        means="a reservation in the publisher's own voice: an object and an operator, not a quotation or a report",
        source="own rules, `rules/notices/`",
    ),
    Row(
        protocol="terms",
        place="the page of terms that a story's page links to, on the same domain, once a week",
        means="as prose, in the name of the host",
        source="own rules, `rules/address/terms.toml`",
    ),
    Row(
        protocol="page",
        place="the page itself, in `newscrawl rights` and `newscrawl recheck`",
        means="it was not read: unknown",
        source="",
    ),
)


def _code(words: Iterable[object]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _words(name: str, *keys: str) -> Mapping[str, object]:
    found: object = table(name)
    for key in keys:
        found = cast(Mapping[str, object], found)[key]
    return cast(Mapping[str, object], found)


def _labels(heading: str, labels: Mapping[str, object]) -> str:
    rows = "".join(f"| `{label}` | {', '.join(map(str, cast(list[str], uses)))} |\n" for label, uses in labels.items())
    return f"### {heading}\n\n| label | speaks of |\n|---|---|\n{rows}\n"


def _channels() -> str:
    rows = "".join(
        f"| `{channel.__module__}` | {(channel.__doc__ or '').strip().splitlines()[0]} |\n" for channel in CHANNELS
    )
    return f"## Where a page is read\n\n| room | what it reads |\n|---|---|\n{rows}\n"


def _times() -> str:
    day = answers.DAY.total_seconds() / 3600
    files = "".join(f"| {hostfiles.LABELS[name]} | {_code(paths)} |\n" for name, paths in hostfiles.PATHS.items())
    return (
        f"## When a host is asked\n\n"
        f"robots.txt is good for {day:.0f} hours at most, {LIMIT >> 10} KiB of it are read; one that cannot be had "
        f"closes the host, and is asked for again after {answers.FIRST_WAIT:.0f} seconds, doubling to {day:.0f} hours. "
        f"The files below are asked for once in {day:.0f} hours, of each host and of the host of each source; a later "
        f"place only where an earlier one has none.\n\n"
        f"| file | places |\n|---|---|\n{files}\n"
        f"A notice in plain words on {hosts.ENOUGH} stories of a host holds for its other pages, until no page has "
        f"shown it for {hosts.FORGET.days} days.\n\n"
    )


def _robots_lines() -> str:
    lines = {**_words("robots/directives", "prefixes"), **_words("robots/directives", "names")}
    rows = "".join(f"| `{name}` | {_code(cast(list[str], spellings))} |\n" for name, spellings in lines.items())
    return f"### Lines of robots.txt\n\n| line | spellings |\n|---|---|\n{rows}\n"


def rights_page(made: str = "") -> str:
    """The page: one table of signals, then the words of each, as the rules have them."""
    rows = "".join(f"| `{row.protocol}` | {row.place} | {row.means} | {row.source} |\n" for row in ROWS)
    trust = _words("wellknown/files", "trust-txt")
    crawlers = _code(name for name, _ in training_crawlers())
    licences = cast(list[dict[str, object]], table("metatags/licences")["licence"])
    return (
        f"{made}# Signals of rights\n\n"
        f"Uses are {_code(USES)}. Each signal keeps its quote, place, host and time. What was not asked stands in "
        f"`not_checked`. How signals come to one verdict: [why](../why/003-rights.md).\n\n"
        f"| protocol | where it stands | what it means | standard |\n|---|---|---|---|\n{rows}\n"
        f"{_channels()}{_times()}## Words\n\n"
        f"{_robots_lines()}"
        f"### Training crawlers\n\nA rule against one of these is evidence (`inferred`): {crawlers}.\n\n"
        f"{_labels('Directives that reserve', _words('headers/directives', 'reserves'))}"
        f"{_labels('Content-Usage', _words('robots/preferences', 'content-usage', 'labels'))}"
        f"{_labels('Content-Signal', _words('robots/preferences', 'content-signal', 'labels'))}"
        f"{_labels('RSL usage', _words('wellknown/rsl', 'usage'))}"
        f"### trust.txt\n\n`{trust['key']}`: reserved {_code(cast(list[str], trust['reserved']))}; allowed "
        f"{_code(cast(list[str], trust['allowed']))}.\n\n"
        f"### Metas with a statement on rights\n\n{_code(cast(list[str], table('metatags/names')['rights']))}.\n\n"
        f"### Public licences\n\n{_code(one['name'] for one in licences)}: facts, which lift nothing.\n\n"
        f"### Plain words\n\nLanguages: {_code(language for language in grammar().languages if language != 'any')}.\n\n"
        f"### Pages of terms\n\nLanguages: {_code(_words('address/terms', 'words'))}.\n"
    )
