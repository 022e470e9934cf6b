"""The fingerprint, which tells whether two plans make the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.catalog import COLUMNS, Catalog
from stackgui.core.catalog.schema import Column, Counts, Values

_BATCH = 16_384
"""Rows hashed at a time, so that a million rows take little memory."""


def fingerprint(
    summary: Mapping[str, Any], catalog: Catalog, samples: NDArray[np.int64], problem: Coded
) -> str:
    """Return 32 hexadecimal digits (128 bits) that change when `summary` or any row changes.

    Parameters
    ----------
    summary : mapping
        JSON values that count besides the rows.
    catalog : Catalog
    samples : int64, shape (rows,)
        The sample in each row; samples outside any row do not count.
    problem : Coded
        Why a sample's row stays blank, shape (N,); replaces the catalog's own column.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(json.dumps(summary, sort_keys=True).encode())
    for part in _rows(catalog, samples, problem):
        digest.update(part)
    if catalog.annotations is not None:
        digest.update(b"annotations\0" + catalog.annotations.take(samples).digest())
    if catalog.values is not None:
        digest.update(b"values\0" + catalog.values.take(samples).digest())
    if catalog.masks is not None:
        digest.update(b"masks\0" + catalog.masks.digest(samples, _of_files))
    return digest.hexdigest()


def _rows(catalog: Catalog, samples: NDArray[np.int64], problem: Coded) -> Iterator[bytes | memoryview]:
    """Yield everything that counts of the rows; none of them becomes a Python object."""
    values = {each.name: getattr(catalog, each.name) for each in COLUMNS} | {"problem": problem}
    counted = [each for each in COLUMNS if _counts(each, values[each.name], samples)]
    plain = sorted((each for each in counted if not each.is_named), key=lambda each: each.dtype is None)
    numbers = sum(each.dtype is not None for each in plain)
    named = sorted((each for each in counted if each.is_named), key=lambda each: each.name)
    packed = {each.name: _packed(values[each.name]) for each in counted if each.dtype is None}

    def of_rows(column: Column, part: NDArray[np.int64]) -> bytes:
        if column.dtype is None:
            return _text_bytes(packed[column.name], values[column.name].codes[part])
        return _number_bytes(values[column.name][part])

    for begin in range(0, len(samples), _BATCH):
        part = samples[begin : begin + _BATCH]
        names = catalog.path.take(part)
        yield names.data
        yield _number_bytes(names.ends)
        yield from (of_rows(each, part) for each in plain[:numbers])
        if catalog.archives:
            yield from map(_number_bytes, catalog.inside.take(part).columns().values())
        yield from (of_rows(each, part) for each in plain[numbers:])
        yield from (f"{each.name}\0".encode() + of_rows(each, part) for each in named)


def _of_files(files: Catalog) -> str:
    return fingerprint({}, files, np.arange(len(files)), files.problem)


def _counts(column: Column, values: Values, samples: NDArray[np.int64]) -> bool:
    """Whether a column counts; one that was added later does only if `samples` differ from its default."""
    if column.counts in (Counts.ALWAYS, Counts.NEVER):
        return column.counts is Counts.ALWAYS
    return column.says_anything(values, samples)


def _number_bytes(column: NDArray[Any]) -> bytes:
    return column.astype(column.dtype.newbyteorder("<")).tobytes()


def _packed(column: Coded) -> Paths:
    """Return the distinct texts as bytes, each ended by a separator so that no two run into each other."""
    return Paths.from_names(f"{text}\0".encode("utf-8", "surrogateescape") for text in column.names)


def _text_bytes(texts: Paths, codes: NDArray[np.int32]) -> bytes:
    """Return the text of each row; no row becomes a Python object."""
    return bytes(texts.data) * len(codes) if len(texts) == 1 else bytes(texts.take(codes).data)
