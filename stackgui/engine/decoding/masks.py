"""From the bytes of a mask picture to the numbers of classes in its row."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.label_values import MAX_VALUES as MAX_CLASSES
from stackgui.core.catalog.label_values import MIN_EVENNESS
from stackgui.core.catalog.mask_classes import COLOUR, MAX_NUMBER, spelled
from stackgui.core.catalog.mask_segments import NO_SEGMENT, Pairs
from stackgui.core.catalog.masks import MAX_VALUES, MaskValues
from stackgui.core.catalog.meaning import GREY, RGB, Taken
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.plan.drawn_masks import Outlines
from stackgui.core.plan.mask_form import UNKNOWN, MaskForm
from stackgui.engine.decoding.render import RowPlan

_BYTES = 2**8
_SHOWN = 3


def keys_of(
    data: imaging.Data | imaging.Folder, row: RowPlan, scan: ScanOptions, *, colours_are_ids: bool = False
) -> NDArray[np.integer[Any]]:
    """Decode a mask to the keys of its pixels, shape (h, w); see `stackgui.core.catalog.mask_classes.key_of`.

    With `colours_are_ids`, a colour is a number instead, R + 256 G + 65,536 B.

    Raises
    ------
    SampleError
        When it is damaged, or holds what cannot be numbers of classes.
    """
    part = imaging.Part(max(row.member, 0), scan)
    try:
        pixels = imaging.decode(
            data, row.format, part=part, channels=GREY, bits=row.bits, taken=Taken.INDICES
        )
    except SampleError:
        # Not indices, but colours, or damaged; then this fails for the same reason.
        pixels = imaging.decode(data, row.format, part=part, channels=RGB, bits=row.bits)
    if pixels.shape[2] == RGB:
        return _keys_of_colours(pixels, colours_are_ids=colours_are_ids)
    numbers = pixels[:, :, 0]
    if numbers.dtype.kind == "f":
        return _whole(numbers)
    if numbers.dtype.kind == "b":
        return numbers.view(np.uint8)
    if numbers.dtype.itemsize > 2 and int(numbers.max(initial=0)) > MAX_NUMBER:  # noqa: PLR2004
        raise SampleError(say("its numbers are too large for those of classes"))
    return numbers


def _keys_of_colours(pixels: NDArray[Any], *, colours_are_ids: bool) -> NDArray[np.integer[Any]]:
    if pixels.dtype != np.uint8:
        raise SampleError(say("its colours have more than 8 bits, so they are not those of classes"))
    if colours_are_ids:
        ids: NDArray[np.int64] = pixels.astype(np.int64) @ np.array([1, 1 << 8, 1 << 16])
        return ids
    red, green, blue = (pixels[:, :, channel] for channel in range(RGB))
    is_grey = (red == green) & (green == blue)
    if is_grey.all():
        return red
    keys = red.astype(np.int64) << 16
    keys += green.astype(np.int64) << 8
    keys += blue
    keys += COLOUR
    return np.where(is_grey, red, keys)


def class_keys(
    data: imaging.Data | imaging.Folder,
    row: RowPlan,
    scan: ScanOptions,
    segments: Pairs | None,
    *,
    colours_are_ids: bool = False,
) -> NDArray[np.integer[Any]]:
    """Return `keys_of` a mask or, given its segments, the key of each pixel's class; raises SampleError."""
    if segments is None:
        return keys_of(data, row, scan, colours_are_ids=colours_are_ids)
    return _keys_of_segments(keys_of(data, row, scan, colours_are_ids=True), segments)


def _keys_of_segments(ids: NDArray[np.integer[Any]], segments: Pairs) -> NDArray[np.int32]:
    """Return the key of each pixel's class, given the number R + 256 G + 65,536 B of its segment.

    Raises
    ------
    SampleError
        When there is a segment that its file of annotations does not list.
    """
    listed = np.concatenate(([[NO_SEGMENT, UNKNOWN]], segments))
    place = np.minimum(np.searchsorted(listed[:, 0], ids), len(listed) - 1)
    if (unlisted := listed[place, 0] != ids).any():
        numbers = np.unique(ids[unlisted]).tolist()
        shown = ", ".join(map(str, numbers[:_SHOWN])) + (", …" if len(numbers) > _SHOWN else "")
        raise SampleError(
            say("it holds segments that its annotation file does not list: {listed}", listed=shown)
        )
    keys: NDArray[np.int32] = listed[place, 1].astype(np.int32)
    return keys


