"""The report of a stack as one HTML page, which needs nothing from outside."""

from __future__ import annotations

import html
from collections.abc import Iterator

from stackgui.core.base.histogram import Histogram
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.voice import Voice
from stackgui.core.base.wording import say
from stackgui.core.viewing.class_colours import class_colour
from stackgui.core.viewing.report import ReportContent, ReportRow
from stackgui.core.viewing.report_parts import Parts
from stackgui.core.viewing.report_style import STYLE

NOTHING_FROM_OUTSIDE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a browser may load for the page, should a name ever get into it unescaped."""

MAX_ARRAYS = 100


def page(content: ReportContent, voice: Voice) -> str:
    """Return the report as HTML, in the language of `voice`."""
    return _Page(content, voice).page()


class _Page:
    """Writes the page of one stack."""

    def __init__(self, content: ReportContent, voice: Voice) -> None:
        self._content = content
        self._parts = Parts(voice)
        self._code = voice.code

    def page(self) -> str:
        """Return the whole page."""
        tell, name = self._parts.text, self._parts.said(self._content.name)
        sections = [(number, *each) for number, each in enumerate(self._sections()) if each[1]]
        links = "".join(f'<a href="#part-{number}">{tell(title)}</a>' for number, title, _ in sections)
        inside = "\n".join(
            f'<section id="part-{number}"><h2>{tell(title)}</h2>\n{inside}</section>'
            for number, title, inside in sections
        )
        title = tell(say("{name}: report", name=printable(self._content.name)))
        return (
            f'<!DOCTYPE html>\n<html lang="{html.escape(self._code)}"><head><meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>\n'
            f"<style>{STYLE}</style></head>\n<body><main>\n<h1>{name}</h1>\n{self._summary()}\n"
            f'<nav aria-label="{tell(say("Contents"))}">{links}</nav>\n{inside}\n'
            f"<footer>{tell(self._written())}</footer>\n</main></body></html>\n"
        )

    def _sections(self) -> Iterator[tuple[str, str]]:
        """Yield the title and the HTML of each section; those without HTML are left out."""
        parts, content = self._parts, self._content
        yield say("Some rows"), self._samples()
        yield say("Labels"), self._classes()
        if content.parts:
            yield say("Split"), parts.counts(say("Part of the data"), content.parts, say("Rows"))
        yield say("Boxes"), self._objects()
        yield say("Masks"), self._masks()
        yield say("Sizes of the pictures in their rows"), self._sizes()
        yield say("Rows that stayed empty"), self._failures()
        yield say("What to know"), self._warnings()
        yield say("The plan"), parts.pairs(content.plan)
        yield say("How to load it"), self._loading()
        yield say("Made with"), parts.pairs(sorted(content.versions.items()))

    def _summary(self) -> str:
        content, opened = self._content, self._content.opened
        figures = [
            (say("Rows"), opened.rows), (say("With a picture"), content.valid),
            (say("Empty"), opened.failed), (say("Excluded by hand"), opened.excluded),
            (say("Picture gone"), opened.gone),
        ]  # fmt: skip
        shown = [
            (name, say("{number:,}", number=count)) for name, count in figures if count or name == "Rows"
        ]
        shown.append((say("On the disk"), format_bytes(content.disk_bytes)))
        return (
            f'<p class="soft any">{self._parts.said(opened.path)}</p>'
            + self._parts.figures(shown)
            + self._arrays()
        )

    def _arrays(self) -> str:
        parts = self._parts
        arrays = [*self._content.opened.arrays, *self._content.masks]
        heads = [parts.head(say("Array")), parts.head(say("Shape")), parts.head(say("Numbers"))]
        lines = [
            parts.cell(array.file, "name") + parts.cell(str(array.shape)) + parts.cell(array.dtype)
            for array in arrays[:MAX_ARRAYS]
        ]
        return parts.table(heads, lines) + parts.more(len(arrays) - MAX_ARRAYS)

    def _samples(self) -> str:
        inside = "\n".join(map(self._parts.row, self._content.samples))
        return f'<div class="rows">{inside}</div>' if inside else ""

    def _classes(self) -> str:
        content = self._content
        if not content.classes:
            return ""
        heads = [each.name for each in content.parts] if content.classes[0].parts else []
        return self._parts.counts(say("Class"), content.classes, say("Rows"), heads)

    def _objects(self) -> str:
        objects = self._content.objects
        return self._parts.counts(say("Class"), objects, say("Boxes"), drawn=True) if objects else ""

    def _masks(self) -> str:
        classes, parts = self._content.opened.mask_classes, self._parts
        if not classes:
            return ""
        heads = [parts.head(say("Stored as"), "number"), parts.head(say("Class"))]
        lines = [
            f'<td class="number">{number}</td><th scope="row" class="name">{_mask_swatch(number)}'
            f"{parts.said(name)}</th>"
            for number, name in list(classes.items())[:MAX_ARRAYS]
        ]
        return parts.table(heads, lines) + parts.more(len(classes) - MAX_ARRAYS)

    def _sizes(self) -> str:
        content = self._content
        sides = [(say("Widths, in pixels"), content.widths), (say("Heights, in pixels"), content.heights)]
        return "".join(self._side(title, found) for title, found in sides if found is not None)

    def _side(self, title: str, found: Histogram) -> str:
        filled = [place for place, count in enumerate(found.counts) if count]
        low, high = int(found.edges[filled[0]]), int(found.edges[filled[0] + 1]) - 1
        if len(filled) == 1 and low == high:
            return f"<p>{self._parts.text(say('{title}: all {size:,}', title=title, size=low))}</p>"
        return self._parts.histogram(title, found)

    def _failures(self) -> str:
        failures, parts = self._content.failures, self._parts
        if not failures:
            return ""
        heads = [parts.head(say("Picture"), "picture"), parts.head(say("File")), parts.head(say("Reason"))]
        lines = map(self._failure, failures)
        more = self._content.opened.failed - len(failures)
        return parts.table(heads, lines, "failures") + parts.more(more)

    def _failure(self, row: ReportRow) -> str:
        facts, parts = row.facts, self._parts
        told = parts.text(say("row {row:,}", row=facts.row))
        return (
            f'<td class="picture">{parts.empty(row)}</td><th scope="row" class="name">'
            f"{parts.said(facts.name)}<br><small>{told}</small></th>"
            f'<td class="name">{parts.recalled(facts.reason)}</td>'
        )

    def _warnings(self) -> str:
        lines = "".join(f"<li>{self._parts.recalled(each)}</li>" for each in self._content.warnings)
        return f"<ul>{lines}</ul>" if lines else ""

    def _loading(self) -> str:
        return "\n".join(
            f"<details{' open' if not place else ''}><summary>{self._parts.said(name)}</summary>"
            f"<pre><code>{html.escape(code)}</code></pre></details>"
            for place, (name, code) in enumerate(self._content.loading)
        )

    def _written(self) -> str:
        return say("Written by StackGUI on {day}.", day=printable(self._content.written))


def _mask_swatch(number: int) -> str:
    """Return the colour of a class of masks; 0, usually the background, is clear."""
    colour = class_colour(number - 1) if number > 0 else "none"
    return (
        '<svg class="swatch" viewBox="0 0 11 11" aria-hidden="true"><rect x="0.5" y="0.5" width="10" '
        f'height="10" fill="{colour}" stroke="#888"/></svg>'
    )
