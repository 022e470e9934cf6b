"""libjpeg-turbo at its strictest, and what may be forgiven: whatever loses no pixel."""

from __future__ import annotations

from functools import partial
from typing import Any

import simplejpeg
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.doubts import Doubt
from stackgui.imaging.base import doubts
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.errors import as_sample_error
from stackgui.imaging.pictures import jpeg_parts
from stackgui.imaging.pictures.jpeg_mending import ends_in_filling, mended

_SMALLEST = 8
"""An eighth of its size is the least that a picture can be decoded to; its scans are read all the same."""


def decode(
    data: Data,
    space: str,
    has_several_scans: bool,  # noqa: FBT001 - of every file
    **options: Any,  # noqa: ANN401 - simplejpeg's own
) -> NDArray[Any]:
    """Decode a file, in which no pixel may be lost.

    Parameters
    ----------
    data
    space : str
        The colours wanted, in simplejpeg's words.
    has_several_scans : bool
    **options
        As of `simplejpeg.decode_jpeg`.

    Returns
    -------
    ndarray, shape (h, w, c), uint8

    Raises
    ------
    SampleError
        When it is damaged.
    """
    try:
        pixels: NDArray[Any] = simplejpeg.decode_jpeg(data, space, strict=True, **options)
    except ValueError as error:
        pixels = simplejpeg.decode_jpeg(_mended(data, space, error), space, strict=True, **options)
    else:
        _doubt(data, space, has_several_scans=has_several_scans)
    return pixels


def checked(data: Data, space: str, *, has_several_scans: bool) -> Data:
    """A file for another decoder, which notices no damage: itself, or what `decode` would take for it.

    Raises
    ------
    SampleError
        When it is damaged.
    """
    said = _complaint(data, space)
    if said:
        return _mended(data, space, ValueError(said))
    _doubt(data, space, has_several_scans=has_several_scans)
    return data


def look_over(data: Data) -> None:
    """Note stray bytes in a file of a kind that libjpeg-turbo cannot be asked about.

    Raises
    ------
    SampleError
        When its end mark is missing, without which nobody knows whether more is.
    """
    parts = jpeg_parts.parts_of(data)
    if not parts.has_end:
        raise SampleError("the file ends in the middle of the picture")
    if parts.has_strays or any(parts.parts[index].packed.endswith(b"\0\0") for index in parts.scans):
        doubts.note(Doubt.STRAY_BYTES)


def _mended(data: Data, space: str, error: ValueError) -> bytes:
    found = mended(data, partial(_complaint, space=space), partial(_seen, space=space))
    if found is None:
        raise as_sample_error(error)
    for doubt in found.doubts:
        doubts.note(doubt)
    return found.data


def _doubt(data: Data, space: str, *, has_several_scans: bool) -> None:
    """Note what is odd about a file that decodes well."""
    if ends_in_filling(data, partial(_complaint, space=space)):
        doubts.note(Doubt.STRAY_BYTES)
    if not has_several_scans:
        return
    finest = jpeg_parts.parts_of(data).finest()
    if jpeg_parts.is_unseen(finest):
        raise SampleError("the file lacks one of the colours of its picture")
    if not jpeg_parts.is_finished(finest):
        doubts.note(Doubt.COARSE)


def _complaint(data: Data, space: str) -> str:
    """What libjpeg has to say against a file, or ``""``."""
    try:
        simplejpeg.decode_jpeg(data, space, min_height=1, min_width=1, min_factor=_SMALLEST, strict=True)
    except ValueError as error:
        return str(error)
    return ""


def _seen(data: Data, space: str) -> tuple[str, bytes]:
    """What libjpeg says, and what it shows all the same."""
    said = _complaint(data, space)
    try:
        return said, bytes(simplejpeg.decode_jpeg(data, space, strict=False))
    except ValueError:
        return said, b""
