"""Export to ``.safetensors``: a header in JSON, then the numbers of all arrays one after the other.

The format is written here because its own library takes whole arrays in memory.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.core.run.loading_from import Loads
from stackgui.stores.export import contents
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_ALIGN = 8
_LENGTH_BYTES = 8
_OFFSET_BYTES = 8
_TENSOR_BYTES = 512
"""Upper bound for what the header says of a tensor."""

_OFFSETS = {contents.FILES: "file_offsets", contents.COLUMNS: "column_offsets"}
"""Where each text of a table begins in the bytes of all of them, and where the last one ends."""

_NAMES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32",
    "int32": "I32", "uint64": "U64", "int64": "I64", "float16": "F16", "float32": "F32", "float64": "F64",
}  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class _Tensor:
    """A tensor of the file, and its numbers in pieces."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    pieces: Callable[[], Iterable[bytes]]


def _tensors(stack: Stack) -> list[_Tensor]:
    """Return everything in the order of the file: wide numbers come first, so that all are aligned."""
    found = [
        _Tensor(name, np.dtype(spec.dtype), spec.shape, partial(stack.data, spec))
        for name, spec in contents.arrays(stack).items()
    ]
    tables = contents.tables(stack)
    for name, texts in contents.texts(stack).items():
        offsets = tables[_OFFSETS[name]] = _offsets(texts)
        found.append(_Tensor(name, np.dtype(np.uint8), (int(offsets[-1]),), partial(_encoded, texts)))
    for name, table in tables.items():
        found.append(_Tensor(name, table.dtype, table.shape, partial(_bytes_of, table)))
    return sorted(found, key=lambda each: -each.dtype.itemsize)


def _offsets(texts: contents.Texts) -> NDArray[np.int64]:
    offsets = np.zeros(texts.count + 1, np.int64)
    offsets[1:] = np.fromiter(map(len, _encoded(texts)), np.int64, texts.count)
    return np.cumsum(offsets, out=offsets)


def _bytes_of(table: NDArray[Any]) -> Iterator[bytes]:
    yield np.ascontiguousarray(table).tobytes()


def _encoded(texts: contents.Texts) -> Iterator[bytes]:
    return (text.encode() for text in texts.cells())


def _header(stack: Stack, tensors: Iterable[_Tensor]) -> bytes:
    """Return the header with its length before it, padded so that numbers begin at a multiple of 8 bytes."""
    metadata = {name: json.dumps(texts) for name, texts in contents.words(stack).items()}
    head: dict[str, Any] = {"__metadata__": {"layout": stack.layout.value, **metadata}}
    offset = 0
    for each in tensors:
        end = offset + math.prod(each.shape) * each.dtype.itemsize
        head[each.name] = {
            "dtype": _NAMES[each.dtype.name], "shape": list(each.shape), "data_offsets": [offset, end],
        }  # fmt: skip
        offset = end
    text = json.dumps(head).encode("ascii")
    text += b" " * (-len(text) % _ALIGN)
    return len(text).to_bytes(_LENGTH_BYTES, "little") + text


def _size_bytes(stack: Stack) -> int:
    texts = contents.texts(stack).values()
    tables = len(contents.tables(stack)) + len(stack.all_specs) + 2 * len(texts)
    names = contents.texts_bytes(stack) + _OFFSET_BYTES * sum(each.count + 1 for each in texts)
    return contents.data_bytes(stack) + names + _TENSOR_BYTES * tables + 4 * contents.words_bytes(stack)


def _write(stack: Stack, target: str, progress: Progress) -> None:
    tensors, meter = _tensors(stack), contents.Meter(stack, progress)
    pictures = contents.arrays(stack)
    with open_to_write(target) as file:
        file.write(_header(stack, tensors))
        for each in tensors:
            for piece in each.pieces():
                file.write(piece)
                meter.add(len(piece) if each.name in pictures else 0)


SAFETENSORS = Exporter(
    name="safetensors",
    title=say("one .safetensors file"),
    audience=say("For Hugging Face, PyTorch and JAX: one file that is mapped, not read, and runs no code."),
    write=_write,
    size_bytes=_size_bytes,
    loading=(
        'import json\n\nfrom safetensors import safe_open\n\nstack = safe_open({target}, framework="numpy")\n'
    ),
    loads=Loads(
        'stack.get_slice("{name}")', 'stack.get_tensor("{name}")', 'json.loads(stack.metadata()["{name}"])'
    ),
    suffix=".safetensors",
)
