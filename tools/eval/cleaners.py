"""The cleaners under test, one call shape for all: newscrawl, a lexicon-only baseline, trafilatura, jusText."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from itertools import pairwise
from time import process_time
from types import ModuleType
from typing import Any

from tools.eval.cases import Case, Span
from tools.eval.shapes import vocabularies


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a cleaner did to a case: spans of `Case.text` that are gone, spans it doubted, and its CPU seconds."""

    cuts: tuple[Span, ...]
    suspects: tuple[Span, ...] = ()
    flagged: bool = False
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    whole: bool = True


Cleaner = Callable[[Case, Any], Cut]


def wing(name: str, *doors: str) -> ModuleType | None:
    """A module of newscrawl with all these doors, or None while it is not built."""
    try:
        module = import_module(f"newscrawl.{name}" if name else "newscrawl")
        return module if all(hasattr(module, door) for door in doors) else None
    except ImportError:
        return None


def _solid(text: str) -> list[int]:
    return [at for at, letter in enumerate(text) if not letter.isspace()]


def carry(spans: Sequence[Span], original: str, text: str) -> list[Span] | None:
    """Spans of `original` as spans of `text`, where both hold the same letters and differ in white space alone."""
    if original == text:
        return list(spans)
    there, here = _solid(original), _solid(text)
    if len(there) != len(here) or any(original[i] != text[j] for i, j in zip(there, here, strict=True)):
        return None
    place = {at: number for number, at in enumerate(there)}
    carried = []
    for start, end in spans:
        inside = [place[at] for at in range(start, end) if at in place]
        if inside:
            carried.append((here[inside[0]], here[inside[-1]] + 1))
    return carried


def newscrawl_cut(case: Case, memory: Any = None) -> Cut:
    """newscrawl's sanitizer: on the text, or on the markup where the shape lives in the markup."""
    clean = import_module("newscrawl.clean")
    title, site = case.host.title or None, case.site or None
    started = process_time()
    if case.needs_html:
        url = f"https://{case.site or case.host.site.split('/')[0]}/story"
        draft = import_module("newscrawl.markup").fragment(case.html, url=url).draft
        cleaned = clean.sanitize_draft(draft, title=title, url=url, site=site, memory=memory)
    else:
        cleaned = clean.sanitize_text(case.text, title=title, memory=memory, site=site)
    seconds = process_time() - started
    if clean.restore(cleaned) != cleaned.original:
        raise AssertionError(f"{case.id}: what was cut cannot be put back")
    spans = [(one.start, one.end) for one in cleaned.removals]
    carried = carry(spans, cleaned.original, case.text)
    if carried is None:
        # The reader of the markup dropped or moved text (a hidden block may never reach the draft): compare outputs.
        return Cut(cuts=tuple(missing(case, cleaned.text)), seconds=seconds, flagged=bool(cleaned.suspects))
    doubts = carry([(one.start, one.end) for one in cleaned.suspects], cleaned.original, case.text) or []
    return Cut(
        cuts=tuple(carried),
        suspects=tuple(doubts),
        flagged=bool(cleaned.suspects or cleaned.flags),
        seconds=seconds,
        reasons=tuple(one.reason for one in cleaned.removals),
    )


def missing(case: Case, output: str) -> list[Span]:
    """The spans of a case's text that an output, which keeps the order, no longer holds: by block, then by sentence."""
    folded = " ".join(output.split())
    spans: list[Span] = []
    edges = {edge for span in case.spans for edge in span}
    for block in re.finditer(r"[^\n]+", case.text):
        if " ".join(block.group().split()) in folded:
            continue
        points = [block.start(), *(match.end() for match in re.finditer(r"[.!?]\s+|[。！？।]", block.group()))]
        points = [points[0], *(block.start() + at for at in points[1:]), block.end()]
        points = sorted({*points, *(edge for edge in edges if block.start() < edge < block.end())})
        for start, end in pairwise(points):
            part = " ".join(case.text[start:end].split())
            if part and part not in folded:
                spans.append((start, end))
    return spans


