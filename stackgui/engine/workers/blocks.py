"""Decodes the samples of a batch to the blocks of their rows, one after another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from itertools import islice
from mmap import mmap
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.plan.drawn_masks import Outlines
from stackgui.core.plan.mask_form import MaskForm
from stackgui.engine.archives.reading import Use
from stackgui.engine.decoding.masks import class_keys, drawn_mask, rendered_mask
from stackgui.engine.decoding.render import Form, RowPlan, decoding_straight, render
from stackgui.engine.decoding.rows import Files, MaskRow
from stackgui.engine.workers.sample_data import ahead, data_of
from stackgui.engine.workers.shared_memory import MISALIGNED_BYTES
from stackgui.stores.arrays.checksums import block_checksum
from stackgui.stores.arrays.file_store import SMALL_ROW_BYTES
from stackgui.stores.arrays.place import Place

KEPT_BYTES = 2 * SMALL_ROW_BYTES
"""Memory for rows that a worker writes itself: several, and little enough for the processor's own cache."""


class Filled(NamedTuple):
    """The results of a batch, by index of the row within the batch.

    Attributes
    ----------
    failed : dict of int to str
        Reason for each row that failed; the block of such a row holds garbage.
    checksum : uint64, shape (n,)
        Checksum of each row's block; 0 for rows that failed.
    non_finite : dict of int to int
        Number of values that are NaN or infinite, for rows that have any.
    doubts : dict of int to tuple of str
        Doubts that the decoder had, for rows with any.
    is_written : bool
        Whether all other rows are in their file already. Then only the last block is in memory.
    """

    failed: dict[int, str]
    checksum: NDArray[np.uint64]
    non_finite: dict[int, int]
    doubts: dict[int, tuple[str, ...]]
    is_written: bool = False


def filled(files: Files, form: Form, memory: mmap | bytearray, offset: int) -> Filled:
    """Decode `files` into `memory` as finished blocks, one after another from byte `offset`."""
    return _Blocks(files, form, memory, offset).filled()


def written(files: Files, form: Form, memory: mmap, offset: int, place: Place) -> Filled:
    """Decode `files` as `filled` does and write them to `place`; if that cannot be done, only decode them.

    Rows that fail are left as they are in the file.
    """
    try:
        with place.opened() as handle:
            return _WrittenBlocks(files, form, place, handle).written(memory, offset)
    except (_NotWrittenError, OSError):  # the latter from opening or closing the file: samples raise none
        pass
    # Whoever owns the file writes them, and knows what to do if it cannot be done.
    return filled(files, form, memory, offset)


class _NotWrittenError(Exception):
    """Some rows could not be written, which is no fault of a sample."""


