"""Reads the wrapper rules into a book of phrases that a line can be looked up in, in any language at once.

A phrase is written in a small notation: `(a|b)` is either, `[a]` is optional, `{slot}` is what stands between the
words. A slot named as a fact (`{author}`, `{source_title}` …) is lifted; `{any}`, `{few}` (words of
one clause), `{rest}` (nothing, a few words more, or whatever stands behind a sign) and `{n}` (a number) are not.
Folding keeps every letter at its place, so that a span of folded text is the same span of the original.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import TypeAlias, get_args

from ahocorasick_rs import AhoCorasick

from newscrawl import rulebook
from newscrawl.clean.bags import Bags
from newscrawl.model import FactField

KEYS = rulebook.Keys(
    may={
        "kind": str,
        "lines": list,
        "labels": list,
        "forms": list,
        "bags": list,
        "needs": list,
        "lifts": str,
        "bare": bool,
    },
    must=("kind",),
    file_keys={"classes": dict},
)
SLOT = re.compile(r"\{(\w+)\}")
FIELDS = frozenset(get_args(FactField))
SHORT, LONG = 80, 300
MOST = 3000
NUKTA = re.compile("[\u093c\u09bc]")
SLOTS = {
    "n": r"\(?\d[\d., ]{0,9}(?:[kmb]|rb|jt|mil|mio|tys|тыс|bin|千|万|만|천)?",
    "any": rf".{{0,{LONG}}}?",
    "rest": r"(?: *[^\w\s].{0,300}?| .{1,30}?)?",
    "few": "[^.!?;:。！？؟।]{0,48}?",
    "email": r"[\w.+-]{1,40}@[\w.-]{3,60}",
}
WIDE = frozenset({"source_title", "related", "copyright"})

# --- folding ---------------------------------------------------------------------------------------------------------

LIKE = {
    " ": "\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\t",
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\uff07",
    '"': "\u201c\u201d\u201e\u201f\u2033\u301d\u301e\u301f\uff02",
    "-": "\u2010-\u2015\u2212\u2e3a\ufe58",
    "i": "\u0130\u0131",
    "σ": "ς",
    "و": "ؤ",
    "ي": "یىئ",
    "ك": "ک",
    "ه": "ة",
    "l": "łŁ",
    "d": "đðĐÐ",
    "o": "øØ",
    "©": "ⓒⒸ",
}
ACCENTED = ((0x00, 0x0660), (0x0670, 0x0700), (0x0958, 0x0960), (0x09DC, 0x09E0), (0x1E00, 0x2000), (0xFF01, 0xFF5F))


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for first, last in ACCENTED:
        for code in range(first, last):
            letter = unicodedata.normalize("NFKD", chr(code).lower())
            if letter and not unicodedata.combining(letter[0]) and all(map(unicodedata.combining, letter[1:])):
                table[code] = letter[0]
    for like, letters in LIKE.items():
        for letter in re.findall(r".-.|.", letters, re.DOTALL):
            table |= dict.fromkeys(range(ord(letter[0]), ord(letter[-1]) + 1), like)
    return {code: letter for code, letter in table.items() if chr(code) != letter}


TABLE = _table()


def fold(text: str) -> str:
    """The text in lower case, without accents, its quotes, dashes and spaces plain; exactly as long as before.

    >>> fold("À LIRE\u00a0AUSSI : l’été")
    "a lire aussi : l'ete"
    """
    folded = text.lower().replace("\t", " ").replace("`", "'") if text.isascii() else text.translate(TABLE)
    return folded.replace("(c)", "©  ") if "(c)" in folded else folded


# --- notation --------------------------------------------------------------------------------------------------------

TOKEN = re.compile(r"\{(\w+)\}|([()\[\]|])|([^{}()\[\]|]+)")
KEEP = 3  # letters at a wording's beginning or end by which it is found
SLOT_SIGN = "\0"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place between the words of a phrase."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Several ways to go on; an empty one makes the rest optional."""

    ways: tuple[tuple[Part, ...], ...]


Part: TypeAlias = str | Slot | Choice


