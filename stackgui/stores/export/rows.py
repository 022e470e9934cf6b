"""Rows one by one, for exports that keep each as a file: its picture, its mask, and what is known of it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.text import legible
from stackgui.stores.export import contents
from stackgui.stores.export.object_masks import run_lengths

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

MadeT = TypeVar("MadeT")

UNASSIGNED = "unassigned"
"""Name of the part of rows that no part of the split has."""

_MAX_THREADS = 8


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """A row that holds its picture.

    Attributes
    ----------
    number : int
    picture : ndarray, shape (H, W, C) or (C, H, W)
    mask : ndarray, shape (H, W), or None
    file : str
        Name of the file that it was made from.
    part : str
        Name of its part of the split; ``""`` if the stack has none.
    columns : dict of str to str
        Columns of lists that were kept.
    """

    number: int
    picture: NDArray[Any]
    mask: NDArray[Any] | None
    file: str
    part: str
    columns: dict[str, str]


def each_row(
    stack: Stack, make: Callable[[Row], MadeT], take: Callable[[Row, MadeT], None], progress: Progress
) -> None:
    """Call `make` for each valid row in several threads, then `take` with what it made, in the rows' order.

    Only some rows are held at a time.
    """
    with ThreadPoolExecutor(min(_MAX_THREADS, os.cpu_count() or 1)) as threads:
        done = 0
        for batch, rows in _batches(stack):
            for row, made in zip(rows, threads.map(make, rows), strict=True):
                take(row, made)
            done += batch
            progress.reached(done)


def _batches(stack: Stack) -> Iterator[tuple[int, list[Row]]]:
    """Yield the number of rows that a batch has read, and those of them that are valid."""
    origins, number = contents.origins(stack), 0
    titles = [legible(title) for title in stack.column_names]
    masks = stack.all_specs[len(stack.specs) :]
    for bucket, spec in enumerate(stack.specs):
        count = contents.batch_rows(spec.row_bytes)
        beside = contents.batches(stack, masks[bucket], count) if masks else repeat(None)
        for pictures, of_masks in zip(contents.batches(stack, spec, count), beside, strict=False):
            rows = []
            for index, (picture, (file, cells)) in enumerate(zip(pictures, origins, strict=False)):
                at = number + index
                columns = dict(zip(titles, cells, strict=True))
                mask = None if of_masks is None else of_masks[index]
                rows.append(Row(at, picture, mask, file, part_of(stack, at), columns))
            number += len(rows)
            yield len(rows), [row for row in rows if stack.valid[row.number]]


def part_of(stack: Stack, row: int) -> str:
    """Return the name of a row's part of the split; ``""`` if the stack has none."""
    if stack.splits is None:
        return ""
    part = int(stack.splits[row])
    return stack.parts[part] if part >= 0 else UNASSIGNED


def parts(stack: Stack) -> list[str]:
    """Return the names of the parts that have valid rows; ``[""]`` if the stack has no split."""
    if stack.splits is None:
        return [""]
    found = set(stack.splits[stack.valid].tolist())
    named = [name for number, name in enumerate(stack.parts) if number in found]
    return [*named, *([UNASSIGNED] if -1 in found else [])]


def plain(name: str) -> str:
    """Return a name for use as a part of a file's name anywhere."""
    return re.sub(r"[^\w.]+", "_", legible(name)).strip("_.") or "_"


def described(stack: Stack, row: Row) -> dict[str, Any]:
    """Return what is known of a row, as JSON values."""
    top, left, height, width = stack.placements[row.number].tolist()
    found: dict[str, Any] = {
        "row": row.number,
        "file": row.file,
        "placement": {"top": top, "left": left, "height": height, "width": width},
    }
    if stack.objects is not None:
        found["transform"] = stack.transforms[row.number].tolist()
    if stack.labels is not None:
        found["label"] = label_of(stack, row.number)
        found["label_number"] = stack.labels[row.number].tolist()
    if stack.targets is not None:
        found["targets"] = targets_of(stack, row.number)
    if row.columns:
        found["columns"] = row.columns
    if row.part:
        found["split"] = row.part
    if stack.objects is not None:
        found["objects"] = [_described(stack, index) for index in objects_of(stack, row.number)]
    return found


def label_of(stack: Stack, row: int) -> str | list[str] | None:
    """Return the name of a row's class, or None without one; a list if rows may have several."""
    assert stack.labels is not None
    label = stack.labels[row]
    if label.ndim:
        return [legible(stack.classes[number]) for number in np.flatnonzero(label)]
    return legible(stack.classes[label]) if label >= 0 else None


def targets_of(stack: Stack, row: int) -> dict[str, float | None]:
    """Return a row's targets by their names; None for those that it has not."""
    assert stack.targets is not None
    known = zip(stack.target_names, contents.numbers(stack.targets[row]), strict=True)
    return {legible(name): None if math.isnan(value) else value for name, value in known}


def objects_of(stack: Stack, row: int) -> range:
    """Return which objects are in a row."""
    assert stack.objects is not None
    found = stack.objects.of_row(row)
    return range(found.start, found.stop)


def _described(stack: Stack, index: int) -> dict[str, Any]:
    """Return what is known of an object, as JSON values."""
    objects = stack.objects
    assert objects is not None
    category = int(objects.category[index])
    found: dict[str, Any] = {
        "class": legible(objects.classes[category]) if category >= 0 else None,
        "class_number": category,
        "box": contents.numbers(objects.box[index]),
        "area": contents.numbers(objects.area[index])[0],
        "flags": int(objects.flags[index]),
    }
    if polygons := objects.polygons(index):
        found["polygons"] = [contents.numbers(ring) for ring in polygons]
        if any(holes := objects.holes(index)):
            found["holes"] = holes
    if (covered := run_lengths(stack, index)) is not None:
        found["rle"] = covered
    if objects.keypoints.shape[1]:
        found["keypoints"] = contents.numbers(objects.keypoints[index])
    return found
