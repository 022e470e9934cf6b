"""The ``.npy`` format, as far as sizes are concerned."""

from __future__ import annotations

import io

import numpy as np

from stackgui.core.plan import ArraySpec


def header_bytes(array: ArraySpec) -> bytes:
    """The header of the ``.npy`` file of `array`, in C order, as NumPy writes it (format version 1.0)."""
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


def file_bytes(array: ArraySpec) -> int:
    """Size in bytes of the ``.npy`` file of `array`, header included; exact."""
    return len(header_bytes(array)) + array.data_bytes
