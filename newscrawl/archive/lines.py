"""A line as the archive keeps it: the caller's record, and a tail with what the index needs to be built again.

The tail is the last key, `archive`: {"story", "version"}, with "withdraws" (an id) on a line that takes an article
back, and "gone" (why) on a stub whose text was taken out. Readers get the record without the tail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newscrawl.archive.words import Entry

TAIL = b',"archive":{"story":'
TAIL_ALL = re.compile(rb',"archive":(\{"story":"(?:[^"\\]|\\.)*"(?:,"[a-z]+":"(?:[^"\\]|\\.)*")*\})\}')


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no JSON (RFC 8259 §6)")


STRICT = json.JSONDecoder(parse_constant=_refuse)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is whole: its record's address, and what the tail says."""

    id: str
    url: str
    site: str
    story: str
    version: str
    withdraws: str | None = None
    gone: str | None = None


def _tail(fields: Mapping[str, str]) -> bytes:
    return b',"archive":' + json.dumps(fields, separators=(",", ":")).encode("ascii") + b"}\n"


def kept(entry: Entry, *, withdraws: str | None = None) -> bytes:
    """The line to write, line break and all. An entry that could not be read back is a ValueError.

    >>> line = b'{"id":"a","url":"https://example.org/","site":"example"}'
    >>> entry = Entry(stream="articles", id="a", url="https://example.org/", site="example", version="1", story="s",
    ...               line=line)
    >>> record(kept(entry)) == line
    True
    """
    record_ = _checked(entry)
    if "archive" in record_:
        raise ValueError(f"entry {entry.id}: the key archive belongs to the archive: rename it in the record")
    fields = {"story": entry.story, "version": entry.version}
    if withdraws is not None:
        fields["withdraws"] = withdraws
    return entry.line.rstrip()[:-1] + _tail(fields)


def _checked(entry: Entry) -> Mapping[str, object]:
    if not entry.line.isascii() or b"\n" in entry.line or b"\r" in entry.line:
        raise ValueError(f"entry {entry.id}: a line is ASCII without line breaks: use json.dumps without indent")
    try:
        said = STRICT.decode(entry.line.decode("ascii"))
        if b"\\ud" in entry.line.lower():
            json.dumps(said, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(
            f"entry {entry.id}: a lone surrogate, which strict readers refuse: put U+FFFD in its place"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"entry {entry.id}: its line is not JSON ({error}): use json.dumps") from None
    if not isinstance(said, dict):
        raise ValueError(f"entry {entry.id}: its line is a {type(said).__name__}: a record is an object")
    for key, value in (("id", entry.id), ("url", entry.url), ("site", entry.site)):
        if not isinstance(value, str) or said.get(key) != value:
            raise ValueError(f"entry {entry.id}: the line's {key} is {said.get(key)!r}, not {value!r}: make them agree")
    return said


def read(raw: bytes) -> Line | None:
    """What a line says, or None where it is not a whole line of ours: torn, zeroed, junk, or another's."""
    if not raw.endswith(b"}\n") or not raw.startswith(b"{") or not raw.isascii():
        return None
    try:
        said = STRICT.decode(raw.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("archive"), dict):
        return None
    tail = said["archive"]
    parts = (said.get("id"), said.get("url"), said.get("site"), tail.get("story"), tail.get("version"))
    if not all(isinstance(part, str) for part in parts):
        return None
    withdraws, gone = tail.get("withdraws"), tail.get("gone")
    return Line(
        id=str(parts[0]),
        url=str(parts[1]),
        site=str(parts[2]),
        story=str(parts[3]),
        version=str(parts[4]),
        withdraws=withdraws if isinstance(withdraws, str) else None,
        gone=gone if isinstance(gone, str) else None,
    )


def _tail_of(raw: bytes) -> tuple[int, Mapping[str, str]] | None:
    at = raw.rfind(TAIL)
    match = TAIL_ALL.fullmatch(raw.rstrip(), at) if at > 0 else None
    return (at, json.loads(match[1])) if match else None


def record(raw: bytes) -> bytes:
    """The caller's record again, byte for byte, without the tail and the line break."""
    found = _tail_of(raw)
    return raw.rstrip() if found is None else raw[: found[0]] + b"}"


def tail(raw: bytes) -> Mapping[str, str]:
    """What the tail says; empty where there is none. Looks at the end of the line only."""
    found = _tail_of(raw)
    return {} if found is None else found[1]


def stub(line: Line, *, why: str) -> bytes:
    """The line that stays when the text goes: enough for the archive never to take the story twice."""
    fields = {"story": line.story, "version": line.version, "gone": why}
    if line.withdraws is not None:
        fields["withdraws"] = line.withdraws
    head = json.dumps({"id": line.id, "url": line.url, "site": line.site}, separators=(",", ":")).encode("ascii")
    return head[:-1] + _tail(fields)
