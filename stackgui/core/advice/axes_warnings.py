"""Warnings about arrays whose axes, or whose role as samples, had to be guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import printable
from stackgui.core.base.units import enumerated, format_count
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.axes import UNCERTAIN, Axes, shape_text
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.tensor_shapes import is_uncertain

AMBIGUOUS = "ambiguous-axes"
SEVERAL = "arrays-as-samples"

_READINGS = {
    Axes.HWC: say("one picture, channels last (hwc)"),
    Axes.CHW: say("one picture, channels first (chw)"),
    Axes.NHW: say("many grey pictures (nhw)"),
    Axes.NHWC: say("many pictures, channels last (hwc)"),
    Axes.NCHW: say("many pictures, channels first (chw)"),
}


def warn_of_axes(catalog: Catalog, samples: NDArray[np.int64]) -> Iterator[DataWarning]:
    """Warn of arrays among `samples` whose shape has more than one reading."""
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
        readings.append((len(alike), shape, _READINGS[name]))
    text = say(
        "{arrays} can be read in more than one way; {chosen}. --tensor-layout hwc, chw or nhw settles it.",
        arrays=format_count(len(firsts), "array"),
        chosen=_chosen(readings),
    )
    yield about_samples(AMBIGUOUS, text, catalog, firsts)


def _chosen(readings: Sequence[tuple[int, str, str]]) -> str:
    """Say how arrays were read, given the count, an example shape and the name of each reading."""
    if len(readings) == 1:
        ((count, shape, reading),) = readings
        return say_many(
            count,
            "its shape {shape} was taken as {reading}",
            "shapes like {shape} were taken as {reading}",
            shape=shape,
            reading=reading,
        )
    parts = [
        say_many(
            count,
            "{count:,} of shape {shape} was taken as {reading}",
            "{count:,} of shapes like {shape} were taken as {reading}",
            shape=shape,
            reading=reading,
        )
        for count, shape, reading in readings
    ]
    return enumerated(parts)


def warn_of_arrays(catalog: Catalog, samples: NDArray[np.int64]) -> Iterator[DataWarning]:
    """Warn of files in which each of several arrays became a sample although nobody asked for that."""
    named = ~catalog.member_name.equals("")
    within = samples[named[samples] & (catalog.member[samples] >= 0)]
    if catalog.scan_options.array or not len(within):
        return
    by_file: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for sample in _arrays(catalog, within)[0].tolist():
        by_file[int(catalog.source[sample]), catalog.path.raw(sample)].append(sample)
    several = [arrays for arrays in by_file.values() if len(arrays) > 1]
    if not several:
        return
    names = ", ".join(printable(catalog.member_name[sample]) for sample in several[0][:2])
    text = say_many(
        len(several),
        "{count:,} file holds {arrays} that look like pictures ({names}, …): each became a row. "
        "--array NAME uses only one from each file; --array '*' confirms all of them.",
        "{count:,} files hold {arrays} that look like pictures ({names}, …): each became a row. "
        "--array NAME uses only one from each file; --array '*' confirms all of them.",
        arrays=format_count(sum(map(len, several)), "array"),
        names=names,
    )
    yield about_samples(SEVERAL, text, catalog, np.array([arrays[0] for arrays in several]))


def _arrays(catalog: Catalog, samples: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first sample of each array among `samples`, and the number of samples in each."""
    # Comparing columns only: comparing the paths of a million samples would take a second.
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
