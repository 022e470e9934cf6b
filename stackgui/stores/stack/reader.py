"""Read a finished stack."""

from __future__ import annotations

import operator
import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from types import TracebackType
from typing import Any, Self, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.addresses import absolute
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.transform import to_row, to_source
from stackgui.stores.arrays.array_file import ArrayFile
from stackgui.stores.arrays.checksums import RowsOf
from stackgui.stores.arrays.rows import RowShape
from stackgui.stores.files.failures import explained
from stackgui.stores.format.annotation_tables import TRANSFORMS_FILE, read_source
from stackgui.stores.format.header import HEADER_FILE, buckets_in, file_in, read_header
from stackgui.stores.format.manifest_table import Manifest
from stackgui.stores.format.open_array import damaged, map_rows, read_table
from stackgui.stores.format.read_manifest import read_manifest
from stackgui.stores.format.tables import CHECKSUMS_FILE, PLACEMENTS_FILE, SPLITS_FILE, VALID_FILE
from stackgui.stores.format.value_members import COLUMNS, TARGETS
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.stack.check_place import check_place
from stackgui.stores.stack.mask_rows import MaskRows
from stackgui.stores.stack.objects import StackObjects
from stackgui.stores.stack.row_files import Files
from stackgui.stores.stack.row_values import as_texts, group_column, read_labels, read_mark, read_targets

_READ_BYTES = 4 * 2**20


def open_stack(path: str | os.PathLike[str]) -> Stack:
    """Open the stack in the folder `path`, without reading its pixels.

    Cleans up first what a killed process may have left in it, where that is permitted.

    Examples
    --------
    >>> with open_stack("flowers") as stack:  # doctest: +SKIP
    ...     picture = stack.original(0)

    Raises
    ------
    StackguiError
        When there is no stack, or it is unfinished, damaged, or readable only by a newer program.
    """
    folder = absolute(os.fspath(path))
    tidy_place(folder)
    return Stack(folder)


