"""Segments: what the colours of each single mask stand for, as a file of annotations says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.ragged import Ragged

NO_SEGMENT = 0
"""The number R + 256 G + 65,536 B of pixels in no segment."""

_MAX_ID = 2**24 - 1

Pairs = NDArray[np.int32]
"""The segments of one mask, shape (s, 2): number R + 256 G + 65,536 B, ascending, and key of the class."""


@dataclass(frozen=True, eq=False, slots=True)
class MaskSegments:
    """The segments of masks.

    Attributes
    ----------
    is_listed : bool, shape (F,)
        Whether a file of annotations names the mask; the colours of others are their own keys.
    pairs : Ragged of int32, shape (S, 2)
        The `Pairs` of each mask.
    """

    is_listed: NDArray[np.bool_]
    pairs: Ragged[np.int32]

    @classmethod
    def of_rows(
        cls, is_listed: NDArray[np.bool_], mask: NDArray[Any], number: NDArray[Any], key: NDArray[Any]
    ) -> MaskSegments:
        """Return segments in any order, each given with its mask; of two with the same number, the first."""
        order = np.lexsort((number, mask))
        mask, pairs = mask[order], np.stack((number[order], key[order]), axis=1).astype(np.int32)
        is_first = np.ones(len(mask), np.bool_)
        is_first[1:] = (mask[1:] != mask[:-1]) | (pairs[1:, 0] != pairs[:-1, 0])
        lengths = np.bincount(mask[is_first], minlength=len(is_listed))
        return cls(is_listed, Ragged.of_lengths(pairs[is_first], lengths))

    @classmethod
    def none_of(cls, masks: int) -> MaskSegments:
        """Return that no file of annotations names any of so many masks."""
        return cls(np.zeros(masks, np.bool_), Ragged.none(masks, np.empty((0, 2), np.int32)))

    @classmethod
    def of_lists(cls, lists: Sequence[object]) -> MaskSegments:
        """Rebuild what `list_of` returned for each mask; raises TypeError, ValueError or OverflowError."""
        found = [np.array(each or [], np.int32).reshape(-1, 2) for each in lists]
        pairs = np.concatenate([np.empty((0, 2), np.int32), *found])
        made = cls(
            np.array([each is not None for each in lists], np.bool_),
            Ragged.of_lengths(pairs, np.array([len(each) for each in found], np.int64)),
        )
        made.check(len(lists))
        return made

    @property
    def most(self) -> int:
        """The largest number of a segment."""
        return int(self.pairs.values[:, 0].max(initial=NO_SEGMENT))

    def of(self, mask: int) -> Pairs | None:
        """Return the segments of a mask; None if no file of annotations names it."""
        return self.pairs[mask] if self.is_listed[mask] else None

    def list_of(self, mask: int) -> list[list[int]] | None:
        """Return the segments of a mask as JSON values."""
        return self.pairs[mask].tolist() if self.is_listed[mask] else None

    def take(self, masks: NDArray[np.integer[Any]]) -> MaskSegments:
        """Return the segments of `masks`, in that order."""
        return MaskSegments(self.is_listed[masks], self.pairs.take(masks))

    def renumbered(self, numbers: Sequence[int]) -> MaskSegments:
        """Return segments whose keys, indices into `numbers`, become what stands there."""
        values = self.pairs.values.copy()
        values[:, 1] = np.array([*numbers, -1], np.int32)[np.minimum(values[:, 1], len(numbers))]
        return replace(self, pairs=self.pairs.with_values(values))

    @classmethod
    def concatenate(cls, parts: Sequence[MaskSegments]) -> MaskSegments:
        """Join the segments of several masks end to end; there must be at least one part."""
        is_listed = np.concatenate([part.is_listed for part in parts])
        return cls(is_listed, Ragged.concatenate([part.pairs for part in parts]))

    def to_bytes(self) -> bytes:
        """Return everything, for a digest."""
        columns = self.is_listed, self.pairs.lengths.astype("<i8"), self.pairs.values.astype("<i4")
        return b"".join(column.tobytes() for column in columns)

    def differs(self, other: MaskSegments) -> NDArray[np.bool_]:
        """Return which masks have other segments in `other`, which has as many masks."""
        one, then = self.pairs, other.pairs
        changed: NDArray[np.bool_] = self.is_listed != other.is_listed
        changed |= one.lengths != then.lengths
        same = np.flatnonzero(~changed)
        unequal = (one.take(same).values != then.take(same).values).any(axis=1)
        changed[same[one.take(same).rows[unequal]]] = True
        return changed

    def check(self, masks: int) -> None:
        """Raise ValueError for anything that no scan of so many masks produces."""
        values = self.pairs.values
        is_whole = len(self.is_listed) == len(self.pairs) == masks
        if not is_whole or (values[:, 0] <= NO_SEGMENT).any() or (values[:, 0] > _MAX_ID).any():
            raise ValueError("segments of masks that do not belong together")
        rows = self.pairs.rows
        if ((np.diff(values[:, 0]) <= 0) & (np.diff(rows) == 0)).any() or (values[:, 1] < 0).any():
            raise ValueError("segments of masks that are not in order")

    def to_json(self) -> dict[str, Any]:
        """Return the segments as JSON values, except that columns stay arrays."""
        return {
            "is_listed": self.is_listed.astype(np.uint8),
            "lengths": self.pairs.lengths,
            "pairs": self.pairs.values.ravel(),
        }

    @classmethod
    def from_json(cls, value: Any, masks: int) -> MaskSegments:  # noqa: ANN401 - any JSON value
        """Rebuild what `to_json` returned; raises KeyError, TypeError, ValueError or OverflowError."""
        lengths = np.array(value["lengths"], np.int64).ravel()
        pairs = np.array(value["pairs"], np.int32).reshape(-1, 2)
        if (lengths < 0).any() or int(lengths.sum()) != len(pairs):
            raise ValueError("segments of masks that do not belong together")
        made = cls(np.array(value["is_listed"], np.uint8).astype(np.bool_), Ragged.of_lengths(pairs, lengths))
        made.check(masks)
        return made


def segments_differ(one: MaskSegments | None, then: MaskSegments | None, masks: int) -> NDArray[np.bool_]:
    """Return which of so many masks have other segments; None stands for none."""
    if one is None and then is None:
        return np.zeros(masks, np.bool_)
    return (one or MaskSegments.none_of(masks)).differs(then or MaskSegments.none_of(masks))
