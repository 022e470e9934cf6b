"""The tasks of workers that look at samples and write nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.label_values import doubts_about
from stackgui.core.catalog.meaning import GREY, Taken
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import Files
from stackgui.engine.workers.sample_data import data_of, rendered
from stackgui.stores.arrays.checksums import block_checksum

LOOKED_AT_PX = 256
"""Approximate number of pixels along a sample's shorter side that its brightness is computed from."""


class Looks(NamedTuple):
    """Measurements of some samples, by index within the batch.

    Attributes
    ----------
    failed : dict of int to str
        Reason for each sample that failed; its other entries mean nothing.
    checksum : uint64, shape (n,)
        Checksum of the pixels.
    brightness, spread : float32, shape (n,)
        Mean and standard deviation of a grid of pixels, over all channels.
    doubts : dict of int to tuple of str
        Doubts that the decoder had, for samples with any.
    """

    failed: dict[int, str]
    checksum: NDArray[np.uint64]
    brightness: NDArray[np.float32]
    spread: NDArray[np.float32]
    doubts: dict[int, tuple[str, ...]]


def look_at(files: Files, form: Form) -> Looks:
    """Decode whole samples into numbers from 0 to 1, and measure them."""
    failed: dict[int, str] = {}
    doubts: dict[int, tuple[str, ...]] = {}
    found = []
    for index, (file, row) in enumerate(files):
        try:
            imaging.take_doubts()
            block = rendered(file, row, form)
        except SampleError as error:
            failed[index] = error.reason
            found.append((0, 0.0, 0.0))
            continue
        if noted := imaging.take_doubts():
            doubts[index] = noted
        upright = form.upright(block)
        step = max(1, min(upright.shape[:2]) // LOOKED_AT_PX)
        seen = upright[::step, ::step].astype(np.float64)
        with np.errstate(invalid="ignore"):  # infinite values
            found.append((block_checksum(block), float(seen.mean()), float(seen.std())))
    return Looks(
        failed,
        np.array([checksum for checksum, _mean, _deviation in found], np.uint64),
        np.array([mean for _checksum, mean, _deviation in found], np.float32),
        np.array([deviation for _checksum, _mean, deviation in found], np.float32),
        doubts,
    )


def look_at_numbers(
    files: Files, scan: ScanOptions, may_be_ids: Sequence[bool], have_palettes: Sequence[bool]
) -> list[tuple[Doubt, ...]]:
    """Return the doubts about each sample's values, palette indices included; none for failed samples."""
    found: list[tuple[Doubt, ...]] = []
    for (file, row), may_be, has_palette in zip(files, may_be_ids, have_palettes, strict=True):
        try:
            pixels = imaging.decode(
                data_of(file, row),
                row.format,
                channels=GREY if may_be else None,
                part=imaging.Part(max(row.member, 0), scan),
                bits=row.bits,
                taken=Taken.INDICES if may_be else Taken.ALL,
            )
        except SampleError:
            found.append(())
        else:
            found.append(doubts_about(pixels, are_indices=has_palette))
    return found
