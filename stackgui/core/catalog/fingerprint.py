"""The fingerprint, which tells whether two plans make the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
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
    values = {each.name: getattr(catalog, each.name) for each in COLUMNS} | {"problem": problem}
    counted = [each for each in COLUMNS if _counts(each, values[each.name], samples)]
    numbers = [each for each in counted if each.dtype is not None and not each.is_named]
    texts = [each for each in counted if each.dtype is None and not each.is_named]
    named = sorted((each for each in counted if each.is_named), key=lambda each: each.name)
    for begin in range(0, len(samples), _BATCH):
        part = samples[begin : begin + _BATCH]
        names = catalog.path.take(part)
        digest.update(names.data)
        digest.update(_number_bytes(names.ends))
        for each in numbers:
            digest.update(_number_bytes(values[each.name][part]))
        if catalog.archives:
            for column in catalog.inside.take(part).columns().values():
                digest.update(_number_bytes(column))
        for each in texts:
            digest.update(_text_bytes(values[each.name].take(part)))
        for each in named:
            digest.update(f"{each.name}\0".encode())
            of_part = each.take(values[each.name], part)
            digest.update(_text_bytes(of_part) if each.dtype is None else _number_bytes(of_part))
    if catalog.annotations is not None:
        digest.update(b"annotations\0" + catalog.annotations.take(samples).digest())
    if catalog.values is not None:
        digest.update(b"values\0" + catalog.values.take(samples).digest())
    if catalog.masks is not None:
        digest.update(b"masks\0" + catalog.masks.digest(samples, _of_files))
    return digest.hexdigest()


def _of_files(files: Catalog) -> str:
    return fingerprint({}, files, np.arange(len(files)), files.problem)


def _counts(column: Column, values: Values, samples: NDArray[np.int64]) -> bool:
    """Whether a column counts; one that was added later does only if `samples` differ from its default."""
    if column.counts in (Counts.ALWAYS, Counts.NEVER):
        return column.counts is Counts.ALWAYS
    return column.says_anything(column.take(values, samples))


def _number_bytes(column: NDArray[Any]) -> bytes:
    return column.astype(column.dtype.newbyteorder("<")).tobytes()


def _text_bytes(column: Coded) -> bytes:
    """Return the texts as bytes, each ended by a separator so that no two run into each other."""
    return "".join(f"{text}\0" for text in column).encode("utf-8", "surrogateescape")
