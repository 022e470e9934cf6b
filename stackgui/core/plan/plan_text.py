"""A whole plan, or anything else with columns in it, as JSON text in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths

CHUNK_ROWS = 16_384
"""Rows of a column converted to Python objects, and to text, at a time."""


def json_parts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value, and columns
    """Yield `value` as JSON text, columns in parts so small that other threads get their turn."""
    if isinstance(value, Mapping):
        for index, (name, each) in enumerate(value.items()):
            key = name if isinstance(name, str) else json.dumps(name)
            yield f"{', ' if index else '{'}{json.dumps(key)}: "
            yield from json_parts(each)
        yield "}" if value else "{}"
    elif isinstance(value, np.ndarray | Paths):
        before = "["
        for part in _names(value) if isinstance(value, Paths) else _numbers(value):
            yield before + part
            before = ", "
        yield "]" if len(value) else "[]"
    else:
        yield json.dumps(value)


def _names(paths: Paths) -> Iterator[str]:
    names = iter(paths)
    while part := list(islice(names, CHUNK_ROWS)):
        yield json.dumps(part)[1:-1]


def _numbers(column: NDArray[np.integer[Any]]) -> Iterator[str]:
    for begin in range(0, len(column), CHUNK_ROWS):
        part = column[begin : begin + CHUNK_ROWS]
        if part.strides == (0,):  # one value for all rows
            yield ", ".join([str(part[0])] * len(part))
        else:
            # Python's own text of a list of integers is JSON, and takes a third of the time.
            yield str(part.tolist())[1:-1]