def parse(phrase: str) -> Choice:
    """A phrase in the notation, taken apart. Brackets that stand alone are an error.

    Raises:
        ValueError: a bracket without its other half.
    """
    stack: list[tuple[str, list[list[Part]]]] = [("", [[]])]
    for slot, sign, words in TOKEN.findall(phrase):
        ways = stack[-1][1]
        if slot:
            ways[-1].append(Slot(slot))
        elif words:
            ways[-1].append(words)
        elif sign == "|" and len(stack) > 1:
            ways.append([])
        elif sign in "([":
            stack.append((sign, [[]]))
        else:
            opened, inner = stack.pop()
            if not stack or opened + sign not in ("()", "[]"):
                raise ValueError(f"{sign!r} without its other half in {phrase!r}")
            closed = tuple(map(tuple, inner))
            stack[-1][1][-1].append(Choice((*closed, ()) if sign == "]" else closed))
    if len(stack) != 1:
        raise ValueError(f"{stack[-1][0]!r} without its other half in {phrase!r}")
    return Choice(tuple(map(tuple, stack[0][1])))


def wordings(part: Part) -> list[str]:
    """Every wording that a phrase without slots stands for.

    >>> wordings(parse("(read|see) [the ]rest"))
    ['read the rest', 'read rest', 'see the rest', 'see rest']
    """
    if isinstance(part, str):
        return [part]
    if isinstance(part, Slot):
        return ["{" + part.name + "}"]
    return ["".join(one) for way in part.ways for one in product(*map(wordings, way))]


def pattern(part: Part, taken: list[str]) -> str:
    """A phrase as a regular expression; `taken` numbers its slots apart."""
    if isinstance(part, str):
        return re.escape(part).replace(r"\ ", " +")
    if isinstance(part, Slot):
        taken.append(part.name)
        most = LONG if part.name in WIDE else SHORT
        return f"(?P<{part.name}_{len(taken)}>{SLOTS.get(part.name, f'.{{1,{most}}}?')})"
    ways = ["".join(pattern(one, taken) for one in way) for way in part.ways]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def beginnings(part: Part, *, back: bool = False) -> set[str]:
    """The first letters (with `back` the last) of every wording, as far as they are words and not a slot."""
    if isinstance(part, str):
        return {part[-KEEP:] if back else part[:KEEP]}
    if isinstance(part, Slot):
        return {SLOT_SIGN}
    return {one for way in part.ways for one in _edge(way, back)}


def _edge(way: tuple[Part, ...], back: bool) -> set[str]:
    found = {""}
    for part in reversed(way) if back else way:
        ready = {one for one in found if len(one) >= KEEP or SLOT_SIGN in one}
        if len(ready) == len(found):
            break
        steps = beginnings(part, back=back)
        longer = {step + one if back else one + step for one in found - ready for step in steps}
        found = ready | {one[-KEEP:] if back else one[:KEEP] for one in longer}
    return found


def needles(phrase: Choice) -> tuple[str, ...]:
    """Words of which one must stand in a line that has a phrase's form: the rarest that can be told at a glance."""
    best: tuple[str, ...] = ("",)
    for part in phrase.ways[0]:
        if isinstance(part, str):
            found: tuple[str, ...] = (part.strip(),)
        elif isinstance(part, Choice) and all(part.ways):
            found = tuple(
                max((one for one in way if isinstance(one, str)), key=len, default="").strip() for way in part.ways
            )
        else:
            continue
        if len(found) <= 24 and min(map(len, found)) > min(map(len, best)):
            best = found
    return best


SIZES = {"n": 16, "any": LONG, "rest": LONG, "few": 48, "email": 101}
SLACK = 16


def longest(part: Part) -> int:
    """How many letters a line can have at most that has a phrase's form, but for spaces that stand twice."""
    if isinstance(part, str):
        return len(part)
    if isinstance(part, Slot):
        return SIZES.get(part.name, LONG if part.name in WIDE else SHORT)
    return max(sum(map(longest, way)) for way in part.ways)


@dataclass(slots=True)
class Form:
    """A phrase with slots; its pattern is compiled when a line first begins or ends as it does."""

    rule: Rule
    phrase: Choice
    needles: tuple[str, ...] = ("",)
    compiled: re.Pattern[str] | None = None
    needle: str = ""
    most: int = 0

    def __post_init__(self) -> None:
        self.most = longest(self.phrase) + SLACK
        if len(self.needles) == 1:
            self.needle = self.needles[0]

    def match(self, line: str) -> re.Match[str] | None:
        """The slots of a whole folded line, or None."""
        for one in self.needles:
            if one in line:
                break
        else:
            return None
        if self.compiled is None:
            self.compiled = re.compile(pattern(self.phrase, []), re.DOTALL)
        return self.compiled.fullmatch(line)


