"""The plan: options applied to a catalog."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base import skip_kinds
from stackgui.core.base.aside import joined
from stackgui.core.base.blocks import filled
from stackgui.core.base.choices import Layout, Resizer
from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.base.resizers import used
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.fingerprint import fingerprint
from stackgui.core.labels.folder_names import PARTS
from stackgui.core.labels.label_sets import LabelSets
from stackgui.core.options.options import Options
from stackgui.core.plan.geometry import Geometry, place
from stackgui.core.plan.mask_form import MaskForm
from stackgui.core.plan.measured import Measured
from stackgui.core.plan.object_classes import ObjectClasses, object_classes
from stackgui.core.plan.row_changes import RowChanges

_MASK_AXES = 3

PLAN_FORMAT = "stackgui-plan"
PLAN_VERSION = 2

COLUMNS_VERSION = 3
"""The version of a plan file whose columns lie in a file beside it; otherwise the same as `PLAN_VERSION`."""

READABLE_VERSIONS = (PLAN_VERSION, COLUMNS_VERSION)

NO_ROW = -1
"""The row number of a sample that has no row."""

EXCLUDED = "excluded"
"""The reason given for a sample that has no row because the person excluded it."""


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """One array of a stack.

    Attributes
    ----------
    file : str
        File name within the stack's folder.
    shape : tuple of int
        ``(N, H, W, C)`` or ``(N, C, H, W)``; ``(N, H, W)`` for masks.
    dtype : str
        NumPy's name for it.
    """

    file: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def is_mask(self) -> bool:
        """Whether its pixels are numbers of classes, so that it has no axis of channels."""
        return len(self.shape) == _MASK_AXES

    @property
    def rows(self) -> int:
        """Return the length of the first axis."""
        return self.shape[0]

    @property
    def row_bytes(self) -> int:
        """Return the size of one row."""
        return math.prod(self.shape[1:]) * np.dtype(self.dtype).itemsize

    @property
    def data_bytes(self) -> int:
        """Return the size of all rows, without the file's header."""
        return self.rows * self.row_bytes

    def to_json(self) -> dict[str, Any]:
        """Return the array as JSON values."""
        return {"file": self.file, "shape": list(self.shape), "dtype": self.dtype}


@dataclass(frozen=True, eq=False, slots=True)
class Bucket:
    """The rows of one size, which share one array.

    Attributes
    ----------
    height, width : int
        Size of each row in pixels.
    array : ArraySpec
    samples : int64, shape (rows,)
        Index into the catalog for each row.
    mask : ArraySpec or None
        The array of the rows' masks.
    """

    height: int
    width: int
    array: ArraySpec
    samples: NDArray[np.int64]
    mask: ArraySpec | None = None

    @property
    def arrays(self) -> tuple[ArraySpec, ...]:
        """Return all arrays that hold a part of each row: that of the pictures, then that of the masks."""
        return (self.array,) if self.mask is None else (self.array, self.mask)

    def to_json(self) -> dict[str, Any]:
        """Return the arrays as JSON values."""
        mask = {} if self.mask is None else {"mask": self.mask.to_json()}
        return {**self.array.to_json(), **mask}


