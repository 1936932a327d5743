"""Counts what a cleaner did to a case, in characters that are not white space, and says how sure the figures are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt
from random import Random

from tools.eval.cases import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case. Characters are counted without white space; `edges` is off-by characters per span."""

    spam: int
    spam_cut: int
    article: int
    article_cut: int
    edges: tuple[int, ...] = ()
    flagged: bool = False
    spam_flagged: int = 0
    seconds: float = 0.0

    @property
    def recall(self) -> float:
        """Share of the spam's characters that were cut."""
        return self.spam_cut / self.spam if self.spam else 1.0

    @property
    def retention(self) -> float:
        """Share of the article's characters that were kept."""
        return 1 - self.article_cut / self.article if self.article else 1.0

    @property
    def exact(self) -> bool:
        """Nothing left of the spam, nothing missing of the article."""
        return self.spam_cut == self.spam and not self.article_cut


def merge(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap made one.

    >>> merge([(5, 9), (0, 2), (2, 3)])
    [(0, 3), (5, 9)]
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def meet(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Where both lists of merged spans lie.

    >>> meet([(0, 5), (8, 9)], [(3, 20)])
    [(3, 5), (8, 9)]
    """
    found: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def outcome(
    text: str,
    gold: Sequence[Span],
    cuts: Sequence[Span],
    *,
    suspects: Sequence[Span] = (),
    flagged: bool = False,
    seconds: float = 0.0,
) -> Outcome:
    """Holds the cuts against the gold spans of the text."""
    solid = [0, *accumulate(not letter.isspace() for letter in text)]

    def count(spans: Iterable[Span]) -> int:
        return sum(solid[end] - solid[start] for start, end in spans)

    gold, cuts = merge(gold), merge(cuts)
    spam, cut, both = count(gold), count(cuts), count(meet(gold, cuts))
    return Outcome(
        spam=spam,
        spam_cut=both,
        article=solid[-1] - spam,
        article_cut=cut - both,
        edges=tuple(
            _edges(_joined(gold, solid), _joined(cuts, solid), lambda start, end: abs(solid[end] - solid[start]))
        ),
        flagged=flagged or bool(suspects),
        spam_flagged=count(meet(gold, merge([*suspects, *cuts]))),
        seconds=seconds,
    )


def _joined(spans: Sequence[Span], solid: Sequence[int]) -> list[Span]:
    """Spans with nothing but white space between them are one: lines of one block have no edges among themselves."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and solid[start] == solid[joined[-1][1]]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _edges(gold: Sequence[Span], cuts: Sequence[Span], gap: Callable[[int, int], int]) -> Iterable[int]:
    for start, end in gold:
        over = [one for one in cuts if one[0] < end and start < one[1]]
        if over:
            yield gap(start, over[0][0]) + gap(end, over[-1][1])


def wilson(hits: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927).

    >>> [round(edge, 3) for edge in wilson(0, 100)]
    [0.0, 0.037]
    """
    if not trials:
        return 0.0, 1.0
    share = hits / trials
    middle = share + z * z / (2 * trials)
    swing = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - swing) / scale), min(1.0, (middle + swing) / scale)


def bootstrap(values: Sequence[tuple[str, float, float]], *, rounds: int = 300, seed: int = 7) -> tuple[float, float]:
    """The 95 % interval of a weighted mean, sites drawn with replacement: `values` are (site, value, weight)."""
    groups: dict[str, list[float]] = {}
    for site, value, weight in values:
        sums = groups.setdefault(site, [0.0, 0.0])
        sums[0] += value * weight
        sums[1] += weight
    pool = [sums for _, sums in sorted(groups.items()) if sums[1]]
    if not pool:
        return 0.0, 1.0
    rng = Random(seed)
    means = []
    for _ in range(rounds):
        drawn = rng.choices(pool, k=len(pool))
        means.append(sum(total for total, _ in drawn) / sum(weight for _, weight in drawn))
    means.sort()
    return means[int(0.025 * rounds)], means[int(0.975 * rounds) - 1]


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean, 0 of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def quantile(values: Iterable[float], share: float) -> float:
    """The value below which that share lies, 0 of nothing."""
    found = sorted(values)
    return found[min(len(found) - 1, int(share * len(found)))] if found else 0.0
