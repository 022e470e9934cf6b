"""Table models for views of any length: they hold columns, and format a cell only when it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from stackgui.core.advice.problem_files import Files
from stackgui.core.base.addresses import address_in, is_address
from stackgui.core.base.source_names import is_archive_name, is_list_name
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_count, format_size
from stackgui.core.base.wording import Wording
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.plan.split_table import ALL, SplitTable
from stackgui.core.run.findings import Damage
from stackgui.core.run.report import Failure
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
Cells = tuple[str, ...]


class Rows(QAbstractTableModel):
    """A read-only table model; subclasses provide the cells."""

    def __init__(self, headers: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._headers = tuple(headers)

    def length(self) -> int:
        """Return the number of rows."""
        raise NotImplementedError

    def cells(self, row: int) -> Cells:
        """Return the texts of a row, one per column."""
        raise NotImplementedError

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows; 0 below a cell."""
        return 0 if parent is not None and parent.isValid() else self.length()

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns; 0 below a cell."""
        return 0 if parent is not None and parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the text of a cell, or the same as its tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.cells(index.row())[index.column()])
        return self.cells(index.row())[index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the title of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        return None


def _figure(count: int) -> str:
    return tr("{count:,}", count=count)


def _named(thing: str) -> str:
    """Return a name as it is, or what stands for those without one in the window's language."""
    return tr(thing) if isinstance(thing, Wording) else printable(thing)


def _source_icon(name: str) -> str:
    """Choose the icon by the name alone, since painting must not wait for a slow disk."""
    if is_archive_name(name):
        return "archive"
    if is_list_name(name):
        return "list"
    return "cloud" if is_address(name) else "folder"


def _own_name(source: str) -> str:
    """Return what a source is called where its icon says what it is."""
    if is_address(source):
        return source.removeprefix(address_in(source))  # many a bucket has a folder of that name
    # A folder such as "/" has no name of its own.
    return source.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1] or source


class SourceRows(Rows):
    """The sources, and the number of pictures in each."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("Folder"), tr("Pictures")), parent)
        self._folders: tuple[str, ...] = ()
        self._counts: tuple[int | str, ...] = ()

    def set_sources(self, folders: tuple[str, ...], counts: tuple[int | str, ...]) -> None:
        """Show `folders`; `counts` is empty while they are not known, and has words for what is not used.

        New counts keep the selection.
        """
        if folders == self._folders:
            self._counts = counts
            if folders:
                self.dataChanged.emit(self.index(0, 1), self.index(len(folders) - 1, 1))
            return
        self.beginResetModel()
        self._folders, self._counts = folders, counts
        self.endResetModel()

    def folder(self, row: int) -> str:
        """Return the full path of a source."""
        return self._folders[row]

    def length(self) -> int:
        """One row for each folder."""
        return len(self._folders)

    def cells(self, row: int) -> Cells:
        """Return the source's own name, and its count."""
        count = "…"
        if row < len(self._counts):
            known = self._counts[row]
            count = known if isinstance(known, str) else _figure(known)
        return printable(_own_name(self._folders[row])), count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with an icon, and the full path as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(printable(self._folders[index.row()]))
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return theme.icon(_source_icon(self._folders[index.row()]))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().data(index, role)


class FileRows(Rows):
    """The files of a problem, each with the reason."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("File"), tr("Why")), parent)
        self._files: Files | None = None

    def set_files(self, files: Files) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._files = files
        self.endResetModel()

    def length(self) -> int:
        """One row for each file."""
        return 0 if self._files is None else len(self._files)

    def cells(self, row: int) -> Cells:
        """Return file and reason."""
        assert self._files is not None
        file = self._files[row]
        return printable(file.name), tr(file.why)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with the full path as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            assert self._files is not None
            return plain_tip(printable(self._files[index.row()].path))
        return super().data(index, role)


class ArrayRows(Rows):
    """The arrays of a plan."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("Width × height"), tr("Rows"), tr("Size"), tr("File")), parent)
        self._buckets: tuple[Bucket, ...] = ()

    def set_arrays(self, plan: Plan | None) -> None:
        """Show the arrays of `plan`."""
        self.beginResetModel()
        self._buckets = plan.buckets if plan else ()
        self.endResetModel()

    def length(self) -> int:
        """One row for each array."""
        return len(self._buckets)

    def cells(self, row: int) -> Cells:
        """Return size, rows, bytes and file."""
        bucket = self._buckets[row]
        array = bucket.array
        size = tr(format_size(bucket.height, bucket.width))
        return size, _figure(array.rows), tr(format_bytes(array.data_bytes)), array.file

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with the exact number of bytes as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(format_count(self._buckets[index.row()].array.data_bytes, "byte"))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in {1, 2}:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().data(index, role)


class SplitRows(Rows):
    """The number of rows of each label in each dataset split."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((), parent)
        self._table: SplitTable | None = None

    def set_table(self, table: SplitTable | None) -> None:
        """Show `table`, with its dataset splits as columns."""
        self.beginResetModel()
        self._table = table
        self._headers = (tr("Label"), *map(_named, table.parts)) if table else ()
        self.endResetModel()

    def length(self) -> int:
        """Return one row for each label, plus a total if there are several."""
        labels = len(self._table.labels) if self._table else 0
        return labels + (labels > 1)

    def cells(self, row: int) -> Cells:
        """Return a label and its rows in each dataset split."""
        assert self._table is not None
        if row == len(self._table.labels):
            return tr(ALL), *map(_figure, self._table.total.tolist())
        return _named(self._table.labels[row]), *map(_figure, self._table.rows[row].tolist())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with numbers aligned to the right."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().data(index, role)


class DamageRows(Rows):
    """The damage found in a stack."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("In"), tr("Row"), tr("What")), parent)
        self._damage: Sequence[Damage] = ()

    def set_damage(self, damage: Sequence[Damage]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._damage = damage
        self.endResetModel()

    def length(self) -> int:
        """One row for each finding."""
        return len(self._damage)

    def cells(self, row: int) -> Cells:
        """Return file, row and damage."""
        found = self._damage[row]
        return printable(found.file), "" if found.row is None else _figure(found.row), tr(found.what)


class FailureRows(Rows):
    """The rows of a finished stack that stayed blank."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("Row"), tr("File"), tr("Why")), parent)
        self._failures: tuple[Failure, ...] = ()

    def set_failures(self, failures: tuple[Failure, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._failures = failures
        self.endResetModel()

    def length(self) -> int:
        """One row for each failure."""
        return len(self._failures)

    def cells(self, row: int) -> Cells:
        """Return row, file and reason."""
        failure = self._failures[row]
        return _figure(failure.row), printable(failure.file), tr_stored(failure.reason)
