"""Lines and charts of the overview, made from statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from stackgui.core.advice.problem_words import UNREADABLE
from stackgui.core.advice.problems import Problems
from stackgui.core.base.histogram import Histogram
from stackgui.core.base.skip_kinds import EXCLUDED, format_skipped
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_share, format_size
from stackgui.core.catalog.statistics import Shapes, Spread, Statistics
from stackgui.core.plan.objects_taken import ObjectsTaken
from stackgui.gui.texts import texts
from stackgui.gui.texts.annotation_texts import boxes_line
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored


class Form(StrEnum):
    """Kind of chart."""

    BARS = "bars"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of counts.

    Attributes
    ----------
    form : Form
        ``BARS`` for a histogram, ``SHARES`` for kinds that together make up the whole.
    counts : tuple of int
    told : tuple of str
        Tooltip of each count.
    """

    form: Form
    counts: tuple[int, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the overview.

    Attributes
    ----------
    title, text : str
    chart : Chart or None
        Chart beside the text.
    """

    title: str
    text: str
    chart: Chart | None = None


def overview(
    statistics: Statistics, problems: Problems | None = None, objects: ObjectsTaken | None = None
) -> tuple[Line, ...]:
    """Return the lines of the overview, without those that have nothing to say.

    Parameters
    ----------
    statistics
    problems
        What is known to be wrong by now; None during a scan.
    objects
        What becomes of boxes, polygons and keypoints; None without any.
    """
    unreadable, left_out = statistics.problems, 0
    if problems is not None:
        found, aside = problems.of_kind(UNREADABLE), problems.of_kind(EXCLUDED)
        unreadable, left_out = dict(found.reasons) if found else {}, aside.count if aside else 0
    formats = {name.upper(): count for name, count in statistics.formats.items()}
    channels = {texts.channels_name(number): count for number, count in statistics.channels.items()}
    shapes = statistics.shapes
    lines = (
        Line(tr("Pictures"), tr("{count:,}", count=statistics.samples)),
        Line(tr("Pixels"), _count_of_pixels(statistics.pixels)),
        Line(tr("Widths"), _spread(statistics.width, _in_pixels), _sides(statistics.width)),
        Line(tr("Heights"), _spread(statistics.height, _in_pixels), _sides(statistics.height)),
        Line(tr("Shapes"), _shapes(shapes), None if shapes is None else _bars(shapes.ratios, _ratio)),
        Line(
            tr("File sizes"), _spread(statistics.file_size, format_bytes), _file_sizes(statistics.file_size)
        ),
        Line(tr("Formats"), texts.listed(formats), _shares(formats)),
        Line(tr("Colours"), texts.listed(channels), _shares(channels)),
        Line(tr("Numbers"), texts.listed(statistics.dtypes), _shares(statistics.dtypes)),
        Line(tr("Turned"), texts.turned_line(statistics)),
        Line(tr("Profiles"), texts.profiles_line(statistics)),
        Line(tr("Boxes"), boxes_line(objects) if objects else ""),
        Line(tr("Cannot be read"), _kinds(unreadable, _times)),
        Line(tr("Left out"), texts.left_out_line(left_out)),
        Line(tr("Skipped"), _kinds(statistics.skipped, _skipped)),
    )
    return tuple(line for line in lines if line.text)


def _in_pixels(length: float) -> str:
    return tr("{length:,} px", length=length)


def _skipped(kind: str, count: int) -> str:
    return tr(format_skipped({kind: count}))


def _times(kind: str, count: int) -> str:
    return tr("{count:,}: {kind}", count=count, kind=tr_stored(kind))


def _sides(spread: Spread | None) -> Chart | None:
    if spread is None:
        return None
    edges = [int(edge) for edge in spread.classes.edges]
    told = [
        _in_pixels(low) if high - low == 1 else tr("{low:,} to {high:,} px", low=low, high=high - 1)
        for low, high in pairwise(edges)
    ]
    return _chart(Form.BARS, spread.classes.counts, told)


def _file_sizes(spread: Spread | None) -> Chart | None:
    return None if spread is None else _bars(spread.classes, lambda edge: format_bytes(round(edge)))


def _bars(classes: Histogram, form: Callable[[float], str]) -> Chart | None:
    edges = [form(edge) for edge in classes.edges]
    told = [
        low if low == high else tr("{low} to {high}", low=low, high=high) for low, high in pairwise(edges)
    ]
    return _chart(Form.BARS, classes.counts, told)


def _ratio(width_to_height: float) -> str:
    if width_to_height >= 1:
        return tr("{times:.3g} times as wide as high", times=width_to_height)
    return tr("{times:.3g} times as high as wide", times=1 / width_to_height)


def _shares(counts: dict[str, int]) -> Chart | None:
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return _chart(Form.SHARES, tuple(count for _, count in ordered), [name for name, _ in ordered])


def _chart(form: Form, counts: tuple[int, ...], names: list[str]) -> Chart | None:
    """Return a chart with a tooltip for each count, or None if there is nothing to compare."""
    total = sum(counts)
    if len(counts) < 2 or not total:  # noqa: PLR2004 - one is all
        return None
    told = (
        tr(
            "{name}: {pictures}, {share} of all",
            name=name,
            pictures=texts.pictures(count),
            share=format_share(count / total),
        )
        for name, count in zip(names, counts, strict=True)
    )
    return Chart(form, counts, tuple(told))


def _kinds(counts: dict[str, int], form: Callable[[str, int], str]) -> str:
    """List the most frequent kinds; the tab Problems lists them all."""
    most = 4
    kinds = [printable(form(kind, count)) for kind, count in list(counts.items())[:most]]
    rest = sum(list(counts.values())[most:])
    return "\n".join(
        (*kinds, tr("{rest:,} for other reasons; “Problems” lists them all", rest=rest)) if rest else kinds
    )


def _count_of_pixels(count: int) -> str:
    million = 1_000_000
    if count >= 10 * million:
        return tr("{millions:,.0f} million", millions=count / million)
    return tr("{count:,}", count=count) if count else ""


def _spread(spread: Spread | None, form: Callable[[int], str]) -> str:
    if spread is None:
        return ""
    if spread.smallest == spread.largest:
        return tr("all {size}", size=form(spread.smallest))
    if spread.quarter == spread.three_quarters:
        return tr(
            "{least} to {greatest}; at least half are {median}; 99 % are at most {most}",
            least=form(spread.smallest),
            greatest=form(spread.largest),
            median=form(spread.median),
            most=form(spread.percentile_99),
        )
    middle = tr("the middle half {low} to {high}", low=form(spread.quarter), high=form(spread.three_quarters))
    most = tr(
        "typically {median}; 99 % are at most {most}",
        median=form(spread.median),
        most=form(spread.percentile_99),
    )
    return tr(
        "{least} to {greatest}; {middle}, {most}",
        least=form(spread.smallest),
        greatest=form(spread.largest),
        middle=middle,
        most=most,
    )


def _shapes(shapes: Shapes | None) -> str:
    if shapes is None:
        return ""
    kinds = {tr("wide"): shapes.wide, tr("high"): shapes.high, tr("square"): shapes.square}
    counts = texts.listed({kind: count for kind, count in kinds.items() if count})
    tallest, widest = format_size(*shapes.highest), format_size(*shapes.widest)
    if shapes.highest == shapes.widest:
        return counts
    return tr("{counts}; from {tallest} px to {widest} px", counts=counts, tallest=tallest, widest=widest)
