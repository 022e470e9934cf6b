"""Verify that a finished stack is intact."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import columns_aside
from stackgui.core.base.blocks import blocks
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.choices import LabelForm
from stackgui.core.base.errors import StackguiError, StoreError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.run.findings import Findings, RowsFound
from stackgui.core.run.row_results import RowResults
from stackgui.stores.arrays.checksums import RowsOf, blank_line, changed_pixels, padding_is, stored_checksum
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.files.failures import explained
from stackgui.stores.files.nameless import nameless_memory
from stackgui.stores.format.annotation_tables import TRANSFORMS_FILE, annotation_tables, has_transforms
from stackgui.stores.format.header import HEADER_FILE, file_in, fills_in
from stackgui.stores.format.label_members import found_labels, labels_in
from stackgui.stores.format.manifest import CHUNK_ROWS
from stackgui.stores.format.manifest_look import manifest_name
from stackgui.stores.format.manifest_table import Manifest
from stackgui.stores.format.names import NAMES_FILE, has_names
from stackgui.stores.format.read_manifest import plan_of
from stackgui.stores.format.table_file import TableFile
from stackgui.stores.format.tables import (
    CHECKSUMS_FILE,
    EXCLUDED_FILE,
    GONE_FILE,
    LABELS_FILE,
    PLACEMENTS_FILE,
    SPLITS_FILE,
    TARGETS_FILE,
    VALID_FILE,
)
from stackgui.stores.recovery.retry_marker import was_interrupted
from stackgui.stores.stack.reader import Stack, open_stack
from stackgui.stores.stack.row_values import has_many_labels


class Verify:
    """Checks the stack in `folder`: its structure, whether its files agree, and every row.

    Attributes
    ----------
    damage : Findings
    rows : int
        Number of rows; 0 if it cannot be read.
    gone : int
        Number of rows whose pictures the last update no longer found.
    plan : Plan or None
        Plan of the stack; None if it cannot be restored.
    outcomes : RowResults or None
        Results of the rows, as the stack records them; None without a plan.
    versions : mapping of str to str
        What the stack was made with.
    """

    def __init__(self, folder: str) -> None:
        self.damage = Findings()
        self.rows = self.gone = 0
        self.plan: Plan | None = None
        self.outcomes: RowResults | None = None
        self.versions: Mapping[str, str] = {}
        self._folder = folder
        self._misplaced: list[RowsFound] = []

    @columns_aside(nameless_memory)
    def check(self, progress: Progress) -> None:
        """Check everything, and continue after damage as far as possible."""
        try:
            with open_stack(self._folder) as stack:
                self.rows = len(stack)
                if was_interrupted(self._folder):
                    self._add("", say("a retry of its failed rows was interrupted; retry them again"))
                self._check_tables(stack)
                self._check_manifest(stack)
                self._check_rows(stack, progress)
        except StoreError as error:  # an array's file is damaged or cannot be read
            self._add("", str(error))
        except StackguiError as error:
            if type(error) is not StackguiError:
                raise
            self._add("", str(error))

    def _add(self, file: str, what: str) -> None:
        self.damage.add(file, what)

    def _check_tables(self, stack: Stack) -> None:
        """What the small files say of each other."""
        header: Mapping[str, Any] = stack.header
        counted = int(np.count_nonzero(stack.valid))
        told = header.get("rows"), header.get("failed"), header.get("counts", {}).get("ok", counted)
        if told != (self.rows, self.rows - int(np.count_nonzero(stack.filled)), counted):
            self._add(HEADER_FILE, say("its counts differ from those of {valid_file}", valid_file=VALID_FILE))
        outside = self.damage.in_rows(range(self.rows), (PLACEMENTS_FILE, say("lies outside its row")))
        for rows, inside in _are_inside(stack):
            outside.add_all(0, rows.start, ~inside)
        places, checksums, valid, excluded = stack.placements, stack.checksums, stack.valid, stack.excluded
        is_not_blank = say("is not 0 although the row is blank")
        strange = self._add_rows(
            PLACEMENTS_FILE,
            lambda rows: (places[rows][:, 2] <= 0) & np.asarray((places[rows] != 0).any(axis=1)),
            is_not_blank,
        )
        self._misplaced = [outside, strange]
        self._add_rows(
            CHECKSUMS_FILE, lambda rows: (places[rows][:, 2] <= 0) & (checksums[rows] != 0), is_not_blank
        )
        self._add_rows(
            VALID_FILE,
            lambda rows: valid[rows] != ((places[rows][:, 2] > 0) & ~excluded[rows]),
            say(
                "is not what {placements_file} and {excluded_file} say",
                placements_file=PLACEMENTS_FILE,
                excluded_file=EXCLUDED_FILE,
            ),
        )
        if stack.labels is not None:
            self._check_labels(stack.labels, len(stack.classes))

    def _check_labels(self, labels: NDArray[Any], classes: int) -> None:
        if labels.ndim == 1:
            self._add_rows(
                LABELS_FILE,
                lambda rows: (labels[rows] < -1) | (labels[rows] >= classes),
                say("is not the number of a class"),
            )
            return
        self._add_rows(
            LABELS_FILE,
            lambda rows: np.asarray((labels[rows] > 1).any(axis=1)),
            say("has other numbers than 0 and 1"),
            CHUNK_ROWS,
        )

    def _add_rows(
        self, file: str, wrong: Callable[[slice], NDArray[np.bool_]], what: str, most: int | None = None
    ) -> RowsFound:
        """Add rows that are wrong, of which `wrong` tells it of at most so `most` at a time."""
        found = self.damage.in_rows(range(self.rows), (file, what))
        for rows in blocks(self.rows, most):
            found.add_all(0, rows.start, wrong(rows))
        return found

    def _check_manifest(self, stack: Stack) -> None:
        """Check that the manifest agrees with the header and the tables."""
        try:
            manifest = stack.manifest
        except StackguiError as error:
            self._add(manifest_name(self._folder), str(error))
            return
        if len(manifest.path) != self.rows:
            self._add(
                manifest.file,
                say(
                    "it has {rows}, not {rows2:,}",
                    rows=format_count(len(manifest.path), "row"),
                    rows2=self.rows,
                ),
            )
            return
        self._compare(stack, manifest)
        self._check_names(manifest)
        self.versions = stack.header.get("versions", {})
        try:
            self.plan = plan_of(stack.header, manifest, stack.annotations)
        except StackguiError as error:
            self._add(manifest.file, str(error))
            return
        self._check_objects(stack)
        self._check_given(stack, self.plan)
        self.outcomes = RowResults(np.broadcast_to(np.True_, self.rows), stack.filled, stack.checksums)

    def _check_given(self, stack: Stack, plan: Plan) -> None:
        """Check that targets and splits are those that the manifest and the options give."""
        values, targets, splits = plan.catalog.values, stack.targets, stack.splits
        samples = plan.samples
        if values is not None and values.targets and targets is not None:

            def differ(rows: slice) -> NDArray[np.bool_]:
                is_blank = stack.placements[rows][:, 2] <= 0
                wanted = np.where(is_blank[:, None], np.float32(np.nan), values.numbers[samples[rows]])
                found = targets[rows]
                is_other = (wanted != found) & ~(np.isnan(wanted) & np.isnan(found))
                return np.asarray(is_other.any(axis=1))

            self._add_rows(TARGETS_FILE, differ, say("is not what the manifest says"))
        if splits is not None:
            self._add_rows(
                SPLITS_FILE,
                lambda rows: splits[rows] != plan.part_of(samples[rows]),
                say("is not the split that the options give"),
            )

    def _check_names(self, manifest: Manifest) -> None:
        """Check the table of names, which stacks that were made before it was introduced do not have."""
        path = os.path.join(self._folder, NAMES_FILE)
        if not os.path.lexists(path):
            return
        try:
            with closing(TableFile(file_in(self._folder, NAMES_FILE))) as file:
                is_right = has_names(file, manifest.path)
        except StackguiError as error:
            self._add(NAMES_FILE, str(error))
            return
        if not is_right:
            self._add(NAMES_FILE, say("its names are not those of {json_file}", json_file=manifest.file))

    def _check_objects(self, stack: Stack) -> None:
        """Check that boxes, polygons and keypoints are those that the annotations and the plan give."""
        if self.plan is None:
            return
        # Stacks that were made before this table was introduced do not have it.
        is_there = stack.objects is not None or os.path.lexists(os.path.join(self._folder, TRANSFORMS_FILE))
        if is_there and not has_transforms(stack.transforms, self.plan, stack.filled):
            self._add(TRANSFORMS_FILE, say("it is not what the placement of the pictures gives"))
        if stack.objects is None:
            return
        outcomes = RowResults(np.ones(self.rows, np.bool_), stack.filled, stack.checksums)
        wanted = dict(annotation_tables(self.plan, outcomes))
        for name, content in wanted.items():
            try:
                found = stack.objects.table(name, content.shape, content.dtype.type)
            except StackguiError as error:
                self._add(name, str(error))
                continue
            if not np.array_equal(found, content):
                self._add(name, say("it is not what the annotations of the pictures give"))

    def _compare(self, stack: Stack, manifest: Manifest) -> None:
        self.gone = int(np.count_nonzero(stack.gone))
        self.gone = int(np.count_nonzero(stack.gone))
        changes, file = manifest.changes, manifest.file
        self._add_rows(
            file,
            lambda rows: changes.excluded[rows] != stack.excluded[rows],
            say("its excluded rows are not those of {excluded_file}", excluded_file=EXCLUDED_FILE),
        )
        self._add_rows(
            file,
            lambda rows: changes.gone[rows] != stack.gone[rows],
            say("its rows of gone pictures are not those of {gone_file}", gone_file=GONE_FILE),
        )
        self._add_rows(
            file,
            lambda rows: manifest.status.take(rows).equals("ok") != stack.valid[rows],
            say("its status differs from {valid_file}", valid_file=VALID_FILE),
        )
        self._add_rows(
            file,
            lambda rows: (manifest.placement[rows] != stack.placements[rows]).any(axis=1),
            say("its placement differs from {placements_file}", placements_file=PLACEMENTS_FILE),
        )
        if (labels := stack.labels) is not None:
            self._compare_labels(stack, manifest, labels)

    def _compare_labels(self, stack: Stack, manifest: Manifest, labels: NDArray[Any]) -> None:
        try:
            form = LabelForm.MANY if has_many_labels(stack.header) else LabelForm.ONE
            found = found_labels(manifest.label, tuple(stack.classes), form)
        except ValueError as error:
            self._add(manifest.file, str(error))
            return

        def differ(rows: slice) -> NDArray[np.bool_]:
            own = labels[rows]
            return np.asarray((labels_in(found, rows) != own).reshape(len(own), -1).any(axis=1))

        what = say("its label differs from {labels_file}", labels_file=LABELS_FILE)
        self._add_rows(manifest.file, differ, what, CHUNK_ROWS)

    def _check_rows(self, stack: Stack, progress: Progress) -> None:
        """Check every row's pixels and padding."""
        first = 0
        for index, spec in enumerate(stack.specs):
            rows = range(first, first + spec.rows)
            self._check_array(stack, index, rows, progress)
            first += spec.rows

    def _check_array(self, stack: Stack, array_index: int, rows: range, progress: Progress) -> None:
        arrays = stack.open_arrays(array_index)
        lines, filled = _blank_lines(arrays, stack), stack.filled
        padding = say("its padding is not the fill value")
        names = [(os.path.basename(file.path), padding) for file, _shape in arrays]
        found = self.damage.in_rows(
            rows, (stack.specs[array_index].file, changed_pixels(len(arrays))), *names
        )
        try:
            with explained(arrays[0].file.path):
                for index, row in enumerate(rows):
                    placement = tuple(stack.placements[row].tolist())
                    if any(each.has(0, row) for each in self._misplaced):
                        continue
                    if filled[row] and stored_checksum(arrays, index, placement) != stack.checksums[row]:
                        found.add(0, row)
                    for number, ((file, shape), line) in enumerate(zip(arrays, lines, strict=True), 1):
                        if not padding_is(file, shape, index, placement, line):
                            found.add(number, row)
                    progress.reached(row + 1, self.rows)
        finally:
            for each in arrays:
                each.file.abort()


