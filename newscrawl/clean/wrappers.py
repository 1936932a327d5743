"""Points at what a site wraps around a story (links to read on, bylines, dates, notices), and lifts the facts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from newscrawl.clean import lexicon
from newscrawl.clean.facts import Links, has_date, is_name, is_source, is_stamp, is_title, title_in
from newscrawl.clean.phrases import Book, Rule, fold, read, shelf
from newscrawl.clean.spans import Context, Point
from newscrawl.clean.words import reports
from newscrawl.model import Draft, Evidence, Fact, FactField, Mark


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for all wrappers of a kind: the reason for the cut, whether a sentence may carry one at its tail."""

    reason: str
    glued: bool = False
    meta: bool = False


KINDS = {
    "readmore": Kind("WRAP_READMORE", glued=True),
    "feedfoot": Kind("WRAP_FEEDFOOT", glued=True),
    "related": Kind("WRAP_RELATED", glued=True),
    "ad": Kind("WRAP_AD"),
    "ago": Kind("WRAP_META", meta=True),
    "counter": Kind("WRAP_META", meta=True),
    "reading": Kind("WRAP_META", meta=True),
    "date": Kind("WRAP_META", meta=True),
    "tags": Kind("WRAP_META"),
    "end": Kind("WRAP_META"),
    "byline": Kind("WRAP_BYLINE", glued=True, meta=True),
    "source": Kind("WRAP_BYLINE", glued=True, meta=True),
    "copyright": Kind("WRAP_RIGHTS", glued=True),
    "rights": Kind("WRAP_RIGHTS"),
    "share": Kind("WRAP_SHARE"),
    "newsletter": Kind("WRAP_SHARE"),
    "comment": Kind("WRAP_SHARE"),
    "paywall": Kind("WRAP_PAYWALL"),
}
LONGEST = 300  # a longer line is a paragraph: only its tail is looked at
NOTICE = 700
EDGE = re.compile(
    r"[\s!#$%&*+,\-./:;<=>?\\^_|~()\[\]{}·•●▪■◆«»‹›…‥：。！？、，；｜।؟۔\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f"
    r"\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]*"
)
SEPARATOR = re.compile(r"\s*(?:[:|>»›→►▶：｜=/\]】]|-(?=\s)|\s·\s)\s*")
PIECES = re.compile(r"\s+[-/·•]\s+|\s*[|·•｜]\s*|\s{2,}|\t|\s+on\s+(?=\w+ \d)|,\s+(?=\d)")
COLON = re.compile(r"\s*[:|»›→►▶：]\s*")
ASKED = re.compile(r"[.?!؟](?:\s|\Z)")
DIGIT = re.compile(r"\d")
COUNT = re.compile(r"(?P<base>.*\D)[\s·|,(]+(?P<count>\d[\d.,]{0,8}[km]?)\)?\Z")
TERMINATOR = re.compile(r"[.!?。！？…\"'»)\]।؟۔]+")
SIGNED = re.compile(
    r"(?:(?<=[.!?\"'”’»)])|\A)\s*\((?P<sign>[a-z]{2,5}(?:/[a-z]{2,5}){1,3}|[a-z]{2,3}/[a-z]{1,3})\)\.?\Z"
)
LABELLED = re.compile(r"[^\W\d_][^\n:]{1,24}[:：]\s*\S")
ARROWS = "»›>→➡▶►…]"
SAID = "\"“„«'‘‚「『"
NEXT_LABEL = re.compile(r"[,;/]\s*[^\W\d]{3,20}\s*[:：]")
MORE = 8  # lines of a related list


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a draft, or the tail of one: its span, its folded text, and the place it takes among the lines."""

    start: int
    end: int
    text: str
    fold: str
    number: int
    total: int
    glued: bool = False

    @property
    def head(self) -> bool:
        """Among the first lines, where a page puts who and when."""
        return self.number < 4

    @property
    def foot(self) -> bool:
        """Among the last lines, where a page puts the small print."""
        return self.number >= self.total - 7


@dataclass(slots=True)
class Desk:
    """What a search knows of its draft."""

    draft: Draft
    context: Context
    lines: list[Line]
    links: Links
    book: Book
    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)

    def within(self, line: Line, *kinds: str) -> bool:
        """Whether a mark of one of the kinds covers the line."""
        for kind in kinds:
            marks = self.marks.setdefault(kind, tuple(one for one in self.draft.marks if one.kind == kind))
            if any(one.start <= line.start and one.end >= line.end for one in marks):
                return True
        return False

    def linked(self, line: Line) -> bool:
        """Whether the line is a link and nothing else."""
        return self.links.cover(line.start, line.end) >= 0.7

    def known(self, line: Line) -> bool:
        """Whether the site's memory knows the line from many stories."""
        memory = self.context.memory
        return memory is not None and memory.stories(line.text, site=self.context.site) >= 5