@dataclass(frozen=True, eq=False)
class Plan:
    """Options applied to a catalog: what every row of every array will hold.

    Attributes
    ----------
    options : Options
    catalog : Catalog
    buckets : tuple of Bucket
    channels : int
        Channels of a row.
    dtype : str
        NumPy's name for the dtype of the arrays.
    problem : Coded
        For each sample of the catalog, the reason why it cannot be part of this plan, or ``""``. Rows of
        such samples stay blank; `EXCLUDED` samples have no row.
    label : int32, shape (N,), or None
        For each sample, its index into `classes` or, if there are any, `label_sets`; -1 without a label. None
        if the stack has no labels.
    classes : tuple of str
    label_sets : LabelSets or None
        The sets of classes that samples have; None if a sample has one class at most.
    split : Coded
        For each sample, the part of the dataset split that it belongs to, such as ``"train"``, or ``""``.
    group : Coded or None
        For each sample, the group with which it stays together, such as a patient, or ``""``; None if there
        are no groups.
    scaled_down, scaled_up, cropped : int
        Number of usable samples that are scaled down, scaled up, or cropped.
    waste : float
        Share of the arrays' pixels that is padding, blank rows included: 1 - placed pixels / row pixels.
    largest_px : int
        The most pixels of its sample that any row holds.
    measured : Measured or None
        Figures of all samples, if the options need them; None until the plan is carried out.
        They follow from the samples and the options, so the fingerprint leaves them out.
    masks : MaskForm or None
        What masks become; None if the stack has none.
    origin : Plan or None
        The plan that was carried out, if files were repaired afterwards; set by `stackgui.core.plan.repair`.
    row_changes : RowChanges or None
        What has become of the rows since, if the plan is that of a stack that was edited or updated.
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
    masks: MaskForm | None = None
    label_sets: LabelSets | None = None
    group: Coded | None = None
    origin: Plan | None = None
    row_changes: RowChanges | None = None

    @property
    def rows(self) -> int:
        """Return the number of rows in all arrays together."""
        return sum(bucket.array.rows for bucket in self.buckets)

    @property
    def arrays(self) -> tuple[ArraySpec, ...]:
        """Return the arrays of pictures, one for each bucket."""
        return tuple(bucket.array for bucket in self.buckets)

    @property
    def all_arrays(self) -> tuple[ArraySpec, ...]:
        """Return all arrays: those of pictures, then those of masks."""
        return (*self.arrays, *(bucket.mask for bucket in self.buckets if bucket.mask is not None))

    @property
    def fills(self) -> tuple[float, ...]:
        """Return the numbers of padding in the `Bucket.arrays`."""
        return (self.options.fill,) if self.masks is None else (self.options.fill, self.masks.ignore)

    @property
    def picture_pixel_bytes(self) -> int:
        """Return the size of a pixel of a row, without its mask."""
        return self.channels * np.dtype(self.dtype).itemsize

    @property
    def pixel_bytes(self) -> int:
        """Return the size of a pixel of a row, with its mask."""
        return self.picture_pixel_bytes + (0 if self.masks is None else self.masks.item_bytes)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Return the parts of the split that have rows: training, validation and test, then any others."""
        found = set(self.split.counts(self.samples)) - {""}
        return (*(part for part in PARTS if part in found), *sorted(found.difference(PARTS)))

    def part_of(self, samples: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the index into `parts` for each of `samples`, or -1 for none."""
        index = {part: position for position, part in enumerate(self.parts)}
        of_code = np.array([index.get(name, -1) for name in self.split.names], np.int32)
        codes = self.split.codes
        return filled(len(samples), np.int32, lambda rows: of_code[codes[samples[rows]]])

    @property
    def samples(self) -> NDArray[np.int64]:
        """Return the index into the catalog for each row, array after array, shape (rows,)."""
        first, *others = (bucket.samples for bucket in self.buckets)
        return joined([first, *others]) if others else first

    @property
    def first_rows(self) -> tuple[int, ...]:
        """Return the number of each array's first row; numbers go on from one array to the next."""
        rows = [bucket.array.rows for bucket in self.buckets]
        return tuple(sum(rows[:index]) for index in range(len(rows)))

    def places(self, rows: NDArray[np.integer[Any]]) -> tuple[NDArray[np.intp], NDArray[np.integer[Any]]]:
        """Return for each of `rows` the index of its array, and its row number within that array."""
        first = np.array(self.first_rows)
        array = np.searchsorted(first, rows, side="right") - 1
        return array, rows - first[array]

    @property
    def excluded(self) -> int:
        """Return how many samples have no row because the person excluded them."""
        return len(self.catalog) - self.rows

    @property
    def unusable(self) -> int:
        """Return how many rows are known to stay blank."""
        return self.rows - int(np.count_nonzero(self.usable))

    @property
    def blank_samples(self) -> NDArray[np.int64]:
        """Return the samples whose rows are known to stay blank, in the catalog's order."""
        return np.flatnonzero(~self.usable & ~self.problem.equals(EXCLUDED))

    @property
    def largest(self) -> Bucket:
        """Return the bucket with the largest rows."""
        return self.buckets[-1]

    @property
    def left_aside(self) -> dict[str, int]:
        """Count what has no row, by kind: files that the scan skipped, and excluded samples."""
        excluded = {skip_kinds.EXCLUDED: self.excluded} if self.excluded else {}
        return self.catalog.skipped.left_aside | excluded

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Return a mask of the samples whose pixels should get into a row, shape (N,)."""
        return _usable(self.problem)

    def geometry(self, bucket: Bucket, samples: NDArray[np.int64]) -> Geometry:
        """Work out where `samples` land in rows of `bucket`.

        The plan does not keep this, because it takes much memory and little time.
        """
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
        """Count the usable samples that "convert to sRGB" changes, by the name of their colour profile."""
        found = self.catalog.profile.counts(self.usable)
        found.pop("", None)
        return found

    @property
    def scaled_by(self) -> Resizer | None:
        """Return what really scales pictures, which the filter decides too; None if none is scaled."""
        is_scaled = self.scaled_down or self.scaled_up
        return used(self.options.resizer, self.options.resample) if is_scaled else None

    def usable_at(self, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return `usable` for some samples only."""
        return self.problem.take(samples).equals("")

    @cached_property
    def fingerprint(self) -> str:
        """Return 128 bits, as 32 hexadecimal digits, that change whenever a row or an option changes.

        Repairing files does not change it, because it identifies the job that made a stack.
        """
        if self.origin is not None:
            return self.origin.fingerprint
        return fingerprint(self._summary(), self.catalog, self.samples, self.problem)

    def header_json(self) -> dict[str, Any]:
        """Return the plan as JSON values, without its table of rows."""
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
            **self._annotated(),
        }

    def to_json(self) -> dict[str, Any]:
        """Return the whole plan as JSON values; `stackgui.core.plan.saved_plan` rebuilds it from them."""
        return {**self.header_json(), "catalog": self.catalog.to_json()}

    def _annotated(self) -> dict[str, Any]:
        annotations = self.catalog.annotations
        if annotations is None:
            return {}
        return {
            "annotations": {
                "categories": list(annotations.categories),
                "keypoint_names": list(annotations.keypoint_names),
                "classes": list(self.object_classes.names),
            }
        }

    @property
    def object_classes(self) -> ObjectClasses:
        """Return the classes of the objects that annotations mark."""
        annotations = self.catalog.annotations
        categories = () if annotations is None else annotations.categories
        return object_classes(self.options.object_classes, categories)

    def _summary(self) -> dict[str, Any]:
        masks = self.catalog.masks
        found = {} if masks is None else masks.table_json()
        values = self.catalog.values
        of_lists = {} if values is None else {"targets": list(values.targets), "columns": list(values.titles)}
        of_masks = {} if self.masks is None else {"masks": {**self.masks.to_json(), **found}}
        return {
            "options": self.options.to_json(),
            "sources": list(self.catalog.sources),
            "folders": list(self.catalog.folders),
            "archives": [archive.to_json() for archive in self.catalog.archives],
            "scan_options": self.catalog.scan_options.to_json(),
            "arrays": [
                {**bucket.to_json(), "first_row": first}
                for bucket, first in zip(self.buckets, self.first_rows, strict=True)
            ],
            "channels": self.channels,
            "dtype": self.dtype,
            "classes": list(self.classes),
            "parts": list(self.parts),
            **of_masks,
            **of_lists,
        }


def array_shape(options: Options, rows: int, size: tuple[int, int], channels: int) -> tuple[int, ...]:
    """Return the shape of an array of `rows` rows of `size` (height, width) in the layout of `options`."""
    if options.layout is Layout.NCHW:
        return (rows, channels, *size)
    return (rows, *size, channels)


@kept()
def _usable(problem: Coded) -> NDArray[np.bool_]:
    """Return a mask of the samples without a problem; cached, because plans share problems during a drag."""
    found = problem.equals("")
    found.flags.writeable = False
    return found
