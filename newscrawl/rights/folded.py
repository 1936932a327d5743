"""Folds a text so that one spelling stands for all of its disguises, and remembers where each letter came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

LETTERS = {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ς": "σ", "ی": "ي", "ک": "ك", "ى": "ي", "ة": "ه", "ـ": ""}
QUOTES = frozenset('"“”„‟«»「」『』〝〞〟＂')
APOSTROPHES = frozenset("'’ʼ‘`´׳")
MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0655\u0670]")
UNSPACED = (
    (0x0E00, 0x0E7F),
    (0x1100, 0x11FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3130, 0x318F),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
JOINS = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\uff66-\uff9d]")
"""Without one of these there is no cluster: asking for it takes a fifth of the time."""
CLUSTER = re.compile(r"[\u1100-\u11ff]{2,}|[\u3040-\u30ff][\u3099\u309a]|[\uff66-\uff9d][\uff9e\uff9f]")
# A comment sign at a line's head (robots.txt, source code) belongs to the line break, not to the sentence.
COMMENT = re.compile(r"[#/*>|]+(?=[ \t])")


class _Letters(dict[int, str]):
    """How each code point folds, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(char: str) -> str:
    if char in QUOTES:
        return '"'
    if char in APOSTROPHES:
        return "'"
    if char == "\n" or char in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(char)
    if char.isspace() or category == "Pd" or char in "-_\u2212\u3164\u115f":
        return " "
    if category in ("Cf", "Cc") or MARKS.match(char):
        return ""
    form: Literal["NFKC", "NFKD"] = "NFKC" if unspaced(char) or 0xFF00 <= ord(char) <= 0xFFEF else "NFKD"
    plain = MARKS.sub("", unicodedata.normalize(form, char)).casefold()
    return " ".join("".join(LETTERS.get(one, one) for one in MARKS.sub("", plain)).split())


def unspaced(char: str) -> bool:
    """True for a letter of a script in which white space between letters means nothing (Chinese, Thai, Korean …)."""
    code = ord(char)
    return code >= 0x0E00 and any(low <= code <= high for low, high in UNSPACED)


LETTER = _Letters()
_UNSPACED = "".join(f"{chr(low)}-{chr(high)}" for low, high in UNSPACED)
_LOOSE = re.compile(
    f"(?<=[{_UNSPACED}]) +(?=[^\\W_])|(?<=[^\\W_]) +(?=[{_UNSPACED}])|(?<=[{_UNSPACED}] [a-z]) (?=[a-z] [{_UNSPACED}])"
)
_WIDE = re.compile(f"[{_UNSPACED}]")
_GAPS = re.compile(r" [ \n]+|\n[ \n]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `at[i]` is the offset in the source of what became `text[i]`, `at[-1]` its length."""

    text: str
    at: list[int]


def phrase(text: str) -> str:
    """The folded text without the map, fast: for words that are looked for, and for a first glance at a page.

    >>> phrase("K\\u00fcnstliche  INTELLI\\u00adGENZ, AI \\ud559\\uc2b5")
    'kunstliche intelligenz, ai\\ud559\\uc2b5'
    """
    if JOINS.search(text):
        text = CLUSTER.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    spaced = _GAPS.sub(lambda gap: "\n" if "\n" in gap.group() else " ", text.translate(LETTER))
    return (_LOOSE.sub("", spaced) if _WIDE.search(spaced) else spaced).strip()


def fold(text: str) -> Folded:
    """The folded text with the way back. A run of white space and dashes is one blank, or one line break."""
    letters: list[str] = []
    at: list[int] = []
    composed = {found.start(): found for found in CLUSTER.finditer(text)} if JOINS.search(text) else {}
    done = 0
    for run in _runs().finditer(text) if not composed else ():
        start, end = run.span()
        if done < start:
            _fold_each(text, done, start, composed, letters, at)
        letters.append(run.group().translate(LETTER))
        at.extend(range(start, end))
        done = end
    _fold_each(text, done, len(text), composed, letters, at)
    at.append(len(text))
    return _tightened("".join(letters), at)


@cache
def _runs() -> re.Pattern[str]:
    """Words, and the single blanks between them, whose letters fold to one letter each: most of most texts."""
    singles = "".join(
        re.escape(chr(code))
        for low, high in ((0x21, 0x250), (0x370, 0x530), (0x5D0, 0x5EB), (0x621, 0x64B), (0x2010, 0x2040))
        for code in range(low, high)
        if chr(code) not in "#/*>|" and len(LETTER[code]) == 1 and LETTER[code] not in " \n"
    )
    one = f"[{singles}\u4e00-\u9fff\uac00-\ud7a3]"
    return re.compile(f"{one}+(?: {one}+)*")


def _fold_each(
    text: str, start: int, end: int, composed: dict[int, re.Match[str]], letters: list[str], at: list[int]
) -> None:
    skip = start
    for index in range(start, end):
        if index < skip:
            continue
        char = text[index]
        if index in composed:
            found = composed[index]
            piece, skip = unicodedata.normalize("NFKC", found.group()).casefold(), found.end()
        else:
            piece = LETTER[ord(char)]
        if piece == " " or piece == "\n":
            if letters and letters[-1] in " \n":
                if piece == "\n":
                    letters[-1] = "\n"
                continue
        elif letters and letters[-1] == "\n" and char in "#/*>|" and (sign := COMMENT.match(text, index)):
            skip = sign.end()
            continue
        letters.extend(piece)
        at.extend([index] * len(piece))


def _tightened(text: str, at: list[int]) -> Folded:
    """Takes out the blanks that mean nothing beside a letter of an unspaced script."""
    gaps = [gap.span() for gap in _LOOSE.finditer(text)] if _WIDE.search(text) else ()
    if not gaps:
        return Folded(text, at)
    pieces: list[str] = []
    kept: list[int] = []
    last = 0
    for start, end in gaps:
        pieces.append(text[last:start])
        kept += at[last:start]
        last = end
    pieces.append(text[last:])
    kept += at[last:]
    return Folded("".join(pieces), kept)
