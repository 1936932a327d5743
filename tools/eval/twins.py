"""Measures near-duplicate linking on our own pairs: `python -m tools.eval.twins` prints precision and recall."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from newscrawl import twins

PAIRS = Path(__file__).parents[2] / "tests" / "twins"
GOAL_PRECISION, GOAL_RECALL = 0.99, 0.95
THRESHOLDS = (0.35, 0.45, 0.55, 0.6, 0.65, 0.7, 0.75, 0.85)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts, and whether the second is a copy of the first."""

    language: str
    name: str
    kind: str
    first: str
    second: str
    copy: bool


def _edited(text: str, made: dict[str, Any]) -> str:
    for old, new in made.get("edits", ()):
        if old not in text:
            raise ValueError(f"{made}: {old!r} is not in the text: an edit that does nothing proves nothing")
        text = text.replace(old, new)
    kept = [one for at, one in enumerate(text.split("\n\n")) if at not in made.get("drop", ())]
    return "\n\n".join([*filter(None, [made.get("first")]), *kept, *filter(None, [made.get("last")])])


def _pairs_of(language: str, told: dict[str, Any]) -> Iterator[Pair]:
    stories = {one["name"]: one["text"].strip() for one in told["story"]}
    copies: dict[str, list[tuple[str, str]]] = {name: [] for name in stories}
    for one in told["copy"]:
        copies[one["of"]].append((one["kind"], _edited(stories[one["of"]], one)))
    for name, made in copies.items():
        for kind, text in made:
            yield Pair(language=language, name=name, kind=kind, first=stories[name], second=text, copy=True)
        for (kind, one), (_, other) in combinations(made, 2):
            yield Pair(
                language=language, name=name, kind=f"two copies, one: {kind}", first=one, second=other, copy=True
            )
    for one in told["other"]:
        paragraphs = stories[one["of"]].split("\n\n")
        text = "\n\n".join([one["text"].strip(), *(paragraphs[at] for at in one.get("reuse", ()))])
        for first in (stories[one["of"]], *(made for _, made in copies[one["of"]])):
            yield Pair(language=language, name=one["of"], kind=one["kind"], first=first, second=text, copy=False)
    for one in told["series"]:
        days = [one["text"].strip().format(*row) for row in one["rows"]]
        for first, second in combinations(days, 2):
            yield Pair(language=language, name=one["name"], kind="series", first=first, second=second, copy=False)
        for day in days if one["edits"] else ():
            second = _edited(day, one)
            yield Pair(
                language=language, name=one["name"], kind="series, same day", first=day, second=second, copy=True
            )


def pairs(folder: Path = PAIRS) -> tuple[Pair, ...]:
    """Every pair of the set, and, as negatives too, the stories of one language with each other's series.

    Raises:
        ValueError: an edit whose words are not in its text.
    """
    found: list[Pair] = []
    for file in sorted(folder.glob("*.toml")):
        found += _pairs_of(file.stem, tomllib.loads(file.read_text("utf-8")))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A pair and what the program says: the similarity, and whether an index would have found it at all."""

    pair: Pair
    similarity: float
    candidate: bool

    def linked(self, threshold: float = twins.THRESHOLD) -> bool:
        """Would it be linked?"""
        return self.candidate and self.similarity >= threshold


def scored(folder: Path = PAIRS) -> tuple[Scored, ...]:
    """Every pair with its score."""
    found = []
    for pair in pairs(folder):
        one, other = twins.signature(pair.first), twins.signature(pair.second)
        alike = twins.similarity(one.sketch, other.sketch)
        shares = not set(one.keys).isdisjoint(other.keys)
        found.append(Scored(pair=pair, similarity=alike, candidate=shares))
    return tuple(found)


def figures(every: Sequence[Scored], threshold: float = twins.THRESHOLD) -> tuple[float, float]:
    """Precision and recall, 0 to 1."""
    right = sum(one.linked(threshold) and one.pair.copy for one in every)
    linked = sum(one.linked(threshold) for one in every)
    copies = sum(one.pair.copy for one in every)
    return right / linked if linked else 1.0, right / copies if copies else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="folder of TOML files (default: tests/twins)")
    parser.add_argument("--all", action="store_true", help="print the similarity of every pair")
    chosen = parser.parse_args(arguments)
    every = scored(chosen.pairs)
    print("language  copies  others  precision  recall  least copy  most other")
    for language in [*sorted({one.pair.language for one in every}), "all"]:
        some = [one for one in every if language in (one.pair.language, "all")]
        precision, recall = figures(some)
        copies = [one.similarity for one in some if one.pair.copy]
        others = [one.similarity for one in some if not one.pair.copy]
        print(
            f"{language:8}  {len(copies):6}  {len(others):6}  {precision:9.3f}  {recall:6.3f}  "
            f"{min(copies, default=1):10.2f}  {max(others, default=0):10.2f}"
        )
    print("\nthreshold  precision  recall")
    for threshold in THRESHOLDS:
        precision, recall = figures(every, threshold)
        print(f"{threshold:9.2f}  {precision:9.3f}  {recall:6.3f}{'  <- default' * (threshold == twins.THRESHOLD)}")
    for one in every:
        if chosen.all or one.linked() != one.pair.copy:
            said = "copy" if one.pair.copy else "other"
            seen = "" if one.candidate else ", no key shared"
            print(f"{said}: {one.pair.name}: {one.pair.kind}: {one.similarity:.2f}{seen}")
    precision, recall = figures(every)
    return int(precision < GOAL_PRECISION or recall < GOAL_RECALL)


if __name__ == "__main__":
    sys.exit(main())
