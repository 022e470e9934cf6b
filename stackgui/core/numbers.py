"""Which kinds of numbers can become which, without a rule of the person's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def can_convert(from_dtype: str, to_dtype: str) -> bool:
    """Whether samples of `from_dtype` can be put into an array of `to_dtype`.

    Integers may be widened and become floats; floats may become other floats; ``uint16`` may be brought down
    to ``uint8`` over its full range. Nothing else: a float becomes an integer, or a signed number an
    unsigned one, only by a rule that the person chose.
    """
    source, target = np.dtype(from_dtype), np.dtype(to_dtype)
    if source.kind == "b":
        source = np.dtype(np.uint8)
    if target.kind == "f":
        return source.kind in "uif"
    if (source, target) == (np.dtype(np.uint16), np.dtype(np.uint8)):
        return True
    return source.kind in "ui" and np.can_cast(source, target, "safe")


def promote(dtypes: Iterable[str]) -> np.dtype[Any]:
    """The smallest dtype that holds every value of all `dtypes` exactly, by NumPy's promotion rules.

    Raises
    ------
    ValueError
        When there is none, for example for ``int64`` with ``uint64``, or when `dtypes` is empty.
    """
    found = [np.dtype(np.uint8) if np.dtype(d).kind == "b" else np.dtype(d) for d in dtypes]
    if not found:
        raise ValueError("no dtypes to promote")
    result = np.result_type(*found)
    for dtype in found:
        # NumPy promotes int64 with uint64 to float64, which does not hold either exactly.
        if result.kind == "f" and dtype.kind in "ui" and np.iinfo(dtype).bits > np.finfo(result).nmant + 1:
            raise ValueError(f"no kind of number holds {dtype} and the others exactly")
    return np.dtype(result)
