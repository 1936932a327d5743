"""Sets of 64-bit keys that take eight bytes a key: what a crawl of a million stories has asked for stays in memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import blake2b

RINGS = 256
"""Sorted arrays, chosen by a key's first byte: an insertion among a million keys moves 16 kB on average."""
TOP = 56


def key_of(said: str | bytes) -> int:
    """A key for any string. Of a million strings two share one in a crawl of 37 million (n²/2⁶⁵ = 2.7e-8).

    >>> key_of("https://news.example/") == key_of(b"https://news.example/")
    True
    """
    raw = said.encode("utf-8", "surrogatepass") if isinstance(said, str) else said
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big")


def key_of_story(story: str) -> int:
    """The key that a story's id is already (`record.story_key`: 16 hex digits), so that no two stories share one.

    >>> key_of_story("00000000000000ff")
    255
    """
    try:
        return int(story, 16) if len(story) == 16 else key_of(story)
    except ValueError:
        return key_of(story)


class Keys:
    """A set of keys, 0 to 2⁶⁴ - 1; nothing is taken out of it.

    >>> keys = Keys()
    >>> keys.add(7), keys.add(7), 7 in keys, 8 in keys, len(keys)
    (True, False, True, False, 1)
    """

    __slots__ = ("_rings",)

    def __init__(self) -> None:
        self._rings = tuple(array("Q") for _ in range(RINGS))

    def add(self, key: int) -> bool:
        """Takes a key in; False where it was there."""
        ring = self._rings[key >> TOP]
        place = bisect_left(ring, key)
        if place < len(ring) and ring[place] == key:
            return False
        ring.insert(place, key)
        return True

    def __contains__(self, key: int) -> bool:
        ring = self._rings[key >> TOP]
        place = bisect_left(ring, key)
        return place < len(ring) and ring[place] == key

    def __len__(self) -> int:
        return sum(map(len, self._rings))


class Moments:
    """A moment for each key, 16 bytes for both.

    >>> moments = Moments()
    >>> moments.put(7, 1.5)
    >>> moments.get(7), moments.get(8), list(moments)
    (1.5, None, [(7, 1.5)])
    """

    __slots__ = ("_at", "_rings")

    def __init__(self) -> None:
        self._rings = tuple(array("Q") for _ in range(RINGS))
        self._at = tuple(array("d") for _ in range(RINGS))

    def put(self, key: int, at: float) -> None:
        """Sets the moment of a key."""
        ring, moments = self._rings[key >> TOP], self._at[key >> TOP]
        place = bisect_left(ring, key)
        if place < len(ring) and ring[place] == key:
            moments[place] = at
        else:
            ring.insert(place, key)
            moments.insert(place, at)

    def get(self, key: int) -> float | None:
        """The moment of a key, or None."""
        ring = self._rings[key >> TOP]
        place = bisect_left(ring, key)
        return self._at[key >> TOP][place] if place < len(ring) and ring[place] == key else None

    def __iter__(self) -> Iterator[tuple[int, float]]:
        for ring, moments in zip(self._rings, self._at, strict=True):
            yield from zip(ring, moments, strict=True)

    def __len__(self) -> int:
        return sum(map(len, self._rings))
