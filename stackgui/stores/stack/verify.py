"""Verify that a finished stack is intact."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import blocks
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.choices import LabelForm
from stackgui.core.base.errors import StackguiError, StoreError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.verify import Damage
from stackgui.stores.arrays.checksums import RowsOf, blank_line, changed_pixels, padding_is, stored_checksum
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.files.failures import explained
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
    target_table,
)
from stackgui.stores.recovery.retry_marker import was_interrupted
from stackgui.stores.stack.reader import Stack, open_stack
from stackgui.stores.stack.row_values import has_many_labels


class Verify:
    """Checks the stack in `folder`: its structure, whether its files agree, and every row.

    Attributes
    ----------
    damage : list of Damage
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
        self.damage: list[Damage] = []
        self.rows = self.gone = 0
        self.plan: Plan | None = None
        self.outcomes: RowResults | None = None
        self.versions: Mapping[str, str] = {}
        self._folder = folder

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

    def _add(self, file: str, what: str, row: int | None = None) -> None:
        self.damage.append(Damage(file, what, row))

    def _check_tables(self, stack: Stack) -> None:
        """What the small files say of each other."""
        blank = ~stack.filled
        header: Mapping[str, Any] = stack.header
        counted = int(np.count_nonzero(stack.valid))
        told = header.get("rows"), header.get("failed"), header.get("counts", {}).get("ok", counted)
        if told != (self.rows, int(np.count_nonzero(blank)), counted):
            self._add(HEADER_FILE, say("its counts differ from those of {valid_file}", valid_file=VALID_FILE))
        self._add_rows(PLACEMENTS_FILE, ~_are_inside(stack), say("lies outside its row"))
        self._add_rows(
            PLACEMENTS_FILE,
            blank & (stack.placements != 0).any(axis=1),
            say("is not 0 although the row is blank"),
        )
        self._add_rows(
            CHECKSUMS_FILE, blank & (stack.checksums != 0), say("is not 0 although the row is blank")
        )
        self._add_rows(
            VALID_FILE,
            stack.valid != (stack.filled & ~stack.excluded),
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
            known = (labels >= -1) & (labels < classes)
            self._add_rows(LABELS_FILE, ~known, say("is not the number of a class"))
            return
        known = np.concatenate([(labels[part] <= 1).all(axis=1) for part in _parts(len(labels))])
        self._add_rows(LABELS_FILE, ~known, say("has other numbers than 0 and 1"))

    def _add_rows(self, file: str, rows: NDArray[np.bool_], what: str) -> None:
        for row in np.flatnonzero(rows).tolist():
            self._add(file, what, row)

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
        wanted = target_table(self.plan, stack.filled)
        if wanted is not None and stack.targets is not None:
            differs = (wanted != stack.targets) & ~(np.isnan(wanted) & np.isnan(stack.targets))
            self._add_rows(TARGETS_FILE, differs.any(axis=1), say("is not what the manifest says"))
        if stack.splits is not None:
            moved = stack.splits != self.plan.part_of(self.plan.samples)
            self._add_rows(SPLITS_FILE, moved, say("is not the split that the options give"))
        self.outcomes = RowResults(
            np.ones(self.rows, np.bool_), stack.filled, stack.checksums, _reasons(manifest, stack.filled)
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
        self._add_rows(
            manifest.file,
            manifest.changes.excluded != stack.excluded,
            say("its excluded rows are not those of {excluded_file}", excluded_file=EXCLUDED_FILE),
        )
        self._add_rows(
            manifest.file,
            manifest.changes.gone != stack.gone,
            say("its rows of gone pictures are not those of {gone_file}", gone_file=GONE_FILE),
        )
        says_valid = manifest.status.equals("ok")
        self._add_rows(
            manifest.file,
            says_valid != stack.valid,
            say("its status differs from {valid_file}", valid_file=VALID_FILE),
        )
        moved = (manifest.placement != stack.placements).any(axis=1)
        self._add_rows(
            manifest.file,
            moved,
            say("its placement differs from {placements_file}", placements_file=PLACEMENTS_FILE),
        )
        if (labels := stack.labels) is not None:
            try:
                form = LabelForm.MANY if has_many_labels(stack.header) else LabelForm.ONE
                found = found_labels(manifest.label, tuple(stack.classes), form)
            except ValueError as error:
                self._add(manifest.file, str(error))
                return
            differs = [
                (labels_in(found, part) != labels[part]).reshape(len(labels[part]), -1).any(axis=1)
                for part in _parts(len(labels))
            ]
            self._add_rows(
                manifest.file,
                np.concatenate(differs),
                say("its label differs from {labels_file}", labels_file=LABELS_FILE),
            )

    def _check_rows(self, stack: Stack, progress: Progress) -> None:
        """Check every row's pixels and padding."""
        first = 0
        for index, spec in enumerate(stack.specs):
            rows = range(first, first + spec.rows)
            self._check_array(stack, index, rows, progress)
            first += spec.rows

    def _check_array(self, stack: Stack, array_index: int, rows: range, progress: Progress) -> None:
        bad = {damage.row for damage in self.damage if damage.file == PLACEMENTS_FILE}
        arrays = stack.open_arrays(array_index)
        lines, filled = _blank_lines(arrays, stack), stack.filled
        try:
            with explained(arrays[0].file.path):
                for index, row in enumerate(rows):
                    placement = tuple(stack.placements[row].tolist())
                    if row in bad:
                        continue
                    if filled[row] and stored_checksum(arrays, index, placement) != stack.checksums[row]:
                        self._add(stack.specs[array_index].file, changed_pixels(len(arrays)), row)
                    for (file, shape), line in zip(arrays, lines, strict=True):
                        if not padding_is(file, shape, index, placement, line):
                            name = os.path.basename(file.path)
                            self._add(name, say("its padding is not the fill value"), row)
                    progress.reached(row + 1, self.rows)
        finally:
            for each in arrays:
                each.file.abort()


def _are_inside(stack: Stack) -> NDArray[np.bool_]:
    """Return for each row whether its placement lies in it, some rows at a time."""
    inside: NDArray[np.bool_] = np.asarray((stack.placements >= 0).all(axis=1))
    first = 0
    for spec in stack.specs:
        shape = RowShape.of(spec, stack.layout)
        for part in blocks(spec.rows):
            rows = slice(first + part.start, first + part.stop)
            top, left, height, width = stack.placements[rows].astype(np.int64).T
            inside[rows] &= top + height <= shape.lines
            inside[rows] &= left + width <= shape.line_bytes // shape.pixel_bytes
        first += spec.rows
    return inside


def _parts(rows: int) -> list[slice]:
    """Divide `rows` rows so that a table of many columns is not in memory as a whole."""
    return [slice(begin, begin + CHUNK_ROWS) for begin in range(0, max(rows, 1), CHUNK_ROWS)]


def _blank_lines(arrays: Sequence[RowsOf], stack: Stack) -> list[Bytes]:
    """Return the bytes of a line of padding in each of a bucket's arrays."""
    specs = {spec.file: spec for spec in stack.all_specs}
    lines = []
    for (file, shape), fill in zip(arrays, fills_in(stack.header["plan"]), strict=True):
        dtype = specs[os.path.basename(file.path)].dtype
        lines.append(blank_line(shape, Blank.of(fill, dtype)))
    return lines


def _reasons(manifest: Manifest, valid: NDArray[np.bool_]) -> dict[int, str]:
    return {row: manifest.reason[row] for row in np.flatnonzero(~valid).tolist()}
