"""What is said of a stack that one looks at, and of its rows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_count, format_share, format_size
from stackgui.core.base.wording import say
from stackgui.core.plan.listing import Order, Standing
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.viewing.found import FoundRows, Sorting
from stackgui.core.viewing.look import Stretch
from stackgui.core.viewing.opened import Opened, RowFacts
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored

ORDERS = {
    Order.ROW: say("Order of the rows"),
    Order.NAME: say("Name"),
    Order.LABEL: say("Label"),
    Order.PART: say("Part"),
    Order.WIDTH: say("Width"),
    Order.HEIGHT: say("Height"),
    Order.AREA: say("Area"),
    Order.PROBLEM: say("Empty rows first"),
}

STANDINGS = {
    Standing.ANY: say("All rows"),
    Standing.SOUND: say("With a picture"),
    Standing.BLANK: say("Empty"),
    Standing.LEFT_OUT: say("Excluded by hand"),
    Standing.GONE: say("Picture gone"),
}

_COUNTS: dict[Standing, Callable[[Opened], int]] = {
    Standing.BLANK: lambda opened: opened.failed,
    Standing.LEFT_OUT: lambda opened: opened.excluded,
    Standing.GONE: lambda opened: opened.gone,
}
"""How many rows are in the states that few rows are in."""

STRETCHES = {
    Stretch.AUTOMATIC: say("Automatic"),
    Stretch.STRETCHED: say("Without the rarest values"),
    Stretch.WHOLE: say("From least to largest value"),
    Stretch.CHOSEN: say("As chosen below"),
}

READINGS = {
    "HW": say("one picture: height × width"),
    "HWC": say("one picture: height × width × colour"),
    "CHW": say("one picture: colour × height × width"),
    "NHW": say("pictures × height × width"),
    "NHWC": say("pictures × height × width × colour"),
    "NCHW": say("pictures × colour × height × width"),
}

COLOURS = (say("Red"), say("Green"), say("Blue"))


def title(path: str) -> str:
    """Return the title of the window of a stack, which is not that of the project of the same name."""
    return tr("Rows of {name}", name=name(path))


def name(path: str) -> str:
    """Return what a stack is called."""
    return printable(os.path.basename(path.rstrip("/\\")) or path)


def summary(opened: Opened) -> str:
    """Return what was opened, in one line."""
    sizes = [format_size(*size) for size in opened.sizes[:3]]
    shapes = ", ".join(tr("{size} px", size=size) for size in sizes) + ("…" if len(opened.sizes) > 3 else "")  # noqa: PLR2004
    parts = [tr(format_count(opened.rows, "row")), shapes, channels(opened.channels), opened.dtype]
    if opened.classes:
        parts.append(tr(format_count(len(opened.classes), "class", "classes")))
    if opened.failed:
        parts.append(tr("{count:,} empty", count=opened.failed))
    if opened.gone:
        parts.append(tr("{count:,} whose picture is gone", count=opened.gone))
    return " · ".join(parts)


def standings(opened: Opened) -> list[tuple[Standing, str]]:
    """Return the states of rows, with the number of rows in those that few are in."""
    told = []
    for standing, words in STANDINGS.items():
        count = _COUNTS[standing](opened) if standing in _COUNTS else 0
        text = tr("{reason} ({count:,})", reason=tr(words), count=count) if count else tr(words)
        told.append((standing, text))
    return told


def channels(count: int) -> str:
    """Return how many channels there are."""
    return tr(format_count(count, "channel"))


def channel_name(number: int, count: int) -> str:
    """Return the name of a channel among `count`."""
    if count in {len(COLOURS), len(COLOURS) + 1} and number < len(COLOURS):
        return tr(COLOURS[number])
    return tr("Channel {number:,}", number=number + 1)


def counted(found: FoundRows, among: int) -> str:
    """Return how many rows are listed."""
    if found.searching:
        return tr(
            "{count:,} found so far, in {looked:,} of {among:,} rows",
            count=found.count,
            looked=found.searched,
            among=among,
        )
    return tr("{count:,} of {among:,} rows", count=found.count, among=among)


def sorting(told: Sorting) -> str:
    """Return how far rows are sorted."""
    return tr("Sorting {count:,} rows… {share}", count=told.rows, share=tr(format_share(told.share)))


def stopped(found: FoundRows, among: int) -> str:
    """Return what is listed after a search or a sorting was stopped."""
    if not found.searching:
        return tr("Stopped. The rows are listed as they were before.")
    return tr(
        "Stopped. Found: {count:,}, in the first {looked:,} of {among:,} rows.",
        count=found.count,
        looked=found.searched,
        among=among,
    )


def facts(each: RowFacts, marks: RowMarks | None = None) -> list[tuple[str, str]]:
    """Return what a row is, as lines of a title and what it says; with its `marks`, which boxes it has."""
    _top, _left, height, width = each.placement
    lines = [(tr("Row"), tr("{row:,}", row=each.row))]
    lines.append((tr("Array"), tr("{array}, place {index:,}", array=printable(each.array), index=each.index)))
    if each.label:
        lines.append((tr("Label"), printable(each.label)))
    if each.part:
        lines.append((tr("Part"), printable(each.part)))
    if each.reason:
        lines.append((tr("Empty"), tr_stored(each.reason)))
    else:
        lines.append((tr("Size in the row"), tr("{size} px", size=format_size(height, width))))
    lines.append((tr("Whole row"), tr("{size} px", size=format_size(*each.size))))
    if each.is_excluded:
        lines.append((tr("Excluded"), tr("by hand; it does not count as valid")))
    if each.is_gone:
        lines.append((tr("Gone"), tr("its picture was no longer in the sources at the last update")))
    if each.boxes:
        lines.append((tr("Boxes"), _boxes(each.boxes, marks)))
    if each.file:
        lines += _of_file(each)
    return lines


def _boxes(count: int, marks: RowMarks | None) -> str:
    """Return how many boxes a row has, and of which classes as far as these are known."""
    told = tr("{count:,}", count=count)
    known = Counter(marks.category[marks.category >= 0].tolist()) if marks is not None else Counter()
    if marks is None or marks.more or not known:
        return told
    classes = [
        tr("{count:,} {kind}", count=few, kind=printable(marks.classes[number]))
        for number, few in known.most_common()
    ]
    return tr("{count}: {classes}", count=told, classes=", ".join(classes))


def _of_file(each: RowFacts) -> list[tuple[str, str]]:
    lines = [(tr("File"), printable(each.name)), (tr("In the folder"), printable(_folder(each)))]
    if all(each.own_size):
        lines.append((tr("Size in the file"), tr("{size} px", size=format_size(*each.own_size))))
    if each.format:
        size = tr(format_bytes(each.file_bytes)) if each.file_bytes else ""
        lines.append((tr("Format"), " · ".join(filter(None, (each.format.upper(), size)))))
    return lines


def _folder(each: RowFacts) -> str:
    return each.file.removesuffix(each.name).rstrip("/\\")


def under(row: int, known: RowFacts | None) -> tuple[str, str]:
    """Return the two lines below the picture of a row."""
    number = tr("row {row:,}", row=row)
    if known is None:
        return "", number
    if known.is_excluded:
        number = tr("row {row:,}, excluded", row=row)
    elif known.reason:
        number = tr("row {row:,}, empty", row=row)
    elif known.is_gone:
        number = tr("row {row:,}, picture gone", row=row)
    elif known.label:
        number = tr("row {row:,} · {label}", row=row, label=printable(known.label))
    first = printable(known.name.rsplit("/", 1)[-1])
    return (first, number) if first else (number, "")


def values(pixels: NDArray[Any], x: int, y: int, step: int, label: str = "") -> str:
    """Return the values of a pixel, and where it is in its row."""
    numbers = ", ".join(_number(value) for value in pixels[y, x].tolist())
    place = tr("x {x:,}, y {y:,}: {values}", x=x * step, y=y * step, values=numbers)
    return tr("{place} · {mask}", place=place, mask=label) if label else place


def _number(value: float) -> str:
    return tr("{value:,}", value=value) if isinstance(value, int) else tr("{value:.5g}", value=value)


def is_whole(dtype: str) -> bool:
    """Return whether numbers of a dtype are whole."""
    return np.dtype(dtype).kind in "bui"
