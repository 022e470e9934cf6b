"""Dataset splits by shares; the split of a picture depends on its name and the seed alone."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice, repeat

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import blocks, filled
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
    hashes = sample_hashes(catalog, seed, each_row=split.each_row)
    part = filled(len(catalog), np.int32, lambda rows: np.zeros(rows.stop - rows.start, np.int32))
    for rows in blocks(len(samples)):
        own = samples[rows]
        part[own] = of_percent[_percent(hashes[own])]
    return Coded(part, ("", *PARTS))


def _percent(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a number below 100 for each hash."""
    percent: NDArray[np.uint64] = (hashes >> np.uint64(32)) * np.uint64(WHOLE) >> np.uint64(32)
    return percent


@kept(most=2)
def sample_hashes(catalog: Catalog, seed: int, *, each_row: bool) -> NDArray[np.uint64]:
    """Return the hash of each sample's name; cached, because a million names take half a second."""
    hashes = _hashes(catalog, seed, each_row=each_row)

    def part(rows: slice) -> NDArray[np.uint64]:
        count = rows.stop - rows.start
        return np.fromiter(islice(hashes, count), np.uint64, count)

    return filled(len(catalog), np.uint64, part)


def text_hashes(texts: Iterable[str], seed: int) -> NDArray[np.uint64]:
    """Return the XXH3 hash of each text, in the form NFC and in UTF-8."""
    from xxhash import xxh3_64_intdigest as digest  # noqa: PLC0415 - the empty window does not need it

    return np.fromiter((digest(_composed(text), seed) for text in texts), np.uint64)


def _composed(text: str) -> bytes:
    return text.encode() if text.isascii() else os.fsencode(unicodedata.normalize("NFC", text))


def _hashes(catalog: Catalog, seed: int, *, each_row: bool) -> Iterator[int]:
    """Yield the XXH3 hash of each path below its source, with slashes, in the form NFC and in UTF-8."""
    from xxhash import xxh3_64_intdigest as digest  # noqa: PLC0415 - the empty window does not need it

    begin, numbered = 0, each_row and bool((catalog.member != ONLY_MEMBER).any())
    for raw in catalog.path.batches():
        # Names in ASCII are in that form already, so no text is made of them.
        names = raw if b"".join(raw).isascii() else [_composed(os.fsdecode(name)) for name in raw]
        if os.sep != "/":
            names = [name.replace(os.sep.encode(), b"/") for name in names]
        members = catalog.member[begin : begin + len(names)].tolist() if numbered else ()
        begin += len(names)
        for place, member in enumerate(members):
            names[place] += b"" if member == ONLY_MEMBER else b"\0%d" % member
        yield from map(digest, names, repeat(seed))