class Stack:
    """A finished stack; made by `open_stack`.

    Opening it executes nothing and opens nothing outside its folder, so a stack may come from anyone.

    Parameters
    ----------
    path : str
        Absolute name of the folder.

    Attributes
    ----------
    header : dict
        Content of ``stack.json``.
    layout : Layout
    specs : tuple of ArraySpec
        Files, shapes and dtypes of `arrays`.
    arrays : list of memmap, shape (n, H, W, C) or (n, C, H, W) each
        Read only; row numbers continue from one array to the next. There are several if pictures were sorted
        into buckets of different sizes.
    valid : bool, shape (N,)
        False for blank rows, and for rows that were excluded by hand.
    excluded : bool, shape (N,)
        Rows that were excluded by hand; those that are not blank still hold their pictures.
    placements : int32, shape (N, 4)
        Top, left, height and width of each sample in its row, in pixels; all 0 for blank rows.
    labels : int32, shape (N,), or uint8, shape (N, K), or None
        Index into `classes`, -1 for none. If a row may have several of K classes: 1 for each that it has,
        else 0, mapped into memory. None when the stack has no labels.
    classes : list of str
    splits : int32, shape (N,), or None
        Index into `parts`, -1 for none; None when the rows are not split.
    parts : list of str
        Names of the splits, such as ``"train"``.
    targets : float32, shape (N, T), or None
        Numbers from lists, NaN where there is none; None when none were asked for.
    target_names, column_names : list of str
        Names of the columns of `targets`, and of those that `column` returns.
    files : sequence of str
        Absolute path of the file that each row was made from, read on access.
    objects : StackObjects or None
        Boxes, polygons and keypoints in all rows; None if the stack has no annotations.
    masks : MaskRows or None
        Masks of the rows, by row number; None when the stack has none.
    mask_classes : dict of int to str
        Names of the classes by the numbers that they have in `masks`.
    """

    def __init__(self, path: str) -> None:
        check_place(path)
        self.path = path
        self.header: Mapping[str, Any] = read_header(path)
        self.layout, self._buckets, labelled = _read_layout(self.header, path)
        self.specs = tuple(arrays[0] for arrays in self._buckets)
        self.arrays = [map_rows(path, spec) for spec in self.specs]
        self._ends = list(accumulate(spec.rows for spec in self.specs))
        rows = self._ends[-1]
        self.valid: NDArray[np.bool_] = read_table(path, VALID_FILE, (rows,), np.dtype(np.bool_))
        self.placements: NDArray[np.int32] = read_table(path, PLACEMENTS_FILE, (rows, 4), np.dtype(np.int32))
        self.excluded = read_mark(path, self.header, "excluded", rows)
        self.labels: NDArray[np.int32] | NDArray[np.uint8] | None = None
        self.classes: list[str] = []
        if labelled:
            self.labels, self.classes = read_labels(path, self.header, rows)
        self.splits: NDArray[np.int32] | None = None
        self.parts, self.target_names, self.column_names = (
            [str(name) for name in self.header["plan"].get(key, ())] for key in ("parts", TARGETS, COLUMNS)
        )
        self.column_names += group_column(self.header)
        self.targets = read_targets(path, self.target_names, rows)
        if self.parts:
            self.splits = read_table(path, SPLITS_FILE, (rows,), np.dtype(np.int32))
        self.files: Files = Files(path, rows)
        self.objects: StackObjects | None = None
        if "annotations" in self.header["plan"]:
            self.objects = StackObjects(path, self.header, rows)
        self.masks = MaskRows.of(self, [arrays[1] for arrays in self._buckets if len(arrays) > 1])
        self.mask_classes: dict[int, str] = self.masks.classes if self.masks else {}

    def __len__(self) -> int:
        return len(self.valid)

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Mask of the rows that hold pictures, shape (N,), whether they count or were excluded by hand."""
        return np.asarray(self.placements[:, 2] > 0)

    def __repr__(self) -> str:
        arrays = ", ".join(f"{spec.file} {spec.shape} {spec.dtype}" for spec in self.specs)
        figures: list[str] = [
            format_count(len(self), "row"),
            say("{count_nonzero:,} of them valid", count_nonzero=np.count_nonzero(self.valid)),
        ]
        if self.labels is not None:
            figures.append(format_count(len(self.classes), "class", "classes"))
        if self.objects is not None:
            figures.append(format_count(len(self.objects), "box", "boxes"))
        if self.parts:
            figures.append(f"parts {', '.join(self.parts)}")
        if self.masks is not None:
            figures.append(self.masks.text)
        return say(
            "<Stack {path}: {arrays}; {figures}>",
            path=printable(self.path),
            arrays=arrays,
            figures=", ".join(figures),
        )

    def __getitem__(self, row: SupportsIndex) -> NDArray[Any]:
        """Return the whole `row`, padding included, as a read-only view, shape (H, W, C) or (C, H, W).

        Raises
        ------
        IndexError
            When there is no such row.
        """
        array, index = self.place(row)
        picture: NDArray[Any] = self.arrays[array][index]
        return picture

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return map(self.__getitem__, range(len(self)))

    def place(self, row: SupportsIndex) -> tuple[int, int]:
        """Return the array that holds `row`, as an index into `arrays`, and the row's index in it.

        Raises
        ------
        IndexError
            When there is no such row.
        """
        index = range(len(self))[operator.index(row)]
        array = bisect_right(self._ends, index)
        return array, index - (self._ends[array - 1] if array else 0)

    @property
    def images(self) -> NDArray[Any]:
        """The only array; raises StackguiError if there are several."""
        if len(self.arrays) > 1:
            raise StackguiError(
                say(
                    "{path} has {count} arrays, for rows of different sizes. Use arrays, or index "
                    "rows by their number.",
                    path=printable(self.path),
                    count=len(self.arrays),
                )
            )
        return self.arrays[0]

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of a list that was kept, or ``"group"``, as an array of texts, shape (N,).

        Its dtype is NumPy's ``StringDType``.

        Raises
        ------
        KeyError
            When the stack has no such column.
        StackguiError
            When the manifest is missing or damaged.
        """
        if name not in self.column_names:
            raise KeyError(name)
        place, columns = self.column_names.index(name), self.manifest.values.texts
        return as_texts(columns[place] if place < len(columns) else self.manifest.group or ())

    @property
    def groups(self) -> NDArray[Any] | None:
        """The group of each row, such as a patient, like `column`; ``""`` for none, None without groups."""
        return None if self.manifest.group is None else as_texts(self.manifest.group)

    def boxes(self, row: SupportsIndex) -> NDArray[np.float32]:
        """Return the boxes in `row` as a read-only view, shape (k, 4): left, top, right, bottom in pixels.

        Coordinates are continuous: the pixel in column i spans from i to i + 1. Their classes are
        ``stack.objects.category[stack.objects.of_row(row)]``, and their flags alike.

        Raises
        ------
        IndexError
            When there is no such row.
        StackguiError
            When the stack has no annotations.
        """
        index = range(len(self))[operator.index(row)]
        if self.objects is None:
            raise StackguiError(say("{path} has no annotations.", path=printable(self.path)))
        return self.objects.box[self.objects.of_row(index)]

    @cached_property
    def gone(self) -> NDArray[np.bool_]:
        """Rows whose files the last update no longer found, shape (N,); they may still hold pictures."""
        return read_mark(self.path, self.header, "gone", len(self))

    @cached_property
    def transforms(self) -> NDArray[np.float64]:
        """Scale x, scale y, offset x, offset y from the upright picture to each row, shape (N, 4).

        All 0 for blank rows. Raises StackguiError if the stack is older than this table.
        """
        return read_table(self.path, TRANSFORMS_FILE, (len(self), 4), np.dtype(np.float64))

    def to_row(self, row: SupportsIndex, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Map points of the upright picture, as x and y in pairs, shape (..., 2k), into `row`."""
        return to_row(np.asarray(points), self.transforms[operator.index(row)])

    def to_source(self, row: SupportsIndex, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Map points of `row`, as x and y in pairs, shape (..., 2k), to the upright picture."""
        return to_source(np.asarray(points), self.transforms[operator.index(row)])

    @cached_property
    def annotations(self) -> SampleAnnotations | None:
        """The annotations as their files have them, by row; None without any; raises StackguiError."""
        return read_source(self.path, self.header)

    @cached_property
    def checksums(self) -> NDArray[np.uint64]:
        """XXH3 of each row's pixels, shape (N,), 0 for blank rows; raises StackguiError."""
        return read_table(self.path, CHECKSUMS_FILE, (len(self),), np.dtype(np.uint64))

    @cached_property
    def manifest(self) -> Manifest:
        """Origin of each row; raises StackguiError if the manifest is missing or damaged."""
        return read_manifest(self.path)

    def open_arrays(self, index: int) -> list[RowsOf]:
        """Open the files of a bucket, that of pictures and that of masks, for plain reads.

        A memory map would crash the process if the disk fails.

        Raises
        ------
        StoreError
            When the header or the size of a file is not as it should be.
        """
        opened: list[RowsOf] = []
        try:
            for spec in self._buckets[index]:
                opened += [RowsOf(self._open(spec), RowShape.of(spec, self.layout))]
        except BaseException:
            for each in opened:
                each.file.abort()
            raise
        return opened

    def _open(self, spec: ArraySpec) -> ArrayFile:
        return ArrayFile(file_in(self.path, spec.file), spec, sparse=True, existing=True, writable=False)

    @property
    def all_specs(self) -> tuple[ArraySpec, ...]:
        """Files, shapes and dtypes of all arrays, those of masks last."""
        return (*self.specs, *(spec for arrays in self._buckets for spec in arrays[1:]))

    def data(self, spec: ArraySpec) -> Iterator[bytes]:
        """Yield the rows of one of `all_specs` in pieces of some megabytes, which need not end at a row.

        Raises
        ------
        StoreError
            When the file cannot be read.
        """
        file, end = self._open(spec), spec.data_bytes
        try:
            for begin in range(0, end, _READ_BYTES):
                with explained(file.path):
                    piece = file.read_at(begin, min(_READ_BYTES, end - begin))
                yield piece
        finally:
            file.abort()

    def original(self, row: SupportsIndex) -> NDArray[Any]:
        """Return the pixels of `row` without padding, as a read-only view laid out as in its array.

        Returns
        -------
        ndarray, shape (h, w, C) or (C, h, w)
            With h = w = 0 for a blank row.

        Raises
        ------
        IndexError
            When there is no such row.
        """
        picture = self[row]
        top, left, height, width = self.placements[operator.index(row)].tolist()
        if self.layout is Layout.NCHW:
            return picture[:, top : top + height, left : left + width]
        return picture[top : top + height, left : left + width]

    def close(self) -> None:
        """Release the arrays' files; existing views keep them open."""
        self.arrays = [np.empty((0, *array.shape[1:]), array.dtype) for array in self.arrays]
        if self.masks is not None:
            self.masks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read_layout(header: Mapping[str, Any], folder: str) -> tuple[Layout, list[tuple[ArraySpec, ...]], bool]:
    """Return the layout, the arrays of each bucket, and whether there are labels, as the header says."""
    try:
        plan = header["plan"]
        # Rows without labels may have been given some by hand.
        is_labelled = bool(plan["classes"]) or bool(header.get("labels", {}).get("classes"))
        return Layout(plan["options"]["layout"]), buckets_in(plan), is_labelled
    except (KeyError, TypeError, ValueError) as error:
        raise StackguiError(damaged(folder, HEADER_FILE)) from error
