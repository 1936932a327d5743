"""The facts in PostgreSQL: attempts, and what any of many crawls has learnt of hosts, for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast

from newscrawl.archive import Poison
from newscrawl.archive.sqlite import STARTS
from newscrawl.cluster.postgres_asking import Asking, digest, plain

ATTEMPT = (
    "INSERT INTO host_attempt (digest, url, starts, at, reason) "
    "SELECT %s, %s, %s, %s, %s FROM set_config('synchronous_commit', %s, true) "
    "ON CONFLICT (digest) DO UPDATE SET starts = excluded.starts, at = excluded.at, reason = excluded.reason"
)
FORGET = "DELETE FROM host_attempt WHERE digest = %s AND set_config('synchronous_commit', 'off', true) IS NOT NULL"
"""What is lost with the server's power costs a page fetched again: neither waits for its disk."""


class PostgresFacts:
    """See `newscrawl.archive.index.Facts`. Attempts do not wait for the server's disk: they outlive a process."""

    def __init__(self, asking: Asking, *, clock: Callable[[], float]) -> None:
        self._asking = asking
        self._clock = clock
        self._working: dict[str, int] = {}

    def start(self, url: str) -> bool:
        """False: poison. A second start in this process, before the end of the first, does not count."""
        if url in self._working:
            return True
        found = self._asking.ask(
            lambda it: it.execute("SELECT starts FROM host_attempt WHERE digest = %s", (digest(url),)).fetchone()
        )
        starts = cast(int, found[0]) if found else 0
        if starts >= STARTS:
            return False
        self._attempt(url, starts + 1, "")
        self._working[url] = starts
        return True

    def _attempt(self, url: str, starts: int, reason: str, *, wait: str = "off") -> None:
        said = (digest(url), plain(url), starts, self._clock(), plain(reason), wait)
        self._asking.ask(lambda it: it.execute(ATTEMPT, said))

    def _forget(self, url: str) -> None:
        self._asking.ask(lambda it: it.execute(FORGET, (digest(url),)))

    def finish(self, url: str) -> None:
        if self._working.pop(url, None) is not None:
            self._forget(url)

    def poison(self, url: str, reason: str) -> None:
        """Set a story aside at once, durably."""
        self._working.pop(url, None)
        self._attempt(url, STARTS, reason, wait="on")

    def poisoned(self) -> tuple[Poison, ...]:
        """The stories that are set aside, the newest first; not those that this process is working on just now."""
        found = self._asking.ask(
            lambda it: it.execute(
                "SELECT url, starts, at, reason FROM host_attempt WHERE starts >= %s ORDER BY at DESC", (STARTS,)
            ).fetchall()
        )
        why = f"started {STARTS} times without finishing"
        return tuple(
            Poison(url=cast(str, url), starts=cast(int, starts), at=cast(float, at), reason=cast(str, reason) or why)
            for url, starts, at, reason in found
            if url not in self._working
        )

    def retry(self, url: str | None = None) -> int:
        chosen = [digest(one.url) for one in self.poisoned() if url is None or one.url == url]
        self._asking.ask(lambda it: it.execute("DELETE FROM host_attempt WHERE digest = ANY(%s)", (chosen,)))
        return len(chosen)

    def state(self, kind: str, key: str) -> object:
        found = self._asking.ask(
            lambda it: it.execute(
                "SELECT value, expires FROM host_state WHERE kind = %s AND digest = %s", (kind, digest(key))
            ).fetchone()
        )
        if found is None or self._over(found[1]):
            return None
        value: object = json.loads(cast(str, found[0]))
        return value

    def states(self, kind: str) -> Mapping[str, object]:
        found = self._asking.ask(
            lambda it: it.execute(
                'SELECT key, value, expires FROM host_state WHERE kind = %s ORDER BY key COLLATE "C"', (kind,)
            ).fetchall()
        )
        return {
            cast(str, key): json.loads(cast(str, value)) for key, value, expires in found if not self._over(expires)
        }

    def _over(self, expires: object) -> bool:
        return expires is not None and cast(float, expires) <= self._clock()

    def keep(self, kind: str, key: str, value: object, *, expires: float | None = None) -> None:
        said = json.dumps(value, allow_nan=False, separators=(",", ":"))
        self._asking.ask(
            lambda it: it.execute(
                "INSERT INTO host_state (kind, digest, key, value, expires) VALUES (%s, %s, %s, %s, %s) "
                "ON CONFLICT (kind, digest) DO UPDATE SET value = excluded.value, expires = excluded.expires",
                (kind, digest(key), plain(key), said, expires),
            )
        )

    def drop(self, kind: str, key: str) -> None:
        self._asking.ask(
            lambda it: it.execute("DELETE FROM host_state WHERE kind = %s AND digest = %s", (kind, digest(key)))
        )

    def close(self) -> None:
        """Let go. What is still being worked on was stopped in good order, which is no poison."""
        try:
            for url, starts in self._working.items():
                if starts:
                    self._attempt(url, starts, "")
                else:
                    self._forget(url)
            self._asking.ask(lambda it: it.execute("DELETE FROM host_state WHERE expires <= %s", (self._clock(),)))
        finally:
            self._working.clear()
            self._asking.database.close()
