"""The index in PostgreSQL: what is durable, told to many writers, each of whom proves first that it is the owner."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast
from uuid import UUID

from newscrawl.archive import ArchiveAway, ArchiveError, ArchiveFenced, Latest, Row, SiteCount
from newscrawl.archive.index import Believed, Part
from newscrawl.archive.segments import name_of
from newscrawl.cluster.database import Connection
from newscrawl.cluster.lease import Lease
from newscrawl.cluster.postgres_asking import Asking, plain

LONG_GONE = "10 minutes"
"""A lease that ran out so long ago is ended by whoever settles its segments; until then its owner may come back."""


class PostgresBatch:
    """See `newscrawl.archive.index.Batch`."""

    def __init__(self, connection: Connection, folder: UUID, ends: Mapping[str, int]) -> None:
        self.ends = ends
        self._connection = connection
        self._folder = folder

    def add(self, rows: Iterable[Row]) -> frozenset[tuple[str, str]]:
        return _insert(self._connection, tuple(rows))

    def mark(self, ends: Mapping[str, int]) -> None:
        self._connection.execute(
            "UPDATE segment SET committed = said.size FROM unnest(%s::text[], %s::bigint[]) AS said(path, size) "
            "WHERE segment.folder = %s AND segment.path = said.path",
            (list(ends), list(ends.values()), self._folder),
        )


class PostgresTurn:
    """See `newscrawl.archive.index.Turn`."""

    def __init__(self, connection: Connection, folder: UUID) -> None:
        self._connection = connection
        self._folder = folder

    def busy(self) -> tuple[str, ...]:
        found = self._connection.execute(
            "SELECT DISTINCT s.host FROM segment s JOIN site_lease l ON l.host = s.host AND l.epoch = s.epoch "
            "WHERE s.folder = %s AND s.sealed_len IS NULL AND l.owner <> '' "
            "AND l.expires_at >= clock_timestamp() ORDER BY s.host",
            (self._folder,),
        )
        return tuple(cast(str, host) for (host,) in found)

    def known(self) -> bool:
        found = self._connection.execute("SELECT 1 FROM segment WHERE folder = %s LIMIT 1", (self._folder,))
        return found.fetchone() is not None

    def parts(self) -> tuple[Part, ...]:
        self._connection.execute(
            "UPDATE site_lease SET epoch = epoch + 1, owner = '' WHERE host IN ("
            "SELECT host FROM site_lease WHERE owner <> '' AND expires_at < clock_timestamp() - %s::interval "
            "AND host IN (SELECT host FROM segment WHERE folder = %s AND sealed_len IS NULL) "
            "FOR UPDATE SKIP LOCKED)",
            (LONG_GONE, self._folder),
        )
        found = self._connection.execute(
            "SELECT s.path, s.committed FROM segment s LEFT JOIN site_lease l USING (host) "
            "WHERE s.folder = %s AND s.sealed_len IS NULL "
            "AND (l.host IS NULL OR l.owner = '' OR l.epoch > s.epoch) ORDER BY s.number FOR UPDATE OF s",
            (self._folder,),
        )
        return tuple(Part(path=cast(str, path), committed=cast(int, size)) for path, size in found)

    def sealed(self, path: str, size: int) -> None:
        self._connection.execute(
            "UPDATE segment SET sealed_len = %s WHERE folder = %s AND path = %s", (size, self._folder, path)
        )

    def forget(self, path: str) -> None:
        self._connection.execute("DELETE FROM segment WHERE folder = %s AND path = %s", (self._folder, path))


class PostgresIndex:
    """See `newscrawl.archive.index.Shared`. Without a lease it can be read and built, not written to by a crawl."""

    def __init__(self, asking: Asking, folder: UUID, *, lease: Callable[[], Lease] | None = None) -> None:
        self._asking = asking
        self._folder = folder
        self._lease = lease

    @property
    def path(self) -> Path:
        """The directory whose index it is."""
        return self._asking.path

    def seen(self, stream: str, id_: str) -> bool:
        return (
            self._asking.ask(
                lambda it: it.execute(
                    "SELECT 1 FROM stored WHERE stream = %s AND id = %s", (stream, plain(id_))
                ).fetchone()
            )
            is not None
        )

    def latest(self, story: str) -> Latest | None:
        found = self._asking.ask(
            lambda it: it.execute(
                "SELECT id, version FROM stored WHERE story = %s AND stream = 'articles' "
                "ORDER BY number DESC, nth DESC LIMIT 1",
                (plain(story),),
            ).fetchone()
        )
        return Latest(id=cast(str, found[0]), version=cast(str, found[1])) if found else None

    def marks(self) -> Mapping[str, int]:
        found = self._asking.ask(
            lambda it: it.execute("SELECT path, committed FROM segment WHERE folder = %s", (self._folder,)).fetchall()
        )
        return {cast(str, path): cast(int, size) for path, size in found}

    def add(self, rows: Iterable[Row], marks: Mapping[str, int], *, gone: Iterable[str] = ()) -> None:
        rows, gone = tuple(rows), list(gone)
        names = {path: name.number for path in marks if (name := name_of(path)) is not None}

        def work(it: Connection) -> None:
            _insert(it, rows)
            it.execute("DELETE FROM segment WHERE folder = %s AND path = ANY(%s)", (self._folder, gone))
            if names:
                it.execute(
                    "INSERT INTO segment (number, folder, path, committed, sealed_len) "
                    "SELECT number, %s, path, size, size FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) "
                    "AS said(number, path, size) ON CONFLICT (folder, path) "
                    "DO UPDATE SET committed = excluded.committed, sealed_len = excluded.sealed_len",
                    (self._folder, list(names.values()), list(names), [marks[path] for path in names]),
                )
                it.execute(
                    "SELECT setval(pg_get_serial_sequence('segment', 'number'), %s) "
                    "WHERE %s >= (SELECT last_value FROM segment_number_seq)",
                    (max(names.values()), max(names.values())),
                )

        self._asking.change(work)

    def clear(self) -> None:
        """Forget everything. ArchiveError where the database is the index of other directories too."""

        def work(it: Connection) -> None:
            if it.execute("SELECT 1 FROM segment WHERE folder <> %s LIMIT 1", (self._folder,)).fetchone():
                raise ArchiveError(
                    f"archive {self.path}: {self._asking.database.where} is the index of other directories too: "
                    "give each a database of its own before you build one anew",
                    path=self.path,
                )
            it.execute("DELETE FROM stored")
            it.execute("DELETE FROM segment WHERE folder = %s", (self._folder,))

        self._asking.change(work)

    def count(self, stream: str) -> int:
        found = self._asking.ask(
            lambda it: it.execute("SELECT count(*) FROM stored WHERE stream = %s", (stream,)).fetchone()
        )
        return cast(int, found[0]) if found else 0

    def sites(self) -> tuple[SiteCount, ...]:
        found = self._asking.ask(
            lambda it: it.execute(
                "SELECT site, stream, count(*) FROM stored GROUP BY site, stream "
                'ORDER BY site COLLATE "C", stream COLLATE "C"'
            ).fetchall()
        )
        return tuple(
            SiteCount(site=cast(str, site), stream=cast(str, stream), items=cast(int, items))
            for site, stream, items in found
        )

    def begin(self, name: Callable[[int], str]) -> int:
        def work(it: Connection) -> int:
            lease = self._owned(it)
            found = it.execute("SELECT nextval(pg_get_serial_sequence('segment', 'number'))").fetchone()
            number = cast(int, found[0]) if found else 0
            it.execute(
                "INSERT INTO segment (number, folder, path, host, epoch) VALUES (%s, %s, %s, %s, %s)",
                (number, self._folder, name(number), lease.host, lease.epoch),
            )
            return number

        return self._asking.change(work)

    @contextlib.contextmanager
    def batch(self, paths: Iterable[str]) -> Iterator[PostgresBatch]:
        paths = list(paths)
        with self._asking.telling(), self._asking.database.transaction() as it:
            self._owned(it)
            found = it.execute(
                "SELECT path, committed FROM segment WHERE folder = %s AND path = ANY(%s) ORDER BY path FOR UPDATE",
                (self._folder, paths),
            )
            ends = {cast(str, path): cast(int, size) for path, size in found}
            if len(ends) != len(set(paths)):
                raise self._fenced("its segments were settled")
            yield PostgresBatch(it, self._folder, ends)

    def again(self, error: ArchiveAway, tried: int) -> None:
        self._asking.again(error, tried)

    @contextlib.contextmanager
    def turn(self, *, fenced: bool = False, long: bool = False) -> Iterator[PostgresTurn]:
        with contextlib.ExitStack() as stack:
            it = self._enter_turn(stack, idle=0.0 if long else 15.0)
            if fenced:
                self._owned(it)
            yield PostgresTurn(it, self._folder)

    @contextlib.contextmanager
    def believed(self) -> Iterator[Believed]:
        with self._asking.telling(), self._asking.database.transaction(idle_seconds=0.0, snapshot=True) as it:
            others = it.execute("SELECT 1 FROM segment WHERE folder <> %s LIMIT 1", (self._folder,)).fetchone()

            def ids(stream: str) -> Iterator[str]:
                for (id_,) in it.execute("SELECT id FROM stored WHERE stream = %s", (stream,)):
                    yield cast(str, id_)

            yield Believed(marks=self.marks(), ids=ids, alone=others is None)

    def _enter_turn(self, stack: contextlib.ExitStack, *, idle: float) -> Connection:
        tried = 0
        while True:
            try:
                with contextlib.ExitStack() as this:
                    this.enter_context(self._asking.telling())
                    it = this.enter_context(self._asking.database.transaction(idle_seconds=idle))
                    it.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(self._folder),))
                    stack.push(this.pop_all())
                    return it
            except ArchiveAway as error:
                tried += 1
                self.again(error, tried)

    def _owned(self, it: Connection) -> Lease:
        """The lease, which nobody can take before this transaction ends."""
        if self._lease is None:
            raise ArchiveError(f"archive {self.path}: no lease: only a crawl writes lines", path=self.path)
        lease = self._lease()
        found = it.execute(
            "SELECT 1 FROM site_lease WHERE host = %s AND owner = %s AND epoch = %s FOR SHARE",
            (lease.host, lease.owner, lease.epoch),
        ).fetchone()
        if found is None:
            raise self._fenced(f"epoch {lease.epoch} of {lease.host} is over")
        return lease

    def _fenced(self, why: str) -> ArchiveFenced:
        return ArchiveFenced(
            f"archive {self.path}: another owner has taken over: {why}: this run writes nothing more; what it had "
            "acknowledged stays",
            path=self.path,
        )

    def close(self) -> None:
        self._asking.database.close()


def _insert(it: Connection, rows: tuple[Row, ...]) -> frozenset[tuple[str, str]]:
    if not rows:
        return frozenset()
    kept = {(row.stream, plain(row.id)): (row.stream, row.id) for row in rows}
    found = it.execute(
        "INSERT INTO stored (stream, id, story, version, site, number) "
        "SELECT stream, id, story, version, site, number FROM "
        "unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[]) "
        "WITH ORDINALITY AS said(stream, id, story, version, site, number, nth) ORDER BY nth "
        "ON CONFLICT DO NOTHING RETURNING stream, id",
        (
            [row.stream for row in rows],
            [plain(row.id) for row in rows],
            [plain(row.story) for row in rows],
            [plain(row.version) for row in rows],
            [plain(row.site) for row in rows],
            [row.number for row in rows],
        ),
    )
    return frozenset(kept[cast(str, stream), cast(str, id_)] for stream, id_ in found)
