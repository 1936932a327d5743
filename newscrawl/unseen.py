"""Tells from the declarations that hold for an element whether it is there to be seen: gone, away, tiny, unpainted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from newscrawl.css import LENGTH, PIXELS, pixels

How: TypeAlias = Literal["inline", "stylesheet", "script", "markup", "attribute", "noscript", "template"]
Values: TypeAlias = dict[str, tuple[str, How]]
Colour: TypeAlias = tuple[float, float, float, float]

FAR = 500.0  # px beyond an edge; off-canvas menus stand at 200 to 400
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)


def nowhere() -> None:
    """The ground behind a text where nobody knows it."""


def why(values: Values, ground: Callable[[], str | None] = nowhere) -> tuple[str, str]:
    """What hides, written as CSS, and the property that says it; two empty strings where nothing does.

    ground: asked for the colour behind the text, as CSS writes it, where the declarations leave that open.
    """
    get = {name: value for name, (value, _) in values.items()}
    for test in (_gone, _away, _tiny, _clipped):
        name = test(get)
        if name:
            return f"{name}:{get[name]}", name
    return _unpainted(get, ground)


def _lengths(value: str) -> list[float]:
    return [float(one[1]) * PIXELS.get(one[2].lower(), 1.0) for one in LENGTH.finditer(value)]


def _gone(get: Mapping[str, str]) -> str:
    if get.get("display") == "none":
        return "display"
    if get.get("visibility") in ("hidden", "collapse"):
        return "visibility"
    if get.get("content-visibility") == "hidden":
        return "content-visibility"
    opacity = NUMBER.match(get.get("opacity", ""))
    if opacity and float(opacity[0]) / (100 if "%" in get["opacity"] else 1) <= 0.05:
        return "opacity"
    _name, _, amount = get.get("filter", "").partition("opacity(")
    strength = NUMBER.match(amount)
    return "filter" if strength and float(strength[0]) <= 0.05 else ""


def _away(get: Mapping[str, str]) -> str:
    placed = get.get("position", "")
    for name in ("left", "top", "right", "bottom", "inset"):
        size = pixels(get.get(name, ""))
        if size is None or placed == "static":
            continue
        if size <= (-FAR if placed else -4 * FAR) or (placed in ("absolute", "fixed") and size >= 10 * FAR):
            return name
    for name in ("text-indent", "margin-left", "margin-top", "margin"):
        if any(size <= -2 * FAR for size in _lengths(get.get(name, ""))):
            return name
    for name in ("transform", "translate"):
        value = get.get(name, "")
        if "matrix" in value or "rotate" in value:
            continue
        if value.startswith(("scale(0)", "scale(0,", "scalex(0)", "scaley(0)")):
            return name
        if any(abs(size) >= 4 * FAR for size in _lengths(value)):
            return name
    return ""


def _unreadable(size: str) -> bool:
    found = LENGTH.fullmatch(size)
    return found is not None and float(found[1]) * (0.16 if found[2] == "%" else PIXELS.get(found[2], 1.0)) <= 2


def _tiny(get: Mapping[str, str]) -> str:
    if _unreadable(get.get("font-size", "")):
        return "font-size"
    if any(_unreadable(one.partition("/")[0]) for one in get.get("font", "").split() if not one.isdigit()):
        return "font"
    overflow = " ".join(get.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    if "hidden" not in overflow and "clip" not in overflow:
        return ""
    if any((pixels(get.get(name, "")) or 0) > 0 for name in ("padding-bottom", "padding-top")):
        return ""  # the box of a fixed aspect ratio around a video has no height of its own
    for name in ("height", "width", "max-height", "max-width"):
        if name in get and LENGTH.match(get[name]) and abs(pixels(get[name]) or 0.0) <= 1:
            return name
    return ""


def _clipped(get: Mapping[str, str]) -> str:
    clip = get.get("clip", "")
    if clip.startswith("rect(") and "auto" not in clip and all(abs(one) <= 1 for one in _lengths(clip)):
        return "clip"
    path = get.get("clip-path", "")
    sizes = _lengths(path)
    if not sizes:
        return ""
    if path.startswith(("circle(", "ellipse(")) and sizes[0] <= 1:
        return "clip-path"
    if path.startswith("inset(") and all(one >= 0.5 * 1280 for one in sizes):
        return "clip-path"
    return "clip-path" if path.startswith("polygon(") and all(abs(one) <= 1 for one in sizes) else ""


NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
    "green": (0, 128, 0), "navy": (0, 0, 128), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240),
}  # fmt: skip
HEX = re.compile(r"#([0-9a-f]{3,8})\b")


def colour_of(value: str) -> Colour | None:
    """Red, green, blue (0–255) and alpha (0–1) of a CSS colour; None where this reader does not know it."""
    return _read_colour(value[:200])


@lru_cache(maxsize=2048)
def _read_colour(value: str) -> Colour | None:
    value = value.strip().lower()
    if value.startswith("transparent"):
        return 0, 0, 0, 0
    found = HEX.match(value)
    if found:
        digits = found[1] if len(found[1]) > 4 else "".join(one * 2 for one in found[1])
        parts = [int(digits[at : at + 2], 16) for at in range(0, len(digits) - 1, 2)]
        return (parts[0], parts[1], parts[2], parts[3] / 255 if len(parts) > 3 else 1.0) if len(parts) > 2 else None
    if value.startswith(("rgb", "hsl")):
        numbers = [float(one) for one in NUMBER.findall(value.partition("(")[2].partition(")")[0].replace("%", " "))]
        if len(numbers) == 3 and value.startswith("rgb"):
            return numbers[0], numbers[1], numbers[2], 1.0
        if len(numbers) == 4 and (value.startswith("rgb") or numbers[3] == 0):
            return numbers[0], numbers[1], numbers[2], numbers[3]
        return None
    named = NAMED.get(value.partition(" ")[0])
    return (*named, 1.0) if named else None


def paint(values: Values) -> str | None:
    """The opaque colour that declarations paint, as CSS writes it; None where they paint none that is known."""
    for name in ("background-color", "background"):
        value = values[name][0] if name in values else ""
        colour = colour_of(value) if value and "url(" not in value and "gradient" not in value else None
        if colour is not None and colour[3] > 0.5:
            return value
    return None


def _unpainted(get: Mapping[str, str], ground: Callable[[], str | None]) -> tuple[str, str]:
    name = "-webkit-text-fill-color" if "-webkit-text-fill-color" in get else "color"
    colour = colour_of(get.get(name, ""))
    if colour is None or "text" in (get.get("background-clip", ""), get.get("-webkit-background-clip", "")):
        return "", ""
    if colour[3] <= 0.05:
        return f"{name}:{get[name]}", name
    own = get.get("background-color") or get.get("background")
    if own and ("url(" in own or "gradient" in own):
        return "", ""
    behind = colour_of(own or "")
    if behind is None or not behind[3]:
        own = ground()
        behind = colour_of(own or "")
    if behind is None or behind[3] < 0.95 or not same(colour, behind):
        return "", ""
    return f"{name}:{get[name]} on {own}", name


def same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether nobody could tell two colours apart."""
    return all(abs(a - b) <= 10 for a, b in zip(one[:3], other[:3], strict=True))
