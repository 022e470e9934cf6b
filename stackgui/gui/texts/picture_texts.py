"""What is said of single pictures, and the words for looking through many."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_done, format_size
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.listing import Order, Standing, label_of
from stackgui.core.plan.plan import EXCLUDED, Plan
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored

NOTHING_MARKED = say("Click a picture to see its details. Double-click it, or press Enter, to look closer.")

ORDERS = {
    Order.ROW: say("Order of the rows"),
    Order.NAME: say("Name"),
    Order.PATH: say("Folder and name"),
    Order.WIDTH: say("Width"),
    Order.HEIGHT: say("Height"),
    Order.AREA: say("Area"),
    Order.FILE_SIZE: say("File size"),
    Order.LABEL: say("Label"),
    Order.PART: say("Part"),
    Order.PROBLEM: say("Problem"),
}

STANDINGS = {
    Standing.ANY: say("All pictures"),
    Standing.SOUND: say("Without a problem"),
    Standing.BLANK: say("Cannot be used"),
    Standing.LEFT_OUT: say("Left out"),
}


def facts(catalog: Catalog, plan: Plan | None, sample: int) -> str:
    """Return the size and other facts about a picture, or why it cannot be used; without its name."""
    problem = plan.problem[sample] if plan else catalog.problem[sample]
    if problem not in {"", EXCLUDED}:
        return tr("Cannot be used: {problem}.", problem=tr_stored(problem))
    parts = [
        tr("{size} px", size=format_size(int(catalog.height[sample]), int(catalog.width[sample]))),
        texts.channels_name(int(catalog.channels[sample])),
        catalog.dtype[sample],
        catalog.format[sample].upper(),
        tr(format_bytes(int(catalog.file_bytes[sample]))),
    ]
    return " · ".join(part for part in (*parts, *_in_plan(plan, sample)) if part)


def _in_plan(plan: Plan | None, sample: int) -> list[str]:
    if plan is None:
        return []
    told: list[str] = []
    if label := label_of(plan, sample):
        told.append(tr("label “{label}”", label=printable(label)))
    if part := plan.split[sample]:
        told.append(tr("part “{part}”", part=printable(part)))
    row = np.flatnonzero(plan.samples == sample)
    told.append(tr("row {row:,}", row=int(row[0])) if len(row) else tr("left out"))
    return told


def several(marked: int, left_out: int) -> str:
    """Say how many pictures are selected, and how many of these are left out."""
    if left_out:
        return tr(
            "{pictures} selected, {left_out:,} of them left out.",
            pictures=texts.pictures(marked),
            left_out=left_out,
        )
    return tr("{pictures} selected.", pictures=texts.pictures(marked))


def unreadable(reason: str) -> str:
    """Say why a picture cannot be shown, and what becomes of its row."""
    return tr(
        "This picture cannot be read: {reason}.\nIts place stays empty and is marked.",
        reason=tr_stored(reason),
    )


def found(shown: int, among: int) -> str:
    """Say how many pictures match what is searched for."""
    return tr(format_done(shown, among, "picture"))


def place(position: int, count: int) -> str:
    """Say which of the listed pictures is shown."""
    return tr("{number:,} of {count:,}", number=position + 1, count=count)


def zoom(scale: float) -> str:
    """Return how many screen pixels there are for each pixel of the picture."""
    return tr("{percent:,.0f} %", percent=100 * scale)


def list_title(stack: str) -> str:
    """Return the title of the list of a stack's pictures."""
    return tr("Pictures in “{name}”", name=printable(Path(stack).name))


def reading_list(stack: str) -> str:
    """Say that a list is being read."""
    return tr("Reading the list of the pictures in “{name}”.", name=printable(Path(stack).name))


PLANNED_LIST = say("All pictures, as they are planned")
