"""Which article is a copy of which, in PostgreSQL: what two machines find on two sites is linked all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from newscrawl import twins
from newscrawl.archive.copies import CANDIDATES, CROWD
from newscrawl.cluster.database import Connection
from newscrawl.cluster.postgres_asking import Asking, plain

FIND = """
SELECT first, sketch FROM copy_article WHERE number IN (
    SELECT number FROM copy_key JOIN copy_article USING (number)
    WHERE key = ANY(%(keys)s) AND algorithm = %(algorithm)s AND story <> %(story)s AND first_story <> %(story)s
    GROUP BY number ORDER BY count(*) DESC, number LIMIT %(most)s)
ORDER BY number
"""
PUT = """
INSERT INTO copy_article (id, algorithm, story, first, first_story, sketch)
VALUES (%(id)s, %(algorithm)s, %(story)s, %(first)s,
    coalesce((SELECT story FROM copy_article WHERE id = %(first)s), %(first_story)s), %(sketch)s)
ON CONFLICT (id) DO UPDATE SET algorithm = excluded.algorithm, sketch = excluded.sketch
WHERE copy_article.algorithm <> excluded.algorithm RETURNING number
"""
KEYS = """
INSERT INTO copy_key (key, number) SELECT key, %(number)s FROM unnest(%(keys)s::bigint[]) AS said(key)
WHERE (SELECT count(*) FROM (SELECT 1 FROM copy_key WHERE copy_key.key = said.key LIMIT %(crowd)s) AS there) < %(crowd)s
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Put:
    id: str
    story: str
    first: str
    first_story: str
    keys: frozenset[int]
    sketch: bytes


class PostgresCopies:
    """See `newscrawl.archive.index.CopyIndex`. What was put is in memory until its lines are durable."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._fresh: dict[str, _Put] = {}

    def empty(self) -> bool:
        """Does the database hold none, with the signatures that this version of newscrawl makes?"""
        found = self._asking.ask(
            lambda it: it.execute(
                "SELECT 1 FROM copy_article WHERE algorithm = %s LIMIT 1", (twins.ALGORITHM,)
            ).fetchone()
        )
        return found is None

    def original(self, text: str, *, story: str) -> str | None:
        signed = twins.signature(text)
        if not signed.keys:
            return None
        keys, story = list(signed.keys), plain(story)
        said = {"keys": keys, "algorithm": twins.ALGORITHM, "story": story, "most": CANDIDATES}
        found = self._asking.ask(lambda it: it.execute(FIND, said).fetchall())
        others = [(cast(str, first), bytes(cast(bytes, sketch))) for first, sketch in found]
        near = [one for one in self._fresh.values() if story not in (one.story, one.first_story)]
        near = [one for one in near if not one.keys.isdisjoint(keys)][:CANDIDATES]
        return twins.best(signed.sketch, [*others, *((one.first, one.sketch) for one in near)])

    def put(self, *, id_: str, text: str, story: str, first: str | None) -> None:
        signed = twins.signature(text)
        of = self._fresh.get(first) if first else None
        self._fresh[id_] = _Put(
            id=plain(id_),
            story=plain(story),
            first=plain(first or id_),
            first_story=of.story if of else plain(story),
            keys=frozenset(signed.keys),
            sketch=signed.sketch,
        )

    def commit(self, marks: Mapping[str, int]) -> None:
        if self._fresh:
            self._asking.change(self._write)
            self._fresh.clear()

    def _write(self, it: Connection) -> None:
        for one in self._fresh.values():
            said = {
                "id": one.id, "algorithm": twins.ALGORITHM, "story": one.story, "first": one.first,
                "first_story": one.first_story, "sketch": one.sketch,
            }  # fmt: skip
            found = it.execute(PUT, said).fetchone()
            if found is not None:
                it.execute(KEYS, {"number": found[0], "keys": sorted(one.keys), "crowd": CROWD})

    def close(self) -> None:
        """Let go; what was put and never became durable is forgotten."""
        self._fresh.clear()
        self._asking.database.close()
