"""Draws charts as plain SVG: no script, no style of their own, colours from the page's sheet, a title to read out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

SHAPES = frozenset(("g", "path", "rect", "circle", "text"))
"""What is taken over of pygal's drawing: not its script, its sheet, nor the hidden values that its script shows."""
KEPT = frozenset(("class", "d", "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "transform"))
WIDTH = 760
MOST_BARS = 15


def over_time(title: str, moments: Sequence[str], series: Mapping[str, Sequence[float]]) -> Markup:
    """Stacked bars of several counts over time; nothing where there is only one moment to show."""
    if len(moments) < 2:
        return Markup()
    chart = _pygal().StackedBar(**_plain(240), legend_at_bottom=True, x_labels_major_every=max(1, len(moments) // 6))
    chart.show_minor_x_labels = False
    chart.x_labels = [_label(moment) for moment in moments]
    for name, values in series.items():
        chart.add(name, list(values))
    return _svg(chart, title)


def bars(title: str, values: Mapping[str, float], unit: str) -> Markup:
    """Bars lying down, the longest first; at most fifteen. Nothing where all are 0."""
    longest = sorted(values.items(), key=lambda one: (-one[1], one[0]))[:MOST_BARS]
    shown = [(name, value) for name, value in reversed(longest) if value > 0]
    if not shown:
        return Markup()
    chart = _pygal().HorizontalBar(**_plain(70 + 26 * len(shown)), show_legend=False, print_values=True)
    chart.formatter = chart.value_formatter = lambda value: f"{_short(value)}{unit}"
    chart.x_labels = [_label(name) for name, _ in shown]
    chart.add("", [value for _, value in shown])
    return _svg(chart, title)


def _pygal() -> Any:
    """The library, without the hook for its maps, which warns at each import that fails anywhere in the process."""
    import pygal

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
    return pygal


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _label(name: str) -> str:
    spelt = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)  # XML has no word for most others
    return spelt if len(spelt) <= 26 else f"{spelt[:25]}…"


def _plain(height: int) -> dict[str, Any]:
    return {
        "width": WIDTH, "height": height, "js": (), "pretty_print": False, "tooltip_fancy_mode": False,
        "explicit_size": False, "margin": 8, "legend_box_size": 12, "max_scale": 6, "min_scale": 2,
        "include_x_axis": True,
    }  # fmt: skip


def _svg(chart: Any, title: str) -> Markup:
    """The drawing alone. Names that were crawled are text nodes in it: what writes the tree escapes them."""
    drawn = chart.render_tree()
    tree = Element("svg", {"viewBox": drawn.get("viewBox"), "class": "chart", "role": "img", "aria-label": title})
    _copy(drawn, tree)
    return Markup(tostring(tree, encoding="unicode"))  # noqa: S704 - ElementTree escaped every name in it


def _copy(drawn: Any, into: Element) -> None:
    for child in drawn:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name in SHAPES and "tooltip" not in child.get("class", "").split("-"):
            kept = {key: value for key, value in child.attrib.items() if key in KEPT}
            made = SubElement(into, name, kept)
            made.text = child.text
            _copy(child, made)
