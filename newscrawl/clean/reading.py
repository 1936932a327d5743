"""Lays a draft out as lines with what is cheap to know of each, so that clean prose is left at the first look."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from newscrawl.clean import evidence as weigh
from newscrawl.clean import scripts
from newscrawl.clean.disguise import Folded, fold
from newscrawl.clean.lexicon import COMPOUND, GAMES, MIXED, Hits, Lexicon, look, standard
from newscrawl.clean.spans import Context
from newscrawl.clean.words import NOSPACE, PREFIX, Tokens, function_words, quick, reports, stem, take_apart, word_list
from newscrawl.model import Draft, Evidence, Mark

SHORT = 9
"""A line of fewer words than this is no paragraph."""
_QUOTE_OPEN = "\"'“„«‹「『《”‘"
_QUOTED = re.compile(r"[\"“„«「『”‟][^\"“”„«»「」『』‟]{8,}[\"”“»」』‟]")
_END = re.compile(r"[.!?…。！？؟।॥][\"'”’»)\]」』]*\s*\Z")
_DIGIT = re.compile(r"\d")
_INNER = re.compile("[A-Z](?<=[a-zà-ÿ][A-Z])")
"""A capital behind a small letter; it is the capital that is sought, of which there are few."""
_FIGURES = re.compile(r"\d\d*")
"""Figures. The engine skips to a first one by itself, but not where it may be repeated at once."""
_SELLER = re.compile(r"@|://|www\.|\+\d")
_STOP = re.compile(r"[.!?…。！？।؟۔][\"”’»)\]]*[ \u00a0]*")
_WIDE = frozenset("。！？।؟۔")
_CAPITAL = re.compile(r"(?<=[\w,;] )[^\W\d_a-zà-ÿа-яёα-ω]")
SPOKEN = 20
"""A paragraph that begins with a quotation of more characters than this is about what was said, not an offer."""
GUARDED = ("heading", "list", "table", "quote", "caption")


@dataclass(slots=True)
class Line:
    """One line of the folded text, from its first letter to its last."""

    index: int
    start: int
    end: int
    text: str
    words: list[str]
    small: float
    run: int
    weight: float = 1.0
    tokens: Tokens | None = None
    hits: Hits | None = None
    marks: frozenset[str] = frozenset()
    disguised: int = 0
    stems: frozenset[str] = field(default=frozenset())
    prose: bool = False
    offer: Evidence | None = None
    heard: float = 0.0
    kinds: frozenset[str] = frozenset()
    known: Evidence | None = None
    asked: bool = False

    @property
    def size(self) -> float:
        """How many words the line counts for."""
        return len(self.words) * self.weight

    @property
    def ended(self) -> bool:
        """True where the line ends as a sentence does."""
        return _END.search(self.text[-8:]) is not None

    @property
    def loud(self) -> bool:
        """True where prose names goods and sells them, so that it deserves a second look."""
        goods, pitch = self.goods, self.pitch
        return goods >= 1.2 or pitch >= 1.2 or (goods >= 0.5 and pitch >= 0.2) or (goods >= 0.4 and pitch >= 0.7)

    @property
    def goods(self) -> float:
        """How loudly the line names goods that spam sells."""
        return self.hits.goods if self.hits else 0.0

    @property
    def pitch(self) -> float:
        """How loudly the line sells."""
        return self.hits.pitch if self.hits else 0.0


class Reading:
    """A draft as the spam room reads it: folded, line by line, beside its title, its links and its site."""

    def __init__(self, draft: Draft, context: Context, lexicon: Lexicon | None = None) -> None:
        self.draft = draft
        self.context = context
        self.lexicon = lexicon or standard()
        self.folded: Folded = fold(draft.text)
        self.text = self.folded.text
        self.memory = context.memory
        self.warm = self.memory is not None and self.memory.seen(site=context.site) >= 5
        self.lines: list[Line] = []
        self._lay_out()
        sized = sorted(line.small for line in self.lines if line.size >= 8)
        self.usual = sized[len(sized) // 2] if sized else 0.25
        """The usual share of small words in this article's longer lines."""
        for line in self.lines:
            line.prose = line.size >= 8 and not line.disguised and self._prose(line)

    def _prose(self, line: Line) -> bool:
        """True for sentences: few words twice, small words as everywhere in the article, a full stop."""
        if not varied(line):
            return False
        if line.run * line.weight < 9 and line.small >= max(0.12, 0.5 * self.usual):
            return line.small >= 0.3 or line.ended
        if line.small < max(0.04, 0.4 * self.usual) and self.usual >= 0.1:
            return False
        return line.ended

    def _lay_out(self) -> None:
        at = 0
        spaced = NOSPACE.search(self.text) is None
        small = function_words()
        parts = self.text.split("\n")
        same = spaced and len(set(parts)) * 2 < len(parts)
        known: dict[str, Line] = {}
        for raw in parts:
            text = raw.strip()
            if text:
                start = at + raw.index(text[0])
                before = known.get(text) if same else None
                if before is None:
                    line = self._line(text, start, small, spaced or NOSPACE.search(text) is None)
                    known[text] = line
                else:
                    line = self._again(before, start)
                self.lines.append(line)
            at += len(raw) + 1
        if self.draft.marks:
            self._mark()

    def _line(self, text: str, start: int, small: frozenset[str], spaced: bool) -> Line:
        tokens: Tokens | None = None
        weight = 1.0
        if spaced:
            words = quick(text)
            flags = bytes(map(small.__contains__, words))
        else:
            tokens = take_apart(self.text, start, start + len(text))
            words, flags, weight = tokens.words, bytes(tokens.small), tokens.weight
        run = max(map(len, flags.split(b"\x01"))) if flags else 0
        end = start + len(text)
        line = Line(
            len(self.lines), start, end, text, words, sum(flags) / len(flags) if flags else 0.0, run, weight, tokens
        )
        line.kinds = frozenset(words)
        line.hits = self._hits(line, spaced)
        if self.folded.disguises:
            line.disguised = len(self.folded.within(start, end))
        return line

    def _again(self, before: Line, start: int) -> Line:
        """A line that stood before: a hostile page says one thing thirty thousand times."""
        end = start + len(before.text)
        line = Line(
            len(self.lines), start, end, before.text, before.words, before.small, before.run, kinds=before.kinds
        )
        line.hits = before.hits
        if self.folded.disguises:
            line.disguised = len(self.folded.within(start, end))
        return line

    def _hits(self, line: Line, spaced: bool) -> Hits | None:
        hits = self.lexicon.hits(line.words)
        if not spaced:
            tokens = self.tokens(line)
            for start, end, entry in self.lexicon.hits_in_run(self.text, line.start, line.end):
                begin = bisect_left(tokens.starts, start)
                hits.take(entry, range(begin, max(begin + 1, bisect_left(tokens.ends, end + 1))))
        return hits if hits.entries or hits.brands else None

    def _mark(self) -> None:
        spans = [
            (self.fold_offset(mark.start), self.fold_offset(mark.end), mark.kind)
            for mark in self.draft.marks
            if mark.kind in GUARDED
        ]
        starts = [line.start for line in self.lines]
        found: dict[int, set[str]] = {}
        for start, end, kind in spans:
            first = bisect_left(starts, start)
            for index in range(first, bisect_left(starts, end)):
                found.setdefault(index, set()).add(kind)
        for index, kinds in found.items():
            self.lines[index].marks = frozenset(kinds)

    def fold_offset(self, offset: int) -> int:
        """The folded offset of an offset in the draft."""
        at = self.folded.at
        return offset if at is None else bisect_left(at, offset)

    def tokens(self, line: Line) -> Tokens:
        """The tokens of a line with their offsets, taken apart once."""
        if line.tokens is None:
            line.tokens = take_apart(self.text, line.start, line.end, self.own)
        return line.tokens

    def remembered(self, line: Line) -> Evidence | None:
        """What the site's memory says of a line; it is asked once."""
        if not line.asked and self.memory is not None:
            tokens = self.tokens(line)
            words = [word for word, small in zip(tokens.words, tokens.small, strict=True) if not small]
            line.known = weigh.remembered(line.text, words, self.memory, self.context.site)
            line.asked = True
        return line.known

    @cached_property
    def own(self) -> frozenset[str]:
        """Short words that stand in most paragraphs of this article: the small words of a language not in the table."""
        if self.usual >= 0.15:
            return frozenset()
        long = [set(line.words) for line in self.lines if line.size >= 12]
        if len(long) < 4:
            return frozenset()
        counts = Counter(word for words in long for word in words if len(word) <= 5)
        return frozenset(word for word, count in counts.items() if count * 5 >= len(long) * 2)

    def disguised_words(self, tokens: Tokens) -> tuple[str, ...]:
        """The words of a stretch that were disguised, as they read."""
        if not len(tokens):
            return ()
        hidden = self.folded.within(tokens.starts[0], tokens.ends[-1])
        at = {max(0, bisect_right(tokens.starts, one.start) - 1) for one in hidden}
        return tuple(tokens.words[i] for i in sorted(at))

    def shared(self, stems: frozenset[str], own: frozenset[str]) -> float:
        """How much of some content stems the story shares, those that it only counts for this stretch aside."""
        return sum(self.subject[one] > (one in own) for one in stems) / len(stems) if stems else 0.0

    @cached_property
    def links(self) -> tuple[Mark, ...]:
        """Links that leave the page's site."""
        home = self._host(self.context.url or "")
        return tuple(
            mark
            for mark in self.draft.of("link")
            if (host := mark.attrs.get("host") or self._host(mark.attrs.get("href", ""))) and not _kin(host, home)
        )

    @staticmethod
    def _host(url: str) -> str:
        return url.split("//", 1)[-1].split("/", 1)[0].split("@")[-1].split(":")[0].lower() if "//" in url else ""

    @cached_property
    def topical(self) -> bool:
        """True where the story itself is about goods that spam sells: its title or its first prose names them."""
        if self.context.title and look(self.lexicon, fold(self.context.title).text).goods >= 0.5:
            return True
        first = [line for line in self.lines if line.prose and line.size >= 12][:4]
        return len(first) >= 2 and sum(reporting(line.text) and line.goods >= 0.5 for line in first) * 2 >= len(first)

    @cached_property
    def matters(self) -> frozenset[str]:
        """The trades whose goods the title or the first prose names."""
        first = [line for line in self.lines if line.prose and line.size >= 12][:4]
        found = [line.hits for line in first if line.hits is not None]
        if self.context.title:
            found.append(look(self.lexicon, fold(self.context.title).text))
        return frozenset().union(*(one.trades for one in found))

    def concerns(self, text: str) -> bool:
        """True where the story is about goods that spam sells, and a text names none or those of the same trade."""
        if not self.topical:
            return False
        trades = look(self.lexicon, text).trades
        if not trades or not trades.isdisjoint(self.matters) or COMPOUND in trades:
            return True
        # What is filed under several trades may be of any but games.
        return MIXED in trades | self.matters and not trades | self.matters <= {GAMES[0], MIXED}

    def stems(self, line: Line) -> frozenset[str]:
        """The content stems of a line."""
        if not line.stems:
            small = function_words()
            least = 2 if line.weight == 1 else 0
            line.stems = frozenset([word[:PREFIX] for word in line.words if len(word) > least and word not in small])
        return line.stems

    @cached_property
    def script(self) -> str | None:
        """The writing system of the story, where the text holds another one as well."""
        if not scripts.mixed(self.text):
            return None
        own = [line.text for line in self.lines if line.prose and line.goods < 1.0][:20]
        return scripts.main(" ".join((self.context.title or "", *own)) if own else self.text[:20_000])

    def alien(self, line: Line) -> tuple[tuple[int, int], ...]:
        """Stretches of a line in letters that the story is not written in."""
        if self.script is None:
            return ()
        return tuple(scripts.alien_runs(self.text, line.start, line.end, self.script))

    def outside(self, line: Line, begin: int, stop: int) -> frozenset[str]:
        """The content stems of a line outside two token indices, for a story that has hardly more than this line.

        What comes back inside is left out: it is the spam's own, a piece of which may have been left outside.
        """
        if len(self.subject) >= 60:
            return frozenset()
        tokens = self.tokens(line)
        often = Counter(stem(word) for word in tokens.words[begin:stop])
        return frozenset(
            key
            for i in (*range(begin), *range(stop, len(tokens)))
            if not tokens.small[i] and len(tokens.words[i]) > 1 and often[key := stem(tokens.words[i])] < 2
        )

    @cached_property
    def subject(self) -> Counter[str]:
        """What the article is about: content stems, by the number of its own lines that hold them."""
        counts: Counter[str] = Counter()
        for line in self.lines:
            if self.trusted(line):
                counts.update(self.stems(line))
        counts.update(self.told)
        return counts

    @cached_property
    def sellers(self) -> list[int]:
        """Where something stands that could be a brand or an address: one look at the text for all lines."""
        text = self.text
        found = [match.start() for match in _INNER.finditer(text)]
        for match in _FIGURES.finditer(text):
            start, end = match.span()
            behind = text[end : end + 3]
            if (start and text[start - 1].isalpha() and (end - start > 1 or start > 1)) or (
                len(behind) == 3 and behind.isalpha()
            ):
                found.append(start)
        if "@" in text or "://" in text or "www." in text or "+" in text:
            found.extend(match.start() for match in _SELLER.finditer(text))
        return sorted(found)

    @cached_property
    def stops(self) -> tuple[list[int], list[int]]:
        """Where sentences end, and where what follows on them begins, line breaks aside."""
        starts: list[int] = []
        ends: list[int] = []
        for match in _STOP.finditer(self.text):
            start, end = match.span()
            if self.text[start] in _WIDE or self.text[end - 1] in " \u00a0":
                starts.append(start)
                ends.append(end)
        return starts, ends

    @cached_property
    def addressed(self) -> bool:
        """True where the story itself speaks to its readers: a sixth of its longer lines do, unquoted."""
        known = word_list("address")
        long = [line for line in self.lines if line.size >= SHORT and not quoted(line.text)]
        spoken = sum(
            known.near(line.words) or (line.weight < 1 and any(one in line.text for one in known.runs)) for line in long
        )
        return spoken > max(1.0, len(long) / 6)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The content stems of what is told of the story: its title and its summary."""
        return tuple(one for text in (self.context.title, self.context.summary) if text for one in content(text))

    @cached_property
    def central(self) -> frozenset[str]:
        """What the article is about first of all: the content stems of its title, and those that most lines share."""
        own = sum(self.trusted(line) for line in self.lines)
        often = {one for one, count in self.subject.items() if count >= max(2, own * 0.35)}
        title = take_apart(self.context.title or "", 0, len(self.context.title or ""))
        named = {stem(word) for word, small in zip(title.words, title.small, strict=True) if not small}
        return frozenset(often | named)

    def trusted(self, line: Line) -> bool:
        """True where a line may say what the article is about: prose that sells nothing."""
        if line.prose or (line.size >= 8 and not line.disguised and varied(line)):
            return self.topical or line.goods + line.pitch < 1.0 or reporting(line.text)
        return False


def varied(line: Line) -> bool:
    """True where a line has as many different words as sentences of its length have."""
    count = len(line.words)
    longer: float = (count * line.weight / 600) ** 0.9
    return len(line.kinds) * (1 + longer) >= 0.66 * count


def _kin(host: str, home: str) -> bool:
    """True where two hosts look to be of one site: the last two labels (three under a short country second level)."""
    if not home:
        return False
    one, other = host.split("."), home.split(".")
    count = 3 if len(other) > 2 and len(other[-2]) <= 3 else 2
    return one[-count:] == other[-count:]


LONG = 20_000
"""Characters; longer texts are remembered one at a time: a site of endless ones filled the memory with their stems."""


def content(text: str) -> tuple[str, ...]:
    """The content stems of a text, kept for a while: a story's text is held against each of its fields."""
    return _short_content(text) if len(text) < LONG else _long_content(text)


