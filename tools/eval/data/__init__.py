"""Reads the evaluation's own material: vocabularies, articles, hard negatives, wrapper lines, notices."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file of this folder, in order; lines that begin with `#` are comments."""
    for line in (HERE / name).read_text("utf-8").split("\n"):
        if line.strip() and not line.startswith("#"):
            yield json.loads(line)


def blocks(name: str) -> Iterator[dict[str, str]]:
    """The entries of a text file of this folder: `@ key=value …` opens one, the lines below are its text."""
    head: dict[str, str] = {}
    body: list[str] = []
    for line in [*(HERE / name).read_text("utf-8").split("\n"), "@"]:
        if line.startswith("@"):
            if head:
                yield head | {"text": "\n".join(body).strip("\n")}
            head = dict(part.split("=", 1) for part in line[1:].split())
            body = []
        else:
            body.append(line)


@cache
def table(name: str) -> Mapping[str, Any]:
    """A TOML file of this folder."""
    return tomllib.loads((HERE / name).read_text("utf-8"))
