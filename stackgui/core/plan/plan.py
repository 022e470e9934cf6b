"""The plan: options resolved against a catalog."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base import skip_kinds
from stackgui.core.base.choices import Layout
from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.fingerprint import fingerprint
from stackgui.core.labels.folder_names import PARTS
from stackgui.core.options.options import Options
from stackgui.core.plan.geometry import Geometry, place
from stackgui.core.plan.measured import Measured

PLAN_FORMAT = "stackgui-plan"
PLAN_VERSION = 2

EXCLUDED = "excluded"
"""Why a sample has no row: the person left it out."""


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """One array of a stack.

    Attributes
    ----------
    file : str
        Name in the stack's folder.
    shape : tuple of int
        ``(N, H, W, C)`` or ``(N, C, H, W)``.
    dtype : str
        NumPy name.
    """

    file: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def rows(self) -> int:
        """Length of the first axis."""
        return self.shape[0]

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return math.prod(self.shape[1:]) * np.dtype(self.dtype).itemsize

    @property
    def data_bytes(self) -> int:
        """Bytes of all rows, without the file's header."""
        return self.rows * self.row_bytes

    def to_json(self) -> dict[str, Any]:
        """The array as JSON values."""
        return {"file": self.file, "shape": list(self.shape), "dtype": self.dtype}


