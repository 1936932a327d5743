"""Every NEWSCRAWL_* setting: its name, its default, what it means; and the values of one crawl, checked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast

from scrapy.settings import BaseSettings

from newscrawl import rulebook, shelves
from newscrawl.crawl import chromium
from newscrawl.model import USES, Use
from newscrawl.report.alerts import DEFAULTS
from newscrawl.rights import Licences
from newscrawl.rights.hostfiles import PATHS
from newscrawl.rulebook import RuleError

Duplicates: TypeAlias = Literal["link", "drop"]
DUPLICATES: tuple[Duplicates, ...] = ("link", "drop")
Log: TypeAlias = Literal["text", "json"]
LOGS: tuple[Log, ...] = ("text", "json")
FIELDS = ("url", "html", "text", "title", "removals", "rights")
WELLKNOWN = frozenset({*PATHS, "rsl"})
TAKEN: set[tuple[Path, ...]] = set()
"""A user's own rules that were tried on their examples in this process."""
TOKEN = re.compile(r"[A-Za-z_-]+\Z")  # RFC 9309 §2.2.1


class OptionError(ValueError):
    """A setting that cannot be: names it, its value and the remedy. The crawl ends with exit code 78."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One setting of newscrawl, as the reference documents it."""

    name: str
    default: object
    meaning: str


