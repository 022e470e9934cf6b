"""Which dtypes can be converted into which, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from stackgui.core.base.choices import NonFinite, Reduce
from stackgui.core.base.wording import say


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How a sample's numbers are converted into those of the array.

    Attributes
    ----------
    dtype : str
        NumPy's name for the dtype of the array.
    keeps : bool
        Whether values stay as they are. Integers that the dtype cannot hold are still scaled down, or
        refused if `reduce` is ``none``.
    joins : bool
        Whether pictures of different depths are scaled to one range: the white of each, in unsigned integers,
        becomes the largest value of the dtype.
    reduce : Reduce
        What counts as black and white in the sample.
    limits : (float, float)
        Black and white of all samples, for ``min-max``.
    black, white : tuple of float
        What these become in an array of floats, for each channel or for all channels. In an array of integers
        they always become 0 and the largest value of the dtype.
    non_finite : NonFinite
    """

    dtype: str
    keeps: bool = True
    joins: bool = False
    reduce: Reduce = Reduce.FULL_RANGE
    limits: tuple[float, float] = (0.0, 1.0)
    black: tuple[float, ...] = (0.0,)
    white: tuple[float, ...] = (1.0,)
    non_finite: NonFinite = NonFinite.KEEP


@lru_cache(maxsize=256)  # asked for each row, of a few dtypes
def can_convert(from_dtype: str, to_dtype: str, reduce: Reduce = Reduce.FULL_RANGE) -> bool:
    """Tell whether samples of `from_dtype` can be put into an array of `to_dtype`.

    Any real number can become a float. Integers may be widened, and unsigned ones scaled down. A float
    becomes an integer, or a signed number an unsigned one, only by the rule ``min-max``, or by ``none`` if
    its value fits.
    """
    source, target = np.dtype(from_dtype), np.dtype(to_dtype)
    if source.kind not in "buif":
        return False
    if reduce in {Reduce.MIN_MAX, Reduce.NONE} or target.kind == "f" or holds(to_dtype, from_dtype):
        return True
    return source.kind == target.kind == "u"


def no_rule(from_dtype: str, to_dtype: str) -> str:
    """Return why a sample is refused if `can_convert` is false, and which rules would accept it."""
    return say(
        "its numbers are {from_dtype}, which become {to_dtype} only by the rule min-max "
        "(--reduce min-max), or by none, which keeps values that fit (--reduce none)",
        from_dtype=from_dtype,
        to_dtype=to_dtype,
    )


def white(dtype: str, bits: int, reduce: Reduce) -> int:
    """Return what counts as white in a sample of unsigned integers that use `bits`, where 0 means all."""
    is_truth = bits == 1
    if bits and (is_truth or reduce is Reduce.FILE_DEPTH):
        return int(2**bits) - 1
    return int(np.iinfo(dtype).max)


@lru_cache(maxsize=256)  # as above
def holds(dtype: str, other: str) -> bool:
    """Tell whether `dtype` holds every value of `other`; truth values count as ``uint8``."""
    source = np.dtype(np.uint8) if np.dtype(other).kind == "b" else np.dtype(other)
    return np.can_cast(source, np.dtype(dtype), "safe")


def has_integers(dtypes: Iterable[str]) -> bool:
    """Tell whether any of `dtypes` is an integer type."""
    return any(np.dtype(name).kind in "ui" for name in dtypes)


def promote(dtypes: Iterable[str]) -> np.dtype[Any]:
    """Return the smallest dtype that holds every value of all `dtypes` exactly, by NumPy's promotion rules.

    Raises
    ------
    ValueError
        When there is none, as for ``int64`` with ``uint64``, or when `dtypes` is empty.
    """
    found = [np.dtype(np.uint8) if np.dtype(d).kind == "b" else np.dtype(d) for d in dtypes]
    if not found:
        raise ValueError("no dtypes to promote")
    result = np.result_type(*found)
    for dtype in found:
        # NumPy promotes int64 with uint64 to float64, which holds neither exactly.
        if result.kind == "f" and dtype.kind in "ui" and np.iinfo(dtype).bits > np.finfo(result).nmant + 1:
            raise ValueError(say("no dtype holds {dtype} and the others exactly", dtype=dtype))
    return np.dtype(result)
