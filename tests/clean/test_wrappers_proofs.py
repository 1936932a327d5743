"""Every wrapper rule, in every language, against its own examples; and what the shelf as a whole must know."""

from __future__ import annotations

import pytest

from newscrawl import markup, rulebook
from newscrawl.clean import wrappers
from newscrawl.clean.phrases import read, shelf
from newscrawl.clean.places import KINDS
from newscrawl.clean.spans import Context
from newscrawl.model import Draft


def draft_of(example: str) -> Draft:
    return markup.fragment(example).draft if example.startswith("<") else Draft(text=example)


def finds(rule: rulebook.Rule, example: str) -> bool:
    phrases = read((rule,), KINDS)
    points = wrappers.find(draft_of(example), Context(), phrases=phrases)
    return any(point.rule == rule.name for point in points)


@pytest.mark.parametrize("file", sorted({rule.file for rule in shelf()}))
def test_every_rule_proves_itself(file: str) -> None:
    wrong = []
    for rule in (one for one in shelf() if one.file == file):
        wrong += [f"{rule.name} misses {one!r}" for one in rule.finds if not finds(rule, one)]
        wrong += [f"{rule.name} hits {one!r}" for one in rule.keeps if finds(rule, one)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("file", sorted({rule.file for rule in shelf()}))
def test_all_rules_together_cut_no_more_than_they_should(file: str) -> None:
    """A sentence that one rule must keep is not cut by a rule of another language either."""
    wrong = []
    for rule in (one for one in shelf() if one.file == file):
        wrong += [f"nobody cuts {one!r}" for one in rule.finds if not wrappers.find(draft_of(one), Context())]
        for example in rule.keeps:
            points = wrappers.find(draft_of(example), Context())
            wrong += [f"{point.rule} cuts in {example!r}" for point in points]
    assert not wrong, "\n".join(wrong)


def test_at_least_thirty_languages_have_every_main_kind() -> None:
    kinds: dict[str, set[str]] = {}
    for rule in shelf():
        kinds.setdefault(rule.file, set()).add(rule.text("kind"))
    wanted = {"readmore", "feedfoot", "related", "ago", "byline", "source", "date", "rights", "share", "comment"}
    full = {file for file, found in kinds.items() if wanted <= found}
    assert len(full) >= 30