OPTIONS: tuple[Option, ...] = (
    Option(
        name="NEWSCRAWL_ENABLED",
        default=True,
        meaning="The add-on wires newscrawl into the project; False leaves the project as it was.",
    ),
    Option(
        name="NEWSCRAWL_ARCHIVE",
        default="data",
        meaning="Folder of the durable archive, relative to the working directory; empty: no archive, FEEDS only.",
    ),
    Option(
        name="NEWSCRAWL_INDEX",
        default="",
        meaning="Address of a PostgreSQL database (postgresql://USER@HOST/DATABASE) that holds the archive's index and "
        "what is known of hosts, so that many machines may crawl into it (`newscrawl[cluster]`); empty: SQLite files "
        "in the archive. Better in the environment than on a command line, which others may read.",
    ),
    Option(
        name="NEWSCRAWL_LEASE",
        default="",
        meaning="The lease under which a crawl writes, as host:owner:epoch; a worker sets it in the environment. "
        "Empty: with a database, the crawl takes one for itself.",
    ),
    Option(
        name="NEWSCRAWL_LEASE_TTL",
        default=60,
        meaning="Seconds for which a lease holds without being renewed; it is renewed after a third of them. Also "
        "from the environment.",
    ),
    Option(
        name="NEWSCRAWL_USE",
        default=["train", "input"],
        meaning="What the output is for: any of crawl, index, train, input. A use that is reserved withholds.",
    ),
    Option(
        name="NEWSCRAWL_LICENCES",
        default="",
        meaning="TOML file of the permissions that the operator holds ([[licence]] host, uses, contract, expires).",
    ),
    Option(
        name="NEWSCRAWL_RULES",
        default=[],
        meaning="Rule files of your own, or folders with them, beside those that ship (wrappers, spam, notices): "
        "[how](../how-to/write-your-own-rules.md). In the environment they are parted as in PATH, and the commands "
        "`clean`, `explain` and `rules` take them too.",
    ),
    Option(
        name="NEWSCRAWL_CHECK_SOURCE",
        default=True,
        meaning="Ask the robots.txt and TDMRep of the host behind a story's read-more link; False: `not_checked`.",
    ),
    Option(
        name="NEWSCRAWL_INFER",
        default=True,
        meaning="A robots.txt rule against a known training crawler counts as a reservation of AI use (inferred).",
    ),
    Option(
        name="NEWSCRAWL_WELLKNOWN",
        default=["tdmrep", "trust", "ai", "rsl"],
        meaning="Files of rights to ask a host for beside robots.txt, each once a day: any of tdmrep, trust, ai, rsl. "
        "What is left out is `not_checked`.",
    ),
    Option(
        name="NEWSCRAWL_READ_TERMS",
        default=True,
        meaning="Read a site's page of terms, found by its link, once a week for its reservation in plain words.",
    ),
    Option(
        name="NEWSCRAWL_AGENT",
        default="newscrawl",
        meaning="Our product token: the name that robots.txt groups are matched with (RFC 9309 §2.2.1).",
    ),
    Option(
        name="NEWSCRAWL_ROBOTS_TTL",
        default=86400,
        meaning="Seconds for which a robots.txt is good; at most 86400 (RFC 9309 §2.4).",
    ),
    Option(
        name="NEWSCRAWL_MAX_CRAWL_DELAY",
        default=60,
        meaning="Seconds of Crawl-delay that are honoured by waiting; a host that asks for more is skipped, counted.",
    ),
    Option(
        name="NEWSCRAWL_ALLOW_PRIVATE",
        default=[],
        meaning="Hosts on private or loopback addresses that may be asked; the hosts of `-a url=` need no entry.",
    ),
    Option(
        name="NEWSCRAWL_HOSTS",
        default={},
        meaning="Host names with fixed addresses, as in /etc/hosts; such a host may be on a private address.",
    ),
    Option(
        name="NEWSCRAWL_HOLD",
        default=100,
        meaning="Stories of one site held back at most until its memory is warm; 0 holds none back.",
    ),
    Option(
        name="NEWSCRAWL_REVISIT_HOURS",
        default=48,
        meaning="A story is fetched again while it is younger than this; an older one that is in the archive never.",
    ),
    Option(
        name="NEWSCRAWL_DUPLICATES",
        default="link",
        meaning="A copy of a story that is in the archive: link exports it with `duplicate_of`, drop leaves it out.",
    ),
    Option(
        name="NEWSCRAWL_STRICT",
        default=False,
        meaning="A run in which a right stayed unknown ends with exit code 3.",
    ),
    Option(
        name="NEWSCRAWL_MAX_ERROR_SHARE",
        default=0.05,
        meaning="Share of pages whose callback failed above which a run ends with exit code 5.",
    ),
    Option(
        name="NEWSCRAWL_SITE_PAGES",
        default=100_000,
        meaning="Pages asked for in one run at most of one registrable domain, whatever names its hosts have.",
    ),
    Option(
        name="NEWSCRAWL_WATCHDOG_SECONDS",
        default=30,
        meaning="Seconds for which a page may block the event loop before the crawl says where, sets the page aside "
        "and ends with exit code 75; 0: no watchdog.",
    ),
    Option(
        name="NEWSCRAWL_ALERTS",
        default={},
        meaning="Thresholds that differ from the defaults, by name; 0 switches one off. Names and defaults: "
        "[when a run is out of the ordinary](alerts.md).",
    ),
    Option(
        name="NEWSCRAWL_ALERTS_EXIT",
        default=[],
        meaning="Names of thresholds that end an otherwise good run with exit code 6 when crossed; `all`: each.",
    ),
    Option(
        name="NEWSCRAWL_METRICS",
        default="",
        meaning="File of metrics for the node exporter's textfile collector, written whole at the end; empty: none.",
    ),
    Option(
        name="NEWSCRAWL_PING",
        default="",
        meaning="Address of a health check: asked at the start (`/start`), at a good end, at any other (`/fail`); "
        "it never holds up the crawl. Empty: none.",
    ),
    Option(
        name="NEWSCRAWL_LOG",
        default="text",
        meaning="Log lines as text, or json: one JSON object a line.",
    ),
    Option(
        name="NEWSCRAWL_BROWSER",
        default=[],
        meaning="Sites (by the name of their file) or hosts whose pages a browser shows where they are empty without "
        "their scripts; `browser = true` in a site's file says it for that site, whichever spider comes. Needs "
        "`requirements-browser.txt` and Chromium.",
    ),
    Option(
        name="NEWSCRAWL_FIELDS",
        default={},
        meaning="Which fields of your own spider's items hold url, html, text, title, and take removals and rights, "
        "where they are not called so: `{'text': 'body'}`. Empty: an item with a `text` or `html` is a story, and any "
        "other passes as it is.",
    ),
    Option(name="NEWSCRAWL_DEMO_PORT", default=8731, meaning="Loopback port of the bundled demo."),
)


