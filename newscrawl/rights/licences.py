"""The operator's written permissions: the only thing that lifts a reservation, and only for its host and its uses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from os import PathLike
from pathlib import Path

from newscrawl.model import USES, Licence, Use

KEYS = ("host", "uses", "contract", "expires")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\Z")


class LicenceError(ValueError):
    """A licence that does not load: names the file, the entry and the remedy."""


def covers(licence: Licence, host: str | None) -> bool:
    """Whether a licence is for this host or for one that it is a subdomain of, on label borders.

    >>> covers(Licence(host="antaranews.com", uses=("train",), contract="A-1"), "en.antaranews.com")
    True
    >>> covers(Licence(host="antaranews.com", uses=("train",), contract="A-1"), "notantaranews.com")
    False
    """
    if not host:
        return False
    asked, own = _plain(host), _plain(licence.host)
    return bool(own) and (asked == own or asked.endswith(f".{own}"))


def _plain(host: str) -> str:
    """A host in lower case and in ASCII (RFC 5890), without the dot of the root."""
    lower = host.strip().rstrip(".").lower()
    if lower.isascii():
        return lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        return lower


def valid(licence: Licence, day: date | None) -> bool:
    """Whether a licence holds on a day, the last day included; one that expires holds on no unknown day."""
    return licence.expires is None or (day is not None and day <= licence.expires)


@dataclass(frozen=True, slots=True)
class Licences:
    """The licences that an operator holds.

    >>> held = Licences([Licence(host="example.org", uses=("train",), contract="A-1")])
    >>> held.for_use("news.example.org", "train", None).contract
    'A-1'
    """

    held: tuple[Licence, ...]

    def __init__(self, held: Iterable[Licence] = ()) -> None:
        object.__setattr__(self, "held", tuple(held))

    def __iter__(self) -> Iterator[Licence]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def for_use(self, host: str | None, use: Use, day: date | None) -> Licence | None:
        """The first licence that covers a use of a host on a day."""
        return next(
            (one for one in self.held if use in one.uses and covers(one, host) and valid(one, day)),
            None,
        )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Licences:
        """The licences of a TOML file with `[[licence]]` tables: host, uses, contract, and perhaps expires (a date).

        Raises:
            LicenceError: the file cannot be read, or an entry lacks a key, has an unknown one or a bad value.
        """
        file = Path(path)
        try:
            data = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise LicenceError(f"licence file {file}: {error}: mend the file or unset the setting") from error
        for key in data:
            if key != "licence":
                raise LicenceError(f"licence file {file}: unknown key {key!r}: licences stand in [[licence]] tables")
        rows = data.get("licence", [])
        if not isinstance(rows, list):
            raise LicenceError(f"licence file {file}: licence must be [[licence]] tables, in double brackets")
        return cls(_licence(file, number, row) for number, row in enumerate(rows, 1))


def _licence(file: Path, number: int, row: object) -> Licence:
    """One entry, checked."""

    def refuse(what: str) -> LicenceError:
        return LicenceError(f"licence {number} in {file}: {what}")

    if not isinstance(row, dict):
        raise refuse("is no table: write [[licence]] and its keys below")
    for key in row:
        if key not in KEYS:
            raise refuse(f"unknown key {key!r}: use {', '.join(KEYS)}")
    for key in ("host", "uses", "contract"):
        if not row.get(key):
            raise refuse(f"lacks {key}: add it")
    host, uses, contract, expires = row["host"], row["uses"], row["contract"], row.get("expires")
    if not isinstance(host, str) or not _HOST.match(_plain(host)):
        raise refuse(f"host {host!r} must be a host name such as 'example.org', without a scheme, port or path")
    if not isinstance(uses, list) or not all(one in USES for one in uses):
        raise refuse(f"uses {uses!r} must be a list of {', '.join(USES)}")
    if not isinstance(contract, str):
        raise refuse(f"contract {contract!r} must be a text, such as the contract's number")
    if isinstance(expires, datetime) or not isinstance(expires, date | None):
        raise refuse(f"expires {expires!r} must be a date without quotes, such as 2027-12-31")
    return Licence(
        host=_plain(host), uses=tuple(use for use in USES if use in uses), contract=contract, expires=expires
    )
