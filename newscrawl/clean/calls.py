"""Points at calls to the reader: lines of a page's own words, what to read about, a link that leads away at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from newscrawl.clean.phrases import Rule
from newscrawl.clean.places import KINDS, Desk, Line, fact_of, point_of
from newscrawl.clean.spans import Point
from newscrawl.model import Fact

CLOSED = re.compile(r"[.!?…。！？।؟۔][\"'”’»)\]]*\Z")
CALLS = frozenset(("share", "newsletter", "comment", "paywall"))
SAID = "\"“„«'‘‚「『"


def source_of(rule: Rule, line: Line, desk: Desk) -> Iterator[Fact]:
    """Where a link to read on leads, if that is another site: there the story came from."""
    target = desk.links.target(line.start, line.end)
    if rule.kind == "readmore" and target and any(map(desk.links.outside, desk.links.over(line.start, line.end))):
        yield Fact(field="source_url", value=target, rule=rule.name, start=line.start, end=line.end, url=target)


def by_bag(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """A line of the page's own words and no other, in whatever order."""
    if line.text[:1] in SAID or (line.glued and not CLOSED.search(desk.draft.text, max(0, line.start - 3), line.start)):
        return None
    for one in desk.book.bags.find(core, line.text[lead : lead + len(core)]):
        rule = cast(Rule, one)
        if line.glued and not (KINDS[rule.kind].glued or rule.kind in CALLS):
            continue
        if desk.within(line, "list", "table") and not desk.linked(line):
            continue  # a step of a guide: "Download the app"
        facts = list(source_of(rule, line, desk))
        if rule.kind == "paywall":
            facts.append(Fact(field="truncated", value="true", rule=rule.name, start=line.start, end=line.end))
        return point_of(line, rule, core, facts)
    return None


def read_about(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """Words to read on, and what about, without a full stop: "Read more about the storm"; a link, or at the foot."""
    if line.glued or line.text[-1] in ".!?。！？" or len(core) > 120 or line.text[:1] in SAID:
        return None
    if not (desk.linked(line) or line.number >= line.total - 4) or desk.within(line, "heading", "list", "table"):
        return None
    found = desk.book.bags.about(core)
    if found is None:
        return None
    rule, at = cast(Rule, found[0]), found[1] + lead
    target = desk.links.target(line.start, line.end)
    return point_of(line, rule, core[: found[1]], [fact_of("related", rule, line, at, len(line.text), target)])


def pointer(line: Line, core: str, desk: Desk, languages: frozenset[str]) -> Point | None:
    """A link to another site that is all of one of the last two lines, and has a word to read on in it."""
    if line.glued or line.number < max(1, line.total - 2) or len(core) > 80 or line.text[-1] in ".!?。！？":
        return None
    if not desk.linked(line) or not any(map(desk.links.outside, desk.links.over(line.start, line.end))):
        return None
    rule = desk.book.bags.hints(core, desk.tongue(languages))
    if not isinstance(rule, Rule) or rule.kind != "readmore":
        return None
    return point_of(line, rule, core, list(source_of(rule, line, desk)))
