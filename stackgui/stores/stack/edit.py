"""Edit the rows of a finished stack: their labels, and which of them count.

No array is rewritten, nor are the manifests of a large stack. New tables are written beside the old ones and
take their places as after a retry, so that a crash leaves the stack as it was before the edit or as it is
after.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import absolute
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.labels.label_sets import members_of, set_text
from stackgui.core.plan.row_changes import MARKS
from stackgui.core.run.edits import Edit, ExcludeEdit, LabelEdit
from stackgui.core.run.no_folder import no_folder
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.format.columns_manifest import has_columns
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.format.manifest import CSV_FILE, JSON_FILE
from stackgui.stores.format.manifest_lines import write_json_lines, write_sheet
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.format.row_edits import (
    EDITS_FILE,
    MOST_REWRITTEN,
    Line,
    edit_lines,
    edited,
    edits_between,
    read_edits,
)
from stackgui.stores.format.tables import (
    CLASSES_FILE,
    EXCLUDED_FILE,
    LABELS_FILE,
    VALID_FILE,
    new_file,
    write_array,
    write_json,
)
from stackgui.stores.recovery.cleanup import tidy
from stackgui.stores.recovery.retry_marker import NEXT, begin_retry, confirm_retry, settle_retry
from stackgui.stores.stack.edited_labels import ManyLabels, OneLabel
from stackgui.stores.stack.reader import Stack
from stackgui.stores.stack.row_values import has_many_labels


def edit_stack(path: str | os.PathLike[str], edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Apply `edits`, in their order, to the stack in the folder `path`.

    Returns
    -------
    tuple of Edit
        What takes them back: pass it to this function.

    Raises
    ------
    UsageError
        When there is no such row, or the stack is in use.
    StackguiError
        When there is no stack, or it is damaged or cannot be written; then nothing has changed.
    """
    folder = absolute(os.fspath(path))
    if not os.path.isdir(folder):
        raise UsageError(no_folder(folder))
    with explained(folder):
        lock = FolderLock(folder)
    with lock:
        with explained(folder):
            tidy(folder)
        with Stack(folder) as stack:
            editing = _Editing(stack, {row for edit in edits for row in edit.rows})
        undo = [back for edit in edits for back in (editing.apply(edit),)]
        if edits:
            editing.save()
            undo.append(editing.name_forgotten())
    return tuple(each for backs in reversed(undo) for each in backs)


