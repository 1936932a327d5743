"""The disk wing: records go in, and what is on disk is the truth.

>>> import tempfile, pathlib, time
>>> entry = Entry(stream="articles", id="a1", url="https://example.org/a", site="example", version="1", story="s1",
...               line=b'{"id":"a1","url":"https://example.org/a","site":"example","text":"Hello"}')
>>> with tempfile.TemporaryDirectory() as folder:
...     with Archive.open(pathlib.Path(folder), run="first", clock=time.time) as archive:
...         archive.put(entry), archive.put(entry), archive.commit()
...     [record["text"] for record in read(pathlib.Path(folder), "articles")]
(True, False, 1)
['Hello']
"""

from newscrawl.archive.copies import Copies
from newscrawl.archive.export import Format, export
from newscrawl.archive.index import Backing, CopyIndex, Facts, Index, Row, Shared
from newscrawl.archive.reading import find, read
from newscrawl.archive.upkeep import compact, prune, repair, tombstone, withdrawal
from newscrawl.archive.verify import verify
from newscrawl.archive.words import (
    STREAMS,
    ArchiveAway,
    ArchiveError,
    ArchiveFenced,
    ArchiveFull,
    ArchiveLocked,
    Entry,
    Exported,
    Found,
    Latest,
    Poison,
    Problem,
    Recovered,
    Repaired,
    Report,
    Rewritten,
    Sealed,
    SiteCount,
    Stream,
)
from newscrawl.archive.writer import Archive

__all__ = [
    "STREAMS",
    "Archive",
    "ArchiveAway",
    "ArchiveError",
    "ArchiveFenced",
    "ArchiveFull",
    "ArchiveLocked",
    "Backing",
    "Copies",
    "CopyIndex",
    "Entry",
    "Exported",
    "Facts",
    "Format",
    "Found",
    "Index",
    "Latest",
    "Poison",
    "Problem",
    "Recovered",
    "Repaired",
    "Report",
    "Rewritten",
    "Row",
    "Sealed",
    "Shared",
    "SiteCount",
    "Stream",
    "compact",
    "export",
    "find",
    "prune",
    "read",
    "repair",
    "tombstone",
    "verify",
    "withdrawal",
]
