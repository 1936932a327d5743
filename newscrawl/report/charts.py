"""Draws charts as plain SVG: no script, no style of their own, the page's colours, and the same in figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

SHAPES = frozenset(("g", "path", "rect", "circle", "text"))
"""What is taken over of pygal's drawing: not its script, its sheet, nor the hidden values that its script shows."""
KEPT = frozenset(("class", "d", "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "transform"))
WIDTHS = {"wide": 760, "narrow": 360}
"""Each chart is drawn twice, for a desk and for a phone: one drawing made small could not be read."""
MOST_BARS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing for each width, what its colours mean, and the same in figures, for whom a drawing tells nothing."""

    title: str
    drawings: tuple[Markup, ...]
    legend: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def over_time(title: str, moments: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart | None:
    """Stacked bars of several counts over time; nothing where there is only one moment to show."""
    if len(moments) < 2:
        return None
    drawings = []
    for name, labels in (("wide", 6), ("narrow", 3)):
        chart = _pygal().StackedBar(**_plain(name, 220), x_labels_major_every=max(1, len(moments) // labels))
        chart.show_minor_x_labels = False
        chart.x_labels = [_label(moment) for moment in moments]
        for what, values in series.items():
            chart.add(what, list(values))
        drawings.append(_svg(chart, title, name))
    rows = tuple((moment, *(_short(values[at]) for values in series.values())) for at, moment in enumerate(moments))
    return Chart(
        title=title, drawings=tuple(drawings), legend=tuple(series), heads=("when", *series), rows=tuple(reversed(rows))
    )


def bars(title: str, values: Mapping[str, float], unit: str) -> Chart | None:
    """Bars lying down, the longest first; at most fifteen. Nothing where all are 0."""
    longest = sorted(values.items(), key=lambda one: (-one[1], one[0]))[:MOST_BARS]
    shown = [(name, value) for name, value in longest if value > 0]
    if not shown:
        return None
    drawings = []
    for name, length in (("wide", 26), ("narrow", 18)):
        chart = _pygal().HorizontalBar(**_plain(name, 56 + 26 * len(shown)), print_values=True)
        chart.formatter = chart.value_formatter = lambda value: f"{_short(value)}{unit}"
        chart.x_labels = [_label(what, length) for what, _ in reversed(shown)]
        chart.add("", [value for _, value in reversed(shown)])
        drawings.append(_svg(chart, title, name))
    rows = tuple((what, f"{_short(value)}{unit}") for what, value in shown)
    return Chart(title=title, drawings=tuple(drawings), legend=(), heads=("", title), rows=rows)


def _pygal() -> Any:
    """The library, without the hook for its maps, which warns at each import that fails anywhere in the process."""
    import pygal

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
    return pygal


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _label(name: str, length: int = 26) -> str:
    spelt = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)  # XML has no word for most others
    return spelt if len(spelt) <= length else f"{spelt[: length - 1]}…"


def _plain(name: str, height: int) -> dict[str, Any]:
    return {
        "width": WIDTHS[name], "height": height, "js": (), "pretty_print": False, "tooltip_fancy_mode": False,
        "explicit_size": False, "margin": 8, "show_legend": False, "max_scale": 6 if name == "wide" else 4,
        "min_scale": 2, "include_x_axis": True,
    }  # fmt: skip


def _svg(chart: Any, title: str, name: str) -> Markup:
    """The drawing alone. Names that were crawled are text nodes in it: what writes the tree escapes them."""
    drawn = chart.render_tree()
    tree = Element(
        "svg", {"viewBox": drawn.get("viewBox"), "class": f"chart {name}", "role": "img", "aria-label": title}
    )
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
