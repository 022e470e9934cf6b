"""What the report of a stack says, and its one HTML page, which needs nothing from outside."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stackgui.core.base.histogram import Histogram
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.viewing.opened import Opened, RowFacts
from stackgui.core.viewing.report_plots import STYLE, bars, histogram

REPORT_FILE = "report.html"
"""Its name in the folder of the stack."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row in the report.

    Attributes
    ----------
    facts : RowFacts
    png : str
        The row without its padding as a picture, in base64; ``""`` for a blank row.
    boxes : tuple
        Left, top, right, bottom in pixels of the row, and the class of each.
    """

    facts: RowFacts
    png: str
    boxes: tuple[tuple[float, float, float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that a report says.

    Attributes
    ----------
    opened : Opened
    name : str
    disk_bytes : int
    plan : sequence of (str, str)
        The plan in words: what was decided, and how.
    samples, failures : sequence of ReportRow
        Some rows, and blank ones.
    classes : mapping of str to mapping of str to int
        Rows of each class by part; ``""`` for no class or no part.
    objects : mapping of str to int
        Boxes of each class.
    heights, widths : Histogram or None
        Of the pictures in their rows.
    versions : mapping of str to str
    warnings : sequence of str
    loading : sequence of (str, str)
        Name of a library, and the code that loads the stack with it.
    """

    opened: Opened
    name: str
    disk_bytes: int
    plan: Sequence[tuple[str, str]]
    samples: Sequence[ReportRow]
    failures: Sequence[ReportRow]
    classes: Mapping[str, Mapping[str, int]]
    objects: Mapping[str, int]
    heights: Histogram | None
    widths: Histogram | None
    versions: Mapping[str, str]
    warnings: Sequence[str]
    loading: Sequence[tuple[str, str]]


def page(content: ReportContent) -> str:
    """Return the report as HTML."""
    parts = [
        _summary(content), _section("The plan", _pairs(content.plan)), _samples(content), _classes(content),
        _sizes(content), _objects(content), _failures(content), _warnings(content), _loading(content),
        _section("Made with", _pairs(sorted(content.versions.items()))),
    ]  # fmt: skip
    title = html.escape(content.name)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}: report</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>\n"
        + "\n".join(filter(None, parts))
        + "\n</main></body></html>\n"
    )


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{html.escape(title)}</h2>\n{inside}</section>" if inside else ""


def _summary(content: ReportContent) -> str:
    opened = content.opened
    valid = opened.rows - opened.failed - opened.excluded
    figures = [
        (f"{opened.rows:,}", "rows"), (f"{valid:,}", "of them valid"), (f"{opened.failed:,}", "empty"),
        (str(format_bytes(content.disk_bytes)), "on disk"), (opened.dtype, "numbers"),
        (f"{opened.channels:,}", "channels"),
    ]  # fmt: skip
    if opened.excluded:
        figures.insert(3, (f"{opened.excluded:,}", "excluded by hand"))
    told = "".join(f"<div><b>{html.escape(big)}</b><span>{small}</span></div>" for big, small in figures)
    arrays = _table(
        ("Array", "Shape", "Numbers"),
        [(array.file, str(array.shape), array.dtype) for array in opened.arrays],
    )
    path = html.escape(printable(opened.path))
    return f'<div class="figures">{told}</div>\n<p class="path">{path}</p>{arrays}'


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(told)}</dd>" for name, told in pairs)
    return f"<dl>{lines}</dl>" if lines else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    titles = "".join(f"<th>{html.escape(each)}</th>" for each in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape(printable(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{titles}</tr>{lines}</table></div>'


def _samples(content: ReportContent) -> str:
    inside = "".join(map(_figure, content.samples))
    return _section("Some rows", f'<div class="rows">{inside}</div>') if inside else ""


def _figure(row: ReportRow) -> str:
    facts = row.facts
    height, width = facts.size
    top, left, own_height, own_width = facts.placement
    line = max(height, width) / 160
    drawn = [f'<rect width="{width}" height="{height}" fill="url(#hatch-{facts.row})"/>']
    if row.png:
        drawn.append(
            f'<image x="{left}" y="{top}" width="{own_width}" height="{own_height}" '
            f'preserveAspectRatio="none" href="data:image/png;base64,{row.png}"/>'
        )
    for x0, y0, x1, y1, name in row.boxes:
        drawn.append(
            f'<rect class="box" x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" '
            f'stroke-width="{line:.2f}"><title>{html.escape(printable(name))}</title></rect>'
        )
    hatch = max(height, width) / 24
    name = printable(facts.name.rsplit("/", 1)[-1]) or f"row {facts.row:,}"
    below = " · ".join(filter(None, (f"row {facts.row:,}", printable(facts.label), printable(facts.part))))
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(name)}"><defs>'
        f'<pattern id="hatch-{facts.row}" width="{hatch:.1f}" height="{hatch:.1f}" '
        'patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect class="ground" width="{hatch:.1f}" height="{hatch:.1f}"/>'
        f'<rect class="ink" width="{hatch / 6:.2f}" height="{hatch:.1f}"/></pattern></defs>'
        + "".join(drawn)
        + f"</svg><figcaption>{html.escape(name)}<br>"
        + f"<small>{html.escape(below)}</small></figcaption></figure>"
    )


def _classes(content: ReportContent) -> str:
    if not content.classes:
        return ""
    totals = {name or "no label": sum(parts.values()) for name, parts in content.classes.items()}
    parts = list(dict.fromkeys(part for counts in content.classes.values() for part in counts))
    told = "" if set(totals) == {"no label"} else bars(totals)
    if parts and parts != [""]:
        rows = [
            (name or "no label", *(f"{counts.get(part, 0):,}" for part in parts), f"{sum(counts.values()):,}")
            for name, counts in content.classes.items()
        ]
        told += _table(("Class", *(part or "no part" for part in parts), "All"), rows)
    return _section("Classes and parts", told)


def _sizes(content: ReportContent) -> str:
    if content.heights is None or content.widths is None:
        return ""
    inside = histogram("Widths of the pictures in their rows, in pixels", content.widths)
    return _section("Sizes", inside + histogram("Heights", content.heights))


def _objects(content: ReportContent) -> str:
    return _section("Boxes", bars(content.objects)) if content.objects else ""


def _failures(content: ReportContent) -> str:
    if not content.failures:
        return ""
    more = content.opened.failed - len(content.failures)
    rows = [(f"{each.facts.row:,}", each.facts.name, each.facts.reason) for each in content.failures]
    told = _table(("Row", "File", "Why it is empty"), rows)
    shown = "".join(map(_figure, content.failures[:12]))
    told += f'<div class="rows">{shown}</div>'
    return _section("Rows that stayed empty", told + (f"<p>and {more:,} more</p>" if more > 0 else ""))


def _warnings(content: ReportContent) -> str:
    lines = "".join(f"<li>{html.escape(printable(each))}</li>" for each in content.warnings)
    return _section("What to know", f"<ul>{lines}</ul>") if lines else ""


def _loading(content: ReportContent) -> str:
    inside = "".join(
        f"<details{' open' if not place else ''}><summary>{html.escape(name)}</summary>"
        f"<pre><code>{html.escape(code)}</code></pre></details>"
        for place, (name, code) in enumerate(content.loading)
    )
    return _section("How to load it", inside)
