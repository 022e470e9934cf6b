"""What tells whether two plans make the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.catalog import LATER_COLUMNS, NUMBER_COLUMNS, TEXT_COLUMNS, Catalog

_DIGESTED_TOGETHER = 16_384
"""Rows put together at a time, so that a million of them take no memory."""


def fingerprint(
    summary: Mapping[str, Any], catalog: Catalog, samples: NDArray[np.int64], problem: Coded
) -> str:
    """128 bits, as 32 hexadecimal digits, that differ as soon as `summary` or any row differs.

    Parameters
    ----------
    samples : int64, shape (rows,)
        The sample in each row; of others nothing counts.
    problem : Coded
        Why a sample's row stays blank, shape (N,); takes the place of the catalog's own column.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(json.dumps(summary, sort_keys=True).encode())
    # What is doubted of a sample changes nothing of its row. Columns that came later count where they say
    # something, so that stacks that were made before them are still known.
    later = [name for name in LATER_COLUMNS if getattr(catalog, name).take(samples).equals("").all()]
    told = [name for name in TEXT_COLUMNS if name not in {"doubts", *later}]
    texts = [problem if name == "problem" else getattr(catalog, name) for name in told]
    for begin in range(0, len(samples), _DIGESTED_TOGETHER):
        part = samples[begin : begin + _DIGESTED_TOGETHER]
        names = catalog.path.take(part)
        digest.update(names.data)
        columns = [names.ends, *(getattr(catalog, name)[part] for name in NUMBER_COLUMNS)]
        if catalog.archives:
            columns += catalog.inside.take(part).columns().values()
        for column in columns:
            digest.update(column.astype(column.dtype.newbyteorder("<")).tobytes())
        for coded in texts:
            # Every text ends with the separator, so that no two columns run into each other.
            together = "".join(f"{text}\0" for text in coded.take(part))
            digest.update(together.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
