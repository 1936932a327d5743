"""Points at what a site wraps around a story (links to read on, bylines, dates, notices), and lifts the facts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl import rulebook
from newscrawl.clean import lexicon
from newscrawl.clean.calls import CALLS, SAID, by_bag, pointer, read_about, source_of
from newscrawl.clean.facts import Links, cased, is_about_matter, is_name, is_source, is_stamp, title_in
from newscrawl.clean.labels import PIECES, by_label, parted, read_on, related_below
from newscrawl.clean.phrases import Book, Rule, fold, read, shelf
from newscrawl.clean.places import (
    ARROWS,
    KINDS,
    LONGEST,
    Desk,
    Line,
    core_of,
    fact_of,
    holds,
    lines_of,
    point_of,
    single,
)
from newscrawl.clean.spans import Context, Point
from newscrawl.clean.words import reports
from newscrawl.model import Draft, Evidence, Fact

DIGIT = re.compile(r"\d")
BARE = re.compile(r"[(\[]?\d[\d.,]{0,5}[km]?[)\]]?", re.IGNORECASE)
COUNT = re.compile(r"(?P<base>.*\D)[\s·|,(]+(?P<count>\d[\d.,]{0,8}[km]?)\)?\Z")
THAI, SPACE = re.compile("[\u0e00-\u0eff]"), re.compile(r"\s+")
BRACKETED = re.compile(r"\s*[(（\[/][^()（）]+[)）\]/]\.?\s*")
TERMINATOR = re.compile(r"[.!?。！？…\"'»)\]।؟۔]+")
SIGNED = re.compile(
    r"(?:(?<=[.!?\"'”’»)])|\A)\s*\((?P<sign>[a-z]{2,5}(?:/[a-z]{2,5}){1,3}|[a-z]{2,3}/[a-z]{1,3})\)\.?\Z"
)
ACRONYM = re.compile(r"(?<=[.!?…\"'”’»])\s*[(\[](?P<sign>[^\W\d_]{2,8}(?:[-/][^\W\d_]{2,8}){0,2})[)\]]\.?\Z")
CARRIERS = frozenset(("WRAP_RELATED", "WRAP_READMORE", "WRAP_FEEDFOOT", "WRAP_BYLINE", "WRAP_SHARE"))
CLAIM = 27


def book() -> Book:
    """The phrases of all wrapper rules, those of a user too."""
    return _book(rulebook.own())


@cache
def _book(own: tuple[Path, ...]) -> Book:
    found = read(shelf(), KINDS)
    found.whole = True
    return found


@cache
def _languages() -> frozenset[str]:
    return frozenset(rule.file for rule in shelf() if not rule.own) - {"any"}


@cache
def _book_of(own: tuple[Path, ...], language: str) -> Book | None:
    """The phrases of one language; None where there are none."""
    rules = [rule for rule in shelf() if rule.file == language and not rule.own]
    return read(rules, KINDS) if rules else None


def find(draft: Draft, context: Context, *, phrases: Book | None = None) -> tuple[Point, ...]:
    """The wrappers of a draft: whole lines, and tails that are glued to a sentence, with the facts that stand in them.

    >>> [point.reason for point in find(Draft(text="Rain fell. Read Entire Article"), Context())]
    ['WRAP_READMORE']
    """
    desk = Desk(draft, context, lines_of(draft.text), Links(draft.of("link"), _host(context)), phrases or book())
    points: list[Point] = []
    listed = 0
    again = not draft.marks and len({line.text for line in desk.lines}) * 2 < len(desk.lines)
    nothing: set[tuple[str, ...]] = set()
    for line in desk.lines:
        among = _among(line, desk) if again else ()
        found = None if among in nothing else _whole(line, desk) or related_below(line, desk, listed)
        if found is None:
            listed = 0
            found = None if among in nothing else _tail(line, desk)
            if found is None and among:
                nothing.add(among)
            found = found or _bare_count(line, desk, points)
        elif found.reason == "WRAP_RELATED" and (listed or not found.facts):
            listed += 1
        if found is not None:
            points.append(_judged(_named_after(found, line, desk), line, desk))
    return tuple(points)


def _among(line: Line, desk: Desk) -> tuple[str, ...]:
    """A line between its neighbours, which is all that counts in the middle of a text without marks; else nothing.

    A hostile page says one thing ninety thousand times.
    """
    lines, at = desk.lines, line.number
    return (lines[at - 1].text, line.text, lines[at + 1].text) if 4 <= at < line.total - 9 else ()


def _named_after(point: Point, line: Line, desk: Desk) -> Point:
    """The same cut by a rule of the draft's own language, else of English, where another language's was found first."""
    file = point.rule.split("/")[1]
    if file == "any" or file.endswith(".toml") or not desk.book.whole:
        return point
    for name in (desk.tongue(_languages()), "en"):
        if name == file:
            return point
        own = _book_of(rulebook.own(), name)
        if own is None:
            continue
        other = replace(desk, book=own)
        found = _whole(line, other) or related_below(line, other, 0) or _tail(line, other)
        if found is not None and (found.start, found.end, found.reason) == (point.start, point.end, point.reason):
            return found
    return point


def _host(context: Context) -> str:
    try:
        return (urlsplit(context.url or "").hostname or "") if context.url else (context.site or "")
    except ValueError:
        return ""


# Whole lines


def _whole(line: Line, desk: Desk) -> Point | None:
    if not line.fold:
        return None
    core, lead = core_of(line)
    if not core:
        return None
    if len(line.text) > LONGEST:
        return _by_form(line, core, lead, desk) or by_label(line, core, lead, desk) if line.foot else None
    told = desk.book.may(core)
    return (
        (told and (_word_for_word(line, core, desk) or _by_form(line, core, lead, desk)))
        or _counted(line, core, lead, desk)
        or (by_label(line, core, lead, desk) if told else read_on(line, core, lead, desk))
        or by_bag(line, core, lead, desk)
        or read_about(line, core, lead, desk)
        or pointer(line, core, desk, _languages())
        or _composite(line, core, desk)
        or _stamped(line, core, desk)
        or None
    )


def _word_for_word(line: Line, core: str, desk: Desk) -> Point | None:
    for rule in desk.book.line(core):
        if not _may(rule, line, core, desk):
            continue
        facts: list[Fact] = []
        facts += source_of(rule, line, desk)
        if rule.kind == "paywall":
            facts.append(Fact(field="truncated", value="true", rule=rule.name, start=line.start, end=line.end))
        return point_of(line, rule, core, facts)
    return None


def _named(text: str) -> bool:
    """Whether a text could be a site's name: a capital in it, a domain, or a script without capitals."""
    return not cased(text) or text != text.lower() or (is_source(text) and "." in text)


