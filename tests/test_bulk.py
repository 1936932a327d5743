"""One part of a corpus: whole or not at all, done once, every row accounted for, whatever the file is packed in."""

import gzip
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import bulk, corpora
from newscrawl.bulk import Part, PartResult, do_part, parts_of

PROSE = "The council of Tarn voted on Monday to repair the old bridge.\n\nEngineers said that it could not wait."
NOTICE = "No part of this website may be used to train artificial intelligence models without written permission."
BAD = [b"not json", b'{"text": 5}', b"[1]", b'{"other": "x"}', b'{"text": "x", "n": NaN}', b"\xff\xfe", b'{"a":' * 2000]


def row(number: int, text: str = f"{PROSE}\n\nRead Entire Article") -> bytes:
    return json.dumps({"id": number, "text": text}).encode()


def corpus(number: int = 40) -> bytes:
    lines = [row(n) for n in range(number)] + [row(number, NOTICE), b"", *BAD]
    return b"\n".join(lines)


def zstd(data: bytes) -> bytes:
    module = corpora.zstd(Path("x"))
    return bytes(module.compress(data))


PACKED: dict[str, Callable[[bytes], bytes]] = {"": lambda data: data, ".gz": gzip.compress, ".zst": zstd}


def rows_of(results: list[PartResult]) -> list[dict[str, Any]]:
    found = []
    for one in results:
        with corpora.unpacked(Path(one.final)) as stream:
            found += [json.loads(line) for line in stream]
    return found


def warc_record(number: int, status: str, kind: str, body: bytes) -> bytes:
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: https://news.example/{number}\r\nWARC-Date: 2025-03-14T09:12:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("size", [600, 10_000, 1 << 20])
def test_every_row_has_one_fate_and_the_kept_ones_stand_in_order(tmp_path: Path, ending: str, size: int) -> None:
    source = tmp_path / f"in.jsonl{ending}"
    source.write_bytes(PACKED[ending](corpus()))
    parts = parts_of([source], tmp_path / "out", size, ending=f".jsonl{ending}")
    results = [do_part(part) for part in parts]
    assert (len(parts) > 1) == (ending == "" and size < 10_000)
    assert sum(one.rows for one in results) == 41 + len(BAD)
    assert all(one.rows == one.kept + one.withheld + one.broken for one in results)
    assert [sum(getattr(one, key) for one in results) for key in ("kept", "withheld", "broken", "passed_over")] == [
        40,
        1,
        len(BAD),
        1,
    ]
    kept = rows_of(results)
    assert [one["id"] for one in kept] == list(range(40))
    assert {one["text"] for one in kept} == {PROSE}
    assert corpora.packing_of(Path(results[0].final)) == {"": "", ".gz": "gzip", ".zst": "zstd"}[ending]


