"""The output for NumPy's ``.npy`` files."""

from __future__ import annotations

import io

import numpy as np

from stackgui.core.plan.outputs.base import Output
from stackgui.core.plan.plan import ArraySpec

_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def _header(array: ArraySpec) -> bytes:
    """Return the header of `array` in C order, as NumPy writes it (format version 1.0)."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header,
        {
            "descr": np.lib.format.dtype_to_descr(np.dtype(array.dtype)),
            "fortran_order": False,
            "shape": array.shape,
        },
    )
    return header.getvalue()


def _rows_begin(start: bytes, array: ArraySpec) -> int | None:
    file = io.BytesIO(start)
    try:
        shape, is_fortran, dtype = _READERS[np.lib.format.read_magic(file)](file)
    except (KeyError, ValueError):
        return None
    is_plain = not is_fortran and not dtype.hasobject
    return file.tell() if is_plain and (shape, dtype) == (array.shape, np.dtype(array.dtype)) else None


NPY = Output(".npy", _header, _rows_begin, 'np.load({path}, mmap_mode="r")')
