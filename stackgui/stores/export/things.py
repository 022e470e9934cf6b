"""What a stack can have beside its pictures, how much of it, and which of it an export leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from stackgui.core.annotations.annotations import Flag
from stackgui.core.base.units import count_templates
from stackgui.core.base.wording import Wording, counted, joined, say

if TYPE_CHECKING:
    from stackgui.stores.stack.objects import StackObjects
    from stackgui.stores.stack.reader import Stack


class Thing(StrEnum):
    """Something that belongs to rows, and that an export either carries or leaves out."""

    LABELS = "labels"
    SPLIT = "split"
    TARGETS = "targets"
    COLUMNS = "columns"
    MASKS = "masks"
    BOXES = "boxes"
    CROWDS = "crowds"
    POLYGONS = "polygons"
    KEYPOINTS = "keypoints"
    DRAWN = "drawn objects"


_SAID: dict[Thing, Callable[[int], Wording]] = {
    Thing.LABELS: counted("the label of {count:,} row", "the labels of {count:,} rows"),
    Thing.SPLIT: counted("the part of {count:,} row", "the parts of {count:,} rows"),
    Thing.TARGETS: counted("{count:,} column of numbers to learn", "{count:,} columns of numbers to learn"),
    Thing.COLUMNS: counted("{count:,} column of a list", "{count:,} columns of lists"),
    Thing.MASKS: counted("the mask of {count:,} row", "the masks of {count:,} rows"),
    Thing.BOXES: counted(*count_templates("box", "boxes")),
    Thing.CROWDS: counted(
        "{count:,} box around a crowd or a region to ignore",
        "{count:,} boxes around crowds or regions to ignore",
    ),
    Thing.POLYGONS: counted("the polygons of {count:,} object", "the polygons of {count:,} objects"),
    Thing.KEYPOINTS: counted("the keypoints of {count:,} object", "the keypoints of {count:,} objects"),
    Thing.DRAWN: counted(
        "the pixels of {count:,} object that was drawn with a brush",
        "the pixels of {count:,} objects that were drawn with a brush",
    ),
}
"""How each is said to be left out, by its number."""


def held(stack: Stack) -> dict[Thing, int]:
    """Return how much of each thing a stack has; those of which it has nothing are not there.

    Raises
    ------
    StackguiError
        When its annotations are damaged.
    """
    found = {Thing.TARGETS: len(stack.target_names), Thing.COLUMNS: len(stack.column_names)}
    if stack.labels is not None:
        has_label = stack.labels.any(axis=1) if stack.labels.ndim > 1 else stack.labels >= 0
        found[Thing.LABELS] = int(np.count_nonzero(has_label))
    if stack.splits is not None:
        found[Thing.SPLIT] = int(np.count_nonzero(stack.splits >= 0))
    if stack.masks is not None:
        found[Thing.MASKS] = int(np.count_nonzero(stack.valid))
    if stack.objects is not None:
        found |= _of_objects(stack, stack.objects)
    return {thing: found[thing] for thing in Thing if found.get(thing)}


def _of_objects(stack: Stack, objects: StackObjects) -> dict[Thing, int]:
    from stackgui.stores.stack.object_bitmaps import bitmaps  # noqa: PLC0415 - slow, and seldom needed

    known = bitmaps(stack)
    return {
        Thing.BOXES: len(objects),
        Thing.CROWDS: int(np.count_nonzero(objects.flags & np.uint8(Flag.CROWD | Flag.IGNORE))),
        Thing.POLYGONS: int(np.count_nonzero(np.diff(objects.ring_starts))),
        Thing.KEYPOINTS: int(np.count_nonzero(objects.keypoints[:, :, 2].any(axis=1))),
        Thing.DRAWN: known.count if known else 0,
    }


def told_rows(stack: Stack) -> tuple[int, int, int]:
    """Return how many rows have no picture, were excluded by hand, or count although their files are gone."""
    kinds = ~stack.filled, stack.filled & stack.excluded, stack.valid & stack.gone
    failed, excluded, gone = (int(np.count_nonzero(each)) for each in kinds)
    return failed, excluded, gone


def left_out(stack: Stack, lacking: Iterable[Thing]) -> str:
    """Say which things of a stack an export that is `lacking` some leaves out, or ``""``."""
    found, missing = held(stack), set(lacking)
    said = [_SAID[thing](count) for thing, count in found.items() if thing in missing]
    return say("Left out: {things}.", things=joined(", ", said)) if said else ""
