"""How the shapes of a catalog's tensors were read, for the person to see before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.units import format_count
from stackgui.core.catalog.axes import UNCERTAIN, reason_text, shape_text
from stackgui.core.catalog.catalog import Catalog

OTHER_READING = "if its axes are others, say so with --tensor-layout (nhw: many grey pictures; hwc, chw: one)"
"""What leads on where an array was read in one of several ways, as a sentence fragment."""


def is_uncertain(catalog: Catalog) -> NDArray[np.bool_]:
    """Mask of the samples whose arrays could also be read in another way, shape (N,)."""
    names = np.array([name.endswith(UNCERTAIN) for name in catalog.axes.names], np.bool_)
    return names[catalog.axes.codes] if len(names) else np.zeros(len(catalog), np.bool_)


@dataclass(frozen=True, slots=True)
class TensorShapes:
    """Samples whose arrays were read alike.

    Attributes
    ----------
    axes : str
        See `stackgui.core.catalog.axes.Told`.
    shape : str
        That of the first of them, as its file has it.
    reason : str
        Why it was read so, as a sentence fragment.
    samples : int
    """

    axes: str
    shape: str
    reason: str
    samples: int

    @property
    def is_certain(self) -> bool:
        """Whether the shape leaves no other reading, or the reading was chosen."""
        return not self.axes.endswith(UNCERTAIN)

    @property
    def evidence(self) -> str:
        """All of it on one line."""
        alike = f"; {format_count(self.samples, 'sample')} alike" if self.samples > 1 else ""
        return f"{self.shape}: {self.reason}{alike}"


def tensor_shapes(catalog: Catalog) -> tuple[TensorShapes, ...]:
    """Group the usable tensors of `catalog` by their axes and channels, those of most samples first."""
    tensors = np.flatnonzero(catalog.usable & ~catalog.axes.equals(""))
    key = (catalog.axes.codes[tensors].astype(np.int64) << 32) | catalog.channels[tensors]
    _keys, first, counts = np.unique(key, return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    return tuple(_of(catalog, int(tensors[first[place]]), int(counts[place])) for place in order.tolist())


def _of(catalog: Catalog, sample: int, samples: int) -> TensorShapes:
    axes, channels = catalog.axes[sample], int(catalog.channels[sample])
    height, width = int(catalog.height[sample]), int(catalog.width[sample])
    reason = reason_text(axes, channels, catalog.scan_options.tensor_layout)
    return TensorShapes(axes, shape_text(axes, height, width, channels), reason, samples)
