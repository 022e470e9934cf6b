"""PyTorch's ``.pt`` and ``.pth`` files that hold a tensor or a dictionary of tensors, read without PyTorch.

Such a file is a ZIP archive with a pickle that describes the tensors, and their data in separate entries.
Unpickling can run arbitrary code, so the pickle is never unpickled. `stackgui.imaging.tensors.pickled` parses
it into plain values instead.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Access, Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import NUMPY, Format, Holds
from stackgui.imaging.base.decoder import Start
from stackgui.imaging.tensors import zipped
from stackgui.imaging.tensors.blocks import Block, view
from stackgui.imaging.tensors.pickled import Call, Name, Persistent, read
from stackgui.imaging.tensors.tensor import Tensors

_DESCRIPTION = "/data.pkl"
_MAX_DESCRIPTION_BYTES = 16 * 2**20
_REBUILD, _REBUILD_TYPED = (
    Name("torch._utils", "_rebuild_tensor_v2"),
    Name("torch._utils", "_rebuild_tensor_v3"),
)
_PARAMETER = Name("torch._utils", "_rebuild_parameter")
_DICTIONARY = Name("collections", "OrderedDict")
_STORAGES = {
    "BoolStorage": "?", "ByteStorage": "u1", "CharStorage": "i1", "ShortStorage": "i2", "IntStorage": "i4",
    "LongStorage": "i8", "HalfStorage": "f2", "FloatStorage": "f4", "DoubleStorage": "f8",
    "BFloat16Storage": "u2",
}  # fmt: skip
_TYPES = {"uint16": "u2", "uint32": "u4", "uint64": "u8", "bfloat16": "u2"}
_BFLOAT16 = frozenset({"BFloat16Storage", "bfloat16"})


def blocks(start: Start[Data]) -> list[Block]:
    """List the tensors in a file, in file order."""
    with zipped.opened(start.data) as archive:
        root = _root(archive)
        order = "<"
        if f"{root}/byteorder" in archive.namelist():
            order = ">" if zipped.start_of(archive, f"{root}/byteorder", 8) == b"big" else "<"
        description = zipped.start_of(archive, root + _DESCRIPTION, _MAX_DESCRIPTION_BYTES)
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    tensors = _tensors(read(description))
    return [_block(value, str(name), root, order, sizes) for name, value in tensors.items()]


def reader(data: Data) -> Callable[[Block], NDArray[Any]]:
    """Return a function that returns a tensor, given its block; a view if it is stored uncompressed."""
    archive = zipped.opened(data)
    return lambda block: view(block, zipped.whole(data, archive, block.entry))


def _root(archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if name.endswith(_DESCRIPTION)]
    if len(names) != 1:
        raise SampleError(say("it holds more than tensors (several descriptions)"))
    return names[0].removesuffix(_DESCRIPTION)


def _tensors(value: object) -> dict[Any, Call]:
    """Return the described tensors by name: the values of a dictionary, or a single unnamed tensor."""
    if isinstance(value, Call) and value.function == _DICTIONARY:
        value = value.items
    values = value if isinstance(value, dict) else {"": value}
    return {name: _tensor(each) for name, each in values.items()}


def _tensor(value: object) -> Call:
    if isinstance(value, Call) and value.function == _PARAMETER and value.arguments:
        value = value.arguments[0]
    if isinstance(value, Call) and value.function in (_REBUILD, _REBUILD_TYPED):
        return value
    what = str(value.function) if isinstance(value, Call) else type(value).__name__
    raise SampleError(say("it holds more than tensors ({what})", what=what[:60]))


def _block(tensor: Call, name: str, root: str, order: str, sizes: dict[str, int]) -> Block:
    try:
        storage, offset, shape, strides = tensor.arguments[:4]
        _kind, storage_type, key, _place, _count = storage.values
        kind = tensor.arguments[6] if tensor.function == _REBUILD_TYPED else storage_type
        dtype = _dtype(kind, order)
        numbers = (offset, *shape, *strides)
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise SampleError(say("the tensor's header is damaged")) from error
    if not isinstance(storage, Persistent) or not isinstance(key, str) or len(shape) != len(strides):
        raise SampleError(say("the tensor's header is damaged"))
    if any(type(n) is not int or n < 0 for n in numbers) or math.prod(shape) > 2**62:
        raise SampleError(say("the tensor's header is damaged"))
    size, entry = dtype.itemsize, f"{root}/data/{key}"
    return Block(
        name,
        tuple(shape),
        dtype,
        sizes.get(entry, 0),
        entry,
        offset * size,
        tuple(stride * size for stride in strides),
        is_bfloat16=kind.name in _BFLOAT16,
    )


def _dtype(name: Any, order: str) -> np.dtype[Any]:  # noqa: ANN401 - whatever stands in the file
    known = _STORAGES | _TYPES
    if not isinstance(name, Name) or name.module not in ("torch", "torch.storage") or name.name not in known:
        raise SampleError(say("tensors of {name} are not supported", name=str(name)[:60]))
    return np.dtype(order + known[name.name])


FORMATS = (
    Format(
        name="torch",
        title="PyTorch",
        decoder=Tensors(blocks, reader),
        libraries=(NUMPY,),
        pattern=re.compile(rb"PK\x03\x04.{26}[^\0/]{1,80}/(?:data\.pkl|\.format_version)", re.DOTALL),
        suffixes=(".pt", ".pth"),
        holds=Holds.ARRAYS,
        needs_whole_file=True,  # the directory is at the end
        decoding=Decoding(access=Access.LINES, is_sealed=True),
    ),
)