@dataclass(frozen=True, eq=False, slots=True)
class Bucket:
    """The rows that share one target size, hence one array.

    Attributes
    ----------
    height, width : int
        Target size in pixels.
    array : ArraySpec
    samples : int64, shape (rows,)
        The catalog's sample in each row.
    """

    height: int
    width: int
    array: ArraySpec
    samples: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Plan:
    """Options resolved against a catalog: what every row of every array will be.

    Attributes
    ----------
    options : Options
    catalog : Catalog
    buckets : tuple of Bucket
    channels : int
        Channels of a row.
    dtype : str
        NumPy name of the arrays' dtype.
    problem : Coded
        For each sample of the catalog why it cannot be part of this plan, or ``""``. Its row stays blank;
        `EXCLUDED` ones have no row.
    label : int32, shape (N,), or None
        Index into `classes` for each sample, -1 without a label; None where the stack has no labels.
    classes : tuple of str
    split : Coded
        For each sample which part of the data it belongs to, such as ``"train"``, or ``""``.
    scaled_down, scaled_up, cropped : int
        How many usable samples are made smaller, larger, or lose their edges.
    waste : float
        Share of the arrays' pixels that is padding, blank rows included: 1 - placed pixels / row pixels.
    largest_px : int
        The most pixels that one row has of its sample.
    measured : Measured or None
        What was found out about all samples, where the options need it; not before the plan is carried out.
        It follows from the samples and the options, hence is no part of the fingerprint.
    origin : Plan or None
        The plan that was carried out, where files were repaired since; made by `stackgui.core.plan.repair`.
    """

    options: Options
    catalog: Catalog
    buckets: tuple[Bucket, ...]
    channels: int
    dtype: str
    problem: Coded
    label: NDArray[np.int32] | None
    classes: tuple[str, ...]
    split: Coded
    scaled_down: int
    scaled_up: int
    cropped: int
    waste: float
    largest_px: int
    measured: Measured | None = None
    origin: Plan | None = None

    @property
    def rows(self) -> int:
        """Rows of all arrays together."""
        return sum(bucket.array.rows for bucket in self.buckets)

    @property
    def arrays(self) -> tuple[ArraySpec, ...]:
        """The arrays, one for each bucket."""
        return tuple(bucket.array for bucket in self.buckets)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the data that samples belong to: train, validation and test, then others."""
        found = set(self.split.take(self.samples).counts()) - {""}
        return (*(part for part in PARTS if part in found), *sorted(found.difference(PARTS)))

    def part_of(self, samples: NDArray[np.int64]) -> NDArray[np.int32]:
        """Index into `parts` for each of `samples`, -1 for none."""
        index = {part: position for position, part in enumerate(self.parts)}
        of_code = np.array([index.get(name, -1) for name in self.split.names], np.int32)
        found: NDArray[np.int32] = of_code[self.split.codes[samples]]
        return found

    @property
    def samples(self) -> NDArray[np.int64]:
        """The catalog's sample in each row of all arrays, one after another, shape (rows,)."""
        first, *others = (bucket.samples for bucket in self.buckets)
        return np.concatenate([first, *others]) if others else first

    @property
    def first_rows(self) -> tuple[int, ...]:
        """The number of each array's first row, where rows of all arrays are counted one after another."""
        rows = [bucket.array.rows for bucket in self.buckets]
        return tuple(sum(rows[:index]) for index in range(len(rows)))

    def places(self, rows: NDArray[np.integer[Any]]) -> tuple[NDArray[np.intp], NDArray[np.integer[Any]]]:
        """Which array each of `rows` is in, and the row's number there."""
        first = np.array(self.first_rows)
        array = np.searchsorted(first, rows, side="right") - 1
        return array, rows - first[array]

    @property
    def excluded(self) -> int:
        """Samples that have no row because the person left them out."""
        return len(self.catalog) - self.rows

    @property
    def unusable(self) -> int:
        """Rows that are known to stay blank."""
        return self.rows - int(np.count_nonzero(self.usable))

    @property
    def blank_samples(self) -> NDArray[np.int64]:
        """The samples of those rows, in the catalog's order."""
        return np.flatnonzero(~self.usable & ~self.problem.equals(EXCLUDED))

    @property
    def largest(self) -> Bucket:
        """The bucket of the largest rows."""
        return self.buckets[-1]

    @property
    def left_aside(self) -> dict[str, int]:
        """What has no row, by kind: files that the scan skipped, and samples that were excluded."""
        excluded = {skip_kinds.EXCLUDED: self.excluded} if self.excluded else {}
        return self.catalog.skipped.kind.counts() | excluded

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Mask of the samples that are expected to get their pixels into a row, shape (N,)."""
        return _without(self.problem)

    def geometry(self, bucket: Bucket, samples: NDArray[np.int64]) -> Geometry:
        """Where `samples` land in rows of `bucket`; worked out on demand because it is wide and cheap."""
        usable = self.usable_at(samples)
        return place(
            np.where(usable, self.catalog.height[samples], 0),
            np.where(usable, self.catalog.width[samples], 0),
            (bucket.height, bucket.width),
            self.options.fit,
            self.options.anchor,
        )

    @property
    def profiles(self) -> dict[str, int]:
        """Usable samples that "convert to sRGB" changes, by the name of their colour profile."""
        found = self.catalog.profile.take(self.usable).counts()
        found.pop("", None)
        return found

    def usable_at(self, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`usable` for some samples only."""
        return self.problem.take(samples).equals("")

    @cached_property
    def fingerprint(self) -> str:
        """128 bits, as 32 hexadecimal digits, that differ as soon as any row or any option differs.

        Repairing files keeps it, for it tells which job a stack is the result of.
        """
        if self.origin is not None:
            return self.origin.fingerprint
        return fingerprint(self._summary(), self.catalog, self.samples, self.problem)

    def header_json(self) -> dict[str, Any]:
        """The plan as JSON values but for its table of rows."""
        return {
            "format": PLAN_FORMAT,
            "version": PLAN_VERSION,
            "fingerprint": self.fingerprint,
            **self._summary(),
            "rows": self.rows,
            "unusable": self.unusable,
            "excluded": self.excluded,
            "scaled_down": self.scaled_down,
            "scaled_up": self.scaled_up,
            "cropped": self.cropped,
            "waste": self.waste,
            "measured": None if self.measured is None else self.measured.to_json(),
        }

    def to_json(self) -> dict[str, Any]:
        """The whole plan as JSON values, from which `stackgui.core.plan.saved_plan` makes it again."""
        return {**self.header_json(), "catalog": self.catalog.to_json()}

    def _summary(self) -> dict[str, Any]:
        return {
            "options": self.options.to_json(),
            "sources": list(self.catalog.sources),
            "folders": list(self.catalog.folders),
            "archives": [archive.to_json() for archive in self.catalog.archives],
            "scan_options": self.catalog.scan_options.to_json(),
            "arrays": [
                {**array.to_json(), "first_row": first}
                for array, first in zip(self.arrays, self.first_rows, strict=True)
            ],
            "channels": self.channels,
            "dtype": self.dtype,
            "classes": list(self.classes),
            "parts": list(self.parts),
        }


def array_shape(options: Options, rows: int, size: tuple[int, int], channels: int) -> tuple[int, ...]:
    """Shape of an array of `rows` rows of `size` (height, width) in the layout of `options`."""
    if options.layout is Layout.NCHW:
        return (rows, channels, *size)
    return (rows, *size, channels)


@kept()
def _without(problem: Coded) -> NDArray[np.bool_]:
    """Mask of the samples without a problem; kept, because plans that are dragged share their problems."""
    found = problem.equals("")
    found.flags.writeable = False
    return found
