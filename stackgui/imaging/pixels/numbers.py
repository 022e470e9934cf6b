"""Converting pixels from the dtype of a sample to that of the stack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn, assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import NonFinite, Reduce
from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say, say_many
from stackgui.core.plan.numbers import NumberRule, can_convert, holds, no_rule, white

_WHOLE_FLOATS = 2**24
"""32-bit floats hold all whole numbers below this."""

_WRITTEN_OUT = 1e20
"""Numbers below this are written out in full in messages."""

NOT_FINITE = "it has values that are not finite (NaN or infinity), which {} cannot hold (see --non-finite)"


def convert_numbers(
    pixels: NDArray[Any],
    rule: NumberRule,
    *,
    bits: int = 0,
    is_picture: bool = False,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Convert pixels to another dtype without silent loss.

    Parameters
    ----------
    pixels : ndarray, shape (..., c)
        ``bool`` counts as 1-bit ``uint8``.
    rule : NumberRule
    bits : int
        Bit depth of unsigned numbers according to the file; 0 for the full dtype.
    is_picture : bool
        Whether the numbers are brightness values, which those of a tensor need not be.
    out : ndarray, optional
        Array to fill and return, with the shape of `pixels` and the dtype of the rule.

    Returns
    -------
    ndarray
        `out` or a new array, never a view of `pixels`.

    Raises
    ------
    SampleError
        When the rule cannot convert between these dtypes, or a value is outside the range it allows.
    """
    target = np.dtype(rule.dtype)
    is_joined = is_picture and rule.joins and pixels.dtype.kind in "bu"
    if out is not None and pixels.dtype == target and rule.keeps and not is_joined:
        np.copyto(
            out, pixels
        )  # what is commonest, since to name dtypes takes longer than to copy a small picture
        return out
    if not can_convert(str(pixels.dtype), rule.dtype, rule.reduce):
        raise SampleError(no_rule(str(pixels.dtype), rule.dtype))
    if out is None:
        out = np.empty(pixels.shape, target)
    if pixels.dtype.kind == "b":
        pixels, bits = pixels.view(np.uint8), 1
    if is_joined:
        _joined(pixels, rule, bits, out)
    else:
        _convert(pixels, rule, bits, out)
    return out


def refuse_non_finite(count: int) -> NoReturn:
    """Refuse a sample with `count` values that are NaN or infinite."""
    raise SampleError(
        say_many(
            count,
            "{count:,} of its values is not finite (NaN or infinity)",
            "{count:,} of its values are not finite (NaN or infinity)",
        )
    )


def settle_non_finite(pixels: NDArray[Any], policy: NonFinite) -> tuple[NDArray[Any], int]:
    """Count values that are NaN or infinite, and handle them as `policy` says.

    Returns
    -------
    ndarray
        `pixels`, or a copy in which zeros replace those values.
    int
        The number of those values.

    Raises
    ------
    SampleError
        When there are any and the policy is ``error``.
    """
    if pixels.dtype.kind != "f":
        return pixels, 0
    with np.errstate(invalid="ignore"):
        # NaN propagates through max and min, which need no temporary array.
        if np.isfinite(pixels.max()) and np.isfinite(pixels.min()):
            return pixels, 0
    finite = np.isfinite(pixels)
    count = int(finite.size - np.count_nonzero(finite))
    match policy:
        case NonFinite.ERROR:
            refuse_non_finite(count)
        case NonFinite.ZERO:
            return np.where(finite, pixels, pixels.dtype.type(0)), count
        case NonFinite.KEEP:
            return pixels, count
        case _:
            assert_never(policy)


