"""The output for HDF5 files: one array as one contiguous dataset, which begins where the header ends.

HDF5 keeps such a dataset in one piece, like ``.npy``. So rows are written in place, and resumed, repaired,
mapped and appended alike, and the library is only needed by those who open the file with it.
"""

from __future__ import annotations

import struct

import numpy as np

from stackgui.core.plan.outputs.base import Output
from stackgui.core.plan.plan import ArraySpec

_ROWS_BEGIN = 2048
"""The header is filled up to this, so that further rows do not make it longer."""

_UNDEFINED = b"\xff" * 8
_ROOT, _TREE, _HEAP, _NAMES, _NODE, _DATASET = 96, 136, 680, 712, 744, 1072
"""Where the parts of the header lie, each directly after the one before."""

_NAME_BYTES = 32
_LEAF_K, _NODE_K = 4, 16
"""How many entries the nodes of the group have room for: half of it; the format's usual numbers."""

_FLOATS = {2: (15, 10, 5, 15), 4: (31, 23, 8, 127), 8: (63, 52, 11, 1023)}
"""Sign bit, size of the mantissa, size of the exponent above it, and bias of floats, by their bytes."""


def _header(array: ArraySpec) -> bytes:
    """Return an HDF5 file up to the first row: version 0 of the format, which every release reads."""
    name = array.file.rpartition(".")[0].encode("ascii")
    assert len(name) < _NAME_BYTES - 8, "arrays have short names"
    end = _ROWS_BEGIN + array.data_bytes
    made = b"".join((
        b"\x89HDF\r\n\x1a\n", struct.pack("<8BHHI", 0, 0, 0, 0, 0, 8, 8, 0, _LEAF_K, _NODE_K, 0),
        struct.pack("<Q", 0), _UNDEFINED, struct.pack("<Q", end), _UNDEFINED,
        struct.pack("<QQIIQQ", 0, _ROOT, 1, 0, _TREE, _HEAP),
        _object((0x11, struct.pack("<QQ", _TREE, _HEAP))),
        _tree(), _heap(name), _node(),
        _object(
            (0x01, struct.pack(f"<BBB5x{len(array.shape)}Q", 1, len(array.shape), 0, *array.shape)),
            (0x03, _type(np.dtype(array.dtype))),
            (0x05, bytes((2, 1, 0, 1)) + struct.pack("<I", 0)),
            (0x08, struct.pack("<BBQQ", 3, 1, _ROWS_BEGIN, array.data_bytes)),
        ),
    ))  # fmt: skip
    return made.ljust(_ROWS_BEGIN, b"\0")


def _object(*messages: tuple[int, bytes]) -> bytes:
    """Return the header of an object (version 1) with messages, by their types."""
    packed = b""
    for kind, content in messages:
        filled = content.ljust(-(-len(content) // 8) * 8, b"\0")
        packed += struct.pack("<HHB3x", kind, len(filled), 0) + filled
    return struct.pack("<BxHII4x", 1, len(messages), 1, len(packed)) + packed


def _tree() -> bytes:
    """Return the tree of the group, whose only leaf has the only name."""
    used = b"TREE" + struct.pack("<BBH", 0, 0, 1) + 2 * _UNDEFINED + struct.pack("<QQQ", 0, _NODE, 8)
    return used.ljust(24 + 8 * (2 * _NODE_K + 1) + 8 * 2 * _NODE_K, b"\0")


def _heap(name: bytes) -> bytes:
    """Return the heap of the group's names: the empty one, then that of the dataset."""
    nothing_free = 1
    head = b"HEAP" + struct.pack("<B3xQQQ", 0, _NAME_BYTES, nothing_free, _NAMES)
    return head + (bytes(8) + name).ljust(_NAME_BYTES, b"\0")


def _node() -> bytes:
    """Return the leaf of the tree, which says where the dataset is."""
    used = b"SNOD" + struct.pack("<BxH", 1, 1) + struct.pack("<QQII16x", 8, _DATASET, 0, 0)
    return used.ljust(8 + 2 * _LEAF_K * 40, b"\0")


def _type(dtype: np.dtype[np.generic]) -> bytes:
    """Return a datatype message."""
    bits = 8 * dtype.itemsize
    if dtype.kind != "f":
        is_signed = 8 * (dtype.kind == "i")
        return struct.pack("<BBBBIHH", 0x10, is_signed, 0, 0, dtype.itemsize, 0, bits)
    sign, mantissa, exponent, bias = _FLOATS[dtype.itemsize]
    return struct.pack(
        "<BBBBIHHBBBBI", 0x11, 0x20, sign, 0, dtype.itemsize, 0, bits, mantissa, exponent, 0, mantissa, bias
    )


def _rows_begin(start: bytes, array: ArraySpec) -> int | None:
    return _ROWS_BEGIN if start.startswith(_header(array)) else None


HDF5 = Output(".h5", _header, _rows_begin, 'np.memmap({path}, "{dtype}", "r", {begin}, {shape})')
