"""Arrays stored in chunks, each of which may hold parts of many samples."""

from __future__ import annotations

import math
from types import EllipsisType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.imaging.tensors.blocks import Block

_KEPT_BYTES = 2**26


class Sliced(Protocol):
    """An array that is read from disk when it is indexed."""

    def __getitem__(self, index: slice | EllipsisType) -> Any: ...  # noqa: ANN401 - one that becomes an array


class Chunked:
    """An array read chunk by chunk, so that a chunk is decompressed once and not once per sample.

    Parameters
    ----------
    array
        The array to read from.
    block
    samples
        Number of samples that a chunk spans.
    """

    def __init__(self, array: Sliced, block: Block, samples: int) -> None:
        sample_bytes = max(1, math.prod(block.shape[1:]) * block.dtype.itemsize)
        self._array = array
        self._samples_per_read = max(1, min(samples, _KEPT_BYTES // sample_bytes))
        self._start = -1
        self._kept: NDArray[Any] = np.empty(0)

    def __getitem__(self, index: int | EllipsisType) -> NDArray[Any]:
        if isinstance(index, EllipsisType):
            return np.asarray(self._array[...])
        start = index - index % self._samples_per_read
        if start != self._start:
            self._kept = np.asarray(self._array[start : start + self._samples_per_read])
            self._start = start
        return np.asarray(self._kept[index - start])
