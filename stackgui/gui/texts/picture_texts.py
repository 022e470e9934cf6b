"""What is said of single pictures, and the words for looking through many."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_size
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.listing import Order, Standing, label_of
from stackgui.core.plan.plan import EXCLUDED, Plan
from stackgui.gui.texts import texts

NOTHING_MARKED = "Click a picture to see its details. Double-click it, or press Enter, to look closer."

ORDERS = {
    Order.ROW: "Order of the rows",
    Order.NAME: "Name",
    Order.WIDTH: "Width",
    Order.HEIGHT: "Height",
    Order.AREA: "Area",
    Order.FILE_SIZE: "File size",
    Order.LABEL: "Label",
    Order.PART: "Part",
    Order.PROBLEM: "Problem",
}

STANDINGS = {
    Standing.ANY: "All pictures",
    Standing.SOUND: "Without a problem",
    Standing.BLANK: "Cannot be used",
    Standing.LEFT_OUT: "Left out",
}


def facts(catalog: Catalog, plan: Plan | None, sample: int) -> str:
    """Return the size and other facts about a picture, or why it cannot be used; without its name."""
    problem = plan.problem[sample] if plan else catalog.problem[sample]
    if problem not in {"", EXCLUDED}:
        return f"Cannot be used: {problem}."
    parts = [
        f"{format_size(int(catalog.height[sample]), int(catalog.width[sample]))} px",
        texts.channels_name(int(catalog.channels[sample])),
        catalog.dtype[sample],
        catalog.format[sample].upper(),
        format_bytes(int(catalog.file_bytes[sample])),
    ]
    return " · ".join((*parts, *_in_plan(plan, sample)))


def _in_plan(plan: Plan | None, sample: int) -> list[str]:
    if plan is None:
        return []
    told = []
    if label := label_of(plan, sample):
        told.append(f"label “{printable(label)}”")
    if part := plan.split[sample]:
        told.append(f"part “{printable(part)}”")
    row = np.flatnonzero(plan.samples == sample)
    told.append(f"row {int(row[0]):,}" if len(row) else "left out")
    return told


def several(marked: int, left_out: int) -> str:
    """Say how many pictures are selected, and how many of these are left out."""
    if left_out:
        return f"{texts.pictures(marked)} selected, {left_out:,} of them left out."
    return f"{texts.pictures(marked)} selected."


def unreadable(reason: str) -> str:
    """Say why a picture cannot be shown, and what becomes of its row."""
    return f"This picture cannot be read: {reason}.\nIts row stays blank and is marked."


def found(shown: int, among: int) -> str:
    """Say how many pictures match what is searched for."""
    return f"{shown:,} of {texts.pictures(among)}"


def place(position: int, count: int) -> str:
    """Say which of the listed pictures is shown."""
    return f"{position + 1:,} of {count:,}"


def zoom(scale: float) -> str:
    """Return how many screen pixels there are for each pixel of the picture."""
    return f"{100 * scale:,.0f} %"
