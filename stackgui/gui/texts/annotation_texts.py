"""What the window says about annotations."""

from __future__ import annotations

from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE
from stackgui.core.plan.objects_taken import ObjectsTaken, source_lines
from stackgui.core.plan.placed_objects import Fate
from stackgui.gui.texts.language import tr, tr_many

NOTHING = say("No annotation files were found.")
WHERE_THEY_ARE = say(
    "StackGUI looks among the pictures, and in folders beside them such as “labels” or “annotations”. If "
    "yours are elsewhere, choose the file or the folder. Boxes, polygons and keypoints are read from COCO, "
    "YOLO, Pascal VOC, CVAT, Label Studio, LabelMe, VIA, Supervisely, Open Images, KITTI and DOTA."
)
SWITCHED_OFF = say("Annotations are not read, as chosen.")


def headline(place: str, taken: ObjectsTaken | None) -> str:
    """Say which objects there are."""
    if taken is not None:
        return tr("Boxes: {text}.", text=taken.text)
    return tr(SWITCHED_OFF if place == NONE else NOTHING)


def details(place: str, taken: ObjectsTaken | None) -> str:
    """Say where the objects are from and what becomes of them, a line for each, or where they may be."""
    if taken is None:
        return "" if place == NONE else tr(WHERE_THEY_ARE)
    return "\n".join(tr("{line}.", line=line) for line in (*source_lines(taken.sources), *taken.details()))


def boxes_line(taken: ObjectsTaken) -> str:
    """Say in one line how many objects there are, and what becomes of them."""
    cut = taken.fates[Fate.CLIPPED]
    # Of the emptied ones it is said what became of their boxes.
    without = taken.refused + taken.bare + taken.unknown
    blank = taken.fates[Fate.BLANK]
    lost = sum(taken.fates.values()) - taken.objects - blank
    parts = [
        tr(
            "{boxes} of {classes} in {pictures}",
            boxes=format_count(taken.objects, "box", "boxes"),
            classes=format_count(len(taken.counts), "class", "classes"),
            pictures=format_count(taken.pictures, "picture"),
        )
    ]
    if cut:
        parts.append(tr_many(cut, "{count:,} is cut at an edge", "{count:,} are cut at an edge"))
    if lost:
        parts.append(tr_many(lost, "{count:,} is left out", "{count:,} are left out"))
    if blank:
        parts.append(
            tr_many(
                blank,
                "{count:,} is lost with its picture, which cannot be read",
                "{count:,} are lost with their pictures, which cannot be read",
            )
        )
    if without:
        parts.append(tr_many(without, "{count:,} picture has none", "{count:,} pictures have none"))
    return "; ".join(parts)


def fit_objects(taken: ObjectsTaken) -> str:
    """Say what a fit does to boxes."""
    fates = taken.fates
    cut, off = fates[Fate.CLIPPED], fates[Fate.CUT_OFF] + fates[Fate.HIDDEN] + fates[Fate.SMALL]
    if not cut and not off:
        return tr("keeps every box whole")
    if not off:
        return tr_many(cut, "cuts {count:,} box", "cuts {count:,} boxes")
    if not cut:
        return tr_many(off, "loses {count:,} box", "loses {count:,} boxes")
    return tr_many(
        cut + off,
        "cuts {count:,} box and loses {lost:,} of them",
        "cuts {count:,} boxes and loses {lost:,} of them",
        lost=off,
    )


PLACES = {
    AUTOMATIC: say("Found automatically"),
    NONE: say("Do not read any"),
}
"""Where annotations are taken from, in words, but for a place that was picked."""