def page_of(case: Case) -> str:
    """The case as a whole page, with a bar, a heading and a foot around the article."""
    return (
        f"<html lang='{case.host.language}'><head><title>{escape(case.host.title)}</title></head><body>"
        "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/sport'>Sport</a></nav>"
        f"<main><article><h1>{escape(case.host.title)}</h1>\n{case.html}\n</article></main>"
        "<footer><a href='/about'>About</a> <a href='/contact'>Contact</a></footer></body></html>"
    )


def trafilatura_cut(case: Case, memory: Any = None) -> Cut:
    """trafilatura's default extraction of the whole page."""
    extract = import_module("trafilatura").extract
    page = page_of(case)
    started = process_time()
    output = extract(page, include_comments=False) or ""
    seconds = process_time() - started
    return Cut(cuts=tuple(missing(case, re.sub(r"(?m)^- ", "", output))), seconds=seconds)


JUSTEXT = {
    "id": "Indonesian", "ms": "Malay", "en": "English", "de": "German", "fr": "French", "es": "Spanish",
    "pt": "Portuguese", "it": "Italian", "nl": "Dutch", "pl": "Polish", "ru": "Russian", "uk": "Ukrainian",
    "tr": "Turkish", "vi": "Vietnamese", "ko": "Korean", "ar": "Arabic", "fa": "Persian", "hi": "Hindi",
    "sv": "Swedish", "no": "Norwegian_Bokmal", "lt": "Lithuanian", "is": "Icelandic", "he": "Hebrew",
}  # fmt: skip


def justext_cut(case: Case, memory: Any = None) -> Cut:
    """jusText with the stop words of the article's language (without any for the scripts that it has none for)."""
    justext = import_module("justext")
    language = JUSTEXT.get(case.host.language)
    stops = justext.get_stoplist(language) if language in justext.get_stoplists() else frozenset()
    page = page_of(case)
    started = process_time()
    loose = {} if stops else {"stopwords_low": 0, "stopwords_high": 0}
    parts = justext.justext(page.encode(), stops, encoding="utf-8", **loose)
    output = "\n".join(part.text for part in parts if not part.is_boilerplate)
    seconds = process_time() - started
    return Cut(cuts=tuple(missing(case, output)), seconds=seconds)


@cache
def _lexicon() -> re.Pattern[str]:
    words: set[str] = set()
    for one in vocabularies():
        words |= {word.casefold() for word in (*one.phrases[::2], *one.heads[::2], *one.mods[::2])}
    best = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in best))


def lexicon_cut(case: Case, memory: Any = None) -> Cut:
    """A word list alone, which knows every second word of every vocabulary.

    A line goes where a quarter of its letters are listed words; elsewhere runs of three words go.
    """
    started = process_time()
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", case.text):
        hits = [
            (line.start() + hit.start(), line.start() + hit.end()) for hit in _lexicon().finditer(line[0].casefold())
        ]
        if sum(end - start for start, end in hits) * 4 >= len(line[0]) and len(hits) > 1:
            spans.append((line.start(), line.end()))
            continue
        run: list[Span] = []
        for hit in [*hits, (1 << 40, 1 << 40)]:
            if run and hit[0] - run[-1][1] > 3:
                if len(run) > 2:
                    spans.append((run[0][0], run[-1][1]))
                run = []
            run.append(hit)
    seconds = process_time() - started
    return Cut(cuts=tuple((start, min(end, len(case.text))) for start, end in spans), seconds=seconds)


def nothing_cut(case: Case, memory: Any = None) -> Cut:
    """The do-nothing baseline."""
    return Cut(cuts=())


BASELINES: dict[str, tuple[Cleaner, str | None]] = {
    "trafilatura": (trafilatura_cut, "trafilatura"),
    "jusText": (justext_cut, "justext"),
    "lexicon only": (lexicon_cut, None),
}


def available() -> dict[str, Cleaner]:
    """The cleaners that can run here, newscrawl first."""
    found: dict[str, Cleaner] = {}
    if wing("clean", "sanitize_draft", "sanitize_text", "restore") and wing("markup", "fragment"):
        found["newscrawl"] = newscrawl_cut
    for name, (cleaner, module) in BASELINES.items():
        try:
            if module:
                import_module(module)
        except ImportError:
            continue
        found[name] = cleaner
    return found
