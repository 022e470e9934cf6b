"""A whole plan, or anything else with columns in it, as JSON text in parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths

ValueT = TypeVar("ValueT")

CHUNK_ROWS = 16_384
"""Rows of a column converted to Python objects, and to text, at a time."""


@dataclass(frozen=True, slots=True)
class Each(Generic[ValueT]):
    """A list of which each entry becomes JSON when its turn comes, as there may be one for each row.

    Attributes
    ----------
    values : sequence
    to_json : callable
        Returns the JSON value of an entry.
    """

    values: Sequence[ValueT]
    to_json: Callable[[ValueT], Any]


def json_parts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value, and columns
    """Yield `value` as JSON text, columns in parts so small that other threads get their turn."""
    if isinstance(value, Mapping):
        for index, (name, each) in enumerate(value.items()):
            key = name if isinstance(name, str) else json.dumps(name)
            yield f"{', ' if index else '{'}{json.dumps(key)}: "
            yield from json_parts(each)
        yield "}" if value else "{}"
    elif isinstance(value, np.ndarray | Paths | Each):
        before = "["
        for part in _numbers(value) if isinstance(value, np.ndarray) else _entries(value):
            yield before + part
            before = ", "
        yield "[]" if before == "[" else "]"
    else:
        yield json.dumps(value)


def _entries(listed: Paths | Each[Any]) -> Iterator[str]:
    entries = iter(listed) if isinstance(listed, Paths) else map(listed.to_json, listed.values)
    while part := list(islice(entries, CHUNK_ROWS)):
        yield json.dumps(part)[1:-1]


def _numbers(column: NDArray[np.integer[Any]]) -> Iterator[str]:
    for begin in range(0, len(column), CHUNK_ROWS):
        part = column[begin : begin + CHUNK_ROWS]
        if part.strides == (0,):  # one value for all rows
            yield ", ".join([str(part[0])] * len(part))
        else:
            # Python's own text of a list of integers is JSON, and takes a third of the time.
            yield str(part.tolist())[1:-1]
