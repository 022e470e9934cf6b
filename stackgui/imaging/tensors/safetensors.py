"""safetensors files: a JSON header, followed by the data."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Access, Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import NUMPY, Format, Holds, Rank
from stackgui.imaging.base.decoder import Start
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.tensors.blocks import Block, view
from stackgui.imaging.tensors.tensor import Tensors

_MAX_HEADER_BYTES = 100_000_000
_DTYPES = {
    "BOOL": "?", "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4", "U64": "<u8",
    "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8",
    "BF16": "<u2",
}  # fmt: skip
_BFLOAT16 = "BF16"
_METADATA = "__metadata__"


def blocks(start: Start[Data]) -> list[Block]:
    """List the arrays in a file, in the order of their data."""
    data = start.data
    length = int.from_bytes(data[:8], "little")
    begin = 8 + length
    if length > _MAX_HEADER_BYTES or begin > start.file_bytes:
        raise SampleError(say("the tensor's header is damaged"))
    if begin > len(data):
        raise MoreBytesNeeded
    try:
        described = json.loads(data[8:begin])
        found = [
            _block(value, name, begin, start.file_bytes)
            for name, value in described.items()
            if name != _METADATA
        ]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise SampleError(say("the tensor's header is damaged")) from error
    return sorted(found, key=lambda block: (block.start, block.name))


def reader(data: Data) -> Callable[[Block], NDArray[Any]]:
    """Return a function that returns a view of an array, given its block."""
    return lambda block: view(block, data)


def _block(value: dict[str, Any], name: str, start: int, file_bytes: int) -> Block:
    shape = tuple(_natural(n) for n in value["shape"])
    if value["dtype"] not in _DTYPES:
        return Block.unreadable(
            name, shape, say("tensors of {value} are not supported", value=str(value["dtype"])[:20])
        )
    dtype = np.dtype(_DTYPES[value["dtype"]])
    begin, end = (_natural(n) for n in value["data_offsets"])
    if end - begin != math.prod(shape) * dtype.itemsize:
        raise SampleError(say("the tensor's header is damaged"))
    is_bfloat16 = value["dtype"] == _BFLOAT16
    return Block(name, shape, dtype, file_bytes, start=start + begin, is_bfloat16=is_bfloat16)


def _natural(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


FORMATS = (
    Format(
        name="safetensors",
        title="safetensors",
        decoder=Tensors(blocks, reader),
        libraries=(NUMPY,),
        # A plausible header length, followed by the start of the JSON header.
        pattern=re.compile(rb".{4}\0{4}\{", re.DOTALL),
        rank=Rank.VAGUEST,
        suffixes=(".safetensors",),
        holds=Holds.ARRAYS,
        decoding=Decoding(access=Access.LINES),
    ),
)