def _may(rule: Rule, line: Line, core: str, desk: Desk) -> bool:
    """Whether a line that a rule knows word for word may be cut: what its kind and its `needs` ask for is there."""
    if line.glued and not KINDS[rule.kind].glued:
        return False
    if line.glued and single(core, rule.kind):
        ends = line.number == line.total - 1 or not line.text[:1].isspace() or line.text.rstrip()[-1:] in ARROWS
        return rule.kind == "readmore" and ends
    if rule.needs:
        return any(holds(need, line, desk) for need in rule.needs)
    if desk.within(line, "heading"):
        return not single(core, rule.kind) and rule.kind in (
            "related",
            "share",
            "newsletter",
            "comment",
            "ad",
            "readmore",
        )
    if not single(core, rule.kind) or rule.kind in ("ad", "end"):
        return True
    further: tuple[str, ...] = ("colon",)
    if rule.kind == "readmore" or (rule.kind in CALLS and len(core) > 3):
        further = ("last", "arrow", "colon")[: 2 if rule.kind == "readmore" else 3]
    return any(holds(need, line, desk) for need in ("dom", "memory", "cluster", *further))


def _by_form(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    claim = CLAIM if " " in core else CLAIM // 3
    for rule, found in desk.book.form(core):
        if line.text[:1] in SAID or (rule.kind == "rights" and len(core) > claim and reports(line.text)):
            continue  # a story about a notice is not a notice
        if rule.kind == "rights" and not (line.foot or desk.within(line, "foot", "small")):
            continue
        if rule.kind == "rights" and len(core) > claim and not is_about_matter(core):
            continue  # a ban on drones in the park
        if line.glued and not KINDS[rule.kind].glued:
            continue
        if rule.needs and not any(holds(need, line, desk) for need in rule.needs):
            continue
        facts = [*_slots(rule, found, line, lead, desk), *source_of(rule, line, desk)]
        named = [one.value for one in facts if one.field != "source_url"]
        if rule.kind in ("byline", "source") and not all(is_name(one) or len(one) <= 8 for one in named):
            continue
        if rule.kind in ("readmore", "feedfoot") and not all(
            _named(one.value) for one in facts if one.field == "source_name"
        ):
            continue
        if rule.kind == "readmore" and not all(_named(one) for one in named):
            continue
        if rule.kind == "paywall":
            facts.append(Fact(field="truncated", value="true", rule=rule.name, start=line.start, end=line.end))
        if rule.kind == "ago":
            facts.append(fact_of("published_relative", rule, line, lead, lead + len(core)))
        return point_of(line, rule, core, facts)
    return None


def _slots(rule: Rule, found: re.Match[str], line: Line, lead: int, desk: Desk) -> Iterator[Fact]:
    for key, value in found.groupdict().items():
        name = key.rpartition("_")[0]
        if name == "n":
            name = rule.lifts
        if value is None or name in ("", "any", "few", "rest", "email"):
            continue
        start, end = found.start(key) + lead, found.end(key) + lead
        if name in ("source_title", "related"):
            inner = title_in(line.text[start:end])
            start, end = start + inner[0], start + inner[1]
        target = desk.links.target(line.start + start, line.start + end)
        yield fact_of(name, rule, line, start, end, target)
        if rule.kind == "feedfoot" and name == "source_title" and target:
            yield Fact(field="source_url", value=target, rule=rule.name, start=line.start, end=line.end, url=target)


def _counted(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """A relative time with a bare number behind it: the counter of comments that many themes print there."""
    last = core[-1:]
    if line.glued or not (last in ".,km)" or last.isdecimal()):
        return None
    found = COUNT.match(core)
    if found is None:
        return None
    base = found["base"].rstrip(" ·|,(-")
    for rule, _ in desk.book.form(base):
        if rule.kind == "ago":
            when = fact_of("published_relative", rule, line, lead, lead + len(base))
            count = fact_of("comment_count", rule, line, lead + found.start("count"), lead + found.end("count"))
            return point_of(line, rule, core, (when, count))
    return None


def _bare_count(line: Line, desk: Desk, before: Sequence[Point]) -> Point | None:
    """A number alone right below a relative time: the counter of comments, on a line of its own."""
    last = before[-1] if before else None
    if last is None or not BARE.fullmatch(line.text.strip()) or desk.draft.text[last.end : line.start].strip():
        return None
    if line.glued or not any(fact.field == "published_relative" for fact in last.facts):
        return None
    start = line.start + len(line.text) - len(line.text.lstrip())
    fact = Fact(field="comment_count", value=line.text.strip(), rule=last.rule, start=start, end=line.end)
    detail = "a number alone below a relative time"
    return replace(
        last,
        start=line.start,
        end=line.end,
        facts=(fact,),
        evidence=(Evidence(kind="layout", strength=0.8, detail=detail),),
    )


# Lines of several pieces


def _composite(line: Line, core: str, desk: Desk) -> Point | None:
    """A line such as "By Jane Roe | 3 May 2024 | 3 min read": every piece is a wrapper, one of them without doubt."""
    if len(core) > 160 or line.glued or not DIGIT.search(core) or not parted(core):
        return None
    lead = line.fold.find(core)
    pieces: list[tuple[int, int]] = []
    at = lead
    for gap in PIECES.finditer(line.fold, lead, lead + len(core)):
        pieces.append((at, gap.start()))
        at = gap.end()
    pieces = [(start, end) for start, end in [*pieces, (at, lead + len(core))] if line.fold[start:end].strip()]
    if not 2 <= len(pieces) <= 6 or desk.within(line, "table"):
        return None
    facts: list[Fact] = []
    sure: Rule | None = None
    for start, end in pieces:
        part = replace(
            line, start=line.start + start, end=line.start + end, text=line.text[start:end], fold=line.fold[start:end]
        )
        found = _piece(part, desk)
        if found is None:
            return None
        rule, lifted = found
        facts += lifted
        if rule.kind in ("ago", "counter", "reading", "date"):
            sure = sure or rule
    return point_of(line, sure, core, facts) if sure else None


STAMPED = Rule("wrappers/any/stamp", "date", lifts="published")


def _piece(part: Line, desk: Desk) -> tuple[Rule, tuple[Fact, ...]] | None:
    core, lead = core_of(part)
    if is_stamp(core):
        return STAMPED, (fact_of("published", STAMPED, part, lead, lead + len(core)),)
    point = _by_form(part, core, lead, desk) or _counted(part, core, lead, desk) or by_label(part, core, lead, desk)
    if point is not None:
        kind = next(name for name, one in KINDS.items() if one.reason == point.reason)
        found = next((fact.field for fact in point.facts), "")
        if found in ("published", "modified", "published_relative", "comment_count", "view_count", "read_minutes"):
            kind = "date"
        elif point.reason == "WRAP_META":
            kind = "counter"
        return Rule(point.rule, kind), point.facts
    rules = [one for one in desk.book.line(core) if one.kind in ("share", "comment", "counter", "ad")]
    if rules:
        return rules[0], ()
    name = Rule("wrappers/any/name", "byline")
    return (name, ()) if part.head and is_name(part.text, least=2) else None


def _stamped(line: Line, core: str, desk: Desk) -> Point | None:
    """A line that is nothing but a date with a time of day, above the story or below it."""
    if line.glued or not (line.number < 4 or line.number >= line.total - 3) or not DIGIT.search(core):
        return None
    timed = desk.within(line, "time")
    if desk.within(line, "heading", "list", "table") or not is_stamp(core, clock=not timed):
        return None
    lead = line.fold.find(core)
    return point_of(line, STAMPED, core, [fact_of("published", STAMPED, line, lead, lead + len(core))])


# Tails


def _tail(line: Line, desk: Desk) -> Point | None:
    """A wrapper that is glued to the last sentence of a line: its start is the end of that sentence."""
    linked = _linked_tail(line, desk)
    if linked is not None:
        return linked
    near = line.number >= line.total - 3
    if line.text[-1] in '.!?"”»' and not line.foot:
        return None
    size = 420 if near else 140
    offset = max(0, len(line.text) - size)
    tail = fold(line.text[offset:]) if offset or not line.fold else line.fold
    ends = [found.end() for found in TERMINATOR.finditer(tail) if 0 < found.end() < len(tail) - 2]
    if near and THAI.match(tail[-1:]):  # Thai has no full stop: a space ends a clause
        ends += [found.start() for found in SPACE.finditer(tail) if found.start() > 0]
    for at in ends[-6:]:
        start = offset + at
        text = line.text[start:]
        glued = Line(line.start + start, line.end, text, tail[at:], line.number, line.total, glued=True)
        core, lead = core_of(glued)
        if len(core) < 4 and not (core and BRACKETED.fullmatch(text)):
            continue
        told = desk.book.may(core)
        found = (
            (told and (_word_for_word(glued, core, desk) or _by_form(glued, core, lead, desk)))
            or (by_label(glued, core, lead, desk) if told else read_on(glued, core, lead, desk))
            or by_bag(glued, core, lead, desk)
        )
        if found is not None:
            return found
    return _signed(line, desk)


def _signed(line: Line, desk: Desk) -> Point | None:
    found = ACRONYM.search(line.text[-24:]) if line.foot and line.text[-1] in ")]." else None
    if found is not None and found["sign"].isupper():
        rule = Rule("wrappers/any/sign-off", "source")
        at = len(line.text) - len(line.text[-24:])
        fact = fact_of("source_name", rule, line, at + found.start("sign"), at + found.end("sign"))
        return replace(point_of(line, rule, found["sign"], [fact]), start=line.start + at + found.start())
    found = (
        SIGNED.search(line.text[-40:])
        if line.number >= line.total - 6 and line.text[-2:-1] in ")/" + "abcdefghijklmnopqrstuvwxyz"
        else None
    )
    if found is None:
        return None
    offset = max(0, len(line.text) - 40)
    rule = Rule("wrappers/any/sign-off", "byline")
    start = offset + found.start()
    fact = fact_of("editor", rule, line, offset + found.start("sign"), offset + found.end("sign"))
    return replace(point_of(line, rule, found["sign"], [fact]), start=line.start + start)


def _linked_tail(line: Line, desk: Desk) -> Point | None:
    """A link to read on that ends a paragraph, whatever stands before it."""
    for mark in desk.links.over(max(line.start, line.end - 90), line.end):
        if mark.end < line.end - 3 or mark.start <= line.start:
            continue
        text = desk.draft.text[mark.start : mark.end]
        part = Line(mark.start, line.end, text, fold(text), line.number, line.total)
        core, _ = core_of(part)
        rules = [one for one in desk.book.line(core) if one.kind == "readmore"]
        if rules:
            found = _word_for_word(part, core, desk)
            before = desk.draft.text[line.start : mark.start]
            return replace(found, start=line.start + len(before.rstrip())) if found else None
    return None


# Spam


OF_NOTHING_ELSE = 0.6


def _judged(point: Point, line: Line, desk: Desk) -> Point:
    """The point as it is, or, where a wrapper carries spam, as spam: cut, and none of it lifted."""
    links = tuple(desk.links.over(point.start, point.end))
    outside = any(map(desk.links.outside, links))
    title = (desk.context.title or "").casefold()
    carried = [one.value for one in point.facts if "://" not in one.value and one.value.casefold() not in title]
    told = " ".join(carried) or (desk.draft.text[point.start : point.end] if outside and not point.facts else "")
    if not told or point.reason not in CARRIERS:
        return point
    hits = lexicon.look(lexicon.standard(), told)
    if links and not outside and len(hits.covered) < OF_NOTHING_ELSE * len(told.split()):
        return point  # the site's own story, about gambling: a keyword link says nothing but its keywords
    goods = sum(one.weight for one in hits.entries.values() if one.family not in lexicon.NAMELESS)
    if goods < (0.5 if outside else 1.0):
        return point
    evidence = (*point.evidence, Evidence(kind="lexicon", strength=min(1.0, goods), detail=hits.rules()))
    if outside:
        evidence += (Evidence(kind="offsite", strength=0.7),)
    return replace(point, reason="SPAM_LINKSTUFF", evidence=evidence, facts=())
