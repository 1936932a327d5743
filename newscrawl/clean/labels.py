"""Points at lines that begin with a label (`Source:`, `Read also:`, `By …`), where what follows is what it promises."""

from __future__ import annotations

import re
from dataclasses import replace

from newscrawl.clean.facts import cased, has_date, is_credit, is_name, is_title, title_in
from newscrawl.clean.phrases import Book, Rule, fold
from newscrawl.clean.places import KINDS, Desk, Line, core_of, fact_of, holds, point_of, single
from newscrawl.clean.spans import Point

SEPARATOR = re.compile(r"\s*(?:[:|>»›→►▶：｜=/\]】]|-(?=\s)|\s·\s)\s*")
PIECES = re.compile(r"\s+[-/·•]\s+|\s*[|·•｜]\s*|\s{2,}|\t|\s+on\s+(?=\w+ \d)|,\s+(?=\d)")
LABELLED = re.compile(r"[^\W\d_][^\n:]{1,24}[:：]\s*\S")
NEXT_LABEL = re.compile(r"[,;/]\s*[^\W\d]{3,20}\s*[:：]")
MORE = 8  # lines of a related list
COLON = re.compile(r"\s*[:|»›→►▶：]\s*")
SIGN = re.compile("[:|»›→►▶：]")
DATED = re.compile(r",\s+\d")
ASKED = re.compile(r"[.?!؟](?:\s|\Z)")


def parted(core: str) -> bool:
    """The gate: whether a folded line may fall into pieces at all. No letter of a sentence is looked at twice."""
    return (
        " on " in core
        or " - " in core
        or "|" in core
        or "  " in core
        or DATED.search(core) is not None
        or " / " in core
        or "·" in core
        or "•" in core
        or "｜" in core
        or not core.isprintable()  # white space of other kinds
    )


def by_label(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """The point at a line that begins with a label of the book; `core` is its folded text from `lead` on."""
    for label, rule in desk.book.label(core):
        if rule.needs and not any(holds(need, line, desk) for need in rule.needs):
            continue
        after = lead + len(label)
        gap = SEPARATOR.match(line.fold, after)
        value_at = gap.end() if gap else after + len(line.fold[after:]) - len(line.fold[after:].lstrip())
        found = _labelled(line, rule, label, value_at, gap is not None or label[-1] in "】].?", desk)
        if found is not None:
            return found
    return read_on(line, core, lead, desk)


def read_on(line: Line, core: str, lead: int, desk: Desk) -> Point | None:
    """Words to read on, a colon, a title: they are written as a link to this story and point to another."""
    colon = COLON.search(core, 0, 48) if SIGN.search(core, 0, 48) else None
    head = core[: colon.start()].rstrip() if colon else ""
    if colon is None or not head or single(head):
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
        good = _is_byline(line, rule, label, value, parted, desk)
    elif rule.kind == "source":
        good = (
            parted
            and not (line.glued and ("(" in line.text[:4] or not rule.lifts))
            and is_credit(value)
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
    facts = [fact_of(name, rule, line, at, max(at, end), desk.links.target(line.start + at, line.end))] if name else []
    return point_of(line, rule, label, facts)


def _is_ago(value: str, phrases: Book) -> bool:
    return any(rule.kind == "ago" for rule, _ in phrases.form(fold(value).strip(" .:|-")))


def _is_byline(line: Line, rule: Rule, label: str, value: str, parted: bool, desk: Desk) -> bool:
    if line.text.rstrip()[-1:] in "!?" or desk.within(line, "heading", "list", "table"):
        return False
    names = PIECES.split(value)[0] if not line.glued else value
    names = NEXT_LABEL.split(names)[0]
    rest = value[len(names) :].strip(" |·•-/,")
    if rest and not (has_date(rest) or _is_ago(rest, desk.book) or is_name(rest)):
        return False
    if not parted and not cased(names):
        return _is_signed(line, rule, label, names)
    if not parted:
        edge = line.head or line.foot
        return (
            (rule.bare or " " in label)
            and edge
            and not line.glued
            and is_name(names, least=2)
            and not names.rstrip().endswith(".")
        )
    if not is_name(names) or not (line.head or line.foot):
        return False
    return line.glued or not _in_credits(line, desk)


def _is_signed(line: Line, rule: Rule, label: str, names: str) -> bool:
    """A label, a space and a name, in scripts without capitals: among the very first or last lines only."""
    edge = line.number < 3 or line.number >= line.total - 2
    apart = line.fold.find(label) + len(label)
    short = len(names.strip()) <= (30 if "\u0900" <= names.strip()[:1] <= "\u0eff" else 8)
    return rule.bare and edge and not line.glued and short and line.text[apart : apart + 1].isspace() and is_name(names)


def _in_credits(line: Line, desk: Desk) -> bool:
    """Whether the line stands in a list of its own kind, such as a film's credits or a book's imprint."""
    for step in (-1, 1):
        at = line.number + step
        if not 0 <= at < len(desk.lines):
            continue
        other = desk.lines[at]
        if len(other.text) > 120 or not LABELLED.match(other.text):
            continue
        core, _ = core_of(other)
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
            parted or not single(label) or line.text.rstrip()[-1:] in ":：" or desk.linked(line)
        )
        return (
            point_of(line, rule, label) if alone and (not desk.within(line, "heading") or not single(label)) else None
        )
    linked = desk.links.cover(line.start + at, line.end) >= 0.6
    quoted = value[:1] in "'\"“‘«„「『《【‚‹" and not value.rstrip().endswith((".", "。", ","))
    titled = rule.bare and not line.glued and is_title(title)
    if not (parted or quoted or linked or titled) or (line.glued and not (parted or linked)):
        return None
    if single(label) and not linked and (line.glued or len(value) > 140 or value.rstrip().endswith((".", "。"))):
        return None
    if not 3 <= len(title) <= 220 or len(re.findall(r"[.!?。！？]\s+\S", title)) > 1:
        return None
    if (
        parted
        and not linked
        and not quoted
        and title[:1].islower()
        and (single(label) or value.rstrip().endswith((".", ":")))
    ):
        return None
    target = desk.links.target(line.start + at, line.end)
    return point_of(line, rule, label, [fact_of("related", rule, line, at + start, at + end, target)])


def related_below(line: Line, desk: Desk, listed: int) -> Point | None:
    """A link that fills its line, below the heading of a related list."""
    if not 0 < listed <= MORE or not desk.linked(line) or len(line.text) > 220:
        return None
    rule = Rule("wrappers/any/related-list", "related")
    target = desk.links.target(line.start, line.end)
    return point_of(line, rule, "below a related heading", [fact_of("related", rule, line, 0, len(line.text), target)])