ENVIRONMENT = frozenset(("NEWSCRAWL_RULES", "NEWSCRAWL_INDEX", "NEWSCRAWL_LEASE", "NEWSCRAWL_LEASE_TTL"))
"""Settings that are read from the environment where nothing else says: a worker hands them on, one is a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings of one crawl, read once and checked."""

    archive: Path | None
    index: str
    lease: str
    lease_ttl: float
    use: tuple[Use, ...]
    licences: Licences
    rules: tuple[Path, ...]
    check_source: bool
    infer: bool
    wellknown: frozenset[str]
    read_terms: bool
    agent: str
    robots_ttl: int
    max_crawl_delay: float
    allow_private: frozenset[str]
    hosts: Mapping[str, str]
    hold: int
    revisit_hours: float
    duplicates: Duplicates
    strict: bool
    max_error_share: float
    site_pages: int
    watchdog_seconds: float
    alerts: Mapping[str, float]
    alerts_exit: frozenset[str]
    metrics: Path | None
    ping: str
    browser: frozenset[str]
    log: Log
    fields: Mapping[str, str]
    fields_named: bool
    demo_port: int

    @classmethod
    def of(cls, settings: BaseSettings) -> Options:
        """Reads and checks the settings of a crawl.

        Raises:
            OptionError: a value that cannot be, or a licence file that does not load.
        """
        settings = _with_defaults(settings)
        archive = str(settings.get("NEWSCRAWL_ARCHIVE") or "")
        return cls(
            archive=Path(archive) if archive else None,
            index=_index(str(settings.get("NEWSCRAWL_INDEX") or "")),
            lease=str(settings.get("NEWSCRAWL_LEASE") or ""),
            lease_ttl=_number(settings, "NEWSCRAWL_LEASE_TTL", 0.5, 86400),
            use=_uses(settings.getlist("NEWSCRAWL_USE")),
            licences=_licences(str(settings.get("NEWSCRAWL_LICENCES") or "")),
            rules=_rules(settings.get("NEWSCRAWL_RULES")),
            check_source=settings.getbool("NEWSCRAWL_CHECK_SOURCE"),
            infer=settings.getbool("NEWSCRAWL_INFER"),
            wellknown=_wellknown(settings.getlist("NEWSCRAWL_WELLKNOWN")),
            read_terms=settings.getbool("NEWSCRAWL_READ_TERMS"),
            agent=_token(str(settings.get("NEWSCRAWL_AGENT") or "")),
            robots_ttl=int(_number(settings, "NEWSCRAWL_ROBOTS_TTL", 0, 86400)),
            max_crawl_delay=_number(settings, "NEWSCRAWL_MAX_CRAWL_DELAY", 0, 86400),
            allow_private=frozenset(str(host).lower() for host in settings.getlist("NEWSCRAWL_ALLOW_PRIVATE")),
            hosts={str(name).lower(): str(ip) for name, ip in settings.getdict("NEWSCRAWL_HOSTS").items()},
            hold=int(_number(settings, "NEWSCRAWL_HOLD", 0, 10_000)),
            revisit_hours=_number(settings, "NEWSCRAWL_REVISIT_HOURS", 0, 1_000_000),
            duplicates=_duplicates(str(settings.get("NEWSCRAWL_DUPLICATES") or "")),
            strict=settings.getbool("NEWSCRAWL_STRICT"),
            max_error_share=_number(settings, "NEWSCRAWL_MAX_ERROR_SHARE", 0, 1),
            site_pages=int(_number(settings, "NEWSCRAWL_SITE_PAGES", 1, 1_000_000_000)),
            watchdog_seconds=_number(settings, "NEWSCRAWL_WATCHDOG_SECONDS", 0, 86400),
            alerts=_thresholds(settings),
            alerts_exit=_alert_names(settings.getlist("NEWSCRAWL_ALERTS_EXIT")),
            metrics=Path(str(settings.get("NEWSCRAWL_METRICS"))) if settings.get("NEWSCRAWL_METRICS") else None,
            ping=_ping(str(settings.get("NEWSCRAWL_PING") or "")),
            browser=_browser(settings.getlist("NEWSCRAWL_BROWSER")),
            log=_log(str(settings.get("NEWSCRAWL_LOG") or "")),
            fields=_fields(settings),
            fields_named=bool(_table(settings, "NEWSCRAWL_FIELDS")),
            demo_port=int(_number(settings, "NEWSCRAWL_DEMO_PORT", 0, 65535)),
        )


REFUSED: Mapping[str, str] = {
    "JOBDIR": "after a crash its queue has lost most of a crawl's pages, and nobody is told; leave it out: the archive "
    "resumes by itself, run the same crawl again",
}
"""Settings of Scrapy's that newscrawl's own spiders do not take, and why."""


def refuse(settings: BaseSettings) -> None:
    """Ends a crawl that was given a setting with which no promise of ours holds.

    Raises:
        OptionError: one of REFUSED is set.
    """
    for name, why in REFUSED.items():
        if settings.get(name):
            raise OptionError(f"{name}={settings.get(name)}: {why}")


def _with_defaults(settings: BaseSettings) -> BaseSettings:
    """The NEWSCRAWL_* values alone, each with its default where neither the project nor the environment says."""
    values = {option.name: settings.get(option.name, option.default) for option in OPTIONS}
    for option in OPTIONS:
        if option.name in ENVIRONMENT and values[option.name] == option.default:
            values[option.name] = os.environ.get(option.name, option.default)
    return BaseSettings(values)


def _browser(values: list[object]) -> frozenset[str]:
    """Names of sites and hosts; with any, a browser must be there."""
    named = frozenset(name for one in values if (name := str(one).strip().lower()))
    if named:
        try:
            chromium.path()
        except LookupError as error:
            raise OptionError(f"NEWSCRAWL_BROWSER: {error}") from error
    return named


