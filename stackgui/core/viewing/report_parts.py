"""What the page of a report is put together from: tables, plots and rows as drawings."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from stackgui.core.base.histogram import Histogram
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.voice import Voice
from stackgui.core.base.wording import Wording, joined, say
from stackgui.core.viewing.class_colours import class_colour
from stackgui.core.viewing.report import Counted, ReportRow

MAX_COUNTED = 200
"""Classes that a table lists."""

MAX_DRAWN, MAX_POINTS, MAX_DRAWN_NAMES = 60, 80, 3
"""Objects that are drawn over a row, points of a polygon, and classes that are named below a row."""

TINY_PX = 96
"""Pictures smaller than this are shown pixel by pixel."""

PLOT_PX = 100
"""Height of a plot in its own coordinates."""


class Parts:
    """Makes parts of a page in the language of `voice`."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def text(self, text: str) -> str:
        """Return a text of the program for HTML."""
        return html.escape(self._voice.tell(text))

    def said(self, text: str) -> str:
        """Return for HTML a text of the program, or else a name as it is."""
        return self.text(text) if isinstance(text, Wording) else html.escape(printable(text))

    def recalled(self, text: str) -> str:
        """Return for HTML what was said when the stack was made."""
        return html.escape(self._voice.recall(text))

    def number(self, number: int) -> str:
        """Return a whole number as people write it."""
        return self.text(say("{number:,}", number=number))

    # Tables

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> str:
        """Return names with their values."""
        lines = "".join(f"<dt>{self.text(name)}</dt><dd>{self.said(told)}</dd>" for name, told in pairs)
        return f'<dl class="pairs">{lines}</dl>' if lines else ""

    def figures(self, figures: Iterable[tuple[str, str]]) -> str:
        """Return figures, each large above its name."""
        lines = (f"<div><dt>{self.text(name)}</dt><dd>{self.said(told)}</dd></div>" for name, told in figures)
        return f'<dl class="figures">{"".join(lines)}</dl>'

    def table(self, heads: Sequence[str], lines: Iterable[str], kind: str = "plain") -> str:
        """Return a table; heads and lines are HTML."""
        inside = "\n".join(f"<tr>{line}</tr>" for line in lines)
        return (
            f'<div class="wide"><table class="{kind}"><thead><tr>{"".join(heads)}</tr></thead>\n'
            f"<tbody>{inside}</tbody></table></div>"
        )

    def head(self, text: str, kind: str = "") -> str:
        """Return the head of a column."""
        return f'<th scope="col"{_class(kind)}>{self.said(text)}</th>'

    def cell(self, text: str, kind: str = "") -> str:
        """Return a cell with a name or a text of the program."""
        return f"<td{_class(kind)}>{self.said(text)}</td>"

    def count_cell(self, number: int) -> str:
        """Return a cell with a number."""
        return f'<td class="number">{self.number(number)}</td>'

    def counts(
        self,
        title: str,
        counted: Sequence[Counted],
        counts: str,
        parts: Sequence[str] = (),
        *,
        drawn: bool = False,
    ) -> str:
        """Return a table with a bar for each class; of very many, the first.

        Parameters
        ----------
        title, counts
            What is listed, and what is counted.
        counted
        parts
            Heads of the columns for parts of the split.
        drawn
            Whether classes are drawn over rows, so that their colours have to be shown.
        """
        is_numbered = any(each.number is not None for each in counted)
        most = max((each.count for each in counted), default=0) or 1
        heads = [
            *([self.head(say("Stored as"), "number")] if is_numbered else []),
            self.head(title), self.head(counts, "number"),
            # What it shows stands in the column beside it.
            '<td class="bar-cell"></td>',
            *(self.head(part, "number") for part in parts),
        ]  # fmt: skip
        lines = [
            ("" if not is_numbered else _numbered(each.number))
            + '<th scope="row" class="name">'
            + f"{_swatch(each.number) if drawn else ''}{self.said(each.name)}</th>"
            + self.count_cell(each.count)
            + f'<td class="bar-cell">{_bar(each.count / most)}</td>'
            + "".join(map(self.count_cell, each.parts))
            for each in counted[:MAX_COUNTED]
        ]
        return self.table(heads, lines, "counts") + self.more(len(counted) - MAX_COUNTED)

    def more(self, count: int) -> str:
        """Say how many more there are than are listed."""
        return f"<p>{self.text(say('and {count:,} more', count=count))}</p>" if count > 0 else ""

    # Plots

    def histogram(self, title: str, found: Histogram) -> str:
        """Return a histogram of sides in pixels."""
        counts, edges = found.counts, found.edges
        most, peak = max(counts), counts.index(max(counts))
        told = self.text(
            say(
                "{title}: from {first:,} to {last:,}, most often {low:,} to {high:,}",
                title=title, first=int(edges[0]), last=int(edges[-1]) - 1,
                low=int(edges[peak]), high=int(edges[peak + 1]) - 1,
            )
        )  # fmt: skip
        bars = "".join(
            f'<rect class="bar" x="{place + 0.04:.2f}" y="{PLOT_PX * (1 - count / most):.2f}" width="0.92" '
            f'height="{PLOT_PX * count / most:.2f}"><title>'
            f"{self._told_bar(edges, place, count)}</title></rect>"
            for place, count in enumerate(counts)
            if count
        )
        ends = [self.number(int(end)) for end in (edges[0], edges[len(counts) // 2], edges[-1] - 1)]
        return (
            f'<figure class="plot"><figcaption>{self.text(title)} <small>{self._tallest(most)}</small>'
            f'</figcaption><svg viewBox="0 0 {len(counts)} {PLOT_PX}" preserveAspectRatio="none" role="img" '
            f'aria-label="{told}">{bars}</svg><div class="edges" aria-hidden="true">'
            + "".join(f"<span>{end}</span>" for end in ends)
            + "</div></figure>"
        )

    def _tallest(self, most: int) -> str:
        return self.text(say("highest bar: {count:,}", count=most))

    def _told_bar(self, edges: Sequence[float], place: int, count: int) -> str:
        low, high = int(edges[place]), int(edges[place + 1]) - 1
        return self.text(say("{low:,} to {high:,}: {count:,}", low=low, high=high, count=count))

    # Rows

    def row(self, row: ReportRow) -> str:
        """Return a row as a drawing, with its padding hatched and its objects."""
        facts, objects = row.facts, self._object_names(row)
        name = printable(facts.name.rsplit("/", 1)[-1])
        told = joined(
            " · ",
            (say("row {row:,}", row=facts.row), printable(facts.label), printable(facts.part),
             say("excluded") if facts.is_excluded else "", say("picture gone") if facts.is_gone else ""),
        )  # fmt: skip
        label = self.text(joined(", ", (name, told)))
        lines = [self.said(name), *(f"<small>{each}</small>" for each in (self.text(told), objects))]
        shown = "<br>".join(each for each in lines if each not in {"", "<small></small>"})
        return f"<figure>{self._drawing(row, label)}<figcaption>{shown}</figcaption></figure>"

    def _object_names(self, row: ReportRow) -> str:
        """Return how many objects a row has, and the names of their classes."""
        if row.marks is None or not len(row.marks):
            return ""
        numbers = sorted({int(number) for number in row.marks.category if number >= 0})
        shown = "".join(
            f" {_swatch(number)}{self.said(row.marks.classes[number])}"
            for number in numbers[:MAX_DRAWN_NAMES]
        )
        more = len(numbers) - MAX_DRAWN_NAMES
        rest = f" {self.text(say('and {count:,} more', count=more))}" if more > 0 else ""
        return self.text(format_count(row.facts.boxes, "box", "boxes")) + shown + rest

    def _drawing(self, row: ReportRow, label: str) -> str:
        facts = row.facts
        height, width = facts.size
        top, left, own_height, own_width = facts.placement
        hatch, number = max(height, width) / 24, facts.row
        place = f'x="{left}" y="{top}" width="{own_width}" height="{own_height}" preserveAspectRatio="none"'
        drawn = [f'<rect width="{width}" height="{height}" fill="url(#hatch-{number})"/>']
        if row.picture:
            tiny = ' class="tiny"' if max(own_height, own_width) <= TINY_PX else ""
            drawn.append(f'<image{tiny} {place} href="{row.picture}"/>')
        if row.mask:
            drawn.append(f'<image class="tiny" {place} href="{row.mask}"/>')
        return (
            f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="xMinYMax" role="img" '
            f'aria-label="{label}"><defs>'
            f'<pattern id="hatch-{number}" width="{hatch:.1f}" height="{hatch:.1f}" '
            'patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect class="ground" width="{hatch:.1f}" height="{hatch:.1f}"/>'
            f'<rect class="ink" width="{hatch / 6:.2f}" height="{hatch:.1f}"/></pattern></defs>'
            + "".join(drawn)
            + self._objects(row)
            + "</svg>"
        )

    def _objects(self, row: ReportRow) -> str:
        """Return the outlines of the objects of a row, each line with an edge of the opposite brightness."""
        marks, line = row.marks, max(row.facts.size) / 110
        if marks is None:
            return ""
        drawn = []
        for index in range(min(len(marks), MAX_DRAWN)):
            number = int(marks.category[index])
            rings = range(int(marks.ring_starts[index]), int(marks.ring_starts[index + 1]))
            outline = "".join(_ring(marks.rings[ring].tolist()) for ring in rings) or _box(
                marks.box[index].tolist()
            )
            colour, name = class_colour(number), marks.classes[number] if number >= 0 else ""
            drawn.append(
                f'<g fill="none"><title>{self.said(name)}</title>'
                f'<path d="{outline}" stroke="#000" stroke-opacity="0.6" stroke-width="{line * 2:.2f}"/>'
                f'<path d="{outline}" stroke="{colour}" stroke-width="{line:.2f}"/></g>'
            )
        return "".join(drawn)

    def empty(self, row: ReportRow) -> str:
        """Return what can be seen of a picture that could not be read, or a drawing that says nothing can."""
        if row.picture:
            told = say("a preview that the file holds") if row.is_preview else say("what can be read of it")
            told = joined(": ", (printable(row.facts.name.rsplit("/", 1)[-1]), told))
            height, width = row.size
            return f'<img src="{row.picture}" width="{width}" height="{height}" alt="{self.text(told)}">'
        return (
            f'<svg viewBox="0 0 112 84" role="img" aria-label="{self.text(say("nothing to see"))}">'
            '<rect class="ground" width="112" height="84"/><path class="cross" fill="none" stroke-width="2" '
            'd="M38 24h36v36h-36zM38 24l36 36M74 24l-36 36"/></svg>'
        )


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _numbered(number: int | None) -> str:
    return f'<td class="number">{"" if number is None else number}</td>'


def _bar(share: float) -> str:
    # Its number stands beside it.
    percent = max(100 * share, 0.4) if share else 0
    return f'<svg aria-hidden="true"><rect class="bar" width="{percent:.1f}%" height="14"/></svg>'


def _swatch(number: int | None) -> str:
    if number is None:
        return ""
    return (
        '<svg class="swatch" viewBox="0 0 11 11" aria-hidden="true">'
        f'<rect width="11" height="11" fill="{class_colour(number)}"/></svg>'
    )


def _ring(points: list[list[float]]) -> str:
    step = -(-len(points) // MAX_POINTS)
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points[:: max(1, step)]) + "Z"


def _box(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    return f"M{x0:.1f} {y0:.1f}H{x1:.1f}V{y1:.1f}H{x0:.1f}Z"