# --- the book --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A wrapper rule, ready for use: its name, its kind, what it needs beside the words, which fact its value is."""

    name: str
    kind: str
    needs: tuple[str, ...] = ()
    lifts: str = ""
    bare: bool = False


@dataclass(slots=True)
class Book:
    """All phrases of all languages: whole lines by their words, labels and forms by their first or last letters.

    `counted` holds the forms that begin with a number; `loose` those with neither a first nor a last word, each with
    the highest letter that it needs, so that a Latin line never meets a Thai form; `gate` finds the words of which one
    must stand in a line that has a loose form, and `open` are those without any. `sized` holds the labels by
    length, the longest first, `openings` all of them by their first two letters. `whole` says that no language is
    missing.
    """

    lines: dict[str, list[Rule]] = field(default_factory=dict)
    labels: dict[str, list[tuple[str, Rule]]] = field(default_factory=dict)
    sized: dict[str, list[tuple[int, dict[str, list[Rule]]]]] = field(default_factory=dict)
    openings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    heads: dict[str, list[Form]] = field(default_factory=dict)
    tails: dict[str, list[Form]] = field(default_factory=dict)
    counted: dict[str, list[Form]] = field(default_factory=dict)
    loose: list[tuple[str, Form]] = field(default_factory=list)
    gate: AhoCorasick | None = None
    open: list[tuple[str, Form]] = field(default_factory=list)
    bags: Bags = field(default_factory=Bags)
    whole: bool = False

    def add(self, rule: Rule, values: rulebook.Rule) -> None:
        """Writes one rule's phrases down."""
        for phrase in _flat(values, "lines"):
            self.lines.setdefault(phrase, []).append(rule)
        for phrase in _flat(values, "labels"):
            self.labels.setdefault(phrase[:2], []).append((phrase, rule))
        if values.words("bags"):
            try:
                self.bags.add(rule, values, fold)
            except ValueError as error:
                raise rulebook.RuleError(f"rule {values.name}: {error}") from error
        for one in _parsed(values, "forms"):
            form = Form(rule, one, needles(one))
            keys = {key.partition(SLOT_SIGN)[0] for key in beginnings(one)}
            if all(len(key) >= 2 for key in keys):
                for key in keys:
                    self.heads.setdefault(key, []).append(form)
            elif "" in (ends := {key.rpartition(SLOT_SIGN)[2] for key in beginnings(one, back=True)}):
                self.loose.append((min(max(needle, default="") for needle in form.needles), form))
            else:
                shelf = self.counted if one.ways[0][0] == Slot("n") else self.tails
                for key in ends:
                    shelf.setdefault(key, []).append(form)

    def may(self, core: str) -> bool:
        """The gate: whether any phrase can know the folded line; most sentences end here, after a few look-ups."""
        if core in self.lines or "  " in core:
            return True
        first = core[:3]
        if core.startswith(self.openings.get(first[:2], ())) or first[:1] in self.openings:
            return True
        size = len(core)
        for key in (first, first[:2]):
            for form in self.heads.get(key, ()):
                if size <= form.most and form.needle in core and form.match(core):
                    return True
        last = core[-3:]
        counted = first[:1] == "(" or first[:1].isdigit()
        for key in (last, last[-2:], last[-1:]):
            for form in self.tails.get(key, ()):
                if size <= form.most and form.needle in core and form.match(core):
                    return True
            if counted and key in self.counted:
                return True
        return bool(self.loose) and any(size <= form.most and form.match(core) for _, form in self._likely(core))

    def _likely(self, core: str) -> list[tuple[str, Form]]:
        """The loose forms that a folded line may have."""
        if self.gate is None:
            self.open = [(script, form) for script, form in self.loose if "" in form.needles]
            self.gate = AhoCorasick([one or "\0" for _, form in self.loose for one in form.needles])
        if self.gate.find_matches_as_indexes(core):
            return self.loose
        return self.open

    def line(self, core: str) -> list[Rule]:
        """The rules that know the folded line word for word."""
        return self.lines.get(core) or (self.lines.get(" ".join(core.split()), []) if "  " in core else [])

    def label(self, core: str) -> Iterator[tuple[str, Rule]]:
        """The labels that the folded line begins with, the longest first, each with its rule."""
        for key in (core[:2], core[:1]):
            for size, known in self.sized.get(key, ()):
                label = core[:size]
                if label in known and not _goes_on(core, size):
                    for rule in known[label]:
                        yield label, rule

    def form(self, core: str) -> Iterator[tuple[Rule, re.Match[str]]]:
        """The forms that the whole folded line has."""
        ends = (core[-3:], core[-2:], core[-1:])
        size = len(core)
        counted = self.counted if core[:1].isdigit() or core[:1] == "(" else {}
        for shelf, keys in ((self.heads, (core[:3], core[:2])), (self.tails, ends), (counted, ends)):
            for key in keys:
                for form in shelf.get(key, ()):
                    if size > form.most or form.needle not in core:
                        continue
                    found = form.match(core)
                    if found is not None:
                        yield form.rule, found
        if not self.loose:
            return
        likely = self._likely(core)
        if not likely:
            return
        highest = "\x7f" if core.isascii() else max(core)
        for script, form in likely:
            if (
                size <= form.most
                and script <= highest
                and form.needle in core
                and (found := form.match(core)) is not None
            ):
                yield form.rule, found


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on over a place: two letters of a script that sets words apart, one on each side."""
    return (
        at < len(text) and text[at - 1].isalpha() and text[at].isalpha() and text[at] < "\u2e80" and not _thai(text[at])
    )


def _thai(letter: str) -> bool:
    return "\u0e00" <= letter <= "\u0eff"


def _parsed(values: rulebook.Rule, key: str) -> Iterator[Choice]:
    for phrase in values.words(key):
        folded = " ".join(fold(phrase).split()) if key != "forms" else fold(phrase)
        for variant in dict.fromkeys((folded, NUKTA.sub("", folded))):
            try:
                yield parse(variant)
            except ValueError as error:
                raise rulebook.RuleError(f"rule {values.name}: {error}: mend the phrase") from error


def _flat(values: rulebook.Rule, key: str) -> Iterator[str]:
    for one in _parsed(values, key):
        found = dict.fromkeys(" ".join(wording.split()) for wording in wordings(one))
        if len(found) > MOST:
            raise rulebook.RuleError(f"rule {values.name}: a phrase stands for {len(found)} wordings: split it")
        yield from found


def read(rules: Iterable[rulebook.Rule], kinds: Mapping[str, object]) -> Book:
    """A book of rules.

    Raises:
        RuleError: a kind or a lifted field that does not exist, a rule without a phrase, a phrase of too many wordings.
    """
    book = Book()
    for one in rules:
        kind, lifts = one.text("kind"), one.text("lifts")
        if kind not in kinds:
            raise rulebook.RuleError(f"rule {one.name}: unknown kind {kind!r}: use one of {', '.join(sorted(kinds))}")
        named = {name for form in one.words("forms") for name in SLOT.findall(form)}
        for name in (named | {lifts}) - set(SLOTS) - {""}:
            if name not in FIELDS:
                raise rulebook.RuleError(
                    f"rule {one.name}: no such fact {name!r}: use one of {', '.join(sorted(FIELDS))}"
                )
        if not any(one.words(key) for key in ("lines", "labels", "forms", "bags")):
            raise rulebook.RuleError(f"rule {one.name} lacks phrases: give it lines, labels, forms or bags")
        book.add(Rule(sys.intern(one.name), kind, one.words("needs"), lifts, one.flag("bare")), one)
    for pile in book.labels.values():
        pile.sort(key=lambda entry: -len(entry[0]))
    for key, pile in book.labels.items():
        book.openings[key] = tuple(dict.fromkeys(label for label, _ in pile))
        for label, rule in pile:
            sizes = book.sized.setdefault(key, [])
            if not sizes or sizes[-1][0] != len(label):
                sizes.append((len(label), {}))
            sizes[-1][1].setdefault(label, []).append(rule)
    return book


def shelf() -> tuple[rulebook.Rule, ...]:
    """The wrapper rules of every language, and a user's own."""
    return _shelf(rulebook.own())


@cache
def _shelf(own: tuple[Path, ...]) -> tuple[rulebook.Rule, ...]:
    return rulebook.shelf("wrappers", KEYS, extra=own)