def _are_inside(stack: Stack) -> Iterator[tuple[slice, NDArray[np.bool_]]]:
    """Yield which placements lie in their rows, some rows at a time."""
    ends = np.cumsum([spec.rows for spec in stack.specs])
    shapes = [RowShape.of(spec, stack.layout) for spec in stack.specs]
    sizes = np.array([(each.lines, each.line_bytes // each.pixel_bytes) for each in shapes])
    for rows in blocks(len(stack)):
        height, width = sizes[np.searchsorted(ends, np.arange(rows.start, rows.stop), "right")].T
        places = stack.placements[rows].astype(np.int64)
        inside = (places >= 0).all(axis=1)
        inside &= places[:, 0] + places[:, 2] <= height
        inside &= places[:, 1] + places[:, 3] <= width
        yield rows, inside


def _blank_lines(arrays: Sequence[RowsOf], stack: Stack) -> list[Bytes]:
    """Return the bytes of a line of padding in each of a bucket's arrays."""
    specs = {spec.file: spec for spec in stack.all_specs}
    lines = []
    for (file, shape), fill in zip(arrays, fills_in(stack.header["plan"]), strict=True):
        dtype = specs[os.path.basename(file.path)].dtype
        lines.append(blank_line(shape, Blank.of(fill, dtype)))
    return lines
