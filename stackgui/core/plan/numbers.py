"""Which kinds of numbers can become which, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackgui.core.base.choices import NonFinite, Reduce


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How a sample's numbers become the stack's.

    Attributes
    ----------
    dtype : str
        NumPy name of the stack's numbers.
    keeps : bool
        Whether values stay as they are. Integers that the dtype cannot hold are brought down all the same,
        but refused where `reduce` is ``none``.
    joins : bool
        Whether pictures of different depths are brought to one range: white of each, in unsigned integers,
        becomes the most that the dtype can hold.
    reduce : Reduce
        What counts as black and white in the sample.
    limits : (float, float)
        Black and white of all samples, for ``min-max``.
    black, white : tuple of float
        What they become in an array of floats, for each channel or for all; in one of integers that is 0 and
        the most that it can hold.
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


def can_convert(from_dtype: str, to_dtype: str, reduce: Reduce = Reduce.FULL_RANGE) -> bool:
    """Whether samples of `from_dtype` can be put into an array of `to_dtype`.

    All that is real can become a float. Integers may be widened, and unsigned ones brought down. A float
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
    """Why a sample is refused where `can_convert` says no, and what leads on."""
    return (
        f"its numbers are {from_dtype}, which become {to_dtype} only by the rule min-max (--reduce min-max), "
        "or by none, which keeps values that fit (--reduce none)"
    )


def white(dtype: str, bits: int, reduce: Reduce) -> int:
    """What counts as white in a sample of unsigned integers that use `bits`, 0 for all of them."""
    is_truth = bits == 1
    if bits and (is_truth or reduce is Reduce.FILE_DEPTH):
        return int(2**bits) - 1
    return int(np.iinfo(dtype).max)


def holds(dtype: str, other: str) -> bool:
    """Whether `dtype` holds every value of `other`; truth values count as ``uint8``."""
    source = np.dtype(np.uint8) if np.dtype(other).kind == "b" else np.dtype(other)
    return np.can_cast(source, np.dtype(dtype), "safe")


def has_integers(dtypes: Iterable[str]) -> bool:
    """Whether any of `dtypes` is one of integers."""
    return any(np.dtype(name).kind in "ui" for name in dtypes)


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
