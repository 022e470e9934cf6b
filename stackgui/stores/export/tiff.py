"""Export to TIFF files that ImageJ and Fiji open as one stack, also beyond 4 GB."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.loading_from import Loads
from stackgui.stores.export import contents
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.listing import listing_bytes, write_listing
from stackgui.stores.export.things import Thing

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_RGB = 3

_DTYPES = {
    "uint8": "uint8",
    "uint16": "uint16",
    "float32": "float32",
    "float16": "float32",
    "uint32": "float32",
}
"""What ImageJ has for each dtype of a stack; each holds all values, or the export says that it does not."""

_HEADER_BYTES = 16 * 1024
_MAX_LABELS = 1_000_000
"""Rows that get their file names as labels: ImageJ reads all of them when it opens the file."""


def _size_bytes(stack: Stack) -> int:
    found = listing_bytes(stack) + _HEADER_BYTES * len(stack.all_specs)
    labels = 4 * (contents.texts(stack)[contents.FILES].size_bytes()[0] + len(stack)) * len(stack.all_specs)
    sizes = [spec.data_bytes * _width(_DTYPES[spec.dtype]) // _width(spec.dtype) for spec in stack.all_specs]
    return found + labels + sum(sizes)


def _width(dtype: str) -> int:
    return np.dtype(dtype).itemsize


def _write(stack: Stack, target: str, progress: Progress) -> None:
    os.mkdir(target)
    meter, names = contents.Meter(stack, progress), list(_labels(stack))
    first = 0
    for name, spec in contents.arrays(stack).items():
        first %= len(stack)  # masks follow the pictures of all rows
        labels = names[first : first + spec.rows]
        _write_array(stack, spec, os.path.join(target, f"{name}.tif"), labels, meter)
        first += spec.rows
    write_listing(stack, target, progress)


def _labels(stack: Stack) -> Iterator[str]:
    return contents.file_names(stack) if len(stack) <= _MAX_LABELS else islice([], 0)


def _write_array(stack: Stack, spec: ArraySpec, path: str, labels: list[str], meter: contents.Meter) -> None:
    import tifffile  # noqa: PLC0415 - it takes time to load

    shape, axes = _shape(stack, spec)
    per_row = len(labels) and len(labels) * (shape[1] if axes == "ZCYX" else 1) // spec.rows
    metadata: dict[str, Any] = {"axes": axes}
    if labels:
        metadata["Labels"] = [label for label in labels for _ in range(per_row)]
    tifffile.imwrite(
        path, _planes(stack, spec, meter), shape=shape, dtype=_DTYPES[spec.dtype], imagej=True, truncate=True,
        byteorder=">", photometric="rgb" if axes[-1] == "S" else "minisblack", metadata=metadata,
    )  # fmt: skip


def _shape(stack: Stack, spec: ArraySpec) -> tuple[tuple[int, ...], str]:
    """Return the shape of an array in ImageJ's order of axes, and their letters."""
    known = dict(zip(contents.axes(stack, spec), spec.shape, strict=True))
    rows, height, width, channels = (known.get(axis, 1) for axis in ("row", "height", "width", "channel"))
    if channels == 1:
        return (rows, height, width), "ZYX"
    if _is_rgb(spec, channels):
        return (rows, height, width, channels), "ZYXS"
    return (rows, channels, height, width), "ZCYX"


def _is_rgb(spec: ArraySpec, channels: int) -> bool:
    return channels == _RGB and spec.dtype == "uint8"


def _planes(stack: Stack, spec: ArraySpec, meter: contents.Meter) -> Iterator[NDArray[Any]]:
    """Yield what ImageJ takes for one picture: a row, or a channel of it."""
    shape, axes = _shape(stack, spec)
    is_first = stack.layout is Layout.NCHW
    for batch in contents.batches(stack, spec):
        for row in batch:
            if axes == "ZYX":
                yield _numbers(row.reshape(shape[1:]), spec)
            elif axes == "ZYXS":
                yield _numbers(row.transpose(1, 2, 0) if is_first else row, spec)
            else:
                yield from _numbers(row if is_first else row.transpose(2, 0, 1), spec)
        meter.add(batch.nbytes)


def _numbers(row: NDArray[Any], spec: ArraySpec) -> NDArray[Any]:
    made = np.ascontiguousarray(row.astype(_DTYPES[spec.dtype]))
    if spec.dtype == "uint32" and (made.astype(np.int64) != row).any():
        raise StackguiError(
            say("{file} has numbers above 16,777,216, which ImageJ cannot hold exactly.", file=spec.file)
        )
    return made


_LACKING = frozenset({Thing.BOXES, Thing.POLYGONS, Thing.KEYPOINTS, Thing.DRAWN})


TIFF = Exporter(
    name="tiff",
    title=say("a folder with a TIFF stack for ImageJ"),
    audience=say("For ImageJ and Fiji: every row is a slice, named after its file; larger than 4 GB too."),
    write=_write,
    size_bytes=_size_bytes,
    lacks=lambda _stack: _LACKING,
    loading="import tifffile\n\nplace = {target}\n",
    loads=Loads('tifffile.memmap(place + "/{name}.tif", mode="r")'),
)