@cache
def book() -> Book:
    """The phrases of all wrapper rules."""
    return read(shelf(), KINDS)


def find(draft: Draft, context: Context, *, phrases: Book | None = None) -> tuple[Point, ...]:
    """The wrappers of a draft: whole lines, and tails that are glued to a sentence, with the facts that stand in them.

    >>> [point.reason for point in find(Draft(text="Rain fell. Read Entire Article"), Context())]
    ['WRAP_READMORE']
    """
    desk = Desk(draft, context, _lines(draft.text), Links(draft.of("link"), _host(context)), phrases or book())
    points: list[Point] = []
    listed = 0
    for line in desk.lines:
        found = _whole(line, desk) or _related_below(line, desk, listed)
        if found is None:
            listed = 0
            found = _tail(line, desk)
        elif found.reason == "WRAP_RELATED" and (listed or not found.facts):
            listed += 1
        if found is not None:
            points.append(_judged(found, line, desk))
    return tuple(points)


def _host(context: Context) -> str:
    try:
        return (urlsplit(context.url or "").hostname or "") if context.url else (context.site or "")
    except ValueError:
        return ""


def _lines(text: str) -> list[Line]:
    spans: list[tuple[int, int]] = []
    at = 0
    for raw in text.split("\n"):
        start = at + len(raw) - len(raw.lstrip())
        end = at + len(raw.rstrip())
        if end > start:
            spans.append((start, end))
        at += len(raw) + 1
    total = len(spans)
    return [
        Line(
            start,
            end,
            text[start:end],
            fold(text[start:end]) if end - start <= (NOTICE if number >= total - 8 else LONGEST) else "",
            number,
            total,
        )
        for number, (start, end) in enumerate(spans)
    ]


def _core(line: Line) -> tuple[str, int]:
    """The folded line without the signs at its edges, and where in the line that begins."""
    lead = EDGE.match(line.fold)
    start = lead.end() if lead else 0
    end = len(line.fold)
    while end > start and EDGE.fullmatch(line.fold, end - 1, end):
        end -= 1
    return line.fold[start:end], start


# --- whole lines -----------------------------------------------------------------------------------------------------


def _whole(line: Line, desk: Desk) -> Point | None:
    if not line.fold:
        return None
    core, lead = _core(line)
    if not core:
        return None
    if len(line.text) > LONGEST:
        return _by_form(line, core, lead, desk) or _by_label(line, core, lead, desk) if line.foot else None
    return (
        _word_for_word(line, core, desk)
        or _by_form(line, core, lead, desk)
        or _counted(line, core, lead, desk)
        or _by_label(line, core, lead, desk)
        or _composite(line, core, desk)
        or _stamped(line, core, desk)
    )


def _point(line: Line, rule: Rule, seen: str, facts: Sequence[Fact] = (), end: int | None = None) -> Point:
    evidence: tuple[Evidence, ...] = (Evidence(kind="wording", strength=0.9, detail=seen[:80]),)
    if line.glued:
        evidence += (Evidence(kind="glued", strength=0.6),)
    return Point(
        start=line.start,
        end=line.end if end is None else end,
        rule=rule.name,
        reason=KINDS[rule.kind].reason,
        evidence=evidence,
        facts=tuple(facts),
    )


