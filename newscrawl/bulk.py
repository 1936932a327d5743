"""Cleans one part of a corpus at a time: a pure function of a file and a range in it, for any engine and any machine.

A part becomes one file, whole or not at all; a part whose file is there is done. So a run that was killed is run
again, and two workers that do the same part do no harm: they write the same bytes, each beside, and rename.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Literal, TypeAlias

from newscrawl import clean, corpora, desk, record, rights, rulebook
from newscrawl.corpora import CorpusError, Row, RowError
from newscrawl.model import Article, Decision

SIZE = 8 << 20
"""Bytes of a part where nothing else is asked for: a few seconds of work."""
SIDES = ("withheld", "broken")
Fate: TypeAlias = Literal["kept", "withheld", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a corpus: what is read of which file, and the file that it becomes.

    number: its place, from 0, among the parts of one call of `parts_of`: the order of the output.
    start, end: bytes of a plain JSONL file, row groups of a Parquet file; a packed file and a WARC are one part.
    first: the number of its first line in the file, where that is known.
    final: the file to write, JSONL; `.gz` and `.zst` pack it. Beside it stand `final.withheld.jsonl` and
    `final.broken.jsonl` (where there is anything to tell) and `final.counts.json`.
    rules: a user's own rule files and folders.
    """

    number: int
    source: str
    final: str
    kind: corpora.Kind = "jsonl"
    start: int = 0
    end: int | None = None
    first: int | None = None
    field: str = "text"
    title_field: str = "title"
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of rows.

    passed_over: blank lines, and records of a WARC that are no HTML page. lines: lines read, blank ones too.
    cut: characters. seconds: processor time.
    """

    rows: int = 0
    kept: int = 0
    withheld: int = 0
    broken: int = 0
    passed_over: int = 0
    lines: int = 0
    cut: int = 0
    seconds: float = 0.0

    @property
    def accounted(self) -> bool:
        """Whether every row is kept, withheld or broken, and every line a row or passed over."""
        return self.rows == self.kept + self.withheld + self.broken and self.lines == self.rows + self.passed_over


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult(Counts):
    """What became of a part: rows == kept + withheld + broken, always.

    before: it had been done before, and was not done again.
    """

    part: int
    source: str
    final: str
    before: bool = False


def parts_of(
    inputs: Iterable[Path | str],
    out: Path | str,
    size: int = SIZE,
    *,
    field: str = "text",
    title_field: str = "title",
    rules: Iterable[Path | str] | None = None,
    ending: str = ".jsonl",
    kind: corpora.Kind | None = None,
) -> tuple[Part, ...]:
    """Splits corpora into parts of about `size` bytes, in the order of the inputs; reads no more than the seams.

    Lines stay whole. The name of a part's file is made of what it reads and how, so that it never stands for another:
    the same call gives the same parts, on every machine that sees the same files. `ending` packs the files.
    `kind` says what the files are where their names do not. `rules` are a user's own, by default those in use.

    Raises:
        CorpusError: no such file, one whose name tells no kind, or one that cannot be read; names it.
    """
    found: list[Part] = []
    rule_files = tuple(map(str, rulebook.own() if rules is None else rules))
    told = (field, title_field, rulebook.version(rule_files), ending)
    for source in map(Path, inputs):
        what = kind or corpora.kind_of(source)
        if what is None:
            raise CorpusError(f"{source}: what is it? its name should end in {', '.join(corpora.ENDINGS)} (.gz, .zst)")
        try:
            length = source.stat().st_size
            seams = _seams(source, what, length, size)
        except OSError as error:
            raise CorpusError(f"{source}: {error.strerror}: give files that can be read") from error
        for start, end in seams:
            key = hashlib.sha256(repr((str(source), length, start, end, *told)).encode()).hexdigest()[:12]
            found.append(
                Part(
                    number=len(found),
                    source=str(source),
                    final=str(Path(out) / f"part-{len(found):06d}-{key}{ending}"),
                    kind=what,
                    start=start,
                    end=end,
                    first=1 if start == 0 and what == "jsonl" else None,
                    field=field,
                    title_field=title_field,
                    rules=rule_files,
                )
            )
    return tuple(found)


def _seams(source: Path, kind: corpora.Kind, length: int, size: int) -> Iterator[tuple[int, int | None]]:
    if kind == "parquet":
        return iter(_row_groups(source, size))
    if kind == "warc" or corpora.packing_of(source):
        return iter(((0, None),))
    return iter(_line_ends(source, length, size))


def _line_ends(source: Path, length: int, size: int) -> list[tuple[int, int | None]]:
    seams: list[tuple[int, int | None]] = []
    with source.open("rb") as file:
        at = 0
        while at < length:
            file.seek(min(at + size, length) - 1)
            while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
            seams.append((at, file.tell()))
            at = file.tell()
    return seams


def _row_groups(source: Path, size: int) -> list[tuple[int, int | None]]:
    seams: list[tuple[int, int | None]] = []
    start = held = 0
    groups = corpora.row_groups(source)
    for number, length in enumerate(groups, 1):
        held += length
        if held >= size or number == len(groups):
            seams.append((start, number))
            start, held = number, 0
    return seams


def parts_in(stream: IO[bytes], folder: Path, size: int = SIZE, *, like: Part) -> Iterator[Part]:
    """Splits what can be read only once (a pipe, a packed file) into files of whole lines, as they are asked for.

    `like` gives what all parts share. A piece is written when its part is asked for, so ask for few at a time; whoever
    does a part may delete its source. The parts are the same for the same bytes.
    """
    number, first = 0, 1
    while piece := stream.read(size) + stream.readline(corpora.LONGEST):
        source = folder / f"piece-{number:06d}.jsonl"
        final = folder / f"part-{number:06d}.jsonl"
        if not done(replace(like, final=str(final))):
            source.write_bytes(piece)
        yield replace(like, number=number, source=str(source), final=str(final), start=0, end=len(piece), first=first)
        first += piece.count(b"\n")
        number += 1


def done(part: Part) -> PartResult | None:
    """What became of a part, if its file is there and its counts can be read."""
    try:
        told = json.loads(Path(f"{part.final}.counts.json").read_bytes())
        if Path(part.final).exists():
            return PartResult(**told | {"part": part.number, "before": True})
    except (OSError, ValueError, TypeError):
        return None
    return None


def do_part(part: Part) -> PartResult:
    """Cleans one part and writes its file: whole, durable, or not at all. A part that is done already is left as it is.

    A row that cannot be cleaned goes to `final.broken.jsonl` with its file, its line and the reason, as it stood; one
    whose own words forbid its use to `final.withheld.jsonl`, without its text.

    Raises:
        CorpusError: the file as a whole cannot be read.
        OSError: something cannot be written.
        RuleError: a user's rule that does not load.
    """
    known = done(part)
    if known is not None:
        return known
    rulebook.use(part.rules)
    final = Path(part.final)
    final.parent.mkdir(parents=True, exist_ok=True)
    begun = time.thread_time()
    counts = _Counts()
    with ExitStack() as stack:
        out = {name: stack.enter_context(_Beside(path)) for name, path in _places(final).items()}
        for row in _rows(part):
            if row is None:
                counts.passed_over += 1
                continue
            fate, line, cut = _cleaned(row, part)
            counts.add(fate, cut)
            out[fate].write(line + b"\n")
        lines = counts.passed_over + sum(counts.fates.values())
        result = PartResult(
            part=part.number,
            source=part.source,
            final=part.final,
            rows=sum(counts.fates.values()),
            kept=counts.fates["kept"],
            withheld=counts.fates["withheld"],
            broken=counts.fates["broken"],
            passed_over=counts.passed_over,
            lines=lines,
            cut=counts.cut,
            seconds=round(time.thread_time() - begun, 3),
        )
        out["counts"].write(json.dumps(asdict(result)).encode("ascii"))
        for name in (*SIDES, "counts", "kept"):  # the file that says "done" comes last
            out[name].land(empty=name in ("counts", "kept"))
    return result


@dataclass(slots=True)
class _Counts:
    fates: dict[str, int] = field(default_factory=lambda: {"kept": 0, "withheld": 0, "broken": 0})
    passed_over: int = 0
    cut: int = 0

    def add(self, fate: Fate, cut: int) -> None:
        self.fates[fate] += 1
        self.cut += cut


def _places(final: Path) -> dict[str, Path]:
    sides = {name: Path(f"{final}.{name}.jsonl") for name in SIDES}
    return {"kept": final, **sides, "counts": Path(f"{final}.counts.json")}


class _Beside:
    """A file that is written beside its place, under a name that no other worker has, and then put there."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.beside = Path(f"{place}.tmp.{os.getpid()}.{threading.get_ident()}.{socket.gethostname()}")
        self.stack = ExitStack()
        self.size = 0

    def __enter__(self) -> _Beside:
        self.file = self.stack.enter_context(corpora.packed(self.beside, self.place))
        return self

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self.file.write(data)

    def land(self, *, empty: bool) -> None:
        """Makes the file durable and gives it its name; an empty one stays away unless `empty`."""
        self.stack.close()
        if not self.size and not empty:
            self.place.unlink(missing_ok=True)
            return
        descriptor = os.open(self.beside, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.beside.replace(self.place)
        sync(self.place.parent)

    def __exit__(self, *_: object) -> None:
        self.stack.close()
        self.beside.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Waits until the names in a folder would survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rows(part: Part) -> Iterator[Row | None]:
    source = Path(part.source)
    if part.kind == "warc":
        yield from corpora.pages(source)
    elif part.kind == "parquet":
        yield from corpora.table_rows(source, part.start, part.end)
    else:
        with corpora.unpacked(source) as stream:
            if part.start:
                stream.seek(part.start)
            for row in corpora.lines(stream, at=part.start, end=part.end, first=part.first or 1):
                yield row if row.error or row.raw.strip() else None


def _cleaned(row: Row, part: Part) -> tuple[Fate, bytes, int]:
    """A row's fate, the line to write, and how many characters were cut."""
    try:
        if row.page is not None:
            return _page(row)
        return cleaned_row(corpora.values_of(row), field=part.field, title_field=part.title_field)
    except RowError as error:
        why = str(error)
    except Exception as error:  # one row in a billion must not end the other rows; it is kept aside as it stood
        why = f"{type(error).__name__}: {error}: a fault of newscrawl's: send us the row"
    told: dict[str, record.Json] = {"file": part.source, "row": row.number, "at": row.at, "why": why}
    if row.raw:
        told["raw"] = row.raw.decode("utf-8", "backslashreplace").rstrip("\r\n")
    elif row.values is not None:
        told["raw"] = repr(row.values)
    return "broken", record.line(told), 0


def _page(row: Row) -> tuple[Fate, bytes, int]:
    assert row.page is not None
    found = desk.process(row.page)
    if not isinstance(found, Article):
        return "withheld", record.line(record.withheld_record(found)), 0
    cut = len(found.cleaned.original) - len(found.cleaned.text)
    return "kept", record.line(record.article_record(found)), cut


def cleaned_row(
    values: Mapping[str, record.Json], *, field: str = "text", title_field: str = "title"
) -> tuple[Fate, bytes, int]:
    """A row with its text cleaned and `removals` beside it; or, where its words forbid its use, the record of that.

    Raises:
        RowError: no text in the field, or a value that JSON has no word for.
    """
    text, title = values.get(field), values.get(title_field)
    if not isinstance(text, str):
        raise RowError(f"no text in field {field!r}: name the field with --field")
    notices = rights.notices_in(text)
    if any(notice.says is Decision.RESERVED for notice in notices):
        kept = {key: value for key, value in values.items() if key in ("id", "url")}
        verdict = rights.decide(notices)
        return "withheld", record.line(kept | {"withheld": True, "rights": record.rights_record(verdict)}), 0
    cleaned = clean.sanitize_text(text, title=title if isinstance(title, str) else None)
    told = record.cleaned_record(cleaned)
    row = {**values, field: cleaned.text, "removals": told["removals"]}
    try:
        return "kept", record.line(row), len(text) - len(cleaned.text)
    except (ValueError, RecursionError) as error:
        raise RowError(f"a value that JSON has no word for ({error}): mend or remove it") from error
