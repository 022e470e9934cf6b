"""A summary of how the shapes of a catalog's tensors were read, to show before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.axes import UNCERTAIN, reason_text, shape_text
from stackgui.core.catalog.catalog import Catalog

OTHER_READING = say(
    "if its axes are others, say so with --tensor-layout (nhw: many grey pictures; hwc, chw: one)"
)
"""Advice for an array that could be read in several ways, as a sentence fragment."""


def is_uncertain(catalog: Catalog) -> NDArray[np.bool_]:
    """Return the mask, shape (N,), of the samples whose arrays could also be read in another way."""
    names = np.array([name.endswith(UNCERTAIN) for name in catalog.axes.names], np.bool_)
    return names[catalog.axes.codes] if len(names) else np.zeros(len(catalog), np.bool_)


@dataclass(frozen=True, slots=True)
class TensorShapes:
    """Samples whose arrays were read in the same way.

    Attributes
    ----------
    axes : str
        See `stackgui.core.catalog.axes.InferredAxes`.
    shape : str
        Shape of the first array, as in its file.
    reason : str
        Why the shape was read this way, as a sentence fragment.
    samples : int
        Number of samples.
    """

    axes: str
    shape: str
    reason: str
    samples: int

    @property
    def is_certain(self) -> bool:
        """Whether the shape allows no other reading, or the reading was chosen."""
        return not self.axes.endswith(UNCERTAIN)

    @property
    def evidence(self) -> str:
        """Shape, reason and number of samples on one line."""
        if self.samples == 1:
            return say("{shape}: {reason}", shape=self.shape, reason=self.reason)
        alike = format_count(self.samples, "sample")
        return say("{shape}: {reason}; {samples} alike", shape=self.shape, reason=self.reason, samples=alike)


def tensor_shapes(catalog: Catalog) -> tuple[TensorShapes, ...]:
    """Group the usable tensors of `catalog` by axes and channels, the largest groups first."""
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