def _content(text: str) -> tuple[str, ...]:
    tokens = take_apart(text, 0, len(text))
    return tuple(
        stem(word)
        for word, small in zip(tokens.words, tokens.small, strict=True)
        if not small and (len(word) > 2 or tokens.weight < 1)
    )


_short_content = lru_cache(maxsize=16)(_content)
_long_content = lru_cache(maxsize=1)(_content)


def quoted(text: str) -> bool:
    """True where most of a stretch is quotation, or where it begins with one."""
    return _short_quoted(text) if len(text) < LONG else _quoted(text)


def _quoted(text: str) -> bool:
    if text and text[0] in _QUOTE_OPEN and len(text) > 1 and text.rstrip(".,").endswith(tuple("\"'”»」』’“")):
        return True
    if text and text[0] in _QUOTE_OPEN and (said := _QUOTED.match(text)) is not None and len(said.group()) > SPOKEN:
        return True
    return sum(len(one.group()) for one in _QUOTED.finditer(text)) * 10 >= len(text) * 3


_short_quoted = lru_cache(maxsize=2048)(_quoted)


_HAN = re.compile("[\u3400-\u9fff]")
_HAN_SENTENCE = re.compile("[\u3040-\u30ff\u3400-\u9fff]{12}|[。，、；！？]")
"""Han letters without a mark, never twelve in a row, are keywords: a result of a draw among them reports nothing."""


def reporting(text: str) -> bool:
    """True where a stretch reports: a word of reporting beside a number or a name."""
    return _short_reporting(text) if len(text) < LONG else _reporting(text)


def _reporting(text: str) -> bool:
    if not reports(text) or (_HAN.search(text) and not _HAN_SENTENCE.search(text)):
        return False
    if _DIGIT.search(text) or _CAPITAL.search(text) or NOSPACE.search(text):
        return True
    # Scripts without capitals do not show a name.
    return not any(one.islower() or one.isupper() for one in text[:40])


_short_reporting = lru_cache(maxsize=2048)(_reporting)