def _fact(name: str, rule: Rule, line: Line, start: int, end: int, url: str | None = None) -> Fact:
    value = line.text[start:end].strip()
    return Fact(
        field=cast(FactField, name),
        value=" ".join(value.split()),
        rule=rule.name,
        start=line.start + start,
        end=line.start + end,
        url=url,
    )


def _single(core: str, kind: str = "") -> bool:
    """Whether a line is one word, which may be a heading, a name or an answer as well."""
    if " " in core:
        return False
    if core[:1] >= "\u2e80":
        return len(core) < (3 if kind == "readmore" else 4)
    return not ("\u0e00" <= core[:1] <= "\u0eff" and len(core) >= 6)


def _word_for_word(line: Line, core: str, desk: Desk) -> Point | None:
    for rule in desk.book.line(core):
        if not _may(rule, line, core, desk):
            continue
        facts: list[Fact] = []
        target = desk.links.target(line.start, line.end)
        if rule.kind == "readmore" and target and any(map(desk.links.outside, desk.links.over(line.start, line.end))):
            facts.append(
                Fact(field="source_url", value=target, rule=rule.name, start=line.start, end=line.end, url=target)
            )
        if rule.kind == "paywall":
            facts.append(Fact(field="truncated", value="true", rule=rule.name, start=line.start, end=line.end))
        return _point(line, rule, core, facts)
    return None


def _may(rule: Rule, line: Line, core: str, desk: Desk) -> bool:
    """Whether a line that a rule knows word for word may be cut: what its kind and its `needs` ask for is there."""
    if line.glued and not KINDS[rule.kind].glued:
        return False
    if line.glued and _single(core, rule.kind):
        return rule.kind == "readmore" and (not line.text[:1].isspace() or line.text.rstrip()[-1:] in ARROWS)
    if rule.needs:
        return any(_holds(need, line, desk) for need in rule.needs)
    if desk.within(line, "heading"):
        return not _single(core, rule.kind) and rule.kind in (
            "related",
            "share",
            "newsletter",
            "comment",
            "ad",
            "readmore",
        )
    if not _single(core, rule.kind) or rule.kind in ("ad", "end"):
        return True
    further = ("last", "arrow") if rule.kind == "readmore" else ("colon",)
    return any(_holds(need, line, desk) for need in ("dom", "memory", "cluster", *further))


def _holds(need: str, line: Line, desk: Desk) -> bool:
    if need == "dom":
        return desk.linked(line) or desk.within(line, "aside", "small", "foot")
    if need == "link":
        return desk.linked(line)
    if need == "memory":
        return desk.known(line)
    if need == "last":
        return line.number == line.total - 1 and line.total > 1
    if need == "foot":
        return line.foot or desk.within(line, "foot")
    if need == "head":
        return line.head
    if need == "colon":
        return line.text[-1:] in ":："
    if need == "arrow":
        return line.text[-1:] in ARROWS or line.text[:1] in "[(→»▶►➡👉"
    return need == "cluster" and any(_beside(line, step, desk) for step in (-1, 1))


def _beside(line: Line, step: int, desk: Desk) -> bool:
    """Whether the next line is a button or a counter too."""
    at = line.number + step
    if not 0 <= at < len(desk.lines) or line.glued or not desk.lines[at].fold:
        return False
    core, _ = _core(desk.lines[at])
    return any(rule.kind in ("share", "counter", "comment") for rule in desk.book.line(core))