def test_a_broken_row_is_kept_aside_as_it_stood_with_its_place(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(corpus(3))
    (part,) = parts_of([source], tmp_path / "out")
    do_part(part)
    told = [json.loads(line) for line in Path(f"{part.final}.broken.jsonl").read_bytes().splitlines()]
    assert [one["row"] for one in told] == [6, 7, 8, 9, 10, 11, 12]
    for one, raw in zip(told, BAD, strict=True):
        assert source.read_bytes()[one["at"] :].startswith(raw)
    assert told[0]["raw"] == "not json"
    assert "no text in field 'text'" in told[1]["why"]
    withheld = Path(f"{part.final}.withheld.jsonl").read_text()
    assert json.loads(withheld)["withheld"] is True


def test_a_part_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(corpus())
    (part,) = parts_of([source], tmp_path / "out")
    first = do_part(part)
    before = Path(part.final).stat().st_mtime_ns
    again = do_part(part)
    assert again == replace(first, before=True)
    assert Path(part.final).stat().st_mtime_ns == before
    Path(f"{part.final}.counts.json").write_text("torn")
    assert not do_part(part).before


def test_a_part_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(corpus())
    (part,) = parts_of([source], tmp_path / "out")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        do_part(part)
    monkeypatch.undo()
    assert list((tmp_path / "out").iterdir()) == []
    assert do_part(part).kept == 40


def test_a_torn_gzip_is_an_error_that_names_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl.gz"
    source.write_bytes(gzip.compress(os.urandom(1000) + corpus())[:-200])
    (part,) = parts_of([source], tmp_path / "out")
    with pytest.raises(corpora.CorpusError, match=r"in\.jsonl\.gz: broken packing"):
        do_part(part)
    assert list((tmp_path / "out").iterdir()) == []


def test_two_workers_at_the_same_part_do_no_harm(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(corpus())
    (part,) = parts_of([source], tmp_path / "out")
    results: list[PartResult] = []
    threads = [threading.Thread(target=lambda: results.append(do_part(part))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.kept for one in results] == [40] * 4
    assert not list((tmp_path / "out").glob("*.tmp.*"))
    assert len(Path(part.final).read_bytes().splitlines()) == 40


def test_another_field_another_size_or_other_rules_are_another_file(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(corpus())
    finals = {
        parts_of([source], tmp_path, size, field=field)[0].final
        for size in (700, 1 << 20)
        for field in ("text", "body")
    }
    assert len(finals) == 4
    assert parts_of([source], tmp_path) == parts_of([source], tmp_path)


@pytest.mark.parametrize(
    ("name", "said"), [("in.txt", "what is it"), ("gone.jsonl", "No such file"), ("folder.jsonl", "Is a directory")]
)
def test_what_cannot_be_a_corpus_is_named(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "in.txt").write_text("x")
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(corpora.CorpusError, match=said) as told:
        parts_of([tmp_path / name], tmp_path / "out")
    assert name in str(told.value)


@given(
    st.lists(st.binary(max_size=40).filter(lambda one: b"\n" not in one), max_size=30),
    st.integers(1, 200),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_parts_cover_a_file_once_and_break_no_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int, ends: bool
) -> None:
    source = tmp_path_factory.mktemp("parts") / "in.jsonl"
    data = b"\n".join(lines) + (b"\n" if ends else b"")
    if data.startswith((corpora.GZIP, corpora.ZSTD)):
        data = b" " + data
    source.write_bytes(data)
    seams = [(part.start, part.end) for part in parts_of([source], "out", size)]
    assert b"".join(data[start:end] for start, end in seams) == data
    assert all(data[:start].endswith(b"\n") for start, _ in seams[1:])


def test_a_stream_is_split_into_whole_lines_and_the_lines_are_counted(tmp_path: Path) -> None:
    data = corpus()
    like = Part(number=0, source="", final="")
    with (tmp_path / "in").open("wb") as file:
        file.write(data)
    with (tmp_path / "in").open("rb") as stream:
        parts = list(bulk.parts_in(stream, tmp_path, 1000, like=like))
    assert b"".join(Path(part.source).read_bytes() for part in parts) == data
    for part in parts:
        assert part.first == data[: data.index(Path(part.source).read_bytes())].count(b"\n") + 1
    assert sum(do_part(part).kept for part in parts) == 40


def test_parquet_row_groups_are_parts(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    source = tmp_path / "in.parquet"
    texts = [f"{PROSE}\n\nRead Entire Article"] * 30
    parquet.write_table(arrow.table({"id": list(range(30)), "text": texts}), source, row_group_size=10)
    parts = parts_of([source], tmp_path / "out", 1)
    assert [(part.start, part.end) for part in parts] == [(0, 1), (1, 2), (2, 3)]
    assert [one["id"] for one in rows_of([do_part(part) for part in parts])] == list(range(30))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(corpora.CorpusError, match="no Parquet"):
        parts_of([tmp_path / "bad.parquet"], tmp_path / "out")


def test_the_pages_of_a_warc_are_read_cleaned_and_judged(tmp_path: Path) -> None:
    pytest.importorskip("warcio")

    def html(text: str) -> bytes:
        paragraphs = "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
        return (
            f"<html lang=en><body><article><h1>Bridge to be repaired</h1>{paragraphs}</article></body></html>".encode()
        )

    source = tmp_path / "in.warc.gz"
    answers = [
        ("200 OK", "text/html", html(f"{PROSE}\n\nRead Entire Article")),
        ("404 Not Found", "text/html", html(PROSE)),
        ("200 OK", "image/png", b"\x89PNG"),
        ("200 OK", "text/html; charset=utf-8", html(f"{PROSE}\n\n{NOTICE}")),
    ]
    source.write_bytes(b"".join(gzip.compress(warc_record(n, *answer)) for n, answer in enumerate(answers)))
    (part,) = parts_of([source], tmp_path / "out")
    done = do_part(part)
    assert (done.kept, done.withheld, done.broken, done.passed_over) == (1, 1, 0, 2)
    (kept,) = rows_of([done])
    assert kept["url"] == "https://news.example/0"
    assert kept["text"] == PROSE
    assert kept["fetched"] == "2025-03-14T09:12:00+00:00"
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(source.read_bytes() + b"\x1f\x8b\x08 no more")
    (part,) = parts_of([torn], tmp_path / "out")
    assert (do_part(part).kept, do_part(part).broken) == (1, 1)


@pytest.mark.parametrize(("module", "ending"), [("pyarrow.parquet", ".parquet"), ("warcio.archiveiterator", ".warc")])
def test_a_package_that_is_missing_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, ending: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    source = tmp_path / f"in{ending}"
    source.write_bytes(b"x")
    with pytest.raises(corpora.CorpusError, match=r"is not installed: pip install 'newscrawl\["):
        [do_part(part) for part in parts_of([source], tmp_path / "out")]
