"""The kinds of numbers that the samples of a plan are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.plan import Plan

_BITS = 256
"""More than a number can have."""


@dataclass(frozen=True, slots=True)
class Depth:
    """A kind of numbers.

    Attributes
    ----------
    dtype : str
        NumPy name.
    bits : int
        Of an unsigned number that the files say they use; 0 for all.
    is_picture : bool
        Whether the numbers are brightness, as those of a tensor need not be.
    """

    dtype: str
    bits: int
    is_picture: bool

    @property
    def has_range(self) -> bool:
        """Whether it is known what is black and white: not of numbers with a fraction or a sign."""
        return np.dtype(self.dtype).kind == "u"

    @property
    def white(self) -> int:
        """The most that such an unsigned number can be, as the files say."""
        return 2**self.bits - 1 if self.bits else int(np.iinfo(self.dtype).max)

    @property
    def uses_fewer_bits(self) -> bool:
        """Whether the files say that only some of their bits are used; of truth values all are."""
        return self.has_range and 1 < self.bits < np.iinfo(self.dtype).bits

    def __str__(self) -> str:
        if not self.has_range:
            return self.dtype
        if self.bits == 1:
            return "1 bit"
        all_bits = np.iinfo(self.dtype).bits
        return f"{self.bits} bits in {all_bits}" if self.uses_fewer_bits else f"{all_bits} bits"


def depths(plan: Plan) -> Mapping[Depth, NDArray[np.bool_]]:
    """The kinds of numbers of usable samples, and masks of the samples that have them; not to be changed."""
    return _depths(plan.catalog, plan.problem)


@kept(most=2)
def _depths(catalog: Catalog, problem: Coded) -> dict[Depth, NDArray[np.bool_]]:
    """Kept, because plans that are dragged share their problems."""
    usable = problem.equals("")
    is_picture = catalog.axes.equals("")
    key = (catalog.dtype.codes.astype(np.int64) * _BITS + catalog.bits) * 2 + is_picture
    found: dict[Depth, NDArray[np.bool_]] = {}
    for value in np.flatnonzero(np.bincount(key[usable])).tolist():
        code, bits = divmod(value // 2, _BITS)
        found[Depth(catalog.dtype.names[code], bits, bool(value % 2))] = usable & (key == value)
    return found
