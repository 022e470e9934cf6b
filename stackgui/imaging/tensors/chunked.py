"""Arrays that are stored in chunks, of which each may hold parts of many samples."""

from __future__ import annotations

import math
from types import EllipsisType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.imaging.tensors.blocks import Block

_KEPT_BYTES = 2**26


class Sliced(Protocol):
    """What reads a part of an array where it is indexed."""

    def __getitem__(self, index: slice | EllipsisType) -> Any: ...  # noqa: ANN401 - one that becomes an array


class Chunked:
    """An array whose samples are read chunk by chunk, so that none is unpacked for each of its samples.

    Parameters
    ----------
    array
        What reads it.
    block
    samples
        How many samples a chunk holds parts of.
    """

    def __init__(self, array: Sliced, block: Block, samples: int) -> None:
        sample_bytes = max(1, math.prod(block.shape[1:]) * block.dtype.itemsize)
        self._array = array
        self._together = max(1, min(samples, _KEPT_BYTES // sample_bytes))
        self._start = -1
        self._kept: NDArray[Any] = np.empty(0)

    def __getitem__(self, index: int | EllipsisType) -> NDArray[Any]:
        if isinstance(index, EllipsisType):
            return np.asarray(self._array[...])
        start = index - index % self._together
        if start != self._start:
            self._kept = np.asarray(self._array[start : start + self._together])
            self._start = start
        return np.asarray(self._kept[index - start])
