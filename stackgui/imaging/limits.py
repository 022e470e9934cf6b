"""Refusing, from the header alone, what cannot be true: such claims must not inflate a plan."""

from __future__ import annotations

from stackgui.core.errors import SampleError

MAX_PIXELS = 2**28
"""Largest number of pixels accepted in one sample."""


def check_size(height: int, width: int) -> None:
    """Refuse sizes that are empty or beyond `MAX_PIXELS`.

    Raises
    ------
    SampleError
        With the claimed size in the sentence.
    """
    if height <= 0 or width <= 0:
        raise SampleError(f"its header says {height} × {width} pixels, which is no picture")
    if height * width > MAX_PIXELS:
        raise SampleError(
            f"it claims {height:,} × {width:,} pixels, more than the limit of {MAX_PIXELS // 10**6} million"
        )


def check_claim(needed_bytes: int, file_bytes: int, height: int, width: int) -> None:
    """Refuse a size for which the file is certainly too short.

    Parameters
    ----------
    needed_bytes : int
        The fewest bytes that any encoder could have written for it.
    file_bytes : int
        Size of the whole file.
    height, width : int
        The claimed size, for the sentence.
    """
    if needed_bytes > file_bytes:
        raise SampleError(
            f"it claims {height:,} × {width:,} pixels, which a file of {file_bytes:,} bytes cannot hold"
        )