def _convert(pixels: NDArray[Any], rule: NumberRule, bits: int, out: NDArray[Any]) -> None:
    if out.dtype.kind == "f":
        (_to_float if rule.keeps else _scaled)(pixels, rule, bits, out)
    elif rule.keeps and holds(str(out.dtype), str(pixels.dtype)):
        np.copyto(out, pixels)
    elif rule.reduce is Reduce.NONE:
        check_fits(pixels, out.dtype)
        np.copyto(out, pixels, casting="unsafe")
    elif pixels.dtype == np.uint16 and out.dtype == np.uint8 and _is_full(pixels, rule, bits):
        # The same result as `_reduced`, but in integer arithmetic.
        np.copyto(out, (pixels + np.uint32(128)) // 257, casting="unsafe")
    else:
        _reduced(pixels, rule, bits, out)


def _is_full(pixels: NDArray[Any], rule: NumberRule, bits: int) -> bool:
    """Return whether white is the largest number of the pixels' dtype."""
    is_depth = rule.reduce in {Reduce.FULL_RANGE, Reduce.FILE_DEPTH}
    return is_depth and white(str(pixels.dtype), bits, rule.reduce) == np.iinfo(pixels.dtype).max


def _joined(pixels: NDArray[Any], rule: NumberRule, bits: int, out: NDArray[Any]) -> None:
    """Stretch unsigned integers from 0 to white over the full range of `out`."""
    most, target = white(str(pixels.dtype), bits, rule.reduce), int(np.iinfo(out.dtype).max)
    if most < np.iinfo(pixels.dtype).max:
        largest(pixels, bits)
    if target % most == 0:
        np.multiply(pixels, out.dtype.type(target // most), out=out, dtype=out.dtype, casting="unsafe")
    else:
        _convert(pixels, replace(rule, keeps=False), bits, out)


def check_fits(pixels: NDArray[Any], dtype: np.dtype[Any]) -> None:
    """Raise SampleError unless the integer `dtype` holds every value exactly."""
    if pixels.dtype.kind == "f":
        if not np.isfinite(pixels).all():
            raise SampleError(NOT_FINITE.format(dtype))
        fractions = pixels[pixels != np.rint(pixels)]
        if fractions.size:
            raise SampleError(
                say(
                    "it has values with a fraction, such as {fractions:g}, which {dtype} cannot hold "
                    "(--dtype float32 can)",
                    fractions=fractions[0],
                    dtype=dtype,
                )
            )
    limits = np.iinfo(dtype)
    low, high = pixels.min().item(), pixels.max().item()
    if low < limits.min or high > limits.max:
        reach = (
            say("from {shown} to {shown2}", shown=_shown(low), shown2=_shown(high))
            if low < high
            else f"{_shown(low)}"
        )
        raise SampleError(
            say(
                "its values are {reach}, and {dtype} holds {min:,} to {max:,} (--dtype auto or "
                "--reduce min-max lead on)",
                reach=reach,
                dtype=dtype,
                min=limits.min,
                max=limits.max,
            )
        )


def _shown(value: float) -> str:
    return f"{int(value):,}" if abs(value) < _WRITTEN_OUT else f"{value:g}"


def rounded(values: NDArray[Any], dtype: np.dtype[Any], bits: int = 0) -> NDArray[Any]:
    """Convert computed floats to `dtype`; for integers, round and clip them, also to `bits` bits."""
    if dtype.kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    highest = float(2**bits - 1 if bits else limits.max)
    if highest < _WHOLE_FLOATS and values.dtype == np.float32:
        # Wider floats would give the same numbers, at four times the cost.
        narrow: NDArray[Any] = np.clip(np.rint(values), np.float32(limits.min), np.float32(highest))
        return narrow.astype(dtype)
    if highest > limits.max:  # 2**63 - 1 has no float64 of its own; the one below it converts back
        highest = float(np.nextafter(highest, 0))
    return np.clip(np.rint(values.astype(np.float64)), float(limits.min), highest).astype(dtype)


def largest(pixels: NDArray[Any], bits: int) -> int:
    """Return the largest number of `bits` bits; raise SampleError if `pixels` contain a larger one."""
    most: int = 2**bits - 1
    if pixels.max(initial=0) > most:
        raise SampleError(
            say(
                "it has values above {most:,}, although its file says that it uses {bits}",
                most=most,
                bits=format_count(bits, "bit"),
            )
        )
    return most


def widened(pixels: NDArray[Any], most: int) -> NDArray[np.uint8]:
    """Stretch numbers from 0 to `most` (below 255) to the full 8-bit range, rounding as Pillow does."""
    table = np.array([round(value / most * 255) for value in range(most + 1)], np.uint8)
    found: NDArray[np.uint8] = table[pixels]
    return found


def _limits(pixels: NDArray[Any], rule: NumberRule, bits: int) -> tuple[float, float]:
    """Return the numbers that are black and white in these pixels."""
    match rule.reduce:
        case Reduce.MIN_MAX:
            low, high = rule.limits
            if not np.isfinite(high - low):
                raise SampleError(say("the least and the most that occur in the stack are too far apart"))
            # If only one value occurs, everything becomes black, however large the value is.
            return low, high if high > low else float(np.nextafter(low + 1, np.inf))
        case Reduce.NONE:
            return 0.0, 1.0
        case Reduce.FULL_RANGE | Reduce.FILE_DEPTH:
            if pixels.dtype.kind != "u":
                return 0.0, 1.0
            most = white(str(pixels.dtype), bits, rule.reduce)
            return 0.0, float(most if most == np.iinfo(pixels.dtype).max else largest(pixels, bits))
        case _:
            assert_never(rule.reduce)


def _scaled(pixels: NDArray[Any], rule: NumberRule, bits: int, out: NDArray[Any]) -> None:
    low, high = _limits(pixels, rule, bits)
    # Use no wider floats than needed, but never float16, which cannot hold 65,535.
    narrow = np.float32 if pixels.dtype in (np.uint8, np.uint16, np.float16, np.float32) else np.float64
    work = np.result_type(out.dtype, narrow)
    if high - low > float(np.finfo(work).max):
        work = np.dtype(np.float64)
    black = np.array(rule.black, np.float64)
    span = np.array(rule.white, np.float64) - black
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.multiply(pixels - work.type(low) if low else pixels, span.astype(work), dtype=work)
        values /= work.type(high - low)
        values += black.astype(work)
    _to_float(values, rule, bits, out)


def _reduced(pixels: NDArray[Any], rule: NumberRule, bits: int, out: NDArray[Any]) -> None:
    """Stretch the numbers from black to white over the full range of the integer dtype of `out`."""
    low, high = _limits(pixels, rule, bits)
    values = (pixels.astype(np.float64) - low) * (float(np.iinfo(out.dtype).max) / (high - low))
    if not np.isfinite(values).all():
        raise SampleError(NOT_FINITE.format(out.dtype))
    np.copyto(out, rounded(values, out.dtype))


def _to_float(pixels: NDArray[Any], rule: NumberRule, _bits: int, out: NDArray[Any]) -> None:
    with np.errstate(over="ignore"):
        np.copyto(out, pixels, casting="unsafe")
    can_overflow = float(np.finfo(out.dtype).max) < _largest(pixels.dtype)
    if can_overflow and not np.array_equal(np.isinf(out), np.isinf(pixels)):
        raise SampleError(say("it has values too large for {dtype}", dtype=out.dtype))
    if rule.keeps and rule.reduce is Reduce.NONE and pixels.dtype.kind in "ui" and not _same(out, pixels):
        raise SampleError(
            say("it has integers that {dtype} cannot hold exactly (--dtype auto does)", dtype=out.dtype)
        )


def _same(floats: NDArray[Any], integers: NDArray[Any]) -> bool:
    """Return whether converting `integers` to `floats` lost nothing."""
    exact = 2 ** (np.finfo(floats.dtype).nmant + 1)
    if -exact <= integers.min(initial=0) and integers.max(initial=0) <= exact:
        return True
    # Floats above the largest integer, such as 2**64 for uint64, cannot be converted back.
    wide, limits = floats.astype(np.float64), np.iinfo(integers.dtype)
    inside = (wide >= float(limits.min)) & (wide < float(int(limits.max) + 1))
    return bool(inside.all() and np.array_equal(wide.astype(integers.dtype), integers))


def _largest(dtype: np.dtype[Any]) -> float:
    return float(np.finfo(dtype).max if dtype.kind == "f" else np.iinfo(dtype).max)
