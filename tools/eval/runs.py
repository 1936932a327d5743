"""Puts cases through a cleaner, and keeps what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.eval.cases import Case
from tools.eval.cleaners import Cleaner
from tools.eval.score import Outcome, outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One case with what became of it."""

    case: Case
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    behaviour: str = ""


def run(cleaner: Cleaner, cases: Iterable[Case], *, memory: Any = None, behaviour: str = "") -> list[Run]:
    """Puts the cases through a cleaner."""
    done = []
    for case in cases:
        cut = cleaner(case, memory)
        done.append(
            Run(
                case=case,
                outcome=outcome(
                    case.text, case.spans, cut.cuts, suspects=cut.suspects, flagged=cut.flagged, seconds=cut.seconds
                ),
                reasons=cut.reasons,
                behaviour=behaviour,
            )
        )
    return done


def retention(runs: Sequence[Run]) -> float:
    """Share of all article characters that were kept."""
    total = sum(one.outcome.article for one in runs)
    return 1 - sum(one.outcome.article_cut for one in runs) / total if total else 1.0