def _whole(numbers: NDArray[Any]) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        is_whole = (numbers == np.floor(numbers)) & (np.abs(numbers) <= MAX_NUMBER)
    if not is_whole.all():
        raise SampleError(say("its numbers are not whole, so they are not those of classes"))
    return numbers.astype(np.int64)


def values_in(keys: NDArray[np.integer[Any]]) -> tuple[MaskValues, bool]:
    """Return what a mask holds, and whether that looks like classes or objects rather than brightness."""
    if keys.dtype == np.uint8:
        counts = np.bincount(keys.ravel(), minlength=_BYTES)
        found = np.flatnonzero(counts)
        counts = counts[found]
    else:
        found, counts = np.unique(keys, return_counts=True)
    across = keys[:, 1:] == keys[:, :-1]
    is_even = across.size and across.mean() >= MIN_EVENNESS
    most = int(found[found < COLOUR].max(initial=0))
    kept = slice(MAX_VALUES)
    values = MaskValues(
        found[kept].astype(np.int64),
        counts[kept].astype(np.int64),
        np.ones(len(found[kept]), np.int64),
        len(found) > MAX_VALUES,
        most,
    )
    return values, len(found) <= MAX_CLASSES or bool(is_even)


def rendered_mask(
    keys: NDArray[np.integer[Any]] | None, turn: int, row: RowPlan, form: MaskForm
) -> NDArray[np.integer[Any]]:
    """Return the part of a mask that its row holds, shape (h, w), in the dtype of `form`.

    Parameters
    ----------
    keys
        From `keys_of`; None if the mask is missing.
    turn
        EXIF orientation to apply.
    row
        The row of the picture.

    Raises
    ------
    SampleError
        When the mask has another size than the picture, or a number that no class has.
    """
    if keys is None:
        return np.full(row.placement[2:], form.missing, form.dtype)
    keys = imaging.upright(keys, turn)
    if keys.shape != row.own:
        raise SampleError(say("its mask has another size than the picture"))
    numbers = numbers_of(keys, form)
    if row.scaled != row.own:
        numbers = imaging.resize(numbers[:, :, np.newaxis], *row.scaled, "nearest")[:, :, 0]
    (top, left), (height, width) = row.window, row.placement[2:]
    return numbers[top : top + height, left : left + width]


def drawn_mask(outlines: Outlines, row: RowPlan, form: MaskForm) -> NDArray[np.integer[Any]]:
    """Draw the mask of a row, shape (h, w), later outlines above earlier ones; raises SampleError."""
    from stackgui.imaging.annotations.drawing import covered  # noqa: PLC0415 - loads a library

    out = np.zeros(row.placement[2:], form.dtype)
    for outline in outlines:
        out[covered(outline, row.scaled, row.window, row.placement[2:])] = outline.number
    return out


def numbers_of(keys: NDArray[np.integer[Any]], form: MaskForm) -> NDArray[np.integer[Any]]:
    """Return the number of each key's class, in the dtype of `form`; raises SampleError for unknown ones."""
    if keys.dtype in (np.uint8, np.uint16):
        numbers = _table(form, keys.dtype.itemsize)[keys]
    else:
        known = np.array(form.keys, np.int64)
        place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        is_known = known[place] == keys
        others = np.where(keys >= 0, keys, UNKNOWN) if form.is_open else UNKNOWN
        numbers = np.where(is_known, np.array(form.numbers, np.int64)[place], others)
    if (unknown := numbers == UNKNOWN).any():
        several = [spelled(int(key)) for key in np.unique(keys[unknown])[: _SHOWN + 1]]
        listed = ", ".join(several[:_SHOWN]) + (", …" if len(several) > _SHOWN else "")
        raise SampleError(say("its mask holds what no class has: {listed}", listed=listed))
    found: NDArray[np.integer[Any]] = numbers.astype(form.dtype)
    return found


@lru_cache(maxsize=4)
def _table(form: MaskForm, item_bytes: int) -> NDArray[np.int64]:
    """Return the number of each possible key of so many bytes."""
    length = _BYTES**item_bytes
    table = np.arange(length) if form.is_open else np.full(length, UNKNOWN)
    keys, numbers = np.array(form.keys, np.int64), np.array(form.numbers, np.int64)
    inside = (keys >= 0) & (keys < length)
    table[keys[inside]] = numbers[inside]
    return table
