"""From a sample's kind of numbers to the stack's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from stackgui.core.errors import SampleError
from stackgui.core.numbers import can_convert


def convert_numbers(
    pixels: NDArray[Any], dtype: DTypeLike, *, scale: bool, out: NDArray[Any] | None = None
) -> NDArray[Any]:
    """Bring pixels to another dtype without a silent loss.

    Parameters
    ----------
    pixels : ndarray
        Any shape; ``bool`` counts as ``uint8`` 0 and 1.
    dtype : dtype
        What is wanted. ``uint16`` to ``uint8`` uses the full range: ``round(v / 257)``.
    scale : bool
        Unsigned integers become floats from 0 to 1 (divided by their dtype's largest value) instead of
        keeping their values. Signed integers and floats keep theirs.
    out : ndarray, optional
        Same shape as `pixels`, of `dtype`: filled and returned.

    Returns
    -------
    ndarray
        Always `out` or a fresh array.

    Raises
    ------
    SampleError
        When no rule leads from one dtype to the other, or a value is too large for the wanted float.
    """
    target = np.dtype(dtype)
    if not can_convert(str(pixels.dtype), str(target)):
        raise SampleError(f"its numbers are {pixels.dtype}, which cannot become {target} without a loss")
    if out is None:
        out = np.empty(pixels.shape, target)
    _convert(pixels.view(np.uint8) if pixels.dtype.kind == "b" else pixels, out, scale=scale)
    return out


def _convert(pixels: NDArray[Any], out: NDArray[Any], *, scale: bool) -> None:
    if out.dtype.kind == "f":
        fill = _to_unit_range if scale and pixels.dtype.kind == "u" else _to_float
        fill(pixels, out)
    elif pixels.dtype == np.uint16 and out.dtype == np.uint8:
        np.copyto(out, (pixels + np.uint32(128)) // 257, casting="unsafe")
    else:
        np.copyto(out, pixels)


def rounded(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Bring computed floats back to the dtype they were computed from: integers rounded and clipped."""
    if dtype.kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    highest = float(limits.max)
    if highest > limits.max:  # 2**63 - 1 has no float64 of its own; the one below it converts back
        highest = float(np.nextafter(highest, 0))
    return np.clip(np.rint(values.astype(np.float64)), float(limits.min), highest).astype(dtype)


def _to_unit_range(pixels: NDArray[Any], out: NDArray[Any]) -> None:
    # Never divided in float16, which does not hold 65,535; nor wider than needed.
    work = np.result_type(out.dtype, np.float32 if pixels.dtype in (np.uint8, np.uint16) else np.float64)
    np.divide(pixels, work.type(np.iinfo(pixels.dtype).max), out=out, dtype=work, casting="same_kind")


def _to_float(pixels: NDArray[Any], out: NDArray[Any]) -> None:
    with np.errstate(over="ignore"):
        np.copyto(out, pixels, casting="unsafe")
    can_overflow = float(np.finfo(out.dtype).max) < _largest(pixels.dtype)
    if can_overflow and not np.array_equal(np.isinf(out), np.isinf(pixels)):
        raise SampleError(f"it has values too large for {out.dtype}")


def _largest(dtype: np.dtype[Any]) -> float:
    return float(np.finfo(dtype).max if dtype.kind == "f" else np.iinfo(dtype).max)