class _Blocks:
    """The blocks of a batch while they are made, and what is told of them."""

    def __init__(self, files: Files, form: Form, memory: mmap | bytearray, offset: int) -> None:
        self._files, self._form = files, form
        self._memory, self._offset = memory, offset
        self._dtype = np.dtype(form.dtype)
        self._checksum: list[int] = []
        self._failed: dict[int, str] = {}
        self._non_finite: dict[int, int] = {}
        self._doubts: dict[int, tuple[str, ...]] = {}

    def filled(self) -> Filled:
        """Make all blocks, and return what is told of them."""
        imaging.take_doubts()
        if self._form.masks is None:
            self._in_turn()
        if (begin := len(self._checksum)) < len(self._files.path):
            self._read_ahead(begin)
        return Filled(self._failed, np.array(self._checksum, np.uint64), self._non_finite, self._doubts)

    def _in_turn(self) -> None:
        """Make blocks without masks, by few calls for each, until reading turns out to be slow."""
        form, files, clock = self._form, self._files.files(), time.perf_counter
        for count, row in self._files.runs():
            straight, shape = decoding_straight(row, form), form.block_shape(*row.placement[2:])
            last = len(self._checksum) + count
            # The places come first: a file is only taken if there is one for it.
            for out, file in zip(self._places(count, shape), files, strict=False):
                is_slow = False
                try:
                    began_s = clock()
                    try:
                        data = data_of(file, row)
                    finally:
                        is_slow = ahead.took(clock() - began_s)
                    if straight is None or not straight(data, out):
                        self._render(data, row, out)
                    self._finish(out)
                except SampleError as error:
                    self._fail(error)
                if is_slow:
                    self._offset -= (last - len(self._checksum)) * out.nbytes
                    return

    def _places(self, count: int, shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
        """Return the places of the next `count` blocks; each block is made before the next one is taken."""
        outs = np.ndarray((count, *shape), self._dtype, self._memory, self._offset)
        self._offset += outs.nbytes
        return iter(outs)

    def _read_ahead(self, begin: int) -> None:
        """Make the blocks from row `begin` on, whose files may be read ahead of their turn."""
        form, whole, masks, last = self._form, memoryview(self._memory), self._files.of_masks(), None
        for (_file, row), data in ahead.each(islice(self._files, begin, None)):
            if row is not last:
                last, shape = row, form.block_shape(*row.placement[2:])
                mask_bytes = form.mask_bytes(*row.placement[2:])
            (out,) = self._places(1, shape)
            block = (
                out if form.masks is None else whole[self._offset - out.nbytes :][: out.nbytes + mask_bytes]
            )
            self._offset += mask_bytes
            mask = next(masks)
            try:
                self._render(data(), row, out)
                if form.masks is not None:
                    block[out.nbytes :] = mask_of(mask, row, form.masks, form.scan).tobytes()
                self._finish(block)
            except SampleError as error:
                self._fail(error)

    def _render(self, data: imaging.Data | imaging.Folder, row: RowPlan, out: NDArray[Any]) -> None:
        if count := render(data, row, self._form, out):
            self._non_finite[len(self._checksum)] = count

    def _finish(self, block: memoryview | NDArray[Any]) -> None:
        if noted := imaging.take_doubts():
            self._doubts[len(self._checksum)] = noted
        self._checksum.append(block_checksum(block))

    def _fail(self, error: SampleError) -> None:
        self._failed[len(self._checksum)] = error.reason
        self._checksum.append(0)
        imaging.take_doubts()


class _WrittenBlocks(_Blocks):
    """Blocks that are written to the file of the array, a few at a time, in memory that is used again.

    That memory stays in the caches of the processor, while whoever writes what another process has made waits
    for memory.
    """

    def __init__(self, files: Files, form: Form, place: Place, handle: int) -> None:
        super().__init__(files, form, _kept_memory(), MISALIGNED_BYTES)
        self._place, self._handle = place, handle
        self._written = 0
        self._each: Iterator[NDArray[Any]] | None = None

    def written(self, memory: mmap, offset: int) -> Filled:
        """Make and write all blocks; put the last one where it would lie in `memory`."""
        found = self.filled()
        begin, end = self._bytes(len(self._checksum) - 1, len(self._checksum))
        offset += (len(self._checksum) - 1) * self._place.row_bytes
        memory[offset : offset + end - begin] = self._memory[begin:end]
        self._write()
        return found._replace(is_written=True)

    def _places(self, count: int, shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
        if self._each is None:
            self._each = self._again_and_again(shape)
        return islice(self._each, count)

    def _again_and_again(self, shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
        """Yield places in the same memory, which all rows of the array share since they are whole."""
        outs = np.ndarray(
            (KEPT_BYTES // self._place.row_bytes, *shape), self._dtype, self._memory, MISALIGNED_BYTES
        )
        while True:
            yield from outs
            self._write()

    def _write(self) -> None:
        """Write the rows that were made since the last time, except those that failed."""
        begin, end = self._written, len(self._checksum)
        failed = [row for row in self._failed if row >= begin]
        try:
            for first, stop in zip([begin, *(row + 1 for row in failed)], [*failed, end], strict=True):
                if first < stop:
                    data = memoryview(self._memory)[slice(*self._bytes(first, stop))]
                    self._place.write(self._handle, first, data)
        except OSError as error:
            raise _NotWrittenError from error
        self._written = end

    def _bytes(self, begin: int, end: int) -> tuple[int, int]:
        """Return where the blocks of rows that are not written yet lie in the memory."""
        row_bytes = self._place.row_bytes
        first, last = begin - self._written, end - self._written
        return MISALIGNED_BYTES + first * row_bytes, MISALIGNED_BYTES + last * row_bytes


@cache
def _kept_memory() -> mmap:
    return mmap(-1, MISALIGNED_BYTES + KEPT_BYTES)


def mask_of(
    mask: MaskRow | Outlines | None, row: RowPlan, form: MaskForm, scan: ScanOptions
) -> NDArray[np.integer[Any]]:
    """Return the mask of a row, shape (height, width); raises SampleError."""
    if isinstance(mask, list):
        return drawn_mask(mask, row, form)
    keys = None
    if mask is not None:
        try:
            data = data_of(mask.file, mask.row, Use.MASKS)
            ids = form.colours_are_ids
            keys = class_keys(data, mask.row, scan, mask.segments, colours_are_ids=ids)
        except SampleError as error:
            raise SampleError(say("its mask cannot be used: {reason}", reason=error.reason)) from error
    return rendered_mask(keys, mask.turn if mask else 1, row, form)
