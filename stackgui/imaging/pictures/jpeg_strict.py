"""Decode JPEG with libjpeg-turbo in strict mode, forgiving only faults that lose no pixel."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.doubts import Doubt
from stackgui.imaging.base import doubts
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.errors import as_sample_error
from stackgui.imaging.pictures import jpeg_parts
from stackgui.imaging.pictures.jpeg_mending import FILLED_END, is_filled, mended

_MIN_FACTOR = 8
"""Decode to an eighth of the size, the smallest possible, to check a file; this still reads every scan."""


def decode(
    data: Data,
    space: str,
    has_several_scans: bool,  # noqa: FBT001 - a fact about every file
    **options: Any,  # noqa: ANN401 - simplejpeg's own
) -> NDArray[Any]:
    """Decode a file, and fail if any pixel is lost.

    Parameters
    ----------
    data
        The whole file.
    space : str
        Colour space of the result, as simplejpeg names it.
    has_several_scans : bool
        Whether the components or their frequencies are spread over several scans.
    **options
        Further arguments of `simplejpeg.decode_jpeg`.

    Returns
    -------
    ndarray, shape (h, w, c), uint8

    Raises
    ------
    SampleError
        When the file is damaged.
    """
    try:
        pixels: NDArray[Any] = simplejpeg.decode_jpeg(data, space, strict=True, **options)
    except ValueError as error:
        pixels = simplejpeg.decode_jpeg(_mended(data, space, error), space, strict=True, **options)
    else:
        if has_several_scans or data[-len(FILLED_END) :] == FILLED_END:
            _note_doubts(data, space, has_several_scans=has_several_scans)
    return pixels


def decode_into(
    out: NDArray[np.uint8],
    data: Data,
    space: str,
    has_several_scans: bool,  # noqa: FBT001 - as for `decode`
) -> None:
    """Decode a file as `decode` does, but to an array of its shape, and by as few calls as possible."""
    try:
        simplejpeg.decode_jpeg(data, space, buffer=out, strict=True)
    except ValueError:
        decode(data, space, has_several_scans, buffer=out)
    else:
        if has_several_scans or data[-len(FILLED_END) :] == FILLED_END:
            _note_doubts(data, space, has_several_scans=has_several_scans)


def checked(data: Data, space: str, *, has_several_scans: bool) -> Data:
    """Check a file for a decoder that misses damage; return the file, or its repaired form.

    Raises
    ------
    SampleError
        When the file is damaged.
    """
    message = _complaint(data, space)
    if message:
        return _mended(data, space, ValueError(message))
    _note_doubts(data, space, has_several_scans=has_several_scans)
    return data


def look_over(data: Data) -> None:
    """Note stray bytes in a file of a kind that libjpeg-turbo cannot check.

    Raises
    ------
    SampleError
        When the end mark is missing, because then pixels may be missing too.
    """
    parts = jpeg_parts.parts_of(data)
    if not parts.has_end:
        raise SampleError(say("the file ends in the middle of the picture"))
    if parts.has_strays or any(parts.parts[index].packed.endswith(b"\0\0") for index in parts.scans):
        doubts.note(Doubt.STRAY_BYTES)


def _mended(data: Data, space: str, error: ValueError) -> bytes:
    found = mended(data, partial(_complaint, space=space), partial(_seen, space=space))
    if found is None:
        raise as_sample_error(error)
    for doubt in found.doubts:
        doubts.note(doubt)
    return found.data


def _note_doubts(data: Data, space: str, *, has_several_scans: bool) -> None:
    """Note doubts about a file that decodes without an error."""
    if data[-len(FILLED_END) :] == FILLED_END and is_filled(data, partial(_complaint, space=space)):
        doubts.note(Doubt.STRAY_BYTES)
    if not has_several_scans:
        return
    finest = jpeg_parts.parts_of(data).finest()
    if jpeg_parts.is_unseen(finest):
        raise SampleError(say("the file lacks one of the colours of its picture"))
    if not jpeg_parts.is_finished(finest):
        doubts.note(Doubt.COARSE)


def _complaint(data: Data, space: str) -> str:
    """Return libjpeg's error message for a file, or ``""``."""
    try:
        simplejpeg.decode_jpeg(data, space, min_height=1, min_width=1, min_factor=_MIN_FACTOR, strict=True)
    except ValueError as error:
        return str(error)
    return ""


def _seen(data: Data, space: str) -> tuple[str, bytes]:
    """Return libjpeg's error message, and the pixels that it decodes regardless."""
    message = _complaint(data, space)
    try:
        return message, bytes(simplejpeg.decode_jpeg(data, space, strict=False))
    except ValueError:
        return message, b""