def _by_form(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    for rule, found in desk.book.form(core):
        if line.text[:1] in SAID or (rule.kind == "rights" and reports(line.text)):
            continue  # a story about a notice is not a notice
        if rule.kind == "rights" and not (line.foot or desk.within(line, "foot", "small")):
            continue
        if line.glued and not KINDS[rule.kind].glued:
            continue
        if rule.needs and not any(_holds(need, line, desk) for need in rule.needs):
            continue
        facts = [*_slots(rule, found, line, lead, desk)]
        if rule.kind in ("byline", "source") and not all(is_name(one.value) or len(one.value) <= 8 for one in facts):
            continue
        if rule.kind == "paywall":
            facts.append(Fact(field="truncated", value="true", rule=rule.name, start=line.start, end=line.end))
        if rule.kind == "ago":
            facts.append(_fact("published_relative", rule, line, lead, lead + len(core)))
        return _point(line, rule, core, facts)
    return None


def _slots(rule: Rule, found: re.Match[str], line: Line, lead: int, desk: Desk) -> Iterator[Fact]:
    for key, value in found.groupdict().items():
        name = key.rpartition("_")[0]
        if name == "n":
            name = rule.lifts
        if value is None or name in ("", "any", "few", "email"):
            continue
        start, end = found.start(key) + lead, found.end(key) + lead
        if name in ("source_title", "related"):
            inner = title_in(line.text[start:end])
            start, end = start + inner[0], start + inner[1]
        target = desk.links.target(line.start + start, line.start + end)
        yield _fact(name, rule, line, start, end, target)
        if rule.kind == "feedfoot" and name == "source_title" and target:
            yield Fact(field="source_url", value=target, rule=rule.name, start=line.start, end=line.end, url=target)


def _counted(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """A relative time with a bare number behind it: the counter of comments that many themes print there."""
    found = COUNT.match(core)
    if found is None or line.glued:
        return None
    base = found["base"].rstrip(" ·|,(-")
    for rule, _ in desk.book.form(base):
        if rule.kind == "ago":
            when = _fact("published_relative", rule, line, lead, lead + len(base))
            count = _fact("comment_count", rule, line, lead + found.start("count"), lead + found.end("count"))
            return _point(line, rule, core, (when, count))
    return None


# --- labels ----------------------------------------------------------------------------------------------------------


def _by_label(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    for label, rule in desk.book.label(core):
        if rule.needs and not any(_holds(need, line, desk) for need in rule.needs):
            continue
        after = lead + len(label)
        gap = SEPARATOR.match(line.fold, after)
        value_at = gap.end() if gap else after + len(line.fold[after:]) - len(line.fold[after:].lstrip())
        found = _labelled(line, rule, label, value_at, gap is not None or label[-1] in "】].", desk)
        if found is not None:
            return found
    return _read_on(line, core, lead, desk)


def _read_on(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """Words to read on, a colon, a title: they are written as a link to this story and point to another."""
    colon = COLON.search(core, 0, 48)
    head = core[: colon.start()].rstrip() if colon else ""
    if colon is None or not head or _single(head):
        return None
    for rule in desk.book.line(head):
        if rule.kind == "readmore":
            named = replace(rule, kind="related", bare=False)
            return _related(line, named, head, lead + colon.end(), True, desk)
    return None


def _labelled(line: Line, rule: Rule, label: str, at: int, parted: bool, desk: Desk) -> Point | None:
    value = line.text[at:]
    if rule.kind == "related":
        return _related(line, rule, label, at, parted, desk)
    if not value.strip(" :.-|") or (line.glued and not KINDS[rule.kind].glued):
        return None
    if rule.kind == "byline":
        good = _is_byline(line, rule, value, parted, desk)
    elif rule.kind == "source":
        good = (
            parted
            and not (line.glued and ("(" in line.text[:4] or not rule.lifts))
            and is_source(value)
            and not desk.within(line, "heading")
        )
    elif rule.kind == "date":
        good = has_date(value) or _is_ago(value, desk.book)
    elif rule.kind == "tags":
        good = (
            parted
            and (line.foot or line.head)
            and not ASKED.search(value)
            and ("," in value or "#" in value or bool(desk.links.over(line.start, line.end)))
        )
    elif rule.kind == "copyright":
        good = _is_claim(line, label, value, desk)
    else:
        good = parted
    if not good:
        return None
    end = len(line.text.rstrip(" .|)]>】）")) if rule.kind == "source" else len(line.text)
    if rule.kind == "byline":
        end = at + len(NEXT_LABEL.split(PIECES.split(value)[0])[0].rstrip(" ,;.)]>】）"))
    name = "published_relative" if rule.kind == "date" and _is_ago(value, desk.book) else rule.lifts
    if rule.kind == "copyright":
        at = 0
    facts = [_fact(name, rule, line, at, max(at, end), desk.links.target(line.start + at, line.end))] if name else []
    return _point(line, rule, label, facts)


def _is_ago(value: str, phrases: Book) -> bool:
    return any(rule.kind == "ago" for rule, _ in phrases.form(fold(value).strip(" .:|-")))


def _is_byline(line: Line, rule: Rule, value: str, parted: bool, desk: Desk) -> bool:
    if line.text.rstrip()[-1:] in "!?" or desk.within(line, "heading", "list", "table"):
        return False
    names = PIECES.split(value)[0] if not line.glued else value
    names = NEXT_LABEL.split(names)[0]
    rest = value[len(names) :].strip(" |·•-/,")
    if rest and not (has_date(rest) or _is_ago(rest, desk.book) or is_name(rest)):
        return False
    if not parted:
        edge = line.head or line.foot
        return rule.bare and edge and not line.glued and is_name(names, least=2) and not names.rstrip().endswith(".")
    if not is_name(names) or not (line.head or line.foot):
        return False
    return line.glued or not _in_credits(line, desk)


def _in_credits(line: Line, desk: Desk) -> bool:
    """Whether the line stands in a list of its own kind, such as a film's credits or a book's imprint."""
    for step in (-1, 1):
        at = line.number + step
        if not 0 <= at < len(desk.lines):
            continue
        other = desk.lines[at]
        if len(other.text) > 120 or not LABELLED.match(other.text):
            continue
        core, _ = _core(other)
        if not any(True for _ in desk.book.label(core)):
            return True
    return False


def _is_claim(line: Line, label: str, value: str, desk: Desk) -> bool:
    """Whether a line that begins with a copyright word claims a right, and does not write about it."""
    signed = any(sign in label for sign in ("©", "(c)", "ⓒ", "℗")) or fold(value)[:3].lstrip().startswith(
        ("©", "(c", "ⓒ")
    )
    dated = re.search(r"(?:19|20)\d\d", value) is not None
    if not (signed or re.match(r"\W*(?:19|20)\d\d", value)):
        return False
    return (len(line.text) <= 160 and (signed or dated)) or (
        (line.foot or desk.within(line, "foot", "small")) and dated
    )


def _related(line: Line, rule: Rule, label: str, at: int, parted: bool, desk: Desk) -> Point | None:
    value = line.text[at:]
    start, end = title_in(value)
    title = value[start:end]
    if not title.strip():
        alone = not line.glued and (
            parted or not _single(label) or line.text.rstrip()[-1:] in ":：" or desk.linked(line)
        )
        return _point(line, rule, label) if alone and (not desk.within(line, "heading") or not _single(label)) else None
    linked = desk.links.cover(line.start + at, line.end) >= 0.6
    quoted = value[:1] in "'\"“‘«„「『《【‚‹" and not value.rstrip().endswith((".", "。", ","))
    titled = rule.bare and not line.glued and is_title(title)
    if not (parted or quoted or linked or titled) or (line.glued and not (parted or linked)):
        return None
    if _single(label) and not linked and (line.glued or len(value) > 140 or value.rstrip().endswith((".", "。"))):
        return None
    if not 3 <= len(title) <= 220 or len(re.findall(r"[.!?。！？]\s+\S", title)) > 1:
        return None
    if parted and not linked and not quoted and title[:1].islower() and value.rstrip().endswith((".", ":")):
        return None
    target = desk.links.target(line.start + at, line.end)
    return _point(line, rule, label, [_fact("related", rule, line, at + start, at + end, target)])


def _related_below(line: Line, desk: Desk, listed: int) -> Point | None:
    """A link that fills its line, below the heading of a related list."""
    if not 0 < listed <= MORE or not desk.linked(line) or len(line.text) > 220:
        return None
    rule = Rule("wrappers/any/related-list", "related")
    target = desk.links.target(line.start, line.end)
    return _point(line, rule, "below a related heading", [_fact("related", rule, line, 0, len(line.text), target)])


# --- lines of several pieces -----------------------------------------------------------------------------------------


def _composite(line: Line, core: str, desk: Desk) -> Point | None:
    """A line such as "By Jane Roe | 3 May 2024 | 3 min read": every piece is a wrapper, one of them without doubt."""
    if len(core) > 160 or line.glued or not DIGIT.search(core):
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
    return _point(line, sure, core, facts) if sure else None


STAMPED = Rule("wrappers/any/stamp", "date", lifts="published")


def _piece(part: Line, desk: Desk) -> tuple[Rule, tuple[Fact, ...]] | None:
    core, lead = _core(part)
    if is_stamp(core):
        return STAMPED, (_fact("published", STAMPED, part, lead, lead + len(core)),)
    point = _by_form(part, core, lead, desk) or _counted(part, core, lead, desk) or _by_label(part, core, lead, desk)
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
    return _point(line, STAMPED, core, [_fact("published", STAMPED, line, lead, lead + len(core))])


# --- tails -----------------------------------------------------------------------------------------------------------


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
    tail = fold(line.text[offset:])
    ends = [found.end() for found in TERMINATOR.finditer(tail) if 0 < found.end() < len(tail) - 2]
    for at in ends[-6:]:
        start = offset + at
        text = line.text[start:]
        glued = Line(line.start + start, line.end, text, tail[at:], line.number, line.total, glued=True)
        core, lead = _core(glued)
        if len(core) < 4:
            continue
        found = (
            _word_for_word(glued, core, desk) or _by_form(glued, core, lead, desk) or _by_label(glued, core, lead, desk)
        )
        if found is not None:
            return found
    return _signed(line, desk)


def _signed(line: Line, desk: Desk) -> Point | None:
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
    fact = _fact("editor", rule, line, offset + found.start("sign"), offset + found.end("sign"))
    return replace(_point(line, rule, found["sign"], [fact]), start=line.start + start)


def _linked_tail(line: Line, desk: Desk) -> Point | None:
    """A link to read on that ends a paragraph, whatever stands before it."""
    for mark in desk.links.over(max(line.start, line.end - 90), line.end):
        if mark.end < line.end - 3 or mark.start <= line.start:
            continue
        text = desk.draft.text[mark.start : mark.end]
        part = Line(mark.start, line.end, text, fold(text), line.number, line.total)
        core, _ = _core(part)
        rules = [one for one in desk.book.line(core) if one.kind == "readmore"]
        if rules:
            found = _word_for_word(part, core, desk)
            before = desk.draft.text[line.start : mark.start]
            return replace(found, start=line.start + len(before.rstrip())) if found else None
    return None


# --- spam ------------------------------------------------------------------------------------------------------------


def _judged(point: Point, line: Line, desk: Desk) -> Point:
    """The point as it is, or, where a wrapper carries spam, as spam: cut, and none of it lifted."""
    text = desk.draft.text[point.start : point.end]
    if point.reason not in ("WRAP_RELATED", "WRAP_READMORE", "WRAP_FEEDFOOT", "WRAP_BYLINE", "WRAP_SHARE"):
        return point
    hits = lexicon.look(lexicon.standard(), text)
    outside = any(map(desk.links.outside, desk.links.over(point.start, point.end)))
    if hits.goods + hits.pitch < (0.5 if outside else 1.0):
        return point
    evidence = (*point.evidence, Evidence(kind="lexicon", strength=min(1.0, hits.goods), detail=hits.rules()))
    if outside:
        evidence += (Evidence(kind="offsite", strength=0.7),)
    return replace(point, reason="SPAM_LINKSTUFF", evidence=evidence, facts=())
