"""Exports are whole or not there, and hold what was asked for."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import resource
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive, ArchiveError, ArchiveFull, Entry, export, tombstone

NOW = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
STORIES = [
    ("a", "one", "2026-11-01T10:00:00+00:00"),
    ("b", "two", "2026-11-02T00:30:00+07:00"),
    ("c", "one", "2026-11-03T10:00:00Z"),
    ("d", "two", None),
]


def clock() -> float:
    return NOW


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    with Archive.open(path, run="r", clock=clock) as opened:
        for id_, site, fetched in STORIES:
            said = {"id": id_, "url": f"https://example.org/{id_}", "site": site, "fetched": fetched, "authors": ["Ä"]}
            line = json.dumps(said).encode()
            opened.put(
                Entry(stream="articles", id=id_, url=said["url"], site=site, version="1", story=id_, line=line)  # type: ignore[arg-type]
            )
    return path


WINDOWS: list[tuple[dict[str, Any], str]] = [
    ({}, "abcd"),
    ({"site": "one"}, "ac"),
    ({"site": "none"}, ""),
    ({"since": date(2026, 11, 2)}, "cd"),
    ({"until": date(2026, 11, 2)}, "ab"),
    ({"since": datetime(2026, 11, 1, 17, 30, tzinfo=UTC), "until": date(2026, 11, 20)}, "bc"),
    ({"since": datetime(2026, 11, 20)}, "d"),  # noqa: DTZ001 - a time without a zone is read as UTC
    ({"since": date(2026, 11, 2), "site": "one"}, "c"),
]


@pytest.mark.parametrize(("asked", "wanted"), WINDOWS)
def test_an_export_holds_the_days_and_the_site_that_were_asked_for(
    archive: Path, tmp_path: Path, asked: dict[str, Any], wanted: str
) -> None:
    out = tmp_path / "out.jsonl"
    done = export(archive, out, **asked)
    data = out.read_bytes()
    assert "".join(json.loads(line)["id"] for line in data.splitlines()) == wanted
    assert (done.items, done.bytes, done.sha256) == (len(wanted), len(data), hashlib.sha256(data).hexdigest())
    assert b"archive" not in data


def test_compressed_exports_hold_the_same_lines_and_the_same_bytes_each_time(archive: Path, tmp_path: Path) -> None:
    export(archive, tmp_path / "plain")
    export(archive, tmp_path / "gz", format="jsonl.gz")
    first = (tmp_path / "gz").read_bytes()
    assert gzip.decompress(first) == (tmp_path / "plain").read_bytes()
    export(archive, tmp_path / "gz", format="jsonl.gz")
    assert (tmp_path / "gz").read_bytes() == first
    zstd = pytest.importorskip("backports.zstd")
    export(archive, tmp_path / "zst", format="jsonl.zst")
    assert zstd.decompress((tmp_path / "zst").read_bytes()) == (tmp_path / "plain").read_bytes()


def test_parquet_has_a_column_for_each_key_or_says_what_to_install(archive: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("pyarrow") is None:
        with pytest.raises(ArchiveError, match="pip install pyarrow"):
            export(archive, tmp_path / "out.parquet", format="parquet")
        return
    import pyarrow.parquet

    export(archive, tmp_path / "out.parquet", format="parquet")
    table = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert table.column("id").to_pylist() == list("abcd")
    assert table.column("authors").to_pylist() == ['["\\u00c4"]'] * 4
    assert table.column("fetched").to_pylist()[3] is None


def test_a_withdrawn_article_is_left_out_and_counted(archive: Path, tmp_path: Path) -> None:
    tombstone(archive, "b", "asked to", clock=clock)
    done = export(archive, tmp_path / "out")
    assert (done.items, done.withdrawn) == (3, 1)
    assert b'"b"' not in (tmp_path / "out").read_bytes()


def test_an_export_that_fails_leaves_the_old_file_and_nothing_else(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(b"old\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ArchiveFull, match="raise the limit"):
            export(archive, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert out.read_bytes() == b"old\n"
    assert sorted(os.listdir(tmp_path)) == ["archive", "out.jsonl"]
    with pytest.raises(ArchiveError, match="no format 'csv'"):
        export(archive, out, format="csv")  # type: ignore[arg-type]
    with pytest.raises(ArchiveError, match="name a directory, or a place"):
        export(archive, tmp_path / "none" / "out.jsonl")


def test_an_archive_of_another_user_is_read_without_being_touched(archive: Path, tmp_path: Path) -> None:
    before = {file.name: file.read_bytes() for file in archive.iterdir()}
    archive.chmod(0o555)
    assert export(archive, tmp_path / "out").items == 4
    archive.chmod(0o755)
    after = {file.name: file.read_bytes() for file in archive.iterdir() if file.name in before}
    assert after == before
