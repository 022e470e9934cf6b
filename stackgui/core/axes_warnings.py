"""Says where arrays could also be read in another way than they are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.core.axes import UNCERTAIN, Axes, shape_text
from stackgui.core.catalog import Catalog
from stackgui.core.tensor_shapes import is_uncertain
from stackgui.core.units import format_count
from stackgui.core.warnings import DataWarning, about_samples

AMBIGUOUS = "ambiguous-axes"

_READINGS = {
    Axes.HWC: "one picture, channels last (hwc)",
    Axes.CHW: "one picture, channels first (chw)",
    Axes.NHW: "many grey pictures (nhw)",
    Axes.NHWC: "many pictures, channels last (hwc)",
    Axes.NCHW: "many pictures, channels first (chw)",
}


def warn_of_axes(catalog: Catalog, samples: NDArray[np.int64]) -> Iterator[DataWarning]:
    """One warning about all arrays among `samples` whose shape more than one reading fits."""
    doubtful = samples[is_uncertain(catalog)[samples]]
    if not len(doubtful):
        return
    firsts, counts = _arrays(catalog, doubtful)
    readings = []
    codes = catalog.axes.codes[firsts]
    for code in np.unique(codes).tolist():
        alike = np.flatnonzero(codes == code)
        first = int(firsts[alike[0]])
        shape = _shape(catalog, first, int(counts[alike[0]]))
        name = Axes(catalog.axes[first].removesuffix(UNCERTAIN))
        readings.append(f"{len(alike):,} like {shape} as {_READINGS[name]}")
    arrays = format_count(len(firsts), "array")
    text = (
        f"The axes of {arrays} could be others: taken are {'; '.join(readings)}. "
        "Look at the pictures; --tensor-layout hwc, chw or nhw says it otherwise, and ends the doubt."
    )
    found = about_samples(AMBIGUOUS, text, catalog, firsts)
    yield DataWarning(found.code, found.text, len(firsts), found.examples)


def _arrays(catalog: Catalog, samples: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first sample of each array, and how many samples it holds."""
    # Columns alone: among a million samples their paths would take a second.
    columns = (catalog.source, catalog.member_name.codes, catalog.file_bytes, catalog.mtime_ns)
    begins = np.ones(len(samples), np.bool_)
    begins[1:] = catalog.member[samples[1:]] <= catalog.member[samples[:-1]]
    for column in columns:
        begins[1:] |= column[samples[1:]] != column[samples[:-1]]
    starts = np.flatnonzero(begins)
    return samples[starts], np.diff(np.append(starts, len(samples)))


def _shape(catalog: Catalog, sample: int, samples: int) -> str:
    height, width = int(catalog.height[sample]), int(catalog.width[sample])
    text = shape_text(catalog.axes[sample], height, width, int(catalog.channels[sample]))
    return text.replace("N", f"{samples:,}")
