"""Dataset splits by shares; the split of a picture depends on its name and the seed alone."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import ONLY_MEMBER, Catalog
from stackgui.core.labels.folder_names import PARTS
from stackgui.core.labels.splits import WHOLE, Split


def split_by_shares(catalog: Catalog, samples: NDArray[np.int64], split: Split, seed: int) -> Coded:
    """Split `samples` at random by the shares of `split`, which the sizes match only approximately.

    Adding or removing pictures moves no other picture. Enlarging the first share, or reducing the last, moves
    pictures only towards the first split. Pictures of the same name in several sources stay together, and so
    do all rows of a file, unless each row is split separately.

    Parameters
    ----------
    catalog : Catalog
    samples : int64, shape (rows,)
        The samples that have rows.
    split : Split
        The shares.
    seed : int

    Returns
    -------
    Coded
        One of `PARTS` for each sample of the catalog, ``""`` for those without a row.
    """
    of_percent = np.repeat(np.arange(1, len(PARTS) + 1, dtype=np.int32), split.percent)
    part = np.zeros(len(catalog), np.int32)
    part[samples] = of_percent[_percent(catalog, seed, each_row=split.each_row)[samples]]
    return Coded(part, ("", *PARTS))


def _percent(catalog: Catalog, seed: int, *, each_row: bool) -> NDArray[np.uint8]:
    """Return a number below 100 for each sample."""
    upper = sample_hashes(catalog, seed, each_row=each_row) >> np.uint64(32)
    return (upper * np.uint64(WHOLE) >> np.uint64(32)).astype(np.uint8)


@kept(most=2)
def sample_hashes(catalog: Catalog, seed: int, *, each_row: bool) -> NDArray[np.uint64]:
    """Return the hash of each sample's name; cached, because a million names take half a second."""
    return np.fromiter(_hashes(catalog, seed, each_row=each_row), np.uint64, len(catalog))


def text_hashes(texts: Iterable[str], seed: int) -> NDArray[np.uint64]:
    """Return the XXH3 hash of each text, in the form NFC and in UTF-8."""
    from xxhash import xxh3_64_intdigest as digest  # noqa: PLC0415 - the empty window does not need it

    found = [digest(os.fsencode(unicodedata.normalize("NFC", text)), seed) for text in texts]
    return np.array(found, np.uint64)


def _hashes(catalog: Catalog, seed: int, *, each_row: bool) -> Iterator[int]:
    """Yield the XXH3 hash of each path below its source, with slashes, in the form NFC and in UTF-8."""
    from xxhash import xxh3_64_intdigest as digest  # noqa: PLC0415 - the empty window does not need it

    members = catalog.member.tolist() if each_row else None
    for sample, path in enumerate(catalog.path):
        name = path.encode() if path.isascii() else os.fsencode(unicodedata.normalize("NFC", path))
        if os.sep != "/":
            name = name.replace(os.sep.encode(), b"/")
        if members is not None and members[sample] != ONLY_MEMBER:
            name += b"\0%d" % members[sample]
        yield digest(name, seed)
