"""The picture of the table: what the README shows, in light and dark, with the fonts that are there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.benchmarks import machine
from tests.benchmarks.measuring import FAST, Row, digits
from tests.benchmarks.record import Record
from tests.benchmarks.terminal import totals

WIDTH, MARGIN, LINE = 1000, 20, 19
BAR_X, BAR_WIDTH, BAR_HEIGHT = 500, 280, 11
FIGURE_X = BAR_X + BAR_WIDTH + 14
MOST_LEFT, LEAST_RIGHT = 0.5, 4.0
"""Times as fast that the axis shows in any case."""

MOST_SHARE = 2.0
"""Of a limit; longer bars end at the edge."""

LIGHT = {
    "back": "#ffffff",
    "text": "#1f2328",
    "soft": "#59636e",
    "line": "#d1d9e0",
    "bar": "#2a6fb5",
    "bound": "#8a939d",
    "missed": "#b3400f",
}
DARK = {
    "back": "#0d1117",
    "text": "#e6edf3",
    "soft": "#9198a1",
    "line": "#3d444d",
    "bar": "#58a6ff",
    "bound": "#7d8590",
    "missed": "#ff9e64",
}


def _painted(colours: Mapping[str, str]) -> str:
    # Without CSS's variables, since some viewers know none and would paint everything black.
    return """text {{ fill: {text} }} .back {{ fill: {back} }} .bar {{ fill: {bar} }}
