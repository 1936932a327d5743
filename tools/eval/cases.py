"""Puts spam into a clean article, and remembers to the character where it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from random import Random
from typing import Literal, TypeAlias

from tools.eval.corpus import Host

Position: TypeAlias = Literal["top", "between", "inside", "mid", "end", "tail"]
POSITIONS: tuple[Position, ...] = ("top", "between", "inside", "mid", "end", "tail")
OWN_BLOCK: tuple[Position, ...] = ("top", "between", "tail")
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one block: its text, whether it is spam, and its markup where that is more than the text."""

    text: str
    spam: bool = False
    html: str | None = None

    @property
    def markup(self) -> str:
        """The piece as HTML."""
        return self.html if self.html is not None else escape(self.text).replace("\n", "<br>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of the page: its pieces, and the tags around them."""

    pieces: tuple[Piece, ...]
    opens: str = "<p>"
    closes: str = "</p>"

    @property
    def text(self) -> str:
        """The pieces, one after the other."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Spam before it is placed: one line or several, and how they stand."""

    lines: tuple[str, ...]
    markup: tuple[str, ...] | None = None
    stand: Literal["one", "stacked", "broken", "interleaved", "scattered"] = "one"
    opens: str = "<p>"
    closes: str = "</p>"
    needs_html: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article with spam in it. `spans` are the spam's offsets in `text`; `html` is the same as a fragment."""

    id: str
    shape: str
    language: str
    vocabulary: str
    tokens: int
    position: str
    host: Host
    text: str
    spans: tuple[Span, ...]
    html: str
    needs_html: bool = False
    site: str = ""
    kind: str = ""
    inserted: tuple[str, ...] = field(default=(), repr=False)


def assemble(blocks: list[Block]) -> tuple[str, tuple[Span, ...], str]:
    """The text of the blocks, the spans of their spam, and their HTML."""
    text, spans, html = "", [], []
    for block in blocks:
        if text:
            text += "\n\n"
        for piece in block.pieces:
            if piece.spam:
                spans.append((len(text), len(text) + len(piece.text)))
            text += piece.text
        html.append(f"{block.opens}{''.join(piece.markup for piece in block.pieces)}{block.closes}")
    return text, tuple(spans), "\n".join(html)


def _cut_points(paragraph: str, position: Position) -> list[int]:
    spaced = paragraph.count(" ") > len(paragraph) / 25
    ends = [
        at + 1
        for at, letter in enumerate(paragraph[:-1])
        if letter in "。！？।" or (letter in ".!?" and paragraph[at + 1] == " ")
    ]
    if position == "inside":
        return ends or [len(paragraph)]
    if spaced:
        return [at for at, letter in enumerate(paragraph) if letter == " " and at > 0 and at not in ends] or ends
    # An unspaced script: between two of its own letters, never inside a number or a Latin word.
    return [at for at in range(4, len(paragraph) - 4) if paragraph[at - 1 : at + 1].isalpha()] or ends


def _within(paragraph: str, at: int, piece: Piece) -> Block:
    before, after = paragraph[:at].rstrip(" "), paragraph[at:].lstrip(" ")
    pieces = [Piece(text=before + " "), piece]
    if after:
        pieces.append(Piece(text=" " + after))
    return Block(pieces=tuple(pieces))


def _scattered(paragraph: str, pieces: list[Piece], rng: Random) -> Block:
    points = (
        sorted(rng.sample(points, len(pieces)))
        if len(points := _cut_points(paragraph, "mid")) >= len(pieces)
        else points[: len(pieces)]
    )
    parts: list[Piece] = []
    at = 0
    for point, piece in zip(points, pieces, strict=False):
        parts += [Piece(text=paragraph[at:point].rstrip(" ") + " "), piece]
        rest = paragraph[point:]
        at = point + len(rest) - len(rest.lstrip(" "))
        parts.append(Piece(text=" "))
    parts.append(Piece(text=paragraph[at:]))
    return Block(pieces=tuple(parts))


def _own_blocks(payload: Payload, pieces: list[Piece]) -> list[Block]:
    if payload.stand == "broken":
        joined: list[Piece] = []
        for piece in pieces:
            joined += [Piece(text="\n"), piece] if joined else [piece]
        return [Block(pieces=tuple(joined), opens=payload.opens, closes=payload.closes)]
    return [Block(pieces=(piece,), opens=payload.opens, closes=payload.closes) for piece in pieces]


def place(host: Host, payload: Payload, position: Position, rng: Random) -> list[Block]:
    """The article's blocks with the payload among them."""
    marked = payload.markup or (None,) * len(payload.lines)
    pieces = [Piece(text=line, spam=True, html=html) for line, html in zip(payload.lines, marked, strict=True)]
    blocks = [Block(pieces=(Piece(text=paragraph),)) for paragraph in host.paragraphs]
    if payload.stand == "interleaved":
        mixed: list[Block] = []
        for number, block in enumerate(blocks):
            mixed.append(block)
            if number < len(pieces):
                mixed.append(Block(pieces=(pieces[number],)))
        return mixed
    long = [number for number, text in enumerate(host.paragraphs) if len(text) > 80] or [0]
    if payload.stand == "scattered":
        at = max(long, key=lambda number: len(host.paragraphs[number]))
        blocks[at] = _scattered(host.paragraphs[at], pieces, rng)
        return blocks
    if position in OWN_BLOCK or payload.stand in ("stacked", "broken"):
        at = {"top": 0, "tail": len(blocks)}.get(position, rng.randrange(1, max(2, len(blocks))))
        return [*blocks[:at], *_own_blocks(payload, pieces), *blocks[at:]]
    at = rng.choice(long)
    paragraph = host.paragraphs[at]
    point = len(paragraph) if position == "end" else rng.choice(_cut_points(paragraph, position))
    blocks[at] = _within(paragraph, point, pieces[0])
    return blocks
