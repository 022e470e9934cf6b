"""Segments of samples: what annotation files say of the colours in their mask pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.joining import Found
from stackgui.core.base.columns import Paths


@dataclass(frozen=True, eq=False, slots=True)
class SampleSegments:
    """The segments that files list for samples.

    Attributes
    ----------
    sample : int64, shape (P,)
        Samples whose mask picture a file names.
    mask_name : Paths
        The name of each one's mask picture, as written.
    of : int64, shape (S,)
        For each segment the place of its sample in `sample`.
    id, category : int32, shape (S,)
        R + 256 G + 65,536 B of the segment's pixels, and index into the categories of all files.
    """

    sample: NDArray[np.int64]
    mask_name: Paths
    of: NDArray[np.int64]
    id: NDArray[np.int32]
    category: NDArray[np.int32]


def segments_of_samples(parts: Sequence[Found], categories: Sequence[str]) -> SampleSegments | None:
    """Return the segments in `parts`, with numbers of `categories`; None if no file has any."""
    number = {name: place for place, name in enumerate(categories)}
    made = [each for part in parts if (each := _of_part(part, number)) is not None]
    if not made:
        return None
    before = np.cumsum([0, *(len(each.sample) for each in made)])
    return SampleSegments(
        np.concatenate([each.sample for each in made]),
        Paths.concatenate(each.mask_name for each in made),
        np.concatenate([each.of + first for each, first in zip(made, before.tolist(), strict=False)]),
        np.concatenate([each.id for each in made]),
        np.concatenate([each.category for each in made]),
    )


def _of_part(part: Found, number: dict[str, int]) -> SampleSegments | None:
    said = part.annotations
    if (segments := said.segments) is None:
        return None
    is_named = np.fromiter(map(bool, segments.mask_name), np.bool_, len(segments.mask_name))
    named = np.flatnonzero(is_named & (part.sample >= 0))
    place = np.full(len(is_named), -1, np.int64)
    place[named] = np.arange(len(named))
    kept = place[segments.picture] >= 0
    numbers = np.array([number.get(name, -1) for name in said.categories], np.int32)
    return SampleSegments(
        part.sample[named],
        segments.mask_name.take(named),
        place[segments.picture[kept]],
        segments.id[kept],
        numbers[segments.category[kept]],
    )
