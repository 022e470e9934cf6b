"""The depths (dtype and bits) of the samples of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.plan import Plan

_BITS_BASE = 256
"""Above any number of bits, so that dtype and bits can be packed into one integer."""


@dataclass(frozen=True, slots=True)
class Depth:
    """A kind of number that samples are made of.

    Attributes
    ----------
    dtype : str
        NumPy's name for it.
    bits : int
        Bits of an unsigned number that the files declare as used; 0 for all of them.
    is_picture : bool
        Whether the numbers are brightness; those of a tensor need not be.
    """

    dtype: str
    bits: int
    is_picture: bool

    @property
    def has_range(self) -> bool:
        """Tell whether black and white are known, as they are for unsigned integers only."""
        return np.dtype(self.dtype).kind == "u"

    @property
    def white(self) -> int:
        """Return the largest value that such an unsigned number can have, according to the files."""
        return 2**self.bits - 1 if self.bits else int(np.iinfo(self.dtype).max)

    @property
    def uses_fewer_bits(self) -> bool:
        """Tell whether the files declare only some of their bits as used; truth values use all of theirs."""
        return self.has_range and 1 < self.bits < np.iinfo(self.dtype).bits

    def __str__(self) -> str:
        if not self.has_range:
            return self.dtype
        if self.bits == 1:
            return "1 bit"
        all_bits = np.iinfo(self.dtype).bits
        return (
            say("{bits} bits in {all_bits}", bits=self.bits, all_bits=all_bits)
            if self.uses_fewer_bits
            else f"{all_bits} bits"
        )


def depths(plan: Plan) -> Mapping[Depth, NDArray[np.bool_]]:
    """Return the depths of the usable samples, each with a mask of its samples; do not modify the result."""
    return _depths(plan.catalog, plan.problem)


@kept(most=2)
def _depths(catalog: Catalog, problem: Coded) -> dict[Depth, NDArray[np.bool_]]:
    """Work out `depths`; cached, because plans share catalog and problems during a drag."""
    usable = problem.equals("")
    is_picture = catalog.axes.equals("")
    key = (catalog.dtype.codes.astype(np.int64) * _BITS_BASE + catalog.bits) * 2 + is_picture
    found: dict[Depth, NDArray[np.bool_]] = {}
    for value in np.flatnonzero(np.bincount(key[usable])).tolist():
        code, bits = divmod(value // 2, _BITS_BASE)
        found[Depth(catalog.dtype.names[code], bits, bool(value % 2))] = usable & (key == value)
    return found