def _index(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://")):
        raise OptionError("NEWSCRAWL_INDEX: give an address that begins with postgresql://, or nothing")
    return value


def _uses(values: list[object]) -> tuple[Use, ...]:
    uses = tuple(str(value).strip().lower() for value in values)
    wrong = [use for use in uses if use not in USES]
    if wrong or not uses:
        raise OptionError(
            f"NEWSCRAWL_USE={','.join(map(str, values))!r}: name at least one of {', '.join(USES)} and nothing else"
        )
    return cast(tuple[Use, ...], uses)


def _wellknown(values: list[object]) -> frozenset[str]:
    names = frozenset(str(value).strip().lower() for value in values) - {""}
    if names - WELLKNOWN:
        raise OptionError(
            f"NEWSCRAWL_WELLKNOWN={','.join(sorted(names))!r}: name any of {', '.join(sorted(WELLKNOWN))}, or nothing"
        )
    return names


def _duplicates(value: str) -> Duplicates:
    if value not in DUPLICATES:
        raise OptionError(f"NEWSCRAWL_DUPLICATES={value!r}: choose one of {', '.join(DUPLICATES)}")
    return value


def _table(settings: BaseSettings, name: str) -> Mapping[str, object]:
    try:
        return settings.getdict(name)
    except ValueError as error:
        raise OptionError(f"{name}={settings.get(name)!r}: give a JSON object: {error}") from error


def _thresholds(settings: BaseSettings) -> Mapping[str, float]:
    given = _table(settings, "NEWSCRAWL_ALERTS")
    wrong = sorted(given.keys() - DEFAULTS.keys())
    try:
        numbers = {name: float(str(value)) for name, value in given.items()}
    except ValueError:
        numbers, wrong = {}, wrong or ["a value"]
    if wrong or any(not 0 <= value < 1_000_000 for value in numbers.values()):
        names = ", ".join(DEFAULTS)
        raise OptionError(f"NEWSCRAWL_ALERTS={dict(given)!r}: give any of {names}, each with a number from 0")
    return {**DEFAULTS, **numbers}


def _alert_names(values: list[object]) -> frozenset[str]:
    names = frozenset(str(value).strip().lower() for value in values) - {""}
    if names - DEFAULTS.keys() - {"all"}:
        wanted = ", ".join((*DEFAULTS, "all"))
        raise OptionError(f"NEWSCRAWL_ALERTS_EXIT={','.join(sorted(names))!r}: name any of {wanted}")
    return frozenset(DEFAULTS) if "all" in names else names


def _ping(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise OptionError("NEWSCRAWL_PING: give an address that begins with https:// or http://")
    return value


def _log(value: str) -> Log:
    if value not in LOGS:
        raise OptionError(f"NEWSCRAWL_LOG={value!r}: choose one of {', '.join(LOGS)}")
    return value


def _fields(settings: BaseSettings) -> Mapping[str, str]:
    given = _table(settings, "NEWSCRAWL_FIELDS")
    if given.keys() - set(FIELDS):
        raise OptionError(
            f"NEWSCRAWL_FIELDS={dict(given)!r}: name any of {', '.join(FIELDS)}, each with your field's name"
        )
    return {name: str(given.get(name, name)) for name in FIELDS}


def _licences(path: str) -> Licences:
    if not path:
        return Licences()
    try:
        return Licences.load(path)
    except (OSError, ValueError) as error:
        raise OptionError(f"NEWSCRAWL_LICENCES={path!r}: {error}") from error


def _rules(value: object) -> tuple[Path, ...]:
    """A user's own rules, taken into use: a rule that fails its own examples ends a crawl before it begins."""
    paths = shelves.paths_in(value if isinstance(value, str) else ",".join(map(str, cast(list[object], value or ()))))
    chosen = tuple(path.absolute() for path in paths)
    if chosen == rulebook.own() and (not chosen or chosen in TAKEN):
        return paths  # each part of a crawl reads its options: one reading of all rules is enough
    try:
        shelves.take(paths)
        TAKEN.add(chosen)
    except RuleError as error:
        raise OptionError(f"NEWSCRAWL_RULES: {error}") from error
    return paths


def _token(value: str) -> str:
    if not TOKEN.match(value):
        raise OptionError(f"NEWSCRAWL_AGENT={value!r}: a product token has only letters, hyphens and underscores")
    return value


def _number(settings: BaseSettings, name: str, least: float, most: float) -> float:
    value = settings.get(name)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not least <= number <= most:
        raise OptionError(f"{name}={value!r}: give a number from {least:g} to {most:g}")
    return number
