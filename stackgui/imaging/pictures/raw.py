"""Camera RAW, developed by LibRaw where rawpy is installed, by one rule that looks at no other picture.

White is as the camera measured it, colours are sRGB in 16 bits, and nothing is made brighter by what happens
to be in a picture. LibRaw turns it upright.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import Data, Part, stream
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pixels.channels import RGB

FORMAT = "raw"

_RULE = {
    "use_camera_wb": True,
    "no_auto_bright": True,
    # Otherwise what counts as white depends on the brightest pixel of the picture.
    "adjust_maximum_thr": 0.0,
    "gamma": (2.4, 12.92),
    "output_bps": 16,
}
_SWAPS_SIDES = 4


def probe(
    data: Data,
    format: str,  # noqa: A002, ARG001 - the protocol's words
    file_bytes: int,
    scan: ScanOptions,  # noqa: ARG001
) -> Header:
    """Read the header of a camera's raw picture; see `stackgui.imaging.probe`."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    with _opened(data) as picture:
        height, width = _size(picture)
    return Header(FORMAT, height, width, RGB, "uint16")


def decode(
    data: Data,
    format: str,  # noqa: A002, ARG001 - the protocol's words
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
    part: Part,  # noqa: ARG001
) -> tuple[NDArray[Any], int]:
    """Develop a camera's raw picture; see `stackgui.imaging.registry.registry`."""
    with _opened(data) as picture:
        size = _size(picture)
        pixels = np.asarray(picture.postprocess(**_RULE))
    if pixels.shape != (*size, RGB):
        raise SampleError("camera RAW pictures of this kind are not supported")
    return pixels, 1


def _size(picture: Any) -> tuple[int, int]:  # noqa: ANN401 - of a library that is an extra
    """Height and width of the upright picture."""
    sizes = picture.sizes
    check_size(sizes.iheight, sizes.iwidth)
    height, width = sizes.iheight, sizes.iwidth
    return (width, height) if sizes.flip & _SWAPS_SIDES else (height, width)


@contextmanager
def _opened(data: Data) -> Iterator[Any]:
    try:
        rawpy = import_module("rawpy")
    except ImportError:
        raise SampleError("camera RAW pictures need more: pip install 'stackgui[raw]'") from None
    try:
        with _quiet(), rawpy.imread(stream(data)) as picture:
            yield picture
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError):
        raise SampleError("camera RAW pictures of this kind are not supported, or it is damaged") from None
    except rawpy.LibRawIOError:
        raise SampleError("the file ends in the middle of the picture") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what LibRaw writes past Python to standard error, which is said by the exception as well."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