class _Editing:
    """The tables of a stack that edits change."""

    def __init__(self, stack: Stack, rows: set[int]) -> None:
        if wrong := [row for row in sorted(rows) if not 0 <= row < len(stack)]:
            raise UsageError(say("{path} has no row {row:,}.", path=printable(stack.path), row=wrong[0]))
        self._folder = stack.path
        self._header: dict[str, Any] = dict(stack.header)
        self._made_classes: list[str] = [str(name) for name in stack.header["plan"]["classes"]]
        self._classes = list(stack.classes)
        self._classes_before = tuple(stack.classes)
        self._are_many = has_many_labels(stack.header)
        self._labels = (ManyLabels if self._are_many else OneLabel)(stack.labels, len(stack))
        self._filled: NDArray[np.bool_] = stack.filled
        self._excluded = stack.excluded
        self._edits = read_edits(stack.path)
        made = ManifestLook(stack.path, len(stack)).lines(sorted(rows))
        self._made_lines: dict[int, Line] = {line["row"]: dict(line) for line in made}
        self._lines = {row: edited(line, self._edits) for row, line in self._made_lines.items()}
        self._marks_before = self._count_marks()

    def apply(self, edit: Edit) -> list[Edit]:
        """Apply an edit, and return what takes it back."""
        return self._label_rows(edit) if isinstance(edit, LabelEdit) else self._exclude_rows(edit)

    def _label_rows(self, edit: LabelEdit) -> list[Edit]:
        before: dict[tuple[str, bool], list[int]] = {}
        names = members_of(edit.class_name) if self._are_many else tuple(filter(None, [edit.class_name]))
        numbers = sorted(map(self._number_of, names))
        for row in dict.fromkeys(edit.rows):
            name = set_text(self._names(row))
            before.setdefault((name, "relabelled" in self._lines[row]), []).append(row)
            self._labels.put(row, numbers)
            self._mark(row, "relabelled", edit.by_hand)
        return [LabelEdit(tuple(rows), name, by_hand) for (name, by_hand), rows in before.items()]

    def _names(self, row: int) -> list[str]:
        return [self._classes[number] for number in self._labels.numbers(row)]

    def _number_of(self, name: str) -> int:
        if name not in self._classes:
            self._classes.append(name)
        return self._classes.index(name)

    def _exclude_rows(self, edit: ExcludeEdit) -> list[Edit]:
        rows = np.array(list(dict.fromkeys(edit.rows)), np.int64)
        changed: list[int] = rows[self._excluded[rows] != edit.excluded].tolist()
        self._excluded[changed] = edit.excluded
        for row in changed:
            self._mark(row, "excluded", edit.excluded)
        return [ExcludeEdit(tuple(changed), not edit.excluded)] if changed else []

    def _mark(self, row: int, mark: str, is_set: bool) -> None:  # noqa: FBT001 - what becomes of the mark
        line = self._lines[row]
        marks = {name for name in MARKS if line.pop(name, False)}
        marks = marks | {mark} if is_set else marks - {mark}
        line |= {name: True for name in MARKS if name in marks}

    def _count_marks(self) -> dict[str, int]:
        return {mark: sum(mark in line for line in self._lines.values()) for mark in MARKS}

    def save(self) -> None:
        """Write the tables and make them count.

        Raises
        ------
        StackguiError
            Then nothing has changed.
        """
        self._forget_unused_classes()
        for row, line in self._lines.items():
            none = -1 if self._made_classes else None
            line["label"] = self._labels.member(self._labels.numbers(row), none)
            line["class"] = self._labels.member(self._names(row), None)
            line["status"] = self._status(row)
        try:
            with explained(self._folder):
                begin_retry(self._folder)
            self._write()
            with explained(self._folder):
                confirm_retry(self._folder)
        except BaseException:
            with suppress(OSError, StackguiError):
                settle_retry(self._folder)
            raise
        with explained(self._folder):
            settle_retry(self._folder)

    def _forget_unused_classes(self) -> None:
        """Drop the last classes if they came by hand and no row has them any more."""
        del self._classes[max(self._labels.used(), len(self._made_classes)) :]

    def name_forgotten(self) -> list[Edit]:
        """Return what gives classes that were dropped their numbers again: edits of no row, in order."""
        return [
            LabelEdit((), set_text([name]))
            for name in self._classes_before[len(self._classes) :]
            if name not in self._classes
        ]

    def _status(self, row: int) -> str:
        if not self._filled[row]:
            return "failed"
        return "excluded" if self._excluded[row] else "ok"

    def _write(self) -> None:
        if self._classes or self._made_classes:
            write_array(self._next(LABELS_FILE), self._labels.array(len(self._classes)))
            write_json(self._next(CLASSES_FILE), self._classes)
        self._write_lines()
        write_json(self._next(HEADER_FILE), self._new_header())
        write_array(self._next(EXCLUDED_FILE), self._excluded)
        write_array(self._next(VALID_FILE), self._filled & ~self._excluded)

    def _write_lines(self) -> None:
        """Write what became of rows into the manifests, or beside them if they are large."""
        rows = len(self._filled)
        if rows > MOST_REWRITTEN or self._edits or has_columns(self._folder):
            edits = dict(self._edits)
            for row, line in self._lines.items():
                edits.pop(row, None)
                if (edit := edits_between(self._made_lines[row], line)) is not None:
                    edits[row] = edit
            with new_file(self._next(EDITS_FILE)) as file:
                file.write(edit_lines(edits))
            return
        with new_file(self._next(JSON_FILE)) as file:
            write_json_lines(self._folder, file, rows, self._lines)
        with new_file(self._next(CSV_FILE)) as file:
            write_sheet(self._folder, file, rows, self._lines)

    def _next(self, name: str) -> str:
        return os.path.join(self._folder, name + NEXT)

    def _new_header(self) -> dict[str, Any]:
        counts, without = self._labels.counts(len(self._classes))
        told_by = self._header.get("labels", {}).get("told_by", "")
        header = dict(self._header)
        header["labels"] = {
            "told_by": told_by, "classes": self._classes, "counts": counts, "without": without,
            **({"several": True} if self._are_many else {}),
        }  # fmt: skip
        valid = int(np.count_nonzero(self._filled & ~self._excluded))
        header["counts"] = {**header.get("counts", {}), "ok": valid}
        header["row_changes"] = dict(self._counted_marks())
        return header

    def _counted_marks(self) -> Iterator[tuple[str, int]]:
        before, now = self._header.get("row_changes", {}), self._count_marks()
        for mark in MARKS:
            yield mark, int(before.get(mark, 0)) + now[mark] - self._marks_before[mark]
