"""Renders large samples piece by piece, so that they are never held in memory as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.choices import Icc, NonFinite
from stackgui.core.base.errors import SampleError
from stackgui.core.base.large import is_in_pieces, pieces
from stackgui.core.base.wording import say

if TYPE_CHECKING:  # `render` imports this module
    from stackgui.engine.decoding.render import Form, RowPlan


def is_read_in_pieces(row: RowPlan, form: Form) -> bool:
    """Return whether a sample is so large that it is read in pieces, if its format allows that."""
    is_part = row.scaled != row.own or row.placement[2:] != row.own
    return is_part and is_in_pieces(*row.own) and not (row.has_profile and form.icc is Icc.SRGB)


def placed_in_pieces(
    data: imaging.Data | imaging.Folder, row: RowPlan, form: Form
) -> tuple[NDArray[np.generic], int] | None:
    """Return the placed pixels of a large sample and its number of non-finite values.

    None if its format does not allow to read it in pieces.

    Raises
    ------
    SampleError
        As for `stackgui.engine.decoding.render.render`.
    """
    part = imaging.Part(max(row.member, 0), form.scan)
    pixels = imaging.readable(
        data,
        row.format,
        channels=form.channels,
        part=part,
        background=form.background,
        bits=row.bits,
        taken=form.taken,
    )
    if pixels is None:
        return None
    if (pixels.height, pixels.width) != row.own:
        raise SampleError(say("its size differs from the one in its header"))
    settled = _Settled(pixels, form.numbers.non_finite)
    window = _cut(settled, row) if row.scaled == row.own else _scaled(settled, row, form)
    if settled.count and settled.policy is NonFinite.ERROR:
        imaging.refuse_non_finite(settled.count)
    return window, settled.count


@dataclass(slots=True)
class _Settled:
    """Reads pixels and counts non-finite values; raises for them only after all have been counted."""

    pixels: imaging.Readable
    policy: NonFinite
    count: int = 0

    def read(self, rows: slice, columns: slice) -> NDArray[np.generic]:
        """Read pixels; the caller must read none of them twice, or they count twice."""
        policy = NonFinite.KEEP if self.policy is NonFinite.ERROR else self.policy
        settled, count = imaging.settle_non_finite(self.pixels.read(rows, columns), policy)
        self.count += count
        return settled


def _cut(settled: _Settled, row: RowPlan) -> NDArray[np.generic]:
    """Return the part of an unscaled sample that the row holds."""
    (top, left), (height, width) = row.window, row.placement[2:]
    window = settled.read(slice(top, top + height), slice(left, left + width))
    if settled.pixels.dtype.kind == "f":
        settled.count = 0  # count over the whole sample, not only over the row's part
        for begin, end in pieces(*row.own):
            settled.read(slice(begin, end), slice(None))
    return window


def _scaled(settled: _Settled, row: RowPlan, form: Form) -> NDArray[np.generic]:
    (top, left), (height, width) = row.window, row.placement[2:]
    pixels = settled.pixels._replace(read=settled.read)
    scaled = imaging.resize_parts(pixels, *row.scaled, **form.scaling(row))
    return scaled[top : top + height, left : left + width]
