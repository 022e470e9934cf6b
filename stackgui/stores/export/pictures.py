"""Rows as files of their own: PNG where it holds every value, otherwise ``.npy``."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Layout
from stackgui.core.base.wording import say
from stackgui.stores.export import contents

if TYPE_CHECKING:
    from stackgui.stores.export.rows import Row
    from stackgui.stores.stack.reader import Stack

_PNG_NUMBERS = ("uint8", "uint16")
_PNG_CHANNELS = (1, 3, 4)

_LEVEL = 1
"""Measured on photographs: level 6 saves another twentieth, and takes four times as long."""

_PAETH = 128
"""The filter for lines: measured, twice as fast as trying all of them, and as small."""

_JPEG_LEVEL = 88
"""Where no eye sees the difference in a thumbnail."""

_FILE_BYTES = 1024
"""Upper bound for what a file of a row takes beside its compressed pixels."""


def is_png(stack: Stack) -> bool:
    """Return whether PNG holds the pictures of a stack exactly."""
    return stack.specs[0].dtype in _PNG_NUMBERS and _channels(stack) in _PNG_CHANNELS


def is_8_bit_or_grey(stack: Stack) -> bool:
    """Return whether the common readers of PNG, too, keep every value of a stack's pictures."""
    return is_png(stack) and (stack.specs[0].dtype == "uint8" or _channels(stack) == 1)


def no_png(stack: Stack) -> str:
    """Say that the pictures of a stack cannot be files of PNG; ``""`` if they can."""
    if is_png(stack):
        return ""
    return say(
        "This kind needs pictures of 8 or 16 bits with 1, 3 or 4 channels; those of this stack are {dtype} "
        "with {channels:,}. Convert them with numbers of 8 bits.",
        dtype=stack.specs[0].dtype,
        channels=_channels(stack),
    )


def _channels(stack: Stack) -> int:
    return stack.specs[0].shape[contents.axes(stack, stack.specs[0]).index("channel")]


def as_png(pixels: NDArray[Any]) -> bytes:
    """Return a picture or a mask, shape (H, W, C) or (H, W), as PNG."""
    import imagecodecs  # noqa: PLC0415 - it takes time to load

    shown = pixels[..., 0] if pixels.ndim > 2 and pixels.shape[-1] == 1 else pixels  # noqa: PLR2004 - axes
    return bytes(imagecodecs.png_encode(np.ascontiguousarray(shown), level=_LEVEL, filter=_PAETH))


def as_jpeg(pixels: NDArray[Any]) -> bytes:
    """Return a picture, uint8, shape (H, W, 3), as JPEG, which is smaller and not exact."""
    import imagecodecs  # noqa: PLC0415 - it takes time to load

    return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(pixels), level=_JPEG_LEVEL))


def as_npy(pixels: NDArray[Any]) -> bytes:
    """Return a row as it is, as the content of an ``.npy`` file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(pixels), allow_pickle=False)
    return file.getvalue()


def picture_file(stack: Stack, row: Row, *, as_picture: bool) -> bytes:
    """Return the picture of a row as PNG if `as_picture`, otherwise as ``.npy``."""
    if not as_picture:
        return as_npy(row.picture)
    is_first = stack.layout is Layout.NCHW
    return as_png(row.picture.transpose(1, 2, 0) if is_first else row.picture)


def mask_file(mask: NDArray[Any]) -> tuple[str, bytes]:
    """Return suffix and content of a file with a mask."""
    return (".png", as_png(mask)) if mask.dtype.name in _PNG_NUMBERS else (".npy", as_npy(mask))


def files_bytes(stack: Stack, *, as_picture: bool) -> int:
    """Return an upper bound for the size of one file for each row, and one for each mask."""
    pixels = contents.compressed_bytes(stack) if as_picture else contents.arrays_bytes(stack)
    return pixels + _FILE_BYTES * sum(spec.rows for spec in stack.all_specs)