.bound {{ fill: {bound} }} .over, .missed {{ fill: {missed} }} .soft {{ fill: {soft} }}
.grid {{ stroke: {line} }} .one {{ stroke: {soft} }} .target {{ stroke: {text} }}""".format_map(colours)


STYLE = f"""
text {{ font: 12px system-ui, sans-serif }} .target {{ stroke-width: 2 }}
.head {{ font-size: 16px; font-weight: 600 }} .work, .missed {{ font-weight: 600 }}
.end {{ text-anchor: end }} .middle {{ text-anchor: middle }}
{_painted(LIGHT)}
@media (prefers-color-scheme: dark) {{
{_painted(DARK)}
}}
"""


def save(record: Record, file: Path) -> None:
    """Draw `record` into `file`."""
    file.write_text(drawn(record), encoding="utf-8")


def drawn(record: Record) -> str:
    """Draw the rows that are compared with something or have a limit, as SVG."""
    canvas = _Canvas()
    fast = [row for row in record.rows if row.unit == FAST]
    limited = [row for row in record.rows if row.unit != FAST and row.limit is not None and not row.at_least]
    if fast:
        ratios = [value for row in fast for value in (row.measured, row.limit) if value]
        canvas.section(
            "How many times as fast as …",
            "longer is better; the short line is the target",
            _Ratios(ratios),
            fast,
        )
    if limited:
        shares = [row.measured / row.limit for row in limited if row.limit]
        canvas.section("How much of its limit it takes", "shorter is better", _Shares(shares), limited)
    canvas.text(MARGIN, f"{totals(record.rows)}. {record.when}, {record.pictures}.", "soft")
    canvas.text(MARGIN, machine.in_words(record.machine), "soft")
    if record.stolen >= machine.WORTH_TELLING:
        # A line of its own, since none is broken.
        canvas.text(MARGIN, f"Meanwhile {machine.stolen_in_words(record.stolen)}.", "soft")
    return canvas.whole()


class _Ratios:
    """The axis of times as fast: powers of two, with bars from 1 to either side."""

    def __init__(self, values: list[float]) -> None:
        self._low = math.floor(math.log2(min(MOST_LEFT, *values)))
        self._high = math.ceil(math.log2(max(LEAST_RIGHT, *values)))

    def marks(self) -> Iterator[tuple[float, str]]:
        for power in range(self._low, self._high + 1):
            yield 2.0**power, f"{2**power} ×" if power >= 0 else f"1/{2**-power} ×"

    def share(self, value: float) -> float:
        return (math.log2(value) - self._low) / (self._high - self._low)

    def measured(self, row: Row) -> float:
        return row.measured

    def target(self, row: Row) -> float | None:
        return row.limit

    def figure(self, row: Row) -> str:
        return f"{digits(row.measured)} ×"

    begin = 1.0


class _Shares:
    """The axis of shares of a limit: bars from nothing, and the limit at one place."""

    def __init__(self, values: list[float]) -> None:
        self._high = min(MOST_SHARE, max(1.25, *values))

    def marks(self) -> Iterator[tuple[float, str]]:
        yield from ((0.0, "0"), (0.5, "half"), (1.0, "limit"))

    def share(self, value: float) -> float:
        return min(1.0, value / self._high)

    def measured(self, row: Row) -> float:
        return row.measured / (row.limit or 1)

    def target(self, _row: Row) -> float | None:
        return 1.0

    def figure(self, row: Row) -> str:
        return f"{digits(row.measured)} {row.unit.split()[0]}"

    begin = 0.0


class _Canvas:
    """Lines of text and bars, from the top down."""

    def __init__(self) -> None:
        self._parts: list[ET.Element] = []
        self._y = MARGIN

    def section(self, title: str, hint: str, axis: _Ratios | _Shares, rows: list[Row]) -> None:
        """Draw rows below a title, those about the same work together."""
        self._y += 4
        self.text(MARGIN, title, "head", step=False)
        self.text(BAR_X + BAR_WIDTH, hint, "soft end")
        self._y += 6
        top = self._y
        for value, name in axis.marks():
            self.text(BAR_X + BAR_WIDTH * axis.share(value), name, "soft middle", step=False)
        self._y += LINE
        behind = len(self._parts)
        for work, same in groupby(rows, lambda row: row.work):
            self.text(MARGIN, work, "work")
            for row in same:
                self._row(axis, row)
            self._y += 3
        for value, _name in axis.marks():
            x = BAR_X + BAR_WIDTH * axis.share(value)
            kind = "one" if value == 1 else "grid"
            self._parts.insert(behind, _line(x, top + 5, x, self._y - LINE + 6, kind))
        self._y += LINE // 2

    def text(self, x: float, words: str, kind: str = "", *, step: bool = True) -> None:
        """Write a line, and go on to the next one."""
        element = ET.Element("text", {"x": f"{x:.1f}", "y": f"{self._y + 4:.1f}"})
        if kind:
            element.set("class", kind)
        element.text = words
        self._parts.append(element)
        self._y += LINE if step else 0

    def whole(self) -> str:
        """Give the picture."""
        height = self._y
        words = "Table of the benchmark: how fast StackGUI is, beside what one could use instead"
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {WIDTH} {height}",
                "width": str(WIDTH),
                "height": str(height),
                "role": "img",
                "aria-labelledby": "title",
            },
        )
        ET.SubElement(root, "title", {"id": "title"}).text = words
        ET.SubElement(root, "style").text = STYLE
        ET.SubElement(root, "rect", {"class": "back", "width": "100%", "height": "100%", "rx": "6"})
        root.extend(self._parts)
        ET.indent(root, " ")
        return ET.tostring(root, encoding="unicode") + "\n"

    def _row(self, axis: _Ratios | _Shares, row: Row) -> None:
        self.text(MARGIN + 14, row.against, "soft" if row.is_bound else "", step=False)
        ends = sorted((axis.share(axis.begin), axis.share(axis.measured(row))))
        kind = "bound" if row.is_bound else "over" if row.met is False else "bar"
        self._parts.append(
            ET.Element(
                "rect",
                {
                    "class": kind,
                    "x": f"{BAR_X + BAR_WIDTH * ends[0]:.1f}",
                    "y": f"{self._y - BAR_HEIGHT / 2:.1f}",
                    "width": f"{max(1.5, BAR_WIDTH * (ends[1] - ends[0])):.1f}",
                    "height": str(BAR_HEIGHT),
                },
            )
        )
        target = axis.target(row)
        if target is not None:
            x = BAR_X + BAR_WIDTH * axis.share(target)
            self._parts.append(_line(x, self._y - 8, x, self._y + 8, "target"))
        self.text(FIGURE_X + 62, axis.figure(row), "end", step=False)
        if row.target:
            words = f"{row.target} {'✓' if row.met else '✗ missed'}"
            self.text(FIGURE_X + 74, words, "soft" if row.met else "missed", step=False)
        self._y += LINE


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> ET.Element:
    places = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return ET.Element("line", {"class": kind, **{name: f"{value:.1f}" for name, value in places.items()}})
